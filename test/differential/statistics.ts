/** What was generated and decided, so that nobody can claim that the generator is empty. */
import { decisionWords, type Plan, type RunResult } from '@writ/engine'
import { constructsOf } from './constructs.ts'

/** Counts over all programs and runs. */
export class Statistics {
  programs = 0
  refused = 0
  pairs = 0
  events = 0
  rejected = 0
  failedChecks = 0
  decisions = 0
  matchedUnknown = 0
  defaults = 0
  /** Runs in which some condition was unknown. */
  unknownRuns = 0
  readonly byDecision = new Map<string, number>()
  /** In how many programs each construct stands. */
  readonly constructs = new Map<string, number>()

  addProgram(plan: Plan): void {
    this.programs++
    for (const construct of constructsOf(plan)) this.#count(construct)
    if (plan.policies.some(({ rules }) => rules.length >= 8)) this.#count('rule book')
  }

  #count(construct: string): void {
    this.constructs.set(construct, (this.constructs.get(construct) ?? 0) + 1)
  }

  addRun(events: number, { decisions, rejected, failedChecks, notices }: RunResult): void {
    this.pairs++
    this.events += events
    this.rejected += rejected.length
    this.failedChecks += failedChecks.length
    this.decisions += decisions.size
    if (notices.length > 0) this.unknownRuns++
    for (let i = 0; i < decisions.size; i++) {
      const word = decisionWords[decisions.decision[i] ?? 0] ?? 'permit'
      this.byDecision.set(word, (this.byDecision.get(word) ?? 0) + 1)
      if (decisions.decidedBy[i] === -1) this.defaults++
      const set = decisions.matchSets[decisions.matched[i] ?? 0]
      if ((set?.unknown.length ?? 0) > 0) this.matchedUnknown++
      if (set?.lasting) this.#count('tripped breaker')
      if (set?.waived) this.#count('waived rule')
    }
  }

  /** A few lines for people. */
  report(): string {
    const share = (part: number, whole: number) => `${whole === 0 ? 0 : ((100 * part) / whole).toFixed(1)}%`
    const decided = [...this.byDecision].sort().map(([word, count]) => `${word} ${share(count, this.decisions)}`)
    const used = [...this.constructs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${name} ${count}`)
    return [
      `${this.pairs} pairs of ${this.programs} programs (${this.refused} more that the checker refused), ${this.events} events, ${this.decisions} decisions`,
      `decisions: ${decided.join(', ')}; ${share(this.defaults, this.decisions)} by default`,
      `unknown: ${share(this.matchedUnknown, this.decisions)} of decisions matched a rule because of it, ${share(this.unknownRuns, this.pairs)} of runs met it`,
      `checks: ${this.failedChecks} failed, ${this.rejected} events rejected`,
      `programs that use: ${used.join(', ')}`,
    ].join('\n')
  }
}
