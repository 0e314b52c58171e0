/**
 * All changes between two states of the contracts of a workspace: fields (compare-fields.ts), keys, checks, terms, and contracts
 * that came, went or moved. Verdicts are those of the catalogue; here is only what changed, and where.
 */
import type { ContractItem, Expression } from '@writ/grammar'
import type { PlanCheck } from '../plan/plan.ts'
import type { ChangeId, Mode } from './catalogue.ts'
import type { ContractChange } from './change.ts'
import { fieldChanges } from './compare-fields.ts'
import { type ContractPart, type ContractVersion, fieldSpan, nameSpan, shifted } from './contract-part.ts'
import { conditionMeaning } from './meaning.ts'

/** All changes, contract by contract in the order of the newer state; contracts that went come last. */
export function contractChanges(before: ContractPart, after: ContractPart): readonly ContractChange[] {
  const changes: ContractChange[] = []
  const gone = new Map([...before.contracts].filter(([key]) => !after.contracts.has(key)))
  for (const [key, version] of after.contracts) {
    const same = before.contracts.get(key)
    const moved =
      same === undefined ? [...gone].find(([, old]) => old.contract.name === version.contract.name) : undefined
    const old = same ?? moved?.[1]
    if (moved !== undefined) {
      gone.delete(moved[0])
      changes.push(whole('S11.moved', moved[1], version, `${moved[0]} is in the module ${version.contract.module} now`))
    }
    if (old === undefined) changes.push(whole('I02', null, version, `the contract ${key} was added`))
    else changes.push(...versionChanges(old, version))
  }
  for (const [key, old] of gone) changes.push(whole('S11', old, null, `the contract ${key} was removed`))
  return changes
}

/** The changes from one version of a contract to another. */
export function versionChanges(old: ContractVersion, now: ContractVersion): readonly ContractChange[] {
  const contract = `${now.contract.module}.${now.contract.name}`
  const place = (version: ContractVersion, path: string | null) =>
    path === null ? null : { path: version.path, span: fieldSpan(version, path) ?? nameSpan(version) }
  const ofFields = fieldChanges(old.contract.fields, now.contract.fields).map(
    ({ oldPath, newPath, ...change }): ContractChange => ({
      ...change,
      contract,
      path: newPath ?? oldPath ?? '',
      old: place(old, oldPath) ?? place(old, ''),
      new: place(now, newPath) ?? place(now, ''),
    }),
  )
  return [...ofFields, ...markChanges(old, now), ...checkChanges(old, now), ...termChanges(old, now)]
}

/** The mode that a contract declares; null: none is written. */
export function modeOf({ syntax }: ContractVersion): Mode | null {
  const item = syntax.items.find(one => one.kind === 'compatibility')
  if (item?.kind !== 'compatibility') return null
  const { text } = item.mode
  return text === 'backward' || text === 'forward' || text === 'full' || text === 'none'
    ? { word: text, transitive: item.transitive }
    : null
}

function whole(kind: ChangeId, old: ContractVersion | null, now: ContractVersion | null, what: string): ContractChange {
  const either = now ?? old
  return {
    kind,
    contract: either === null ? '' : `${either.contract.module}.${either.contract.name}`,
    path: '',
    what,
    before: old && `${old.contract.module}.${old.contract.name}`,
    after: now && `${now.contract.module}.${now.contract.name}`,
    old: old && { path: old.path, span: nameSpan(old) },
    new: now && { path: now.path, span: nameSpan(now) },
    witness: null,
  }
}

function ofWhole(
  old: ContractVersion,
  now: ContractVersion,
  kind: ChangeId,
  what: string,
  before: string | null,
  after: string | null,
): ContractChange {
  return { ...whole(kind, old, now, what), before, after }
}

/** `key`, `time` and `requester`. */
function markChanges(old: ContractVersion, now: ContractVersion): readonly ContractChange[] {
  const changes: ContractChange[] = []
  const [was, is] = [old.contract, now.contract]
  const [keys, newKeys] = [was.keyFields.toSorted().join(', '), is.keyFields.toSorted().join(', ')]
  if (keys !== newKeys) {
    const kind = keys === '' ? 'C12.added' : newKeys === '' ? 'C12.removed' : 'C12.changed'
    const what =
      keys === ''
        ? `the key is ${newKeys}`
        : newKeys === ''
          ? `there is no key any more, was ${keys}`
          : `the key is ${newKeys}, was ${keys}`
    changes.push(ofWhole(old, now, kind, what, keys || null, newKeys || null))
  }
  if (was.timeField !== is.timeField) {
    const what = `the event time is ${is.timeField ?? 'given by the source'}, was ${was.timeField ?? 'given by the source'}`
    changes.push(ofWhole(old, now, 'S05', what, was.timeField, is.timeField))
  }
  if (was.requesterField !== is.requesterField) {
    const what = `the requester is ${is.requesterField ?? 'not said'}, was ${was.requesterField ?? 'not said'}`
    changes.push(ofWhole(old, now, 'S14', what, was.requesterField, is.requesterField))
  }
  return changes
}

interface MeantCheck {
  readonly check: PlanCheck
  readonly meaning: string
  /** As written. */
  readonly text: string
}

function checkChanges(old: ContractVersion, now: ContractVersion): readonly ContractChange[] {
  const changes: ContractChange[] = []
  const [was, is] = [meantChecks(old), meantChecks(now)]
  const gone = was.filter(one => !is.some(other => other.meaning === one.meaning))
  const come = is.filter(one => !was.some(other => other.meaning === one.meaning))
  for (const one of is) {
    const other = was.find(({ meaning }) => meaning === one.meaning)
    if (other === undefined) continue
    const [before, after] = [other.check.otherwise, one.check.otherwise]
    if (before !== after) {
      const kind = after === 'reject' ? 'C16.tightened' : 'C16.relaxed'
      changes.push(
        ofWhole(old, now, kind, `the check \`${one.text}\` ${after}s now`, `else ${before}`, `else ${after}`),
      )
    } else if (other.check.message !== one.check.message)
      changes.push(
        ofWhole(
          old,
          now,
          'S07',
          `the check \`${one.text}\` says something else`,
          other.check.message,
          one.check.message,
        ),
      )
  }
  const pairs = Math.min(gone.length, come.length)
  for (let i = 0; i < Math.max(gone.length, come.length); i++) {
    const [before, after] = [gone[i], come[i]]
    if (i < pairs && before && after && before.check.otherwise === 'reject' && after.check.otherwise === 'reject') {
      const what = `the check \`${before.text}\` is \`${after.text}\` now`
      changes.push(ofWhole(old, now, directionOf(before.check, after.check), what, before.text, after.text))
      continue
    }
    if (before) {
      const kind = before.check.otherwise === 'reject' ? 'C14.removed' : 'C15.removed'
      changes.push(ofWhole(old, now, kind, `the check \`${before.text}\` was removed`, before.text, null))
    }
    if (after) {
      const kind = after.check.otherwise === 'reject' ? 'C14.added' : 'C15.warning-added'
      changes.push(ofWhole(old, now, kind, `the check \`${after.text}\` was added`, null, after.text))
    }
  }
  return changes
}

function meantChecks({ contract, text }: ContractVersion): readonly MeantCheck[] {
  return contract.checks.map(check => ({
    check,
    meaning: conditionMeaning({ contracts: [contract] }, check.condition),
    text: text.slice(check.condition.span.start, check.condition.span.end).replace(/\s+/g, ' '),
  }))
}

/** `amount > 0` to `amount > 10` is tightened; what is not of this form is not decided. */
function directionOf({ condition: a }: PlanCheck, { condition: b }: PlanCheck): ChangeId {
  if (a.kind !== 'compare' || b.kind !== 'compare' || a.operator !== b.operator) return 'C14.changed'
  const none = { contracts: [] }
  if (conditionMeaning(none, a.left) !== conditionMeaning(none, b.left)) return 'C14.changed'
  const [from, to] = [constantOf(a), constantOf(b)]
  if (from === null || to === null || from === to) return 'C14.changed'
  const isRaised = to > from
  if (a.operator === '>' || a.operator === '>=') return isRaised ? 'C14.added' : 'C14.removed'
  if (a.operator === '<' || a.operator === '<=') return isRaised ? 'C14.removed' : 'C14.added'
  return 'C14.changed'
}

/** The constant on the right as a whole number of millionths, where it is that exactly. */
function constantOf(node: Extract<PlanCheck['condition'], { kind: 'compare' }>): bigint | null {
  if (node.right.kind !== 'literal') return null
  const { value } = node.right
  if (typeof value !== 'object' || !('d' in value || 'currency' in value)) return null
  const number = 'currency' in value ? value.amount : value
  const millionths = number.n * 1_000_000n
  return millionths % number.d === 0n ? millionths / number.d : null
}

function termChanges(old: ContractVersion, now: ContractVersion): readonly ContractChange[] {
  const changes: ContractChange[] = []
  const note = (what: string, before: string | null, after: string | null): void => {
    if (before !== after) changes.push(ofWhole(old, now, 'S07', what, before, after))
  }
  note('the owner changed', ownerOf(old), ownerOf(now))
  note('the documentation changed', old.syntax.documentation, now.syntax.documentation)
  const [was, is] = [itemTexts(old, 'quality'), itemTexts(now, 'quality')]
  const gone = was.filter(one => !is.includes(one))
  const come = is.filter(one => !was.includes(one))
  for (let i = 0; i < Math.max(gone.length, come.length); i++) {
    const [before = null, after = null] = [gone[i], come[i]]
    const kind = before === null ? 'C15.added' : after === null ? 'C15.removed' : 'C17'
    const verb = before === null ? 'was added' : after === null ? 'was removed' : `is \`${after}\` now`
    changes.push(ofWhole(old, now, kind, `\`${before ?? after}\` ${verb}`, before, after))
  }
  const fresh = [durationOf(old, 'freshness'), durationOf(now, 'freshness')] as const
  if (fresh[0]?.milliseconds !== fresh[1]?.milliseconds) {
    const isBetter = fresh[1] !== null && (fresh[0] === null || fresh[1].milliseconds < fresh[0].milliseconds)
    const what = `the freshness is ${fresh[1]?.text ?? 'not promised'}, was ${fresh[0]?.text ?? 'not promised'}`
    changes.push(ofWhole(old, now, isBetter ? 'S01' : 'S02', what, fresh[0]?.text ?? null, fresh[1]?.text ?? null))
  }
  const kept = [durationOf(old, 'retention'), durationOf(now, 'retention')] as const
  if (kept[0]?.milliseconds !== kept[1]?.milliseconds) {
    // Without a retention nothing is promised, and nothing has to be deleted.
    const isShorter = kept[1] !== null && (kept[0] === null || kept[1].milliseconds < kept[0].milliseconds)
    const what = `events are kept for ${kept[1]?.text ?? 'as long as they are'}, was ${kept[0]?.text ?? 'as long as they are'}`
    const kind = isShorter ? 'S03.shortened' : 'S03.lengthened'
    changes.push(ofWhole(old, now, kind, what, kept[0]?.text ?? null, kept[1]?.text ?? null))
  }
  const modes = [modeOf(old), modeOf(now)] as const
  const [before, after] = [modeText(modes[0]), modeText(modes[1])]
  if (before !== after) {
    const kind = promises(modes[1]).some(one => !promises(modes[0]).includes(one)) ? 'S13.strengthened' : 'S13.weakened'
    const isWeaker = promises(modes[0]).some(one => !promises(modes[1]).includes(one))
    const what = `the compatibility is ${after}, was ${before}`
    changes.push(ofWhole(old, now, isWeaker ? 'S13.weakened' : kind, what, before, after))
  }
  return changes
}

/** `backward transitive`; `none` where nothing is declared. */
export function modeText(mode: Mode | null): string {
  return mode === null ? 'none' : `${mode.word}${mode.transitive ? ' transitive' : ''}`
}

function promises(mode: Mode | null): readonly string[] {
  if (mode === null || mode.word === 'none') return []
  const words = mode.word === 'full' ? ['backward', 'forward'] : [mode.word]
  return mode.transitive ? [...words, ...words.map(word => `${word} transitive`)] : words
}

function ownerOf({ syntax }: ContractVersion): string | null {
  const item = syntax.items.find(one => one.kind === 'owner')
  return item?.kind === 'owner' ? item.owner : null
}

function itemTexts(version: ContractVersion, kind: ContractItem['kind']): readonly string[] {
  return version.syntax.items.filter(item => item.kind === kind).map(item => textAt(version, item.span))
}

interface WrittenDuration {
  readonly milliseconds: number
  readonly text: string
}
function durationOf(version: ContractVersion, kind: 'freshness' | 'retention'): WrittenDuration | null {
  const item = version.syntax.items.find(one => one.kind === kind)
  if (item?.kind !== 'freshness' && item?.kind !== 'retention') return null
  const milliseconds = durationIn(item.duration)
  return milliseconds === null ? null : { milliseconds, text: textAt(version, item.duration.span) }
}
function durationIn(expression: Expression): number | null {
  return expression.kind === 'literal' && expression.literal.kind === 'duration'
    ? expression.literal.milliseconds
    : null
}

function textAt({ text, start }: ContractVersion, span: { readonly start: number; readonly end: number }): string {
  const { start: from, end } = shifted(span, start)
  return text.slice(from, end).replace(/\s+/g, ' ')
}
