/** What a simulation gives to its reports, gathered once: decisions counted, findings counted, identity, speed and memory. */
import type { Finding, Log, LogView, ObligationTally, Plan, Revisions, RunResult } from '@writ/engine'
import type { EventsChoice } from '../events.ts'
import type { Workspace } from '../workspace.ts'
import type { Tally } from './tally.ts'

export interface Simulation {
  readonly workspace: Workspace
  readonly choice: EventsChoice
  readonly plan: Plan
  readonly log: Log
  readonly view: LogView
  readonly result: RunResult
  readonly tally: Tally
  /** Whether answers to requests are simulated. */
  readonly simulated: boolean
  /** What late events revised; null where no source revises, or nothing came late. */
  readonly revisions: Revisions | null
  /** What lived on after events. */
  readonly living: ObligationTally
  readonly findings: Findings
  readonly files: number
  readonly records: number
  /** Records that no map of the source takes. */
  readonly skipped: number
  readonly run: RunIdentity
  /** Interrupted before the end of the log. */
  readonly partial: boolean
  readonly elapsedMs: number
}

export interface RunIdentity {
  /** Hex SHA-256 of program, engine semantics version, source and mode (`runIdentity` of the engine). */
  readonly identity: string
  /** Rolling hash over the decisions. */
  readonly hash: string
}

/** Findings about the records, and notices of the evaluation in the same form. */
export interface Findings {
  /** All of them, by code. */
  readonly counts: ReadonlyMap<string, number>
  /** The first ones of each code. */
  readonly listed: readonly Finding[]
}

export function eventsPerSecond(events: number, elapsedMs: number): number {
  return elapsedMs > 0 ? Math.round((events * 1000) / elapsedMs) : 0
}

/** Most memory this process has taken so far. */
export function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024
}
