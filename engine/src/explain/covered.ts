/**
 * Covers secrets on a page of an explanation: values of fields of class `secret`, of the decided event and of the events that
 * the page cites, wherever they stand, also in what somebody else wrote. The explanation itself, which is verified, keeps them.
 * That no text of a program tells one is checked before (../privacy).
 */
import { withoutOptional } from '../log/leaves.ts'
import type { EventView, LogView } from '../log/view.ts'
import type { Plan } from '../plan/plan.ts'
import { classesOf, isSecret } from '../privacy/classes.ts'
import { presentValue } from '../value/present.ts'
import type { FieldType, Type } from '../value/type.ts'
import { isRecord, type Value } from '../value/value.ts'
import type { Line, Role } from './layout.ts'
import { harmless } from './words.ts'

/** The lines with `n••••••` in place of each secret; what is too short to be told from other words only where it is quoted. */
export function covered(lines: readonly Line[], plan: Plan, view: LogView, event: EventView): readonly Line[] {
  const keeping = plan.contracts.map(contract => [...classesOf(contract)].some(isSecret))
  if (!keeping.includes(true)) return lines
  const seqs = new Set([event.seq, ...lines.flatMap(line => line.flatMap(({ seq }) => seq ?? []))])
  const secrets = new Set<string>()
  for (const seq of seqs) {
    const cited = seq === event.seq ? event : view.event(seq)
    const fields = keeping[cited.contract] ? (plan.contracts[cited.contract]?.fields ?? []) : []
    collectFields(fields, [], false, cited, secrets)
  }
  // The longest first: one secret may hold another.
  const all = [...secrets].sort((a, b) => b.length - a.length)
  if (all.length === 0) return lines
  return lines.map(line =>
    line.map(segment => {
      const text = telling.has(segment.role) ? all.reduce(cover, segment.text) : segment.text
      return text === segment.text ? segment : { ...segment, text }
    }),
  )
}

/** What shows values; the others show source, names and places. */
const telling: ReadonlySet<Role> = new Set(['plain', 'muted', 'subject', 'open'])

/** Records at the top of an event are read by their members. */
function collectFields(
  fields: readonly FieldType[],
  around: readonly string[],
  within: boolean,
  event: EventView,
  found: Set<string>,
): void {
  for (const field of fields) {
    const path = [...around, field.name]
    const secret = within || field.classes.some(isSecret)
    const type = withoutOptional(field.type)
    if (type.kind === 'record') collectFields(type.fields, path, secret, event, found)
    else if (event.has?.(path) !== false) collectTyped(type, event.value(path), secret, found)
  }
}

function collectTyped(type: Type, value: Value, secret: boolean, found: Set<string>): void {
  if (typeof value === 'symbol' || typeof value === 'boolean') return
  if (type.kind === 'optional') collectTyped(type.inner, value, secret, found)
  else if (type.kind === 'list' && Array.isArray(value))
    for (const element of value) collectTyped(type.element, element, secret, found)
  else if (type.kind === 'record' && isRecord(value)) {
    for (const field of type.fields) {
      const member = value.fields[field.name]
      if (member !== undefined) collectTyped(field.type, member, secret || field.classes.some(isSecret), found)
    }
  } else if (secret) {
    const text = harmless(presentValue(value, type))
    found.add(text)
    // A line may end between two words of it.
    if (text.includes(' ')) for (const word of text.split(' ')) if (word.length >= telltale) found.add(word)
  }
}

/** Shorter texts stand in others by chance. */
const telltale = 4
/** Of a text that was cut short so much has to be there. */
const recognized = 8

function cover(text: string, secret: string): string {
  if (secret === '') return text
  if (secret.length < telltale) return text.replaceAll(`“${secret}”`, `“${dots}”`)
  const [lowText, low] = [lowered(text), lowered(secret)]
  const start = low.slice(0, recognized)
  let made = ''
  let done = 0
  for (let at = lowText.indexOf(start); at >= 0; at = lowText.indexOf(start, Math.max(done, at + 1))) {
    let end = at + start.length
    while (end < text.length && end - at < low.length && lowText[end] === low[end - at]) end++
    const whole = end - at === low.length
    if (!whole && text[end] !== '…') continue
    made += `${text.slice(done, at)}${text.slice(at, at + 1)}${dots}`
    done = end
  }
  return made + text.slice(done)
}

const dots = '••••••'

/** `lower(…)` of a secret is as secret; only ASCII letters, so that places stay the same. */
function lowered(text: string): string {
  return text.replace(/[A-Z]+/g, letters => letters.toLowerCase())
}
