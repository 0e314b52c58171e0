/**
 * A workspace over a recorded log, kept up to date while somebody types: after an edit only the policies that it changed are run
 * again. Holds the log as columns and an earlier version of the program to compare with. Pure but for what it keeps; reading logs, and
 * threads, are the transport's.
 */
import type { Log, Plan, PlanContract, PlanPolicy } from '@writ/engine'
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
  #kept = new Map<PlanPolicy, Kept>()

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
    const kept = new Map<PlanPolicy, Kept>()
    const results: PolicyResult[] = []
    for (const [index, policy] of plan.policies.entries()) {
      const known = this.#kept.get(policy)
      if (known && isSame(known, plan, index)) {
        kept.set(policy, known)
        results.push({ ...known.result, index })
        continue
      }
      const run = runPolicy(plan, index, this.#log, shouldStop)
      if (run === null) return null
      const before = this.#before.get(run.name)
      const result = { index, run, flips: before ? flipsOf(run, before) : null }
      kept.set(policy, { contracts: plan.contracts, waivers: waiversOf(plan, index), result })
      results.push(result)
    }
    this.#kept = kept
    return results
  }
}

interface Kept {
  readonly contracts: readonly PlanContract[]
  readonly waivers: string
  readonly result: PolicyResult
}

function isSame({ contracts, waivers }: Kept, plan: Plan, index: number): boolean {
  return (
    contracts.length === plan.contracts.length &&
    contracts.every((contract, i) => contract === plan.contracts[i]) &&
    waivers === waiversOf(plan, index)
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
