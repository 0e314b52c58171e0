/**
 * A sample as a program and a recorded log: parse, check, read, decide, through the public surfaces of the packages. The
 * command does the same with messages for people (cli/src); samples are known to be right, so that a mistake here throws.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { check, decisionWords, type Evaluation, evaluate, type Plan, readSet } from '@writ/engine'
import { type DecisionWord, parse } from '@writ/grammar'
import { type OpenedEvents, openEvents } from '@writ/ledger/node'

export interface Simulation {
  readonly plan: Plan
  readonly opened: OpenedEvents
  readonly result: Evaluation
  readonly milliseconds: { readonly check: number; readonly read: number; readonly decide: number }
}

/** One decision in words. */
export interface Decision {
  readonly seq: number
  /** Index into the plan's policies. */
  readonly policy: number
  readonly policyName: string
  /** Name of the rule that decided, or `default`. */
  readonly rule: string
  readonly word: DecisionWord
}

/** Absolute path of a file or folder of a sample. */
export function samplePath(...parts: readonly string[]): string {
  return join(fileURLToPath(new URL('.', import.meta.url)), ...parts)
}

/** The checked program of `samples/NAME`; throws with the problems where there are any, warnings included. */
export function samplePlan(name: string): Plan {
  const folder = samplePath(name)
  const files = globSync('**/*.writ', { cwd: folder }).map(path =>
    parse(path, readFileSync(join(folder, path), 'utf8')),
  )
  const { plan, problems } = check(files)
  if (plan === null || problems.length > 0) {
    throw new Error(
      `samples/${name}: ${problems.map(({ path, code, message }) => `${path} ${code} ${message}`).join('\n')}`,
    )
  }
  return plan
}

/** Reads `events` (a file or folder) with the sources of the plan and decides about all of it; throws where it cannot be read. */
export async function simulate(name: string, events: string, everyColumn = false): Promise<Simulation> {
  const started = performance.now()
  const plan = samplePlan(name)
  const checked = performance.now()
  const opened = await openEvents(plan, events, everyColumn ? {} : { columns: readSet(plan) })
  if (opened.problem !== null) throw new Error(`${opened.problem.code} ${opened.problem.message}`)
  const read = performance.now()
  const result = evaluate(plan, opened.log)
  const milliseconds = { check: checked - started, read: read - checked, decide: performance.now() - read }
  return { plan, opened, result, milliseconds }
}

/** Every decision, in event order. */
export function* decisionsOf({ plan, result }: Pick<Simulation, 'plan' | 'result'>): Iterable<Decision> {
  const { size, seq, policy, decision, decidedBy } = result.decisions
  for (let i = 0; i < size; i++) {
    const index = policy[i] ?? 0
    const by = plan.policies[index]
    const word = decisionWords[decision[i] ?? 0]
    if (by === undefined || word === undefined) throw new Error('a decision of no policy')
    const rule = by.rules[decidedBy[i] ?? -1]?.name ?? 'default'
    yield { seq: seq[i] ?? 0, policy: index, policyName: by.name, rule, word }
  }
}

/** How often each rule decided what: `payments.paid_before permit` to a number, sorted. */
export function countsByRule(simulation: Pick<Simulation, 'plan' | 'result'>): Record<string, number> {
  const counts = new Map<string, number>()
  for (const { policyName, rule, word } of decisionsOf(simulation)) {
    const key = `${policyName}.${rule} ${word}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
}
