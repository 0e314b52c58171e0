/**
 * Whether one decoded log serves two versions of a program: their contracts have the same fields and their sources read the same
 * records. Then the newer plan is given the contracts in the order of the older one, so that both name the same columns.
 */
import { meaningOf } from '../evolution/meaning.ts'
import { reasonReadSet } from '../explain/reason-read-set.ts'
import type { Plan, PlanContract } from '../plan/plan.ts'

/** `after` with its contracts in the order of `before`; null where each version has to read the records itself. */
export function onSharedLog(before: Plan, after: Plan): Plan | null {
  if (before.contracts.length !== after.contracts.length) return null
  const places = after.contracts.map(contract => before.contracts.findIndex(one => nameOf(one) === nameOf(contract)))
  const isOneToOne = new Set(places).size === places.length && !places.includes(-1)
  if (!isOneToOne) return null
  const isAlike = after.contracts.every((contract, index) => {
    const other = before.contracts[places[index] ?? -1]
    return other !== undefined && shapeOf(before, other) === shapeOf(after, contract)
  })
  if (!isAlike || sourcesOf(before) !== sourcesOf(after)) return null
  return withContractsAt(after, places)
}

/** The columns that both versions read of a log that they share, reasons and explanations included. */
export function sharedReadSet(before: Plan, after: Plan): readonly ReadonlySet<string>[] {
  const others = reasonReadSet(after)
  return reasonReadSet(before).map((columns, contract) => new Set([...columns, ...(others[contract] ?? [])]))
}

/** Whether both take the same events out of the log, which windows look at. */
export function checksAlike(before: Plan, after: Plan): boolean {
  return checksOf(before) === checksOf(after)
}

function nameOf({ module, name }: PlanContract): string {
  return `${module}.${name}`
}
function shapeOf(plan: Plan, { fields, timeField }: PlanContract): string {
  return meaningOf(plan, { fields: fields.map(({ name, type, refinement }) => [name, [type], refinement]), timeField })
}
function sourcesOf(plan: Plan): string {
  return meaningOf(
    plan,
    plan.sources.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  )
}
function checksOf(plan: Plan): string {
  return plan.contracts
    .map(
      contract =>
        `${nameOf(contract)} ${meaningOf(
          plan,
          contract.checks.map(({ condition, otherwise }) => [condition, otherwise]),
        )}`,
    )
    .sort()
    .join('\n')
}

/** INVARIANT: in a plan, members called `contract` and `contracts` are indices of contracts, and nothing else is. */
function withContractsAt(plan: Plan, places: readonly number[]): Plan {
  if (places.every((place, index) => place === index)) return plan
  // Shared nodes stay shared: evaluation keeps values by node.
  const made = new Map<object, unknown>()
  const moved = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || value instanceof Map) return value
    const known = made.get(value)
    if (known !== undefined) return known
    const copy = Array.isArray(value)
      ? value.map(moved)
      : Object.fromEntries(Object.entries(value).map(([name, member]) => [name, movedMember(name, member)]))
    made.set(value, copy)
    return copy
  }
  const movedMember = (name: string, member: unknown): unknown => {
    if (name === 'contract' && typeof member === 'number') return places[member] ?? member
    if (name === 'contracts' && Array.isArray(member) && member.every(Number.isInteger))
      return member.map(index => places[index] ?? index)
    return moved(member)
  }
  const contracts: PlanContract[] = []
  for (const [index, contract] of plan.contracts.entries()) {
    const copy = moved(contract)
    // The copy of a contract is one.
    contracts[places[index] ?? index] = copy as PlanContract
  }
  const { files, contracts: _, ...rest } = plan
  // The copy of a plan is one.
  return { ...(moved(rest) as Omit<Plan, 'files' | 'contracts'>), files, contracts }
}
