/**
 * Who notices a small change of a policy: its tests, its properties, or a recorded log; and for those that nobody notices, an event or story
 * that would tell them apart, found by search and run by the engine. What is changed is edits.ts.
 */
import { parse, type SourceFile } from '@writ/grammar'
import { type Checked, check } from '../check/check.ts'
import type { Log } from '../log/columns.ts'
import { onlyPolicies } from '../plan/only-policies.ts'
import type { Plan, PlanProperty, PlanTest } from '../plan/plan.ts'
import { judgeProperty } from '../property/judge.ts'
import { isProved } from '../property/prove.ts'
import type { RunResult } from '../run/decisions.ts'
import { evaluate } from '../run/evaluate.ts'
import { type Distinguished, distinguish } from '../search/distinguish.ts'
import { runTests } from '../testing/run-tests.ts'
import { editsOf, type PlacedEdit } from './edits.ts'

export type MutantFate =
  | { readonly kind: 'killed'; readonly by: 'test'; readonly test: PlanTest }
  /** One that was proved, and is refuted now. */
  | { readonly kind: 'killed'; readonly by: 'property'; readonly property: PlanProperty }
  | { readonly kind: 'killed'; readonly by: 'log' }
  /** Nobody noticed; `told` has the trace that would, or none up to the size and budget of the search. */
  | { readonly kind: 'survived'; readonly told: Distinguished }

export interface Mutant {
  readonly edit: PlacedEdit
  /** From 1. */
  readonly line: number
  /** The lines that change, before and after. */
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly fate: MutantFate
}

export interface MutationOptions {
  /** Recorded events, with the columns that the plan reads. */
  readonly log?: Log | null
  /** Of the search for what tells a survivor apart. */
  readonly maxEvents?: number
  readonly budget?: number
  /** Which to make; all of them without it. */
  readonly select?: (edit: PlacedEdit) => boolean
  readonly onProgress?: (done: number, total: number) => void
}

export interface MutationResult {
  /** Of which the program still checks, in the order of the text. */
  readonly mutants: readonly Mutant[]
  /** Changes after which it does not check: nobody could run them. */
  readonly rejected: number
}

export const mutationDefaults = { maxEvents: 2, budget: 1_000 } as const

/** `checked`, of `files`, has a plan whose tests pass. Deterministic. */
export function runMutants(
  files: readonly SourceFile[],
  checked: Checked,
  options: MutationOptions = {},
): MutationResult {
  const { plan } = checked
  if (!plan) throw new Error('mutants are made of programs that check')
  const all = files.flatMap(editsOf)
  const edits = options.select ? all.filter(options.select) : all
  const court = new Court(plan, options)
  const mutants: Mutant[] = []
  let rejected = 0
  for (const [done, edit] of edits.entries()) {
    options.onProgress?.(done, edits.length)
    const file = files.find(one => one.path === edit.path)
    if (!file) continue
    const text = file.text.slice(0, edit.span.start) + edit.text + file.text.slice(edit.span.end)
    const changed = files.map(one => (one === file ? parse(file.path, text, file) : one))
    const other = check(changed, checked).plan
    if (!other || other.policies.length !== plan.policies.length) rejected++
    else mutants.push({ edit, ...linesOf(file.text, edit), fate: court.fateOf(other, edit) })
  }
  return { mutants, rejected }
}

class Court {
  readonly #plan: Plan
  readonly #options: MutationOptions
  /** Tests in the order in which they are asked: the last one that noticed something first. */
  readonly #order: number[]
  readonly #recorded = new Map<string, string>()
  readonly #proved: readonly PlanProperty[]

  constructor(plan: Plan, options: MutationOptions) {
    this.#plan = plan
    this.#options = options
    this.#order = plan.tests.map((_, index) => index)
    this.#proved = plan.properties.filter(property => isProved(plan, property))
  }

  fateOf(other: Plan, edit: PlacedEdit): MutantFate {
    const test = this.#failing(other)
    if (test !== null) return { kind: 'killed', by: 'test', test }
    const property = this.#refuted(other)
    if (property !== null) return { kind: 'killed', by: 'property', property }
    const policies = this.#policiesOf(edit)
    if (this.#options.log && this.#isSeenIn(this.#options.log, other, policies)) return { kind: 'killed', by: 'log' }
    const { maxEvents = mutationDefaults.maxEvents, budget = mutationDefaults.budget } = this.#options
    return {
      kind: 'survived',
      told: distinguish(this.#plan, other, policies, { maxEvents, budget, living: this.#lives(edit, policies) }),
    }
  }

  #failing(other: Plan): PlanTest | null {
    for (const index of this.#order) {
      const test = other.tests[index]
      if (!test || runTests(other, { select: one => one === test }).every(({ passed }) => passed)) continue
      this.#order.splice(this.#order.indexOf(index), 1)
      this.#order.unshift(index)
      return this.#plan.tests[index] ?? test
    }
    return null
  }

  /** Only what the proof no longer covers is searched. */
  #refuted(other: Plan): PlanProperty | null {
    const { maxEvents = mutationDefaults.maxEvents, budget = mutationDefaults.budget } = this.#options
    return (
      this.#proved.find(property => {
        const same = other.properties.find(({ name, module }) => name === property.name && module === property.module)
        return same !== undefined && judgeProperty(other, same, { maxEvents, budget }).kind === 'refuted'
      }) ?? null
    )
  }

  #policiesOf({ policy, path }: PlacedEdit): readonly number[] {
    return this.#plan.policies.flatMap(({ name, span }, index) =>
      policy === null || (name === policy && this.#plan.files[span.file]?.path === path) ? [index] : [],
    )
  }

  /** Whether the change is in a rule from which something lives on, or may be. */
  #lives({ rule }: PlacedEdit, policies: readonly number[]): boolean {
    return policies.some(index =>
      this.#plan.policies[index]?.rules.some(
        one =>
          (rule === null || one.name === rule) &&
          (one.expectation !== null || (rule !== null && one.approval !== null)),
      ),
    )
  }

  #isSeenIn(log: Log, other: Plan, policies: readonly number[]): boolean {
    const key = policies.join(' ')
    let expected = this.#recorded.get(key)
    if (expected === undefined) {
      expected = outcomes(onlyPolicies(this.#plan, policies), log)
      this.#recorded.set(key, expected)
    }
    return outcomes(onlyPolicies(other, policies), log) !== expected
  }
}

/** What a run decided, by names of rules, as one text to compare; a hash would tell rules apart by their places. */
function outcomes(plan: Plan, log: Log): string {
  const run = evaluate(plan, log)
  const { decisions } = run
  const names = plan.policies.map(({ rules }) => rules.map(({ name }) => name))
  const parts: string[] = []
  let digest = 0
  for (let i = 0; i < decisions.size; i++) {
    const name = names[decisions.policy[i] ?? 0]?.[decisions.decidedBy[i] ?? -1] ?? ''
    digest = mixed(digest, `${decisions.decision[i]} ${name}`)
    if (i % 4096 === 4095) parts.push(String(digest))
  }
  return [...parts, String(digest), livingOf(plan, run, names)].join(' ')
}

function livingOf(
  plan: Plan,
  { obligations: { instances } }: RunResult,
  names: readonly (readonly string[])[],
): string {
  let digest = plan.policies.length
  for (let i = 0; i < instances.size; i++) {
    const name = names[instances.policy[i] ?? 0]?.[instances.rule[i] ?? 0] ?? ''
    digest = mixed(
      digest,
      `${name} ${instances.openedSeq[i]} ${instances.status[i]} ${instances.due[i]} ${instances.stage[i]}`,
    )
  }
  return `${instances.size} ${digest}`
}

/** FNV-1a, continued. */
function mixed(digest: number, text: string): number {
  let hash = digest ^ 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

function linesOf(text: string, { span, text: replacement }: PlacedEdit): Pick<Mutant, 'line' | 'before' | 'after'> {
  const from = text.lastIndexOf('\n', span.start - 1) + 1
  const end = text.indexOf('\n', span.end)
  const to = end < 0 ? text.length : end
  const after = text.slice(from, span.start) + replacement + text.slice(span.end, to)
  return {
    line: text.slice(0, span.start).split('\n').length,
    before: text.slice(from, to).split('\n'),
    after: after.split('\n').filter(line => line.trim() !== ''),
  }
}
