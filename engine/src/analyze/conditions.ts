/**
 * Conditions by themselves, whichever rule they are of: those that are never true or never false (the smallest part that is),
 * operands that change nothing, and windows that no event can be in. Rules against each other are in rules.ts.
 */
import type { Expr } from '../plan/expression.ts'
import type { PlanPolicy } from '../plan/plan.ts'
import { eachOperand } from '../plan/read-set.ts'
import type { Claim, Finding } from './finding.ts'
import { overlap, type Variable, variablesOf } from './formula.ts'
import { type Grounds, possible } from './ground.ts'
import { isFalse, isTrue, isUnknown, notFalse, notTrue, type Outcomes, unnamed } from './meaning.ts'
import { whyNever } from './why.ts'

type Joined = Extract<Expr, { kind: 'and' | 'or' }>
type History = Extract<Expr, { kind: 'aggregate' | 'exists' | 'sequence' }>

export function conditionFindings(policy: PlanPolicy, grounds: Grounds): readonly Finding[] {
  const uses = usesIn(policy)
  return new Conditions(uses, grounds).all()
}

/** Each expression that conditions of rules are made of, with the contracts at whose events it is asked. A let may be of several rules. */
function usesIn(policy: PlanPolicy): ReadonlyMap<Expr, ReadonlySet<number>> {
  const uses = new Map<Expr, Set<number>>()
  const visit = (expr: Expr, contracts: readonly number[]): void => {
    const known = uses.get(expr) ?? new Set<number>()
    if (uses.has(expr) && contracts.every(contract => known.has(contract))) return
    for (const contract of contracts) known.add(contract)
    uses.set(expr, known)
    if (!isClosed(expr))
      eachOperand(expr, operand => {
        visit(operand, contracts)
      })
  }
  for (const { when, contracts } of policy.rules) if (when !== null && contracts.length > 0) visit(when, contracts)
  return uses
}

/**
 * What is not looked into: a define is written for other values too, and what stands behind `any` or in a window is asked of
 * other values than those of the event.
 */
function isClosed(expr: Expr): boolean {
  return (expr.kind === 'named' && expr.of === 'define') || expr.kind === 'quantified' || isHistory(expr)
}

function isHistory(expr: Expr): expr is History {
  return expr.kind === 'aggregate' || expr.kind === 'exists' || expr.kind === 'sequence'
}

class Conditions {
  readonly #uses: ReadonlyMap<Expr, ReadonlySet<number>>
  readonly #grounds: Grounds
  readonly #found: Finding[] = []
  /** Whether something was reported about it or a part of it. */
  readonly #judged = new Map<Expr, boolean>()

  constructor(uses: ReadonlyMap<Expr, ReadonlySet<number>>, grounds: Grounds) {
    this.#uses = uses
    this.#grounds = grounds
  }

  all(): readonly Finding[] {
    for (const expr of this.#uses.keys()) this.#judge(expr)
    return this.#found
  }

  #judge(expr: Expr): boolean {
    const known = this.#judged.get(expr)
    if (known !== undefined) return known
    this.#judged.set(expr, false)
    let reported = false
    if (isHistory(expr)) this.#window(expr)
    else if (!isClosed(expr))
      eachOperand(expr, operand => {
        reported = this.#judge(operand) || reported
      })
    if (!reported && expr.type.kind === 'bool') reported = this.#condition(expr)
    this.#judged.set(expr, reported)
    return reported
  }

  /** A switch that is written down, `define strict = true`, is no mistake. */
  #condition(expr: Expr): boolean {
    const term = unnamed(expr)
    if (term.kind === 'literal' || (expr.kind === 'named' && expr.of === 'let')) return false
    const contracts = this.#contractsOf(expr)
    for (const [kind, outcomes] of [
      ['never-true', isTrue],
      ['never-false', isFalse],
    ] as const) {
      if (!this.#isNever(expr, outcomes, contracts)) continue
      this.#add({ kind, condition: expr, contracts }, expr, this.#why(expr, kind === 'never-true', contracts))
      return true
    }
    if (term.kind === 'and' || term.kind === 'or') this.#operands(expr, term, contracts)
    return false
  }

  #isNever(expr: Expr, outcomes: Outcomes, contracts: readonly number[]): boolean {
    return contracts.every(contract => {
      const ground = this.#grounds.at(contract)
      return !possible(ground, [ground.meaning.when(expr, outcomes)])
    })
  }

  #operands(expr: Expr, joined: Joined, contracts: readonly number[]): void {
    if (expr !== joined) return
    const gone = new Set<number>()
    for (let i = joined.operands.length - 1; i >= 0 && joined.operands.length - gone.size > 1; i--) {
      const operand = joined.operands[i]
      if (!operand || unnamed(operand).kind === 'literal') continue
      const others = joined.operands.filter((_, other) => other !== i && !gone.has(other))
      if (!contracts.every(contract => this.#changesNothing(joined.kind, operand, others, contract))) continue
      // What was taken out before has to be out for this one too; a claim is about one operand alone.
      if (gone.size > 0) return
      gone.add(i)
      const [first] = contracts
      const implied = first === undefined ? null : this.#impliedBy(joined.kind, operand, others, contracts)
      const why =
        implied === null ? 'the others say it already' : `\`${this.#grounds.text(implied.span)}\` says it already`
      this.#add({ kind: 'redundant-operand', joined, operand: i, contracts }, operand, why)
    }
  }

  /** Where the others decide alone, it may be anything; where they do not, it must be as they are. */
  #changesNothing(kind: Joined['kind'], operand: Expr, others: readonly Expr[], contract: number): boolean {
    const ground = this.#grounds.at(contract)
    const when = (condition: Expr, outcomes: Outcomes) => ground.meaning.when(condition, outcomes)
    // Of an `or` everything is the other way round.
    const [agrees, differs, notOpposite, opposite] =
      kind === 'and' ? [isTrue, notTrue, notFalse, isFalse] : [isFalse, notFalse, notTrue, isTrue]
    const mine = variablesOf(when(operand, opposite))
    const theirs = new Set<Variable>()
    for (const other of others) variablesOf(when(other, agrees), theirs)
    if (!overlap(mine, theirs)) return false
    if (possible(ground, [...others.map(other => when(other, agrees)), when(operand, differs)])) return false
    const notDecided = others.map(other => when(other, notOpposite))
    return others.every(other => !possible(ground, [...notDecided, when(other, isUnknown), when(operand, opposite)]))
  }

  #impliedBy(kind: Joined['kind'], operand: Expr, others: readonly Expr[], contracts: readonly number[]): Expr | null {
    return (
      others.find(other => contracts.every(contract => this.#changesNothing(kind, operand, [other], contract))) ?? null
    )
  }

  #window(form: History): void {
    const contracts = this.#contractsOf(form)
    const patterns = form.kind === 'sequence' ? form.steps : [form.pattern]
    if (form.range.kind === 'over' && form.range.milliseconds <= 0) {
      this.#add({ kind: 'empty-window', form, step: 0, contracts }, form, 'a range of no length holds no event')
      return
    }
    for (const [step, pattern] of patterns.entries()) {
      const { where } = pattern
      if (where === null) continue
      const grounds = contracts.map(contract => this.#grounds.inside(contract, [pattern]))
      if (grounds.some(ground => possible(ground, [ground.meaning.when(where, isTrue)]))) continue
      const [ground] = grounds
      const why = ground ? whyNever(where, true, ground, this.#grounds) : ''
      this.#add({ kind: 'empty-window', form, step, contracts }, where, why)
    }
  }

  #why(expr: Expr, truth: boolean, contracts: readonly number[]): string {
    const [first] = contracts
    return first === undefined ? '' : whyNever(expr, truth, this.#grounds.at(first), this.#grounds)
  }

  #contractsOf(expr: Expr): readonly number[] {
    return [...(this.#uses.get(expr) ?? [])]
  }

  #add(claim: Claim, at: Expr, why: string): void {
    this.#found.push({ claim, span: at.span, why })
  }
}
