/** The order of the notices of a run. */
import type { RunNotice } from './decisions.ts'

/** By policy, rule, then code. */
export function byRule(a: RunNotice, b: RunNotice): number {
  return a.policy - b.policy || a.rule - b.rule || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0)
}
