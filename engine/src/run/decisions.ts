/**
 * What an evaluation of a plan over a log gives: decisions as columns, in event order and, at one event, in policy order.
 * Reasons and obligations are not here: they are pure functions of plan, log and decision, made when somebody asks.
 */
import type { DecisionWord } from '@writ/grammar'
import type { Measures } from '../measure/figures.ts'
import type { Obligations } from '../obligation/instance.ts'
import type { Rollouts } from '../rollout/stages.ts'

/** Order of strictness; the codes of `Decisions.decision`. */
export const decisionWords = ['permit', 'warn', 'hold', 'deny'] as const satisfies readonly DecisionWord[]

export interface Decisions {
  readonly size: number
  /** Event of the decision. */
  readonly seq: Int32Array
  /** Index into `Plan.policies`. */
  readonly policy: Uint16Array
  /** Index into `decisionWords`. */
  readonly decision: Uint8Array
  /** Index of the rule in its policy that decided, or -1: the default did. */
  readonly decidedBy: Int16Array
  /** Index into `matchSets`. */
  readonly matched: Int32Array
  /** Each the sorted rule indices that matched, and which of them matched because their condition was unknown. */
  readonly matchSets: readonly MatchSet[]
}
export interface MatchSet {
  readonly rules: readonly number[]
  readonly unknown: readonly number[]
  /** Those of them that matched only because their breaker is tripped, ascending; left out where there are none. */
  readonly lasting?: readonly number[]
  /** Rules that would have matched but for an exception (index into `Plan.exceptions`), by rule; left out where there are none. */
  readonly waived?: readonly Waiver[]
}

export interface Waiver {
  readonly rule: number
  readonly exception: number
}

/** Codes of notices: what a rule did when its condition was unknown. */
export const noticeCodes = {
  /** A rule that denies or holds matched. */
  matchedOnUnknown: 'W2101',
  /** A rule that permits or warns did not match. */
  passedOnUnknown: 'W2102',
  /** An expectation did not begin with an event. */
  notOpenedOnUnknown: 'W2103',
  /** An instance of an expectation was not met by an event; counted by both. */
  notMetOnUnknown: 'W2104',
  /** An instance of an expectation was not cancelled by an event; counted by both. */
  notCancelledOnUnknown: 'W2105',
} as const

/** A finding of the evaluation itself: a condition that was unknown, by policy and rule, with how often. Sorted by both, then by code. */
export interface RunNotice {
  readonly code: (typeof noticeCodes)[keyof typeof noticeCodes]
  readonly policy: number
  readonly rule: number
  readonly count: number
  readonly firstSeq: number
}

/** Both evaluators give this; equal runs have equal `hash`. */
export interface RunResult {
  readonly decisions: Decisions
  /** Seqs of events that a contract's `check … else reject` took out, ascending; they are decided by no policy and seen by no window. */
  readonly rejected: Int32Array
  /** Seqs with a failed check (reject and warn), with the check's place in its contract. */
  readonly failedChecks: readonly { readonly seq: number; readonly check: number }[]
  readonly notices: readonly RunNotice[]
  /** What the decisions and events set in motion, and how it ended. */
  readonly obligations: Obligations
  /** What indicators, objectives and the promises of contracts came to. */
  readonly measures: Measures
  /** Which stages the rollouts came to, and with that which decisions count. */
  readonly rollouts: Rollouts
  /**
   * Hex SHA-256 chain over the decisions in blocks of 4,096 (run/hash.ts), then, where there are any, over the transitions of
   * the obligations (obligation/hash.ts), over what was measured (measure/hash.ts), and over the stages of rollouts
   * (rollout/hash.ts).
   */
  readonly hash: string
}
