/**
 * What a trace shows of some policies at its last event: how each condition comes out, in windows how it comes out for each
 * earlier event, and how far counts and sums are from what they are compared with. The search keeps what shows something new.
 */

import { termKey } from '../analyze/term-key.ts'
import type { EventView, LogView } from '../log/view.ts'
import type { Expr, Pattern } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'
import { eachOperand, patternsOf } from '../plan/read-set.ts'
import { evaluateCondition, evaluateExpression } from '../reference/evaluate.ts'
import { checkContracts } from '../reference/run.ts'
import { type History, historyOf, type Situation, situationAt, withEvent } from '../reference/situation.ts'
import { isMoney, isRational, unknown, type Value } from '../value/value.ts'
import { atomsOf } from './constants.ts'
import { type Trace, traceView } from './trace.ts'

/** The last event of a trace with what is before it. */
export interface Place {
  readonly view: LogView
  readonly event: EventView
  readonly history: History
}

/** Null where a contract takes an event of the trace out. */
export function lastPlace(plan: Plan, trace: Trace): Place | null {
  const view = traceView(plan, trace)
  const { rejected } = checkContracts(plan, view)
  if (rejected.size > 0) return null
  return { view, event: view.event(trace.length - 1), history: historyOf(view, rejected) }
}

interface Atom {
  readonly condition: Expr
  /** Compares a number that is made of history. */
  readonly measured: { readonly left: Expr; readonly right: Expr } | null
}
/** Conditions of a window on its own events. */
interface Inside {
  readonly pattern: Pattern
  readonly atoms: readonly Expr[]
}

export class Observer {
  readonly #atoms = new Map<number, readonly Atom[]>()
  readonly #insides = new Map<number, readonly Inside[]>()
  readonly #about: readonly { readonly condition: Expr; readonly about: readonly number[] }[]

  /** Conditions of policies (indices) and others, each with the contracts it is about. */
  constructor(
    plans: readonly Plan[],
    policies: readonly number[],
    conditions: readonly { readonly condition: Expr; readonly about: readonly number[] }[],
  ) {
    const ofRules = plans.flatMap(plan =>
      policies.flatMap(index =>
        (plan.policies[index]?.rules ?? []).flatMap(rule =>
          rule.when === null ? [] : [{ condition: rule.when, about: rule.contracts }],
        ),
      ),
    )
    this.#about = [...conditions, ...ofRules]
  }

  shows({ view, event, history }: Place): string {
    const at = situationAt(event, history)
    let shown = `${event.contract}:`
    for (const atom of this.#atomsAt(event.contract)) shown += sign(atom, at)
    for (const inside of this.#insides.get(event.contract) ?? []) {
      const seqs = Array.from(view.of(inside.pattern.contract)).slice(-mostInside)
      for (const seq of seqs) {
        const there = withEvent(at, inside.pattern.variable, view.event(seq))
        for (const atom of inside.atoms) shown += letter(evaluateCondition(atom, there))
      }
      shown += '/'
    }
    return shown
  }

  #atomsAt(contract: number): readonly Atom[] {
    const known = this.#atoms.get(contract)
    if (known) return known
    const atoms = new Map<string, Atom>()
    const insides = new Map<string, Inside>()
    for (const { condition, about } of this.#about) {
      if (!about.includes(contract)) continue
      for (const atom of atomsOf(condition)) {
        atoms.set(termKey(atom), { condition: atom, measured: measuredIn(atom) })
        for (const inside of insidesOf(atom)) insides.set(`${termKey(atom)} ${insides.size}`, inside)
      }
    }
    const made = [...atoms.values()]
    this.#atoms.set(contract, made)
    this.#insides.set(contract, [...insides.values()])
    return made
  }
}

const mostInside = 3

function measuredIn(atom: Expr): Atom['measured'] {
  if (atom.kind !== 'compare') return null
  return isOfHistory(atom.left) || isOfHistory(atom.right) ? { left: atom.left, right: atom.right } : null
}

function isOfHistory(expr: Expr): boolean {
  if (expr.kind === 'aggregate') return true
  let found = false
  eachOperand(expr, operand => {
    found ||= isOfHistory(operand)
  })
  return found
}

function insidesOf(atom: Expr): readonly Inside[] {
  const found: Inside[] = []
  const look = (expr: Expr): void => {
    if (expr.kind === 'aggregate' || expr.kind === 'exists' || expr.kind === 'sequence')
      for (const pattern of patternsOf(expr))
        if (pattern.where !== null) found.push({ pattern, atoms: atomsOf(pattern.where) })
    eachOperand(expr, look)
  }
  look(atom)
  // What is asked of the elements of a list has no meaning outside of it.
  return found.map(({ pattern, atoms }) => ({ pattern, atoms: atoms.filter(isFree) }))
}

function isFree(expr: Expr): boolean {
  if (expr.kind === 'element') return false
  let free = true
  eachOperand(expr, operand => {
    free &&= isFree(operand)
  })
  return free
}

function sign({ condition, measured }: Atom, at: Situation): string {
  const truth = letter(evaluateCondition(condition, at))
  if (measured === null) return truth
  const [left, right] = [
    numberOf(evaluateExpression(measured.left, at)),
    numberOf(evaluateExpression(measured.right, at)),
  ]
  if (left === null || right === null) return truth
  return `${truth}${Math.round(2 * Math.log2(1 + Math.abs(left - right)))}`
}

function letter(truth: boolean | typeof unknown): string {
  return truth === unknown ? '?' : truth ? '1' : '0'
}

function numberOf(value: Value): number | null {
  if (typeof value !== 'object') return null
  const number = isMoney(value) ? value.amount : isRational(value) ? value : null
  return number && Number(number.n) / Number(number.d)
}
