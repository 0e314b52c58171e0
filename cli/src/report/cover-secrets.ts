/**
 * Covers secrets in an explanation as JSON, as they are covered on its page: values, reasons and suggestions in which a field of class
 * `secret` stands, of the decided event and of those that the proof cites. What the program itself says is left as it is.
 */
import { covered, type LogView, type Plan } from '@writ/engine'

/** `json`: plain JSON, as `explanationJson` makes it. */
export function coverSecrets(plan: Plan, view: LogView, seq: number, json: object): object {
  const cited = new Set<number>()
  const texts: string[] = []
  walk(
    json,
    false,
    text => texts.push(text),
    number => cited.add(number - 1),
  )
  const events = [...cited].map(seq => ({ role: 'plain', text: '', seq }) as const)
  // A value that is a secret and nothing else is covered however short it is: between quotes no other word is meant.
  const lines = texts.map(text => [{ role: 'plain', text: `“${text}”` }] as const)
  const made = covered([events, ...lines], plan, view, view.event(seq)).slice(1)
  const shown = made.map(line => (line[0]?.text ?? '').slice(1, -1))
  let next = 0
  return walk(
    json,
    false,
    text => shown[next++] ?? text,
    () => {},
  ) as object
}

/** Members whose texts show values, and members that number events. */
const showing = new Set(['value', 'reason', 'changes'])
const numbering = new Set(['event', 'events', 'unknownEvents'])

/** A copy with what `onText` makes of the texts that show values, in one order. */
function walk(
  json: unknown,
  shows: boolean,
  onText: (text: string) => unknown,
  onEvent: (number: number) => void,
): unknown {
  if (typeof json === 'string') return shows ? onText(json) : json
  if (Array.isArray(json)) return json.map((one: unknown) => walk(one, shows, onText, onEvent))
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(
    Object.entries(json).map(([name, value]: [string, unknown]) => {
      if (numbering.has(name))
        for (const number of Array.isArray(value) ? value : [value]) if (typeof number === 'number') onEvent(number)
      return [name, walk(value, shows || showing.has(name), onText, onEvent)]
    }),
  )
}
