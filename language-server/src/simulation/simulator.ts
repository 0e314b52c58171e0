/**
 * A workspace over a recorded log, kept up to date while somebody types: after an edit only the policies that it changed are run
 * again. Holds the log as columns and an earlier version of the program to compare with. Pure but for what it keeps; reading logs, and
 * threads, are the transport's.
 */
import { type Log, originOf, type Plan } from '@writ/engine'
import { type Flips, flipsOf, type PolicyRun, runPolicy } from './policy-run.ts'

export interface PolicyResult {
  readonly index: number
  readonly run: PolicyRun
  /** Null where the earlier version has no such policy, or cannot be compared. */
  readonly flips: Flips | null
}

export class Simulator {
  readonly #log: Log
  /** What the log was read for: it serves programs that say the same of contracts and sources. */
  readonly #reading: string
  readonly #before: ReadonlyMap<string, PolicyRun>
  /** By name of the policy. */
  #kept = new Map<string, Kept>()

  /** `before`: the earlier version, where there is one that reads the log in the same way. */
  constructor(log: Log, plan: Plan, before: Plan | null) {
    this.#log = log
    this.#reading = readingOf(plan)
    const runs = before !== null && readingOf(before) === this.#reading ? runsOf(before, log) : []
    this.#before = new Map(runs.map(run => [run.name, run]))
  }

  get log(): Log {
    return this.#log
  }

  /** Whether the program still reads the log as it was read. */
  fits(plan: Plan): boolean {
    return readingOf(plan) === this.#reading
  }

  /** In the order of the plan's policies. Null where it was stopped. */
  update(plan: Plan, shouldStop: () => boolean = () => false): readonly PolicyResult[] | null {
    const kept = new Map<string, Kept>()
    const results: PolicyResult[] = []
    const contracts = plan.contracts.map(originOf)
    for (const [index, policy] of plan.policies.entries()) {
      const name = `${policy.module}.${policy.name}`
      const known = this.#kept.get(name)
      const origins = [originOf(policy), ...contracts]
      const waivers = waiversOf(plan, index)
      let result = known?.result
      if (known && result && isSame(known, origins, waivers)) result = { ...result, index }
      else {
        const earlier = known && { plan: known.plan, index: known.result.index, decisions: known.result.run.decisions }
        const run = runPolicy(plan, index, this.#log, shouldStop, earlier ?? null)
        if (run === null) return null
        const before = this.#before.get(run.name)
        result = { index, run, flips: before ? flipsOf(run, before) : null }
      }
      kept.set(name, { plan, origins, waivers, result })
      results.push(result)
    }
    this.#kept = kept
    return results
  }
}

interface Kept {
  /** Of the last update; the policy is at the index of the result. */
  readonly plan: Plan
  /** What the policy and the contracts were made from. */
  readonly origins: readonly object[]
  readonly waivers: string
  readonly result: PolicyResult
}

function isSame(known: Kept, origins: readonly object[], waivers: string): boolean {
  return (
    waivers === known.waivers &&
    origins.length === known.origins.length &&
    origins.every((origin, i) => origin === known.origins[i])
  )
}

function waiversOf(plan: Plan, index: number): string {
  return plain(plan.exceptions.filter(({ policy }) => policy === index))
}

function runsOf(plan: Plan, log: Log): readonly PolicyRun[] {
  return plan.policies.flatMap((_, index) => runPolicy(plan, index, log, () => false) ?? [])
}

/** Everything that decides how raw records become events; places in the text do not. */
function readingOf({ contracts, sources }: Plan): string {
  return plain([contracts, sources])
}

function plain(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (key === 'span') return undefined
    if (typeof inner === 'bigint') return String(inner)
    return typeof inner === 'symbol' ? { is: inner.description } : inner
  })
}
