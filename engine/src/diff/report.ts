/**
 * Two versions of a program compared, as plain data for reports: what changed, what it would have done to a recorded log, and for
 * each cause some events explained by both versions. Numbers and words only: how it looks is for whoever shows it.
 */
import type { DecisionWord } from '@writ/grammar'
import { covered } from '../explain/covered.ts'
import { explanationText } from '../explain/page.ts'
import { explain } from '../explain/trace.ts'
import type { Explanation, Witness } from '../explain/witness.ts'
import { columnView } from '../log/column-view.ts'
import type { Log } from '../log/columns.ts'
import type { LogView } from '../log/view.ts'
import type { Expr } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'
import type { RunResult } from '../run/decisions.ts'
import { effectiveDecisions } from '../run/effective.ts'
import { truthOf } from '../value/operations.ts'
import { unknown } from '../value/value.ts'
import { type ChangeOf, changesIn, type Renamed, renamesIn } from './changes.ts'
import { causeSpans, causeText, changeText, type DiffPlace, partText, placeIn, stateText } from './describe.ts'
import { type Flips, flipsOf, inShadow, undecided } from './flips.ts'
import { type Affected, type FlipGroup, groupsOf } from './groups.ts'
import type { PlanPair } from './pair.ts'
import type { BothRuns } from './run-both.ts'
import { untestedCauses } from './tests-for.ts'
import { type Share, shareOf } from './wilson.ts'

/** What changed in meaning, without any events. */
export interface MeaningReport {
  /** Nothing that decides, sets in motion or is measured means anything else. */
  readonly same: boolean
  readonly renamed: readonly Renamed[]
  readonly changes: readonly ReportedChange[]
}
export interface ReportedChange {
  readonly kind: ChangeOf
  readonly of: string
  readonly text: string
  readonly parts: readonly PartTexts[]
  readonly before: DiffPlace | null
  readonly after: DiffPlace | null
}
export interface PartTexts {
  readonly before: string | null
  readonly after: string | null
}

export function meaningReport(pair: PlanPair): MeaningReport {
  const changes = changesIn(pair)
  return {
    same: changes.length === 0,
    renamed: renamesIn(pair),
    changes: changes.map(change => ({
      kind: change.kind,
      of: change.of,
      text: changeText(pair, change),
      parts: change.parts.map(part => partText(pair, part)),
      before: placeIn(pair.before, change.oldSpan),
      after: placeIn(pair.after, change.newSpan),
    })),
  }
}

export type DecisionCounts = Readonly<Record<DecisionWord, number>>
export interface BeforeAfter<T> {
  readonly before: T
  readonly after: T
}

export interface FlipReport {
  readonly events: BeforeAfter<number>
  readonly decisions: BeforeAfter<number>
  /** Policies of the newer version that had to be decided again. */
  readonly decidedAgain: number
  /** What holds for events, by kind. */
  readonly holds: BeforeAfter<DecisionCounts>
  readonly policies: readonly (BeforeAfter<DecisionCounts | null> & { readonly policy: string })[]
  readonly flips: number
  readonly share: Share | null
  /** Flips that count: neither version's decision is in shadow. */
  readonly inForce: number
  readonly newDenials: number
  readonly newHolds: number
  readonly newPermits: number
  /** Decisions that are the same and made by another rule. */
  readonly otherRule: number
  readonly groups: readonly ReportedGroup[]
  /** Causes that no test of the newer version shows, in words; null: nobody asked. */
  readonly untested: readonly string[] | null
}

export interface ReportedGroup {
  readonly policy: string
  readonly cause: string
  /** In words, with the text of what changed. */
  readonly text: string
  readonly part: PartTexts | null
  readonly before: DiffPlace | null
  readonly after: DiffPlace | null
  readonly from: string
  readonly to: string
  readonly count: number
  /** Of the events that the policy decides. */
  readonly share: Share | null
  readonly first: ReportedEvent
  readonly last: ReportedEvent
  readonly affected: readonly Affected[]
  readonly examples: readonly ReportedExample[]
}
export interface ReportedEvent {
  readonly contract: string
  readonly file: string
  /** The record's place in its file, from 0. */
  readonly index: number
  /** Milliseconds since the epoch. */
  readonly time: number
}
export interface ReportedExample {
  readonly event: ReportedEvent
  /** What came out otherwise, first. */
  readonly differs: string
  readonly before: ReportedRuling | null
  readonly after: ReportedRuling | null
}
export interface ReportedRuling {
  readonly decision: DecisionWord
  /** Null: the default. */
  readonly rule: string | null
  /** Why; secrets are covered. */
  readonly reason: string
  /** The whole page; secrets are covered. */
  readonly explanation: readonly string[]
}

export interface FlipReportInput {
  readonly pair: PlanPair
  readonly logs: BeforeAfter<Log>
  readonly runs: BothRuns
  /** Whether the tests are asked which flips they show. */
  readonly withTests?: boolean
}

export function flipReport({ pair, logs, runs, withTests = false }: FlipReportInput): FlipReport {
  const flips = flipsOf({ pair, logs, runs })
  const views = {
    before: columnView(logs.before, pair.before.contracts),
    after: columnView(logs.after, pair.after.contracts),
  }
  const groups = groupsOf(pair, flips, views)
  const decided = decidedBy(pair, runs)
  const teller = new Teller(pair, views, flips)
  return {
    events: { before: logs.before.contractOf.length, after: logs.after.contractOf.length },
    decisions: { before: runs.before.decisions.size, after: runs.after.decisions.size },
    decidedAgain: runs.decidedAgain,
    holds: { before: holding(pair.before, runs.before), after: holding(pair.after, runs.after) },
    policies: pair.policies.map(({ name, before, after }) => ({
      policy: name,
      before: before === null ? null : countsOf(decided.before[before] ?? []),
      after: after === null ? null : countsOf(decided.after[after] ?? []),
    })),
    flips: flips.size,
    share: shareOf(Math.min(flips.size, runs.after.decisions.size), runs.after.decisions.size),
    ...countedIn(flips),
    otherRule: flips.otherRule,
    groups: groups.map(group => teller.group(group, decided.after)),
    untested: withTests ? untestedCauses(pair, flips, logs.before === logs.after) : null,
  }
}

/** New denials, holds and permits are of what counts. */
function countedIn(flips: Flips) {
  const found = { inForce: 0, newDenials: 0, newHolds: 0, newPermits: 0 }
  for (let flip = 0; flip < flips.size; flip++) {
    const [from, to] = [flips.from[flip] ?? 0, flips.to[flip] ?? 0]
    const [was, is] = [strictnessOf(from), strictnessOf(to)]
    if (was === is) continue
    found.inForce++
    if (is === 3) found.newDenials++
    else if (is === 2 && was < 2) found.newHolds++
    else if (is < 2 && was >= 2) found.newPermits++
  }
  return found
}
/** What does not count, or is not decided, lets the event through. */
function strictnessOf(state: number): number {
  return state === undecided || state >= inShadow ? 0 : state
}

/** By policy and kind of decision. */
function decidedBy(pair: PlanPair, runs: BothRuns): BeforeAfter<readonly (readonly number[])[]> {
  const count = (plan: Plan, { decisions }: RunResult) => {
    const counts = new Float64Array(plan.policies.length * 4)
    for (let place = 0; place < decisions.size; place++) {
      const slot = (decisions.policy[place] ?? 0) * 4 + (decisions.decision[place] ?? 0)
      counts[slot] = (counts[slot] ?? 0) + 1
    }
    return plan.policies.map((_, policy) => [...counts.subarray(policy * 4, policy * 4 + 4)])
  }
  return { before: count(pair.before, runs.before), after: count(pair.after, runs.after) }
}

function countsOf(kinds: readonly number[]): DecisionCounts {
  const [permit = 0, warn = 0, hold = 0, deny = 0] = kinds
  return { permit, warn, hold, deny }
}

function holding(plan: Plan, run: RunResult): DecisionCounts {
  const effective = effectiveDecisions(plan, run)
  const kinds = [0, 0, 0, 0]
  for (let place = 0; place < effective.size; place++) {
    const kind = effective.decision[place] ?? 0
    kinds[kind] = (kinds[kind] ?? 0) + 1
  }
  return countsOf(kinds)
}

interface Ruled {
  readonly told: ReportedRuling
  readonly explanation: Explanation
}

class Teller {
  readonly #pair: PlanPair
  readonly #views: BeforeAfter<LogView>
  readonly #flips: Flips

  constructor(pair: PlanPair, views: BeforeAfter<LogView>, flips: Flips) {
    this.#pair = pair
    this.#views = views
    this.#flips = flips
  }

  group(group: FlipGroup, decided: readonly (readonly number[])[]): ReportedGroup {
    const cause = this.#flips.causes[group.cause]
    if (!cause) throw new RangeError(`no cause ${group.cause}`)
    const own = this.#pair.policies[cause.policy]
    const whole = (decided[own?.after ?? -1] ?? []).reduce((sum, one) => sum + one, 0)
    const spans = causeSpans(this.#pair, cause)
    return {
      policy: own?.name ?? '',
      cause: cause.cause.kind,
      text: causeText(this.#pair, cause),
      part: cause.part && partText(this.#pair, cause.part),
      before: placeIn(this.#pair.before, spans.before),
      after: placeIn(this.#pair.after, spans.after),
      from: stateText(group.from),
      to: stateText(group.to),
      count: group.count,
      share: whole < group.count ? null : shareOf(group.count, whole),
      first: this.#event(group.first),
      last: this.#event(group.last),
      affected: group.affected,
      examples: group.examples.map(flip => this.#example(flip)),
    }
  }

  #event(flip: number): ReportedEvent {
    const after = this.#flips.after[flip] ?? -1
    const [plan, event] =
      after >= 0
        ? [this.#pair.after, this.#views.after.event(after)]
        : [this.#pair.before, this.#views.before.event(this.#flips.before[flip] ?? 0)]
    const { file, index, time } = event
    return { contract: plan.contracts[event.contract]?.name ?? '', file, index, time }
  }

  #example(flip: number): ReportedExample {
    const own = this.#pair.policies[this.#flips.policy[flip] ?? -1]
    const [from, to] = [this.#flips.from[flip] ?? 0, this.#flips.to[flip] ?? 0]
    const before = this.#ruling('before', from, this.#flips.before[flip] ?? -1, own?.before ?? null)
    const after = this.#ruling('after', to, this.#flips.after[flip] ?? -1, own?.after ?? null)
    return {
      event: this.#event(flip),
      differs: this.#differs(flip, before, after),
      before: before?.told ?? null,
      after: after?.told ?? null,
    }
  }

  #ruling(side: 'before' | 'after', state: number, seq: number, policy: number | null): Ruled | null {
    if (state === undecided || seq < 0 || policy === null) return null
    const plan = this.#pair[side]
    const explanation = explain(plan, this.#views[side], seq, policy)
    const page = explanationText(plan, this.#views[side], explanation)
    const rule = plan.policies[policy]?.rules[explanation.decidedBy]?.name ?? null
    const view = this.#views[side]
    const [line] = covered([[{ role: 'plain', text: explanation.reason }]], plan, view, view.event(seq))
    const reason = line?.[0]?.text ?? ''
    const told: ReportedRuling = { decision: explanation.decision, rule, reason, explanation: page.split('\n') }
    return { told, explanation }
  }

  /** `\`r.amount <= 50 USD\` was true, \`r.amount <= 40 USD\` is false`. */
  #differs(flip: number, before: Ruled | null, after: Ruled | null): string {
    const cause = this.#flips.causes[this.#flips.cause[flip] ?? -1]
    if (!cause) return ''
    const { part } = cause
    if (cause.cause.kind !== 'condition' || part === null) return causeText(this.#pair, cause)
    const own = this.#pair.policies[cause.policy]?.rules[cause.cause.rule]
    const texts = partText(this.#pair, part)
    const was = truthWord(part.before, before?.explanation.rules[own?.before ?? -1]?.condition ?? null)
    const is = truthWord(part.after, after?.explanation.rules[own?.after ?? -1]?.condition ?? null)
    const told = [
      ...(texts.before === null ? [] : [`\`${texts.before}\`${was === null ? '' : ` was ${was}`}`]),
      ...(texts.after === null ? [] : [`\`${texts.after}\`${is === null ? '' : ` is ${is}`}`]),
    ]
    return told.join(', ')
  }
}

/** What came out of a part, as the witness of its rule has it; null where it was not looked at. */
function truthWord(part: Expr | null, witness: Witness | null): string | null {
  if (part === null || witness === null) return null
  const found = witnessAt(part, witness)
  if (found === null) return null
  const truth = truthOf(found.value)
  return truth === unknown ? 'unknown' : String(truth)
}

function witnessAt(expr: Expr, witness: Witness): Witness | null {
  const { file, start, end } = expr.span
  const { span } = witness
  if (span.file === file && span.start === start && span.end === end) return witness
  const below: readonly (Witness | null)[] =
    witness.kind === 'named'
      ? [witness.of]
      : witness.kind === 'and' || witness.kind === 'or'
        ? witness.decisive.map(one => one.witness)
        : witness.kind === 'operator'
          ? witness.operands
          : []
  for (const one of below) {
    const found = one && witnessAt(expr, one)
    if (found) return found
  }
  return null
}
