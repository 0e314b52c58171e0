/**
 * Where two conditions differ: their smallest parts that do not mean the same, and which of them came out differently at an
 * event. Parts are worked out by the engine as rules of a policy of their own, for all events at once.
 */
import { flattened, meaningOf } from '../evolution/meaning.ts'
import type { Log } from '../log/columns.ts'
import type { Expr } from '../plan/expression.ts'
import type { Plan, PlanPolicy, PlanRule } from '../plan/plan.ts'
import { evaluate } from '../run/evaluate.ts'

export interface ConditionPart {
  /** Null: the version asks nothing in this place. */
  readonly before: Expr | null
  readonly after: Expr | null
  /** What takes its place where there is nothing: true under `and`, false under `or`. */
  readonly neutral: boolean
}

/** Empty where both mean the same. A condition of null always holds. */
export function differingParts(
  before: { readonly plan: Plan; readonly when: Expr | null },
  after: { readonly plan: Plan; readonly when: Expr | null },
): readonly ConditionPart[] {
  return new Comparison(before.plan, after.plan).parts(before.when, after.when, true)
}

class Comparison {
  readonly #before: Plan
  readonly #after: Plan

  constructor(before: Plan, after: Plan) {
    this.#before = before
    this.#after = after
  }

  parts(before: Expr | null, after: Expr | null, neutral: boolean): readonly ConditionPart[] {
    const [was, is] = [before && bare(before), after && bare(after)]
    if (was === null && is === null) return []
    if (was && is && meaningOf(this.#before, was) === meaningOf(this.#after, is)) return []
    if (was?.kind === 'not' && is?.kind === 'not') return this.parts(was.operand, is.operand, !neutral)
    for (const kind of ['and', 'or'] as const) {
      if (was?.kind !== kind && is?.kind !== kind) continue
      const olds = operandsOf(kind, was, neutral)
      const news = operandsOf(kind, is, neutral)
      if (olds === null || news === null) continue
      const left = this.#unlike(olds, news)
      const isWhole = left.olds.length === olds.length && left.news.length === news.length
      if (isWhole && (was?.kind !== is?.kind || left.olds.length > 1)) {
        const pairs = this.#byShape(left.olds, left.news)
        if (was?.kind !== is?.kind || pairs.every(([old, now]) => old === null || now === null)) continue
      }
      return this.#byShape(left.olds, left.news).flatMap(([old, now]) => this.parts(old, now, kind === 'and'))
    }
    return [{ before, after, neutral }]
  }

  /** What is left of both when equal ones are taken away. */
  #unlike(olds: readonly Expr[], news: readonly Expr[]) {
    const meanings = news.map(now => meaningOf(this.#after, now))
    const open = new Set(news.keys())
    const left = olds.filter(old => {
      const meaning = meaningOf(this.#before, old)
      const found = [...open].find(index => meanings[index] === meaning)
      if (found !== undefined) open.delete(found)
      return found === undefined
    })
    return { olds: left, news: [...open].flatMap(index => news[index] ?? []) }
  }

  /** Those that ask the same with other constants belong together; a single one on each side does anyway. */
  #byShape(olds: readonly Expr[], news: readonly Expr[]): readonly (readonly [Expr | null, Expr | null])[] {
    const [old, now] = [olds[0], news[0]]
    if (olds.length === 1 && news.length === 1 && old && now) return [[old, now]]
    const shapes = news.map(one => shapeOf(this.#after, one))
    const open = new Set(news.keys())
    const pairs = olds.map((one): readonly [Expr | null, Expr | null] => {
      const shape = shapeOf(this.#before, one)
      const found = [...open].find(index => shapes[index] === shape)
      if (found === undefined) return [one, null]
      open.delete(found)
      return [one, news[found] ?? null]
    })
    return [...pairs, ...[...open].map(index => [null, news[index] ?? null] as const)]
  }
}

function bare(expr: Expr): Expr {
  return expr.kind === 'named' ? bare(expr.value) : expr
}

/** Null: nothing is not the neutral part of this kind. */
function operandsOf(kind: 'and' | 'or', expr: Expr | null, neutral: boolean): readonly Expr[] | null {
  if (expr === null) return neutral === (kind === 'and') ? [] : null
  return flattened(kind, [expr])
}

function shapeOf(plan: Plan, expr: Expr): string {
  return meaningOf(plan, expr).replace(/"(?:[^"\\]|\\.)*"|-?\d+\/\d+/g, '?')
}

/** Truth of a part: 0 false, 1 true, 2 unknown. */
export type PartTruth = (part: number, seq: number) => number

/** `parts` are asked at events of these contracts of the plan; null stands for its neutral truth. */
export function partTruths(
  plan: Plan,
  log: Log,
  parts: readonly {
    readonly condition: Expr | null
    readonly neutral: boolean
    readonly contracts: readonly number[]
  }[],
  options: { readonly codeGeneration?: boolean } = {},
): PartTruth {
  const contracts = [...new Set(parts.flatMap(part => part.contracts))].sort((a, b) => a - b)
  const probe = probePolicy(
    contracts,
    parts.map((part, index) => probeRule(`part${index}`, part.condition, part.contracts)),
  )
  const bare = {
    ...plan,
    policies: [probe],
    exceptions: [],
    rollouts: [],
    indicators: [],
    objectives: [],
    properties: [],
  }
  const { decisions } = evaluate(bare, log, options)
  const placeOf = new Int32Array(log.contractOf.length).fill(-1)
  for (let place = 0; place < decisions.size; place++) placeOf[decisions.seq[place] ?? 0] = place
  const truths = decisions.matchSets.map(({ rules, unknown }) => {
    const own = new Uint8Array(parts.length)
    for (const rule of rules) own[rule] = 1
    for (const rule of unknown) own[rule] = 2
    return own
  })
  return (part, seq) => {
    const asked = parts[part]
    if (asked === undefined) throw new RangeError(`there is no part ${part}`)
    if (asked.condition === null) return Number(asked.neutral)
    const place = placeOf[seq] ?? -1
    return place < 0 ? 2 : (truths[decisions.matched[place] ?? 0]?.[part] ?? 0)
  }
}

const nowhere = { file: 0, start: 0, end: 0 }

function probePolicy(contracts: readonly number[], rules: readonly PlanRule[]): PlanPolicy {
  return {
    name: 'parts',
    module: '',
    version: '1.0.0',
    owner: null,
    mode: 'enforce',
    layer: null,
    contracts,
    combine: 'strictest',
    default: { decision: 'permit', because: null, span: nowhere },
    lets: [],
    rules,
    span: nowhere,
  }
}

/** A rule that denies matches also where its condition is unknown, and says so. */
function probeRule(name: string, when: Expr | null, contracts: readonly number[]): PlanRule {
  return {
    name,
    title: null,
    documentation: null,
    contracts: when === null ? [] : contracts,
    when,
    decision: 'deny',
    text: null,
    because: null,
    approval: null,
    lasting: null,
    expectation: null,
    obligations: [],
    span: nowhere,
  }
}
