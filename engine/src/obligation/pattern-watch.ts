/**
 * Which pending instances of one expectation an event meets: the one that is waited for, or the one that cancels. Where the
 * condition asks that a field of that event equals one of the opening event, the instances are kept in chains by that key, and only
 * those of the event's key are looked at; a condition on the event alone is asked once per event.
 *
 * Where a key is unknown the condition cannot be true; it is asked all the same, because it may be unknown, which is a notice.
 */
import { truthClosure } from '../compile/closures.ts'
import { exactTruth } from '../compile/exact.ts'
import { KeySpace } from '../compile/history/key-space.ts'
import { inputsOf } from '../compile/inputs.ts'
import { Lowering } from '../compile/lower.ts'
import type { Condition } from '../compile/rules.ts'
import { cursorOf, type Scope } from '../compile/scope.ts'
import type { Log } from '../log/columns.ts'
import type { Expr, Pattern } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'
import { unknown } from '../value/value.ts'
import type { DeadlineQueue } from './deadlines.ts'
import { type GrowingInstances, larger, pendingCode } from './growing.ts'
import { type KeyPair, keyPairOf } from './key-pairs.ts'

/** 0 false, 1 true, 2 unknown: of a pair of rows, the opening event's and the later event's. */
type PairCondition = (openingRow: number, row: number) => number

export class PatternWatch {
  /** Pairs of an event and a pending instance for which it could not be known whether one meets the other. */
  unknownPairs = 0
  firstUnknown = -1
  readonly #kind: 'fulfilled' | 'cancelled'
  readonly #instances: GrowingInstances
  readonly #queue: DeadlineQueue
  readonly #rowOf: Int32Array
  /** By row: the slot of the key, -1 where it is unknown or absent; null: everybody's. */
  readonly #openingSlots: Int32Array | null
  readonly #laterSlots: Int32Array | null
  readonly #heads: Int32Array
  readonly #tails: Int32Array
  /** By instance: the next one with the same key; -1 at the end. */
  #next = new Int32Array(64)
  /** What is asked of the later event alone; null: nothing. */
  readonly #own: Condition | null
  /** What is left to ask where the keys are equal; null: nothing. */
  readonly #rest: PairCondition | null
  readonly #whole: PairCondition
  /** Instances without a key. */
  #loose: number[] = []

  /** `kind`: what the event does to an instance that it meets. */
  constructor(
    plan: Plan,
    log: Log,
    kind: 'fulfilled' | 'cancelled',
    opens: Pattern,
    later: Pattern,
    instances: GrowingInstances,
    queue: DeadlineQueue,
  ) {
    this.#kind = kind
    this.#instances = instances
    this.#queue = queue
    this.#rowOf = log.rowOf
    const scope = pairScope(plan, log, opens, later)
    const { keys, own, rest } = taken(later.where, later.variable)
    const space = keys.length === 0 ? null : new KeySpace(scope, keys.length)
    this.#openingSlots =
      space?.rows(
        opens.contract,
        keys.map(key => key.opening),
      ) ?? null
    this.#laterSlots =
      space?.rows(
        later.contract,
        keys.map(key => key.awaited),
      ) ?? null
    this.#heads = new Int32Array(space?.size ?? 1).fill(-1)
    this.#tails = new Int32Array(space?.size ?? 1).fill(-1)
    const alone: Scope = { ...scope, events: new Map([[later.variable, scope.current]]) }
    this.#own = own === null ? null : truthClosure(new Lowering(alone, later.variable, null).truth(own))
    this.#rest = rest === null ? null : pairCondition(rest, scope)
    this.#whole = later.where === null ? () => 1 : pairCondition(later.where, scope)
  }

  /** An instance begins, or goes on from before the log. */
  enter(place: number, row: number): void {
    const slot = this.#openingSlots === null ? 0 : (this.#openingSlots[row] as number)
    if (slot < 0) {
      this.#loose.push(place)
      return
    }
    while (place >= this.#next.length) this.#next = larger(this.#next, new Int32Array(this.#next.length * 2))
    this.#next[place] = -1
    const tail = this.#tails[slot] as number
    if (tail < 0) this.#heads[slot] = place
    else this.#next[tail] = place
    this.#tails[slot] = place
  }

  /** An event of the contract happens. */
  meet(row: number, seq: number, time: number): void {
    const own = this.#own === null ? 1 : this.#own(row)
    if (own === 0) return
    const slot = this.#laterSlots === null ? 0 : (this.#laterSlots[row] as number)
    if (slot < 0) {
      for (const place of this.#queue.pending(this.#instances)) this.#doubt(place, row, seq)
      return
    }
    this.#meetChain(slot, own, row, seq, time)
    if (this.#loose.length === 0) return
    this.#loose = this.#loose.filter(place => this.#instances.status[place] === pendingCode)
    for (const place of this.#loose) this.#doubt(place, row, seq)
  }

  #meetChain(slot: number, own: number, row: number, seq: number, time: number): void {
    const instances = this.#instances
    const { status, openedSeq } = instances
    const next = this.#next
    let before = -1
    let place = this.#heads[slot] as number
    while (place >= 0) {
      const following = next[place] as number
      let stays = false
      if (status[place] === pendingCode) {
        const rest = this.#rest === null ? 1 : this.#rest(this.#rowOf[openedSeq[place] as number] as number, row)
        const truth = rest === 0 ? 0 : own === 2 ? 2 : rest
        if (truth === 1) instances.settle(place, this.#kind, seq, time)
        else {
          stays = true
          if (truth === 2) this.#note(seq)
        }
      }
      if (stays) before = place
      else if (before < 0) this.#heads[slot] = following
      else next[before] = following
      if (!stays && following < 0) this.#tails[slot] = before
      place = following
    }
  }

  /** A pair whose keys are not both known. */
  #doubt(place: number, row: number, seq: number): void {
    const openingRow = this.#rowOf[this.#instances.openedSeq[place] as number] as number
    if (this.#whole(openingRow, row) === 2) this.#note(seq)
  }

  #note(seq: number): void {
    if (this.unknownPairs === 0) this.firstUnknown = seq
    this.unknownPairs++
  }
}

/** The later event is the current one, and the opening event variable 0. */
function pairScope(plan: Plan, log: Log, opens: Pattern, later: Pattern): Scope {
  const current = cursorOf(log, later.contract)
  const events = new Map([
    [0, cursorOf(log, opens.contract)],
    [later.variable, current],
  ])
  return { plan, log, current, events, elements: new Map(), lets: new Map(), history: noHistory }
}

function noHistory(): never {
  throw new Error('what an expectation waits for asks no history')
}

/** Takes a condition apart: equal keys, what is of the awaited event alone, and what is left. */
function taken(where: Expr | null, variable: number) {
  const keys: KeyPair[] = []
  const own: Expr[] = []
  const rest: Expr[] = []
  for (const operand of where === null ? [] : conjuncts(where)) {
    const pair = keyPairOf(operand, variable)
    const { events } = inputsOf(operand)
    if (pair) keys.push(pair)
    else if ([...events].every(event => event === variable)) own.push(operand)
    else rest.push(operand)
  }
  return { keys, own: conjunction(own), rest: conjunction(rest) }
}

function conjuncts(expr: Expr): readonly Expr[] {
  return expr.kind === 'and' ? expr.operands.flatMap(conjuncts) : [expr]
}

function conjunction(operands: readonly Expr[]): Expr | null {
  const [first, ...others] = operands
  if (first === undefined) return null
  return others.length === 0 ? first : { kind: 'and', operands, type: { kind: 'bool' }, span: first.span }
}

function pairCondition(expr: Expr, scope: Scope): PairCondition {
  const truth = exactTruth(expr, scope)
  const opening = scope.events.get(0)
  const { current } = scope
  return (openingRow, row) => {
    if (opening !== undefined) opening.row = openingRow
    current.row = row
    const found = truth()
    return found === unknown ? 2 : found ? 1 : 0
  }
}
