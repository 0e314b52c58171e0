/**
 * History forms compiled for one run: picks for each the state that keeps it up to date, or the walk. What windows share (key
 * slots, chains of rows) is kept here, so that two rules that ask the same of history pay once.
 */
import type { Expr } from '../../plan/expression.ts'
import { batchOf, type Read, type Scope } from '../scope.ts'
import { KeyChains } from './key-chains.ts'
import type { KeyPath, KeySpace } from './key-space.ts'
import { currentSlot, KeySpaces, keyPaths } from './reach.ts'
import { type Ground, walkAggregate, walkExists, walkSequence } from './walk.ts'

type HistoryExpr = Extract<Expr, { kind: 'aggregate' | 'exists' | 'sequence' }>

export class HistoryForms {
  readonly #rejected: readonly (Uint8Array | null)[]
  readonly #spaces = new KeySpaces()
  readonly #chains = new Map<KeySpace, Map<string, KeyChains>>()

  /** `rejected`: by contract, 1 for the rows that a check took out; null where there are none. */
  constructor(rejected: readonly (Uint8Array | null)[]) {
    this.#rejected = rejected
  }

  /** The exact value of a form at the current event. */
  compile(form: HistoryExpr, scope: Scope): Read {
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

  #ground(form: HistoryExpr, scope: Scope): Ground {
    const space = this.#spaces.of(
      form,
      form.kind === 'sequence' ? form.steps.map(step => step.contract) : [form.pattern.contract],
      scope,
    )
    const chainsFor = (contract: number, keys: typeof form.keys): KeyChains =>
      this.#chainsOf(space, contract, keyPaths(scope.plan.contracts, contract, keys), scope)
    const { range } = form
    const contract = form.kind === 'sequence' ? (form.steps[0]?.contract ?? 0) : form.pattern.contract
    return {
      slot: currentSlot(space, form.keys, contract, scope),
      chainsOf: of => chainsFor(of, form.keys),
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
