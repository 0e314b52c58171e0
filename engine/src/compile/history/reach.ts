/**
 * What every history form needs of the log: the slot of the current event's key, the live rows of a contract by key, newest
 * first, and where its range begins. The forms themselves are walk.ts (any form, event by event) and the states beside it.
 */

import type { Expr, Key, Range, WindowShape } from '../../plan/expression.ts'
import type { PlanContract } from '../../plan/plan.ts'
import type { FieldType, Type } from '../../value/type.ts'
import { exactValue } from '../exact.ts'
import type { Scope } from '../scope.ts'
import { calendarStart } from './calendar.ts'
import { type KeyPath, KeySpace } from './key-space.ts'

/** Slots by name of the key space: windows over the same contracts and key fields share one. */
export class KeySpaces {
  readonly #spaces = new Map<string, KeySpace>()

  /** The space of a form: of the key fields of all its contracts, numbered before anything is looked up in it. */
  of(shape: WindowShape, contracts: readonly number[], scope: Scope): KeySpace {
    const resets = shape.range.kind === 'since' ? shape.range : null
    const name = JSON.stringify([
      [...new Set(contracts)].sort((a, b) => a - b),
      shape.keys.map(key => key.path),
      resets && [resets.reset.contract, resets.resetKeys.map(key => key.path)],
    ])
    let space = this.#spaces.get(name)
    if (space === undefined) {
      space = new KeySpace(scope, shape.keys.length)
      for (const contract of contracts) space.rows(contract, keyPaths(scope.plan.contracts, contract, shape.keys))
      if (resets !== null)
        space.rows(resets.reset.contract, keyPaths(scope.plan.contracts, resets.reset.contract, resets.resetKeys))
      this.#spaces.set(name, space)
    }
    return space
  }
}

/** By row of the current contract, the slot of the event's key: -1 where no event has it, -2 where it is unknown or absent. */
export function currentSlot(
  space: KeySpace,
  keys: readonly Key[],
  contract: number,
  scope: Scope,
): (row: number) => number {
  const { current } = scope
  if (keys.length === 0) return () => 0
  const sameFields = keys.every(({ path, value }) => isField(value) && value.path.join('.') === path.join('.'))
  if (contract === current.contract && sameFields) {
    const slots = space.rows(contract, keyPaths(scope.plan.contracts, contract, keys))
    return row => {
      const slot = slots[row] as number
      return slot < 0 ? -2 : slot
    }
  }
  return space.finder(
    keys.map(({ value }) => {
      const column = isField(value) ? current.batch.columns.get(value.path.join('.')) : undefined
      const exact = exactValue(value, scope)
      const read = (row: number) => {
        current.row = row
        return exact()
      }
      return { codes: column?.kind === 'code' ? column.values : null, read }
    }),
  )
}

function isField(value: Expr): value is Extract<Expr, { kind: 'field' }> {
  return value.kind === 'field' && value.event === 0
}

export function keyPaths(
  contracts: readonly PlanContract[],
  contract: number,
  keys: readonly Key[],
): readonly KeyPath[] {
  return keys.map(key => ({ path: key.path, type: typeAt(contracts[contract], key.path) }))
}

/** The time after which events are inside the range, at an event of this time. */
export function rangeStart(range: Range, time: number): number {
  switch (range.kind) {
    case 'over':
      return time - range.milliseconds
    case 'per':
      // Times are whole milliseconds: at or after the start of the unit is after the millisecond before it.
      return calendarStart(time, range.unit, range.zone) - 1
    case 'ever':
    case 'since':
      return Number.NEGATIVE_INFINITY
  }
}

function typeAt(contract: PlanContract | undefined, path: readonly string[]): Type {
  let fields: readonly FieldType[] = contract?.fields ?? []
  let found: Type | undefined
  for (const name of path) {
    found = fields.find(field => field.name === name)?.type
    const inner = found?.kind === 'optional' ? found.inner : found
    fields = inner?.kind === 'record' ? inner.fields : []
  }
  if (found === undefined) throw new Error(`${contract?.name} has no field ${path.join('.')}`)
  return found
}
