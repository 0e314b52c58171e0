/**
 * History forms compiled for one run: picks for each the state that keeps it up to date, or the walk. What forms share (key
 * slots, chains of rows, windows) is kept here, so that two rules that ask the same of history pay once.
 */
import type { AggregateExpr, Expr } from '../../plan/expression.ts'
import { absent, unknown } from '../../value/value.ts'
import { inputsOf } from '../inputs.ts'
import { type LowNumber, type LowRatio, plain } from '../low-number.ts'
import { Lowering, type Windows } from '../lower.ts'
import type { Condition } from '../rules.ts'
import { batchOf, type Read, type Scope } from '../scope.ts'
import { type AggregateState, aggregateState } from './aggregate-state.ts'
import { KeyChains } from './key-chains.ts'
import type { KeyPath, KeySpace } from './key-space.ts'
import { patternScope } from './pattern-scope.ts'
import { emptySlot, placeOf } from './place.ts'
import { currentSlot, KeySpaces, keyPaths } from './reach.ts'
import { canBeKept, SharedWindows } from './shared-windows.ts'
import { type Ground, walkAggregate, walkExists, walkSequence } from './walk.ts'

type HistoryExpr = Extract<Expr, { kind: 'aggregate' | 'exists' | 'sequence' }>

export class HistoryForms {
  readonly #rejected: readonly (Uint8Array | null)[]
  readonly #spaces = new KeySpaces()
  readonly #chains = new Map<KeySpace, Map<string, KeyChains>>()
  readonly #windows: SharedWindows
  /** By current contract. */
  readonly #exact = new Map<number, Map<HistoryExpr, Read>>()

  /** `rejected`: by contract, 1 for the rows that a check took out; null where there are none. */
  constructor(rejected: readonly (Uint8Array | null)[]) {
    this.#rejected = rejected
    this.#windows = new SharedWindows(rejected)
  }

  /** The exact value of a form at the current event. */
  compile(form: HistoryExpr, scope: Scope): Read {
    // Inside `any` and `all` the key may speak of an element, which is another in every scope.
    if (scope.elements.size > 0) return this.#compile(form, scope)
    const own = this.#exact.get(scope.current.contract) ?? new Map<HistoryExpr, Read>()
    this.#exact.set(scope.current.contract, own)
    const read = own.get(form) ?? this.#compile(form, scope)
    own.set(form, read)
    return read
  }

  /** The forms as conditions in low form ask for them, at events of the scope's contract. */
  windowsOf(scope: Scope): Windows {
    return {
      truth: form => this.#truth(form, scope),
      number: (form, currency) => this.#number(form, currency, scope),
      ratio: (form, currency) => this.#ratio(form, currency, scope),
    }
  }

  #compile(form: HistoryExpr, scope: Scope): Read {
    switch (form.kind) {
      case 'aggregate':
        return this.#state(form, naturalCurrency(form, scope), scope)?.exact ?? this.#walk(form, scope)
      case 'exists':
      case 'sequence': {
        const condition = this.#truth(form, scope)
        if (condition === null) return this.#walk(form, scope)
        const { current } = scope
        return () => {
          const truth = condition(current.row)
          return truth === 2 ? unknown : truth === 1
        }
      }
    }
  }

  #walk(form: HistoryExpr, scope: Scope): Read {
    const ground = this.#ground(form, scope)
    switch (form.kind) {
      case 'aggregate':
        return walkAggregate(form, ground, scope)
      case 'exists':
        return walkExists(form, ground, scope)
      case 'sequence':
        return walkSequence(form, ground, scope)
    }
  }

  #truth(form: Extract<HistoryExpr, { kind: 'exists' | 'sequence' }>, scope: Scope): Condition | null {
    if (!canBeKept(form)) return null
    const { space, slotOf } = this.#keys(form, scope)
    if (form.kind === 'sequence') {
      const state = this.#windows.sequence(form, space, scope)
      const { seq, time } = scope.current.batch
      return row => state.truth(slotOf(row), seq[row] as number, time[row] as number)
    }
    const window = this.#windows.window(form, space, scope)
    const place = placeOf(window, slotOf, scope)
    return row => {
      const slot = place(row)
      if (slot < 0) return slot === emptySlot ? 0 : 2
      return (window.counts[slot] as number) > 0 ? 1 : (window.uncertain[slot] as number) > 0 ? 2 : 0
    }
  }

  #number(form: AggregateExpr, currency: string | null, scope: Scope): LowNumber | null {
    if (form.function === 'avg' || form.function === 'share' || form.function === 'drift') return null
    // A sum of nothing is no 0 of every currency where its type names one.
    if (currency !== null && form.type.kind === 'money' && (form.type.currency ?? currency) !== currency) return null
    const state = this.#state(form, currency, scope)
    return state?.number
      ? { ...plain({ kind: 'asked', number: state.number }, state.scale), isAbsent: absence(state.exact, scope) }
      : null
  }

  #ratio(form: AggregateExpr, currency: string | null, scope: Scope): LowRatio | null {
    const state = this.#state(form, currency, scope)
    if (!state?.number || !state.count) return null
    return {
      over: plain({ kind: 'asked', number: state.number }, state.scale),
      under: plain({ kind: 'positive', of: { kind: 'asked', number: state.count } }, 0),
      isAbsent: absence(state.exact, scope),
    }
  }

  /** Null where the form cannot be kept, or its values are no numbers (amounts in `currency`). */
  #state(form: AggregateExpr, currency: string | null, scope: Scope): AggregateState | null {
    const isMoney = isMoneyValue(form)
    if (!canBeKept(form) || (addsOrOrders.has(form.function) && isMoney !== (currency !== null))) return null
    const { space, slotOf } = this.#keys(form, scope)
    const walk = lazily(() => this.#walk(form, scope))
    return aggregateState({ form, space, slotOf, walk, currency, isMoney, windows: this.#windows, scope })
  }

  #keys(form: HistoryExpr, scope: Scope): { readonly space: KeySpace; readonly slotOf: (row: number) => number } {
    const contracts = form.kind === 'sequence' ? form.steps.map(step => step.contract) : [form.pattern.contract]
    const space = this.#spaces.of(form, contracts, scope)
    return { space, slotOf: currentSlot(space, form.keys, contracts[0] ?? 0, scope) }
  }

  #ground(form: HistoryExpr, scope: Scope): Ground {
    const { space, slotOf } = this.#keys(form, scope)
    const { range } = form
    const chainsFor = (contract: number, keys: typeof form.keys): KeyChains =>
      this.#chainsOf(space, contract, keyPaths(scope.plan.contracts, contract, keys), scope)
    return {
      slot: slotOf,
      chainsOf: contract => chainsFor(contract, form.keys),
      resetSlot: range.kind === 'since' ? currentSlot(space, range.resetKeys, range.reset.contract, scope) : () => -1,
      resetChains: range.kind === 'since' ? chainsFor(range.reset.contract, range.resetKeys) : null,
    }
  }

  #chainsOf(space: KeySpace, contract: number, paths: readonly KeyPath[], scope: Scope): KeyChains {
    const known = this.#chains.get(space) ?? new Map<string, KeyChains>()
    this.#chains.set(space, known)
    const name = JSON.stringify([contract, paths.map(key => key.path)])
    let chains = known.get(name)
    if (chains === undefined) {
      const slots = paths.length === 0 ? null : space.rows(contract, paths)
      chains = new KeyChains(batchOf(scope.log, contract), slots, space.size, this.#rejected[contract] ?? null)
      known.set(name, chains)
    }
    return chains
  }
}

/** What has to know the currency of its amounts. */
const addsOrOrders: ReadonlySet<string> = new Set(['sum', 'avg', 'min', 'max', 'quantile'])

/** Whether the window's values are Money. */
function isMoneyValue({ value }: AggregateExpr): boolean {
  const type = value?.type.kind === 'optional' ? value.type.inner : value?.type
  return type?.kind === 'money'
}

/** The currency that all amounts have, as far as plan and log tell. */
function naturalCurrency(form: AggregateExpr, scope: Scope): string | null {
  if (form.value === null || !isMoneyValue(form) || inputsOf(form.value).events.size > 1) return null
  const lowering = new Lowering(patternScope(scope, form.pattern), form.pattern.variable, null)
  return lowering.numbers.currencyOf(form.value)
}

function absence(exact: Read, scope: Scope): (row: number) => boolean {
  const { current } = scope
  return row => {
    current.row = row
    return exact() === absent
  }
}

/** Walks are rare; their closures are made when one is needed. */
function lazily(make: () => Read): Read {
  let read: Read | null = null
  return () => {
    read ??= make()
    return read()
  }
}
