/** Flips by what caused them and what became what: how many, when, who is affected most, and which to look at. */
import type { LogView } from '../log/view.ts'
import type { Expr, Key } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'
import { eachOperand } from '../plan/read-set.ts'
import { isSecret } from '../privacy/classes.ts'
import { presentValue } from '../value/present.ts'
import type { Type } from '../value/type.ts'
import { absent, unknown } from '../value/value.ts'
import type { Flips } from './flips.ts'
import type { PlanPair } from './pair.ts'

export interface FlipGroup {
  /** Index into `Flips.causes`. */
  readonly cause: number
  /** As in `Flips`. */
  readonly from: number
  readonly to: number
  readonly count: number
  /** Places in the flips: the first, the last, and at most three to look at. */
  readonly first: number
  readonly last: number
  readonly examples: readonly number[]
  readonly affected: readonly Affected[]
}
/** The values of a field among the events of a group. */
export interface Affected {
  readonly field: string
  /** How many different values there are. */
  readonly values: number
  /** The most frequent first, at most three; null: the field is classified, so that only numbers are told. */
  readonly most: readonly { readonly value: string; readonly count: number }[] | null
  /** How many events of the group were looked at. */
  readonly of: number
}

/** The largest first. A partition: each flip is in one group. */
export function groupsOf(
  pair: PlanPair,
  flips: Flips,
  views: { readonly before: LogView; readonly after: LogView },
): readonly FlipGroup[] {
  const members = new Map<number, number[]>()
  for (let flip = 0; flip < flips.size; flip++) {
    const key = ((flips.cause[flip] ?? 0) * 16 + (flips.from[flip] ?? 0)) * 16 + (flips.to[flip] ?? 0)
    const known = members.get(key)
    if (known) known.push(flip)
    else members.set(key, [flip])
  }
  const fields = new Map([pair.before, pair.after].map(plan => [plan, telling(plan)]))
  return [...members.values()]
    .map((places): FlipGroup => {
      const [first = 0] = places
      const last = places.at(-1) ?? first
      return {
        cause: flips.cause[first] ?? 0,
        from: flips.from[first] ?? 0,
        to: flips.to[first] ?? 0,
        count: places.length,
        first,
        last,
        examples: [...new Set([first, places[places.length >> 1] ?? first, last])],
        affected: affectedIn(pair, flips, views, places, fields),
      }
    })
    .sort((a, b) => b.count - a.count || a.first - b.first)
}

const mostLooked = 50_000
const mostTold = 3

function affectedIn(
  pair: PlanPair,
  flips: Flips,
  views: { readonly before: LogView; readonly after: LogView },
  places: readonly number[],
  fields: ReadonlyMap<Plan, readonly (readonly TellingField[])[]>,
): readonly Affected[] {
  const looked = places.slice(0, mostLooked)
  const found = new Map<string, { readonly field: TellingField; readonly counts: Map<string, number> }>()
  for (const place of looked) {
    const after = flips.after[place] ?? -1
    const [plan, view, seq] =
      after >= 0 ? [pair.after, views.after, after] : [pair.before, views.before, flips.before[place] ?? 0]
    const event = view.event(seq)
    for (const field of fields.get(plan)?.[event.contract] ?? []) {
      // Only what was read anyway: nothing is decoded for this alone.
      if (event.has?.([field.name]) === false) continue
      const value = event.value([field.name])
      if (value === absent || value === unknown) continue
      const own = found.get(field.name) ?? { field, counts: new Map<string, number>() }
      found.set(field.name, own)
      const text = presentValue(value, field.type)
      own.counts.set(text, (own.counts.get(text) ?? 0) + 1)
    }
  }
  return [...found.values()].flatMap(({ field, counts }): Affected[] => {
    // Where every event has its own, the field tells events apart and not who is affected.
    if (counts.size === looked.length && looked.length > 1) return []
    const most = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, mostTold)
    const told = field.isClassified ? null : most.map(([value, count]) => ({ value, count }))
    return [{ field: field.name, values: counts.size, most: told, of: looked.length }]
  })
}

interface TellingField {
  readonly name: string
  readonly type: Type
  readonly isClassified: boolean
}

/** By contract: the keys that windows, breakers and indicators group events by, then those of the contract. Secrets are left out. */
export function telling(plan: Plan): readonly (readonly TellingField[])[] {
  const names = plan.contracts.map(() => new Set<string>())
  const keyed = (contracts: readonly number[], name: string | undefined): void => {
    if (name !== undefined) for (const contract of contracts) names[contract]?.add(name)
  }
  const seen = new Set<Expr>()
  for (const { contracts, rules } of plan.policies)
    for (const { when, lasting } of rules) {
      const look = (expr: Expr): void => {
        if (seen.has(expr)) return
        seen.add(expr)
        if (expr.kind === 'aggregate' || expr.kind === 'exists' || expr.kind === 'sequence')
          for (const key of expr.keys) keyed(contracts, ownField(key))
        eachOperand(expr, look)
      }
      if (when) look(when)
      for (const { value } of lasting?.keys ?? []) if (value.kind === 'field') keyed(contracts, value.path[0])
    }
  for (const [contract, { keyFields }] of plan.contracts.entries())
    for (const name of keyFields) keyed([contract], name)
  return plan.contracts.map(({ fields }, contract) =>
    [...(names[contract] ?? [])].flatMap(name => {
      const field = fields.find(one => one.name === name)
      if (!field || field.classes.some(isSecret)) return []
      return [{ name, type: field.type, isClassified: field.classes.length > 0 }]
    }),
  )
}

function ownField({ value }: Key): string | undefined {
  return value.kind === 'field' && value.event === 0 && value.path.length === 1 ? value.path[0] : undefined
}
