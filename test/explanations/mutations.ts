/**
 * Explanations with one thing wrong in them: a value, a place, an event left out or added, a decision, an outcome, a bound. The
 * checker must reject each, except where what it then says is true all the same (`staysTrue`).
 */
import type { Explanation, LogView, Plan, Value } from '@writ/engine'
import { explain } from '@writ/engine'

export interface Mutation {
  /** Where and how, e.g. `rules.0.condition.events: the first left out`. */
  readonly what: string
  readonly mutated: Explanation
}

/** Every mutation of the explanation, in a fixed order. */
export function mutationsOf(explanation: Explanation): readonly Mutation[] {
  return changesIn(explanation, []).map(({ what, value }) => ({ what, mutated: value as unknown as Explanation }))
}

/**
 * Why a mutated explanation that the checker accepts says nothing false; null where it does. There are two ways, and both
 * leave the meaning of the explanation as it was:
 * - it is, word for word, the explanation of another event or policy that was decided for the same reasons;
 * - only an aside changed (`nearMisses`, `passedOver`: optional hints that the decision does not rest on). One left out, said
 *   twice or exchanged for another event that almost counted is as true as before; the checker rejects asides that are not.
 */
export function staysTrue(
  plan: Plan,
  view: LogView,
  original: Explanation,
  { mutated }: Mutation,
): 'true of another event or policy' | 'an aside that is true as well' | null {
  const bare = print(withoutAsides(mutated))
  if (bare === print(withoutAsides(original))) return 'an aside that is true as well'
  const other = explain(plan, view, mutated.seq, mutated.policy)
  return bare === print(withoutAsides(other)) ? 'true of another event or policy' : null
}

interface Change {
  readonly what: string
  readonly value: unknown
}

type Data = Readonly<Record<string, unknown>>

/** One change at a time, anywhere in the data; `path` for the report and to know what a member means. */
function changesIn(value: unknown, path: readonly string[]): readonly Change[] {
  const what = path.join('.')
  const name = path.at(-1) ?? ''
  if (name === 'value')
    return valueChanges(value as Value).map(changed => ({ what: `${what}: another value`, value: changed }))
  if (Array.isArray(value)) return listChanges(value, path)
  switch (typeof value) {
    case 'string':
      return otherTexts(name, value).map(text => ({ what: `${what}: ${text}`, value: text }))
    case 'number':
      return otherNumbers(name, value).map(number => ({ what: `${what}: ${number}`, value: number }))
    case 'object':
      return value === null ? nullChanges(name, what) : memberChanges(value as Data, path)
    default:
      return []
  }
}

function memberChanges(value: Data, path: readonly string[]): readonly Change[] {
  return Object.entries(value).flatMap(([name, member]) =>
    changesIn(member, [...path, name]).map(({ what, value: changed }) => ({
      what,
      value: { ...value, [name]: changed },
    })),
  )
}

function listChanges(list: readonly unknown[], path: readonly string[]): readonly Change[] {
  const what = path.join('.')
  const members = list.flatMap((member, i) =>
    changesIn(member, [...path, `${i}`]).map(change => ({ what: change.what, value: list.with(i, change.value) })),
  )
  const places = [...new Set([0, list.length - 1])].filter(place => place in list)
  const without = places.map(i => ({ what: `${what}: ${i} left out`, value: list.toSpliced(i, 1) }))
  const twice = places.map(i => ({ what: `${what}: ${i} twice`, value: list.toSpliced(i, 0, list[i]) }))
  const swapped = list.length > 1 ? [{ what: `${what}: in another order`, value: [...list.slice(1), list[0]] }] : []
  const added = ['events', 'unknownEvents'].includes(path.at(-1) ?? '')
    ? [0, Number(list.at(-1) ?? 0) + 1]
        .filter(seq => !list.includes(seq))
        .map(seq => ({ what: `${what}: ${seq} added`, value: [...list, seq] }))
    : []
  return [...members, ...without, ...twice, ...swapped, ...added]
}

function otherTexts(name: string, text: string): readonly string[] {
  const choices: Readonly<Record<string, readonly string[]>> = {
    decision: ['permit', 'warn', 'hold', 'deny'],
    outcome: ['matched', 'matched-unknown', 'matched-lasting', 'waived', 'not-matched', 'not-concerned'],
    missedBy: ['key', 'range', 'filter'],
    kind: ['literal', 'field', 'operator', 'history', 'and', 'or'],
  }
  return (choices[name] ?? [`${text}x`]).filter(choice => choice !== text)
}

function otherNumbers(name: string, number: number): readonly number[] {
  // Millions in `from` and `to` are milliseconds; one of them is enough to be wrong.
  return name === 'decidedBy'
    ? [-1, number + 1, number - 1].filter(other => other !== number)
    : [number + 1, number - 1]
}

/** What is said to be nothing is said to be something. */
function nullChanges(name: string, what: string): readonly Change[] {
  if (name === 'from' || name === 'reset') return [{ what: `${what}: 0`, value: 0 }]
  if (name !== 'condition') return []
  const condition = { kind: 'literal', span: { file: 0, start: 0, end: 1 }, value: true }
  return [{ what: `${what}: a condition`, value: condition }]
}

/** Other values of about the same kind. */
function valueChanges(value: Value): readonly unknown[] {
  if (typeof value === 'boolean') return [!value, 'true']
  if (typeof value === 'string') return [`${value}x`, true]
  if (typeof value === 'symbol') return [false, true]
  if ('d' in value)
    return [
      { n: value.n + value.d, d: value.d },
      { n: value.n, d: value.d + 1n },
    ].filter(other => value.n !== 0n || other.n !== 0n)
  if ('currency' in value)
    return [
      { ...value, currency: 'XXX' },
      { ...value, amount: { n: value.amount.n + 1n, d: value.amount.d } },
    ]
  if ('fields' in value) return [{ fields: { ...value.fields, extra: true } }]
  return [[...value, true], ...(value.length > 0 ? [value.slice(1)] : [])]
}

function withoutAsides(explanation: Explanation): unknown {
  const strip = (data: unknown): unknown => {
    if (Array.isArray(data)) return data.map(strip)
    if (typeof data !== 'object' || data === null) return data
    const members = Object.entries(data).filter(([name]) => name !== 'nearMisses' && name !== 'passedOver')
    return Object.fromEntries(members.map(([name, member]) => [name, strip(member)]))
  }
  return strip(explanation)
}

function print(data: unknown): string {
  return JSON.stringify(data, (_, member) =>
    typeof member === 'bigint' || typeof member === 'symbol' ? String(member) : member,
  )
}
