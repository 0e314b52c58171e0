/**
 * Decides the recorded events of a log again, under the programs that the log kept, and compares rule by rule. What is masked, cut
 * or not in the log is never guessed: a decision that may depend on it is "unknown", and says for want of what. Reading the log and
 * its programs is node/audit.
 */
import {
  columnView,
  decisionWords,
  evaluate,
  forgottenUntil,
  historyReach,
  type LogView,
  type MatchSet,
  obligationsOf,
  type Plan,
  type RunResult,
  reasonText,
} from '@writ/engine'
import { canonicalJson, type Json } from './canonical-json.ts'
import { obligationJson } from './obligation-json.ts'
import { eventsOf, type Gap, type RecordedEvent, type ReplayEntry, recordedLog } from './recorded-events.ts'
import { GapMap, isRead, needsOf, type RuleNeeds } from './rule-needs.ts'

export type ReplayOutcome =
  | { readonly entry: number; readonly outcome: 'equal' }
  | {
      readonly entry: number
      readonly outcome: 'unknown'
      readonly policy: string
      /** Ends "unknown because": `Payment.customer is masked`. */
      readonly because: readonly string[]
    }
  | {
      readonly entry: number
      readonly outcome: 'different'
      readonly policy: string
      readonly what: string
      readonly recorded: string
      readonly replayed: string
    }

/** The plan of a program, or why there is none. */
export type ReplayProgram = { readonly plan: Plan } | { readonly why: string }

/** One outcome per entry, in their order. `program`: by the digest that records name. */
export function* replay(
  entries: Iterable<ReplayEntry>,
  program: (digest: string) => ReplayProgram,
): Generator<ReplayOutcome> {
  const past: { plan: Plan | null; events: RecordedEvent[] } = { plan: null, events: [] }
  for (const part of parts(eventsOf(entries))) {
    const found = program(part.digest)
    if ('why' in found) {
      for (const { entry, record } of part.events.flatMap(event => event.entries))
        yield { entry, outcome: 'unknown', policy: record.policy.name, because: [found.why] }
    } else yield* replayPart(found.plan, part.events, past)
    past.plan = 'why' in found ? null : found.plan
    past.events.push(...part.events)
  }
}

/** What was decided by the programs before. */
interface Past {
  readonly plan: Plan | null
  readonly events: readonly RecordedEvent[]
}

interface Part {
  readonly digest: string
  readonly events: readonly RecordedEvent[]
}

/** Runs of events that one program decided. */
function parts(events: readonly RecordedEvent[]): readonly Part[] {
  const found: { digest: string; events: RecordedEvent[] }[] = []
  for (const event of events) {
    const digest = event.entries[0]?.record.policy.digest ?? ''
    const last = found.at(-1)
    if (last?.digest === digest) last.events.push(event)
    else found.push({ digest, events: [event] })
  }
  return found
}

function* replayPart(full: Plan, own: readonly RecordedEvent[], past: Past): Generator<ReplayOutcome> {
  // An event with an entry passed the checks of its contract; whoever masks what they read must not make it fail.
  const plan = { ...full, contracts: full.contracts.map(contract => ({ ...contract, checks: [] })) }
  const carried = carriedEvents(plan, past)
  const recorded = recordedLog(plan, [...carried.events, ...own])
  const { log, events } = recorded
  const view = columnView(log, plan.contracts)
  const result = evaluate(plan, log)
  const asked = evaluate(everyRuleDenies(plan), log)
  const decided = new Set(own)
  for (const one of own
    .filter(event => !plan.contracts.some(({ name }) => name === event.contract))
    .flatMap(event => event.entries))
    yield different(one, 'the contract', one.record.event.contract, 'the program has none of that name')
  const comparison = new Comparison(plan, view, result, asked, events, carried.doubtful)
  const gaps = new GapMap(plan.contracts.length)
  const places = decisionPlaces(result)
  let unsure = false
  for (const [seq, event] of events.entries()) {
    const contract = log.contractOf[seq] ?? 0
    const missing = recorded.gaps[seq] ?? new Map<string, Gap>()
    gaps.pass(contract, event.time, missing)
    unsure ||= recorded.ambiguous[seq] === true
    if (!decided.has(event)) continue
    for (const one of event.entries) {
      const policy = plan.policies.findIndex(({ name }) => name === one.record.policy.name)
      const place = places.get(seq)?.get(policy)
      if (place === undefined) {
        const what = 'the policy'
        yield different(one, what, `${one.record.policy.name} decided`, 'it does not decide such events')
        continue
      }
      const outcome = comparison.compare(one, { seq, contract, policy, place, missing, gaps, time: event.time })
      yield outcome.outcome === 'different' && unsure
        ? { entry: one.entry, outcome: 'unknown', policy: one.record.policy.name, because: [noValue] }
        : outcome
    }
  }
}

const noValue = 'a withheld value is null, which does not tell absent from unknown'

/** The events that the session under this program had kept, and by contract the time of the last that it may not have had. */
function carriedEvents(
  plan: Plan,
  past: Past,
): { readonly events: readonly RecordedEvent[]; readonly doubtful: readonly number[] } {
  const latest = past.events.at(-1)?.time ?? 0
  const older = past.plan
  const reach = older === null ? [] : historyReach(older)
  const events: RecordedEvent[] = []
  const doubtful = plan.contracts.map(() => Number.NEGATIVE_INFINITY)
  for (const event of past.events) {
    const number = older?.contracts.findIndex(({ name }) => name === event.contract) ?? -1
    if (number >= 0 && event.time > forgottenUntil(reach[number] ?? null, latest)) {
      events.push(event)
      continue
    }
    const now = plan.contracts.findIndex(({ name }) => name === event.contract)
    if (now >= 0) doubtful[now] = event.time
  }
  return { events, doubtful }
}

/** So that every rule that is unknown says so. A breaker stays as it is: what trips it would be another. */
function everyRuleDenies(plan: Plan): Plan {
  const denying = (rule: Plan['policies'][number]['rules'][number]) =>
    rule.lasting === null ? { ...rule, decision: 'deny' as const } : rule
  return { ...plan, policies: plan.policies.map(policy => ({ ...policy, rules: policy.rules.map(denying) })) }
}

function decisionPlaces({ decisions }: RunResult): ReadonlyMap<number, ReadonlyMap<number, number>> {
  const places = new Map<number, Map<number, number>>()
  for (let place = 0; place < decisions.size; place++) {
    const seq = decisions.seq[place] ?? 0
    const known = places.get(seq) ?? new Map<number, number>()
    known.set(decisions.policy[place] ?? 0, place)
    places.set(seq, known)
  }
  return places
}

interface Place {
  readonly seq: number
  readonly contract: number
  readonly policy: number
  readonly place: number
  readonly missing: ReadonlyMap<string, Gap>
  readonly gaps: GapMap
  readonly time: number
}

class Comparison {
  readonly #plan: Plan
  readonly #view: LogView
  readonly #result: RunResult
  readonly #asked: RunResult
  readonly #needs: ReturnType<typeof needsOf>
  readonly #doubtful: readonly number[]
  /** Contracts whose events the log holds: some policy that decides them has entries. */
  readonly #held: readonly boolean[]
  #lastMissing = new Map<string, Gap>()

  constructor(
    plan: Plan,
    view: LogView,
    result: RunResult,
    asked: RunResult,
    events: readonly RecordedEvent[],
    doubtful: readonly number[],
  ) {
    this.#plan = plan
    this.#view = view
    this.#result = result
    this.#asked = asked
    this.#needs = needsOf(plan)
    this.#doubtful = doubtful
    const deciding = new Set(events.flatMap(event => event.entries.map(({ record }) => record.policy.name)))
    this.#held = plan.contracts.map((_, contract) =>
      plan.policies.some(policy => policy.contracts.includes(contract) && deciding.has(policy.name)),
    )
  }

  compare(one: ReplayEntry, at: Place): ReplayOutcome {
    for (const [key, gap] of at.missing) this.#lastMissing.set(`${at.contract}.${key}`, gap)
    const { record, entry } = one
    const policy = this.#plan.policies[at.policy]
    const needs = this.#needs[at.policy]
    if (policy === undefined || needs === undefined) throw new RangeError(`the plan has no policy ${at.policy}`)
    const { decisions } = this.#result
    const set = decisions.matchSets[decisions.matched[at.place] ?? 0] ?? nothing
    const asked = this.#asked.decisions
    const unknown = (asked.matchSets[asked.matched[at.place] ?? 0] ?? nothing).unknown
    const because = new Set<string>()
    const unsure = new Set<number>()
    for (const [rule, need] of needs.rules.entries()) {
      if (policy.rules[rule]?.contracts.includes(at.contract) !== true) continue
      if (need.simple && !unknown.includes(rule)) continue
      const wanting = this.#wanting(need, at)
      if (wanting.length === 0) continue
      unsure.add(rule)
      for (const reason of wanting) because.add(reason)
    }
    const names = (rules: readonly number[]) =>
      rules.filter(rule => !unsure.has(rule)).map(rule => policy.rules[rule]?.name ?? '')
    const unsureNames = new Set([...unsure].map(rule => policy.rules[rule]?.name ?? ''))
    const recorded = (rules: readonly string[] | undefined) => (rules ?? []).filter(name => !unsureNames.has(name))
    const checks: readonly (readonly [string, readonly string[], readonly string[]])[] = [
      ['the rules that match', recorded(record.matched), names(set.rules)],
      ['the rules that are unknown', recorded(record.unknown?.rules), names(set.unknown)],
      ['the rules that last', recorded(record.lasting), names(set.lasting ?? [])],
      [
        'the rules that are waived',
        recorded(record.waived?.map(({ rule }) => rule)),
        names((set.waived ?? []).map(({ rule }) => rule)),
      ],
    ]
    for (const [what, then, now] of checks)
      if (then.join() !== now.join()) return different(one, what, then.join(', ') || 'none', now.join(', ') || 'none')
    if (unsure.size > 0) return { entry, outcome: 'unknown', policy: policy.name, because: [...because].sort() }
    const decision = decisionWords[decisions.decision[at.place] ?? 0] ?? 'permit'
    if (decision !== record.decision) return different(one, 'the decision', record.decision, decision)
    const rule = decisions.decidedBy[at.place] ?? -1
    const decidedBy = policy.rules[rule]?.name ?? null
    if (decidedBy !== record.decidedBy)
      return different(one, 'the rule that decides', record.decidedBy ?? 'the default', decidedBy ?? 'the default')
    return this.#compareTexts(one, at, rule, set) ?? { entry, outcome: 'equal' }
  }

  /** Reasons and obligations, where the log shows them and what they say. */
  #compareTexts(one: ReplayEntry, at: Place, rule: number, set: MatchSet): ReplayOutcome | null {
    const { record } = one
    const policy = this.#plan.policies[at.policy]
    const needs = this.#needs[at.policy]
    if (policy === undefined || needs === undefined) return null
    const telling = (need: RuleNeeds | undefined) =>
      need === undefined || this.#wanting({ ...need, reads: need.tells }, at).length > 0
    const reason = disclosed(one, 'reason', record.reason)
    if (reason !== undefined && !telling(rule < 0 ? needs.byDefault : needs.rules[rule])) {
      const replayed = reasonText(this.#plan, this.#view, at.seq, at.policy, rule, kept)
      if (reason !== replayed) return different(one, 'the reason', JSON.stringify(reason), JSON.stringify(replayed))
    }
    const obliging = set.rules.filter(
      index => (policy.rules[index]?.obligations.length ?? 0) > 0 || policy.rules[index]?.approval,
    )
    if (obliging.some(index => telling(needs.rules[index])) || record.cut?.obligations !== undefined) return null
    const now = obligationsOf(this.#plan, this.#view, at.seq, at.policy, set.rules, kept).map(obligation =>
      canonicalJson(obligationJson(obligation, policy.rules)),
    )
    const then = (record.obligations ?? []).map((told, place) => {
      const shown = disclosed(one, `obligations.${place}`, told)
      return shown === undefined ? undefined : canonicalJson(shown)
    })
    const differs = now.length !== then.length || then.some((told, place) => told !== undefined && told !== now[place])
    return differs ? different(one, 'the obligations', then.join(' ') || 'none', now.join(' ') || 'none') : null
  }

  /** What the rule may depend on and the log does not show, in words. */
  #wanting(need: RuleNeeds, at: Place): readonly string[] {
    const { contracts } = this.#plan
    const own = [...at.missing.keys()].filter(key => isRead(need.reads[at.contract] ?? new Set(), key))
    const fields = [...own.map(key => ({ contract: at.contract, key })), ...at.gaps.between(need, at.time)]
    const words = fields.map(({ contract, key }) => {
      const gap =
        (contract === at.contract ? at.missing.get(key) : undefined) ?? this.#lastMissing.get(`${contract}.${key}`)
      return `${contracts[contract]?.name}.${key} is ${gap ?? 'not recorded'}`
    })
    for (const [contract, reach] of need.reach.entries()) {
      if (reach === null) continue
      if (this.#held[contract] !== true) words.push(`events of ${contracts[contract]?.name} are not in the log`)
      else if ((this.#doubtful[contract] ?? Number.NEGATIVE_INFINITY) > forgottenUntil(reach, at.time))
        words.push(`events of ${contracts[contract]?.name} from before the policies changed may have counted`)
    }
    return words
  }
}

const nothing: MatchSet = { rules: [], unknown: [] }
/** Rejected events have no entries. */
const kept = { rejected: () => false }

/** Undefined where the log withholds it, or has cut it. */
function disclosed(one: ReplayEntry, path: string, shown: Json): Json | undefined {
  if (one.record.cut?.[path] !== undefined) return undefined
  return one.record.withheld?.[path] === undefined ? shown : one.openings.get(path)
}

function different({ entry, record }: ReplayEntry, what: string, recorded: string, replayed: string): ReplayOutcome {
  return { entry, outcome: 'different', policy: record.policy.name, what, recorded, replayed }
}
