/**
 * Follows instances from event to event, fast: one pass over the log after its decisions, which never depend on them. Equal to
 * reference/obligations.ts in every field (test/differential). What one expectation does is expectation-state.ts. The pass may go
 * on from an earlier piece of the log, and be gone on from: then it takes up and hands over what is pending (continued.ts).
 */
import { ruleGroup, scopeOf } from '../compile/conditions.ts'
import { HistoryForms } from '../compile/history/forms.ts'
import type { ContractRule, RuleGroup } from '../compile/rules.ts'
import type { Batch, Log } from '../log/columns.ts'
import { approvalPlace } from '../plan/approval-contract.ts'
import type { Plan } from '../plan/plan.ts'
import { type Decisions, decisionWords, noticeCodes, type RunNotice } from '../run/decisions.ts'
import { ApprovalState } from './approval-state.ts'
import { type EndedRequest, nothingYet, type ObligationsContinuation, type PendingInstance } from './continued.ts'
import { Deadlines } from './deadlines.ts'
import { type EndedLayers, endedCalled, withEnded } from './ended-requests.ts'
import { ExpectationState } from './expectation-state.ts'
import { GrowingInstances, pendingCode } from './growing.ts'
import type { OpenChains } from './hash.ts'
import { type Ending, noObligations, type Obligations } from './instance.ts'
import type { PatternWatch } from './pattern-watch.ts'

export interface SettleInput {
  readonly plan: Plan
  readonly log: Log
  readonly decisions: Decisions
  /** By contract: 1 for the rows that a check took out. */
  readonly rejectedRows: readonly (Uint8Array | null)[]
  /** How many events of the log are decided. */
  readonly events: number
  readonly ending: Ending
  /** How often conditions are asked before code is made of them; infinite where that is forbidden. */
  readonly generateAfter: number
  readonly resumed: ResumedAt | null
}

/** How a log that goes on with a run is numbered. */
export interface ResumedAt {
  readonly before: ObligationsContinuation
  /** Events that the log begins with and that are over, by their places in the whole run. */
  readonly seqs: readonly number[]
  /** Events of the run before the first new one. */
  readonly events: number
}

export interface Settled {
  /** Of the log: instances from before it come first, in the order of opening: those that were pending, and ended ones that it names. */
  readonly obligations: Obligations
  readonly notices: readonly RunNotice[]
  /** By instance of the log: its number over the whole run. */
  readonly numberOf: (place: number) => number
  /** What the run goes on from; `seqOf`: places of events in the whole run. */
  readonly goOn: (chains: OpenChains, seqOf: (seq: number) => number) => ObligationsContinuation
}

export function settle(input: SettleInput): Settled {
  const { plan, log, ending, resumed } = input
  const closedAt = ending !== null && 'closedAt' in ending ? ending.closedAt : null
  const lives = plan.policies.some(({ rules }) =>
    rules.some(rule => rule.expectation !== null || rule.approval !== null),
  )
  if (!lives && approvalPlace(plan) < 0)
    return { obligations: { ...noObligations, closedAt }, notices: [], numberOf: place => place, goOn: nothingYet }
  const pass = new SettlingPass(input)
  if (resumed !== null) pass.restore(log, resumed)
  pass.run(log, resumed?.seqs.length ?? 0, input.events)
  pass.end(ending)
  return {
    obligations: pass.obligations(closedAt),
    notices: pass.notices(),
    numberOf: place => pass.numberOf(place),
    goOn: (chains, seqOf) => pass.goOn(chains, seqOf),
  }
}

/** What happens at events of one contract. */
interface ContractPart {
  readonly batch: Batch
  readonly rejected: Uint8Array | null
  readonly opens: OpeningGroup | null
  /** Whether its events are approvals. */
  readonly approves: boolean
  readonly awaited: readonly PatternWatch[]
  readonly cancelling: readonly PatternWatch[]
}
interface OpeningGroup {
  readonly group: RuleGroup
  readonly hits: Int32Array
  readonly states: readonly ExpectationState[]
  /** By place: how often the `where` was unknown, and the first event. */
  readonly unknownCount: Float64Array
  readonly unknownFirst: Int32Array
}

class SettlingPass {
  readonly #instances = new GrowingInstances()
  readonly #deadlines = new Deadlines(this.#instances)
  readonly #states: readonly ExpectationState[]
  readonly #parts: readonly ContractPart[]
  /** Null where nothing asks for approval, and there is none. */
  readonly #approvals: ApprovalState | null
  readonly #decisions: Decisions
  /** Decisions before this one are of events that are over. */
  #decision = 0
  /** Expectations that begin with the current event: how many, and how many of them have begun. */
  #hits = 0
  #hit = 0
  /** By place: numbers of instances from before the log; those behind count on from `#before`. */
  readonly #numbers: number[] = []
  #before = 0
  #endedBefore: EndedLayers = []

  constructor({ plan, log, decisions, rejectedRows, generateAfter }: SettleInput) {
    const openers = plan.contracts.map((): ExpectationState[] => [])
    const awaited = plan.contracts.map((): PatternWatch[] => [])
    const cancelling = plan.contracts.map((): PatternWatch[] => [])
    const wheres = new Map<ExpectationState, ContractRule['when']>()
    const states: ExpectationState[] = []
    plan.policies.forEach((policy, policyIndex) => {
      policy.rules.forEach(({ expectation }, ruleIndex) => {
        if (expectation === null) return
        const place = { policy: policyIndex, rule: ruleIndex }
        const state = new ExpectationState(plan, log, place, expectation, this.#instances, this.#deadlines)
        states.push(state)
        wheres.set(state, expectation.opens.where)
        openers[expectation.opens.contract]?.push(state)
        awaited[expectation.awaited.contract]?.push(state.awaited)
        if (expectation.cancels && state.cancels) cancelling[expectation.cancels.contract]?.push(state.cancels)
      })
    })
    this.#states = states
    this.#decisions = decisions
    const approval = approvalPlace(plan)
    this.#approvals = approval < 0 ? null : new ApprovalState(plan, log, approval, this.#instances, this.#deadlines)
    // Windows of their own: those of the decisions have moved on to the end of the log.
    const forms = new HistoryForms(rejectedRows)
    this.#parts = log.batches.map((batch, contract) => {
      const own = openers[contract] ?? []
      const scope = scopeOf(plan, log, contract, (form, inner) => forms.compile(form, inner))
      const rules = own.map((state, index) => contractRule(state, index, wheres.get(state) ?? null))
      const opens =
        own.length === 0 || batch.rows === 0
          ? null
          : {
              group: ruleGroup(rules, scope, forms.windowsOf(scope), generateAfter),
              hits: new Int32Array(own.length),
              states: own,
              unknownCount: new Float64Array(own.length),
              unknownFirst: new Int32Array(own.length),
            }
      const rejected = rejectedRows[contract] ?? null
      return {
        batch,
        rejected,
        opens,
        approves: contract === approval,
        awaited: awaited[contract] ?? [],
        cancelling: cancelling[contract] ?? [],
      }
    })
  }

  restore(log: Log, { before, seqs }: ResumedAt): void {
    this.#before = before.instances
    const places = new Map(seqs.map((number, seq) => [number, seq]))
    const states = new Map(this.#states.map(state => [`${state.policy} ${state.rule}`, state]))
    this.#endedBefore = before.ended
    const ended = this.#approvals === null ? [] : endedCalled(before.ended, this.#approvals.called())
    const all = [...before.pending, ...ended].sort((a, b) => a.number - b.number)
    for (const instance of all) {
      this.#numbers.push(instance.number)
      if ('late' in instance) {
        this.#approvals?.restoreEnded(instance)
        continue
      }
      const seq = places.get(instance.seq)
      if (seq === undefined) throw new Error(`event ${instance.seq} is needed, and not in the log`)
      const state = states.get(`${instance.policy} ${instance.rule}`)
      if (state) state.restore(log.rowOf[seq] as number, seq, instance.due ?? Number.POSITIVE_INFINITY)
      else this.#approvals?.restorePending(instance, seq)
    }
  }

  numberOf(place: number): number {
    return this.#numbers[place] ?? this.#before + place - this.#numbers.length
  }

  goOn(chains: OpenChains, seqOf: (seq: number) => number): ObligationsContinuation {
    const { size, policy, rule, stage, status, due, openedSeq, settledBy } = this.#instances
    const pending: PendingInstance[] = []
    const ended: EndedRequest[] = []
    for (let place = 0; place < size; place++) {
      // Those that ended before the log have no event in it.
      if ((openedSeq[place] as number) < 0) continue
      const own = { policy: policy[place] as number, rule: rule[place] as number, stage: stage[place] as number }
      const asks = this.#approvals?.asks(own.policy, own.rule) === true
      const isPending = status[place] === pendingCode
      if (!isPending && !asks) continue
      const number = this.numberOf(place)
      const asked = (asks && this.#approvals?.asked(place)) || { names: [], people: [], approvals: 0 }
      const until = due[place] as number
      const seq = seqOf(openedSeq[place] as number)
      if (isPending) pending.push({ number, ...own, seq, due: Number.isFinite(until) ? until : null, ...asked })
      else ended.push({ number, ...own, late: settledBy[place] === -1, names: asked.names })
    }
    const instances = this.#before + size - this.#numbers.length
    return { instances, pending, ended: withEnded(this.#endedBefore, ended), chains }
  }

  /** Events before `first` are over: they only make somebody hold a role. */
  run(log: Log, first: number, events: number): void {
    const { contractOf, rowOf } = log
    const deadlines = this.#deadlines
    const times = log.batches.map(batch => batch.time)
    for (let seq = 0; seq < first; seq++) {
      const contract = contractOf[seq] as number
      const row = rowOf[seq] as number
      if (this.#parts[contract]?.rejected?.[row] !== 1) this.#approvals?.enter(contract, row)
    }
    for (let seq = first; seq < events; seq++) {
      const contract = contractOf[seq] as number
      const row = rowOf[seq] as number
      const time = (times[contract] as Float64Array)[row] as number
      if (deadlines.next < time) this.#passDeadlines(time, false)
      const part = this.#parts[contract] as ContractPart
      if (part.rejected !== null && part.rejected[row] === 1) continue
      const { awaited, cancelling, opens } = part
      this.#approvals?.enter(contract, row)
      if (part.approves) this.#approvals?.approve(row, seq, time)
      for (let i = 0; i < awaited.length; i++) (awaited[i] as PatternWatch).meet(row, seq, time)
      for (let i = 0; i < cancelling.length; i++) (cancelling[i] as PatternWatch).meet(row, seq, time)
      this.#open(opens, row, seq, time)
    }
  }

  end(ending: Ending): void {
    if (ending === null) return
    if ('closedAt' in ending) this.#passDeadlines(ending.closedAt, true)
    else this.#passDeadlines(ending.reached, false)
  }

  obligations(closedAt: number | null): Obligations {
    return {
      instances: this.#instances.instances(),
      transitions: this.#instances.transitions(),
      approvals: this.#approvals?.effects() ?? noObligations.approvals,
      closedAt,
    }
  }

  notices(): readonly RunNotice[] {
    const notOpened = this.#parts.flatMap(({ opens }) => (opens === null ? [] : notOpenedNotices(opens)))
    return [...notOpened, ...this.#states.flatMap(state => state.notices())]
  }

  /** By policy, then rule: expectations that begin with the event, and requests for approval of it. */
  #open(opens: OpeningGroup | null, row: number, seq: number, time: number): void {
    this.#hit = 0
    this.#hits = opens === null ? 0 : opens.group(row, opens.hits)
    if (this.#approvals !== null) this.#ask(this.#approvals, opens, row, seq, time)
    if (opens !== null) this.#begin(opens, Number.POSITIVE_INFINITY, 0, row, seq, time)
  }

  #ask(approvals: ApprovalState, opens: OpeningGroup | null, row: number, seq: number, time: number): void {
    const { seq: seqs, policy, decision, matched, matchSets, size } = this.#decisions
    while (this.#decision < size && (seqs[this.#decision] as number) < seq) this.#decision++
    for (let i = this.#decision; i < size && seqs[i] === seq; i++) {
      if (decision[i] !== holdCode) continue
      const own = policy[i] as number
      for (const rule of approvals.askedBy(own, matched[i] as number, matchSets)) {
        if (opens !== null) this.#begin(opens, own, rule.rule, row, seq, time)
        approvals.open(rule, seq, time)
      }
    }
  }

  /** The expectations among the hits that come before a rule. */
  #begin(opens: OpeningGroup, policy: number, rule: number, row: number, seq: number, time: number): void {
    for (; this.#hit < this.#hits; this.#hit++) {
      const code = opens.hits[this.#hit] as number
      const state = opens.states[code >> 2] as ExpectationState
      if (state.policy > policy || (state.policy === policy && state.rule > rule)) return
      if ((code & 3) === 1) state.open(row, seq, time)
      else noteUnknown(opens, code >> 2, seq)
    }
  }

  #passDeadlines(limit: number, inclusive: boolean): void {
    this.#deadlines.pass(limit, inclusive, (place, queue) => {
      if (this.#approvals?.asks(queue.policy, queue.rule)) this.#approvals.expire(place, limit)
      else this.#instances.breach(place, limit)
    })
  }
}

function contractRule(state: ExpectationState, place: number, when: ContractRule['when']): ContractRule {
  return { place, policyPlace: 0, policy: state.policy, rule: state.rule, when, matchesOnUnknown: false }
}

function noteUnknown({ unknownCount, unknownFirst }: OpeningGroup, place: number, seq: number): void {
  if (unknownCount[place] === 0) unknownFirst[place] = seq
  unknownCount[place] = (unknownCount[place] as number) + 1
}

const holdCode = decisionWords.indexOf('hold')

function notOpenedNotices({ states, unknownCount, unknownFirst }: OpeningGroup): readonly RunNotice[] {
  return states.flatMap(({ policy, rule }, place) => {
    const count = unknownCount[place] as number
    if (count === 0) return []
    return [{ code: noticeCodes.notOpenedOnUnknown, policy, rule, count, firstSeq: unknownFirst[place] as number }]
  })
}
