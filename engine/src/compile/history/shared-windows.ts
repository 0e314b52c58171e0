/**
 * The windows of a run by what they are: two forms that ask for the same events by the same keys in the same range share one
 * window, and one accumulator for each thing that is kept of it.
 */
import type { AggregateExpr, ExistsExpr, Expr, Key, Pattern, SequenceExpr } from '../../plan/expression.ts'
import type { Value } from '../../value/value.ts'
import { numberClosure, truthClosure } from '../closures.ts'
import { exactValue } from '../exact.ts'
import { Lowering } from '../lower.ts'
import { batchOf, type Scope } from '../scope.ts'
import { shapeOf } from '../shape.ts'
import type { KeySpace } from './key-space.ts'
import { isOwn, ownVariables, patternScope } from './pattern-scope.ts'
import { keyPaths } from './reach.ts'
import { Resets } from './resets.ts'
import { SequenceState } from './sequence-state.ts'
import { type Accumulator, Window } from './window.ts'
import type { WindowRows } from './window-rows.ts'
import { WindowValues } from './window-values.ts'

/** Whether a form's filters speak of their own events only, so that its state can be kept. */
export function canBeKept(form: AggregateExpr | ExistsExpr | SequenceExpr): boolean {
  const steps = form.kind === 'sequence' ? form.steps : [form.pattern]
  if (!steps.every(step => isOwn(step.where, step))) return false
  if (form.range.kind !== 'since') return true
  const { reset, resetKeys } = form.range
  // The state looks at resets by the slot of the window's key.
  const sameKeys =
    resetKeys.length === form.keys.length &&
    resetKeys.every(({ value }, i) => shapeOf(value) === shapeOf(form.keys[i]?.value ?? value))
  return sameKeys && isOwn(reset.where, reset)
}

export class SharedWindows {
  readonly #rejected: readonly (Uint8Array | null)[]
  readonly #windows = new Map<string, { readonly window: Window; readonly accumulators: Map<string, Accumulator> }>()
  readonly #sequences = new Map<string, SequenceState>()

  constructor(rejected: readonly (Uint8Array | null)[]) {
    this.#rejected = rejected
  }

  window(form: AggregateExpr | ExistsExpr, space: KeySpace, scope: Scope): Window {
    return this.#entry(form, space, scope).window
  }

  /** The window of a form with an accumulator of this name, which `make` makes for it. */
  keeping<A extends Accumulator>(
    form: AggregateExpr,
    space: KeySpace,
    scope: Scope,
    name: string,
    make: (window: Window) => A,
  ): { readonly window: Window; readonly kept: A } {
    let entry = this.#entry(form, space, scope)
    const known = entry.accumulators.get(name)
    if (known !== undefined) return { window: entry.window, kept: known as A }
    if (entry.window.isUnderWay) {
      // Rules are compiled when they are first needed: a window that has begun without this accumulator cannot take it in.
      this.#windows.delete(windowName(form))
      entry = this.#entry(form, space, scope)
    }
    const kept = make(entry.window)
    entry.window.add(kept)
    entry.accumulators.set(name, kept)
    return { window: entry.window, kept }
  }

  sequence(form: SequenceExpr, space: KeySpace, scope: Scope): SequenceState {
    const name = windowName(form)
    let state = this.#sequences.get(name)
    if (state === undefined) {
      const steps = form.steps.map(step => this.#rows(step, form.keys, space, scope))
      state = new SequenceState(steps, form.range, form.beforeThis, this.#resets(form, space, scope))
      this.#sequences.set(name, state)
    }
    return state
  }

  /** The values of a form by row of its contract, as numbers; null where they are none. Of Money: the amounts in `currency`. */
  values(form: AggregateExpr, currency: string | null, scope: Scope): WindowValues | null {
    const { value, pattern } = form
    if (value === null || !isOwn(value, pattern)) return null
    const inner = patternScope(scope, pattern)
    const lowering = new Lowering(inner, pattern.variable, null)
    const exact = exactly(value, inner)
    const { rows } = inner.current.batch
    if (form.function === 'share') {
      const holds = truthClosure(lowering.truth(value))
      return new WindowValues(row => truthNumbers[holds(row)] as number, 0, rows, exact)
    }
    const low = lowering.numbers.number(value, currency)
    if (low === null) return null
    return new WindowValues(low.ir.kind === 'numbers' ? low.ir.values : numberClosure(low.ir), low.scale, rows, exact)
  }

  /** The exact value of a form at a row of its contract. */
  exactValues(form: AggregateExpr, scope: Scope): (row: number) => Value {
    if (form.value === null) throw new Error(`${form.function} has no value`)
    return exactly(form.value, patternScope(scope, form.pattern))
  }

  #entry(form: AggregateExpr | ExistsExpr, space: KeySpace, scope: Scope) {
    const name = windowName(form)
    let entry = this.#windows.get(name)
    if (entry === undefined) {
      const rows = this.#rows(form.pattern, form.keys, space, scope)
      const window = new Window(rows, form.range, form.beforeThis, this.#resets(form, space, scope))
      entry = { window, accumulators: new Map<string, Accumulator>() }
      this.#windows.set(name, entry)
    }
    return entry
  }

  #resets({ range }: AggregateExpr | ExistsExpr | SequenceExpr, space: KeySpace, scope: Scope): Resets | null {
    return range.kind === 'since' ? new Resets(this.#rows(range.reset, range.resetKeys, space, scope)) : null
  }

  #rows(pattern: Pattern, keys: readonly Key[], space: KeySpace, scope: Scope): WindowRows {
    const { contract, where } = pattern
    const paths = keyPaths(scope.plan.contracts, contract, keys)
    return {
      batch: batchOf(scope.log, contract),
      slots: keys.length === 0 ? null : space.rows(contract, paths),
      slotCount: space.size,
      where:
        where === null
          ? null
          : truthClosure(new Lowering(patternScope(scope, pattern), pattern.variable, null).truth(where)),
      rejected: this.#rejected[contract] ?? null,
    }
  }
}

/** By truth. */
const truthNumbers = [0, 1, Number.NaN]

function exactly(value: Expr, scope: Scope): (row: number) => Value {
  const read = exactValue(value, scope)
  return row => {
    scope.current.row = row
    return read()
  }
}

/** Without the values of the keys: they say whose window is asked for, not what it is. */
function windowName(form: AggregateExpr | ExistsExpr | SequenceExpr): string {
  const named = (pattern: Pattern) => [pattern.contract, pattern.where && shapeOf(pattern.where, ownVariables(pattern))]
  const { range } = form
  return JSON.stringify([
    form.kind === 'sequence' ? form.steps.map(named) : named(form.pattern),
    form.keys.map(key => key.path),
    range.kind === 'since' ? [named(range.reset), range.resetKeys.map(key => key.path)] : range,
    form.beforeThis,
  ])
}
