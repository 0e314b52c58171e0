/**
 * Requests for approval while a run goes on, in codes of the log's dictionary: who approves what, and what that does. What a
 * request may be called is request-names.ts; who holds a role role-people.ts.
 */
import { type Log, unknownCode } from '../log/columns.ts'
import type { Plan } from '../plan/plan.ts'
import type { MatchSet } from '../run/decisions.ts'
import type { EndedRequest, PendingInstance } from './continued.ts'
import type { DeadlineQueue, Deadlines } from './deadlines.ts'
import { type GrowingInstances, larger, pendingCode } from './growing.ts'
import { type ApprovalEffect, type ApprovalEffects, approvalEffects } from './instance.ts'
import { RequestNames } from './request-names.ts'
import { RolePeople } from './role-people.ts'

interface AskingRule {
  readonly policy: number
  readonly rule: number
  readonly stages: readonly AskingStage[]
}
interface AskingStage {
  /** The code of its name; -3 where no event has it. */
  readonly role: number
  readonly quorum: number
  /** Milliseconds; Infinity where there is no deadline. */
  readonly within: number
  readonly queue: DeadlineQueue
}

/** Who approved the current stage of a request, and those they stood for; names too, since codes are of one log. */
interface Counted {
  readonly people: ReadonlySet<number>
  readonly names: readonly string[]
  readonly approvals: number
}

export class ApprovalState {
  readonly #log: Log
  readonly #instances: GrowingInstances
  readonly #deadlines: Deadlines
  readonly #requests: RequestNames
  readonly #people: RolePeople
  /** By policy, then rule. */
  readonly #asking: readonly ReadonlyMap<number, AskingRule>[]
  /** By policy, then match set: the rules that ask. */
  readonly #askedBy: readonly Map<number, readonly AskingRule[]>[]
  /** By pending request of which more than one person has to approve: who approved its current stage. */
  readonly #counted = new Map<number, Counted>()
  readonly #effects = new GrowingEffects()
  readonly #columns: ApprovalColumns | null
  readonly #rejects: number

  constructor(plan: Plan, log: Log, approval: number, instances: GrowingInstances, deadlines: Deadlines) {
    this.#log = log
    this.#instances = instances
    this.#deadlines = deadlines
    this.#people = new RolePeople(plan, log)
    this.#asking = plan.policies.map((policy, policyIndex) => {
      const asking = new Map<number, AskingRule>()
      policy.rules.forEach(({ approval: wanted }, rule) => {
        if (wanted === null) return
        const stages = wanted.stages.map(({ role, quorum, withinMilliseconds }, stage) => ({
          role: log.dictionary.find(role),
          quorum,
          within: withinMilliseconds ?? Number.POSITIVE_INFINITY,
          queue: deadlines.queue(policyIndex, rule, stage),
        }))
        asking.set(rule, { policy: policyIndex, rule, stages })
      })
      return asking
    })
    this.#askedBy = plan.policies.map(() => new Map())
    this.#columns = approvalColumns(log, approval)
    this.#rejects = log.dictionary.find('reject')
    this.#requests = new RequestNames(plan, log, instances, this.#columns?.request ?? null)
  }

  /** The rules of a policy that ask for approval where it holds with this match set, in their order. */
  askedBy(policy: number, set: number, matchSets: readonly MatchSet[]): readonly AskingRule[] {
    const known = this.#askedBy[policy]
    let asked = known?.get(set)
    if (asked === undefined) {
      const asking = this.#asking[policy]
      asked = (matchSets[set]?.rules ?? []).flatMap(rule => asking?.get(rule) ?? [])
      known?.set(set, asked)
    }
    return asked
  }

  /** Whether a rule requires an approval. */
  asks(policy: number, rule: number): boolean {
    return this.#asking[policy]?.has(rule) === true
  }

  open(rule: AskingRule, seq: number, time: number): void {
    const [first] = rule.stages
    const due = time + (first?.within ?? Number.POSITIVE_INFINITY)
    const place = this.#instances.open(rule.policy, rule.rule, seq, time, due)
    if (first && Number.isFinite(due)) this.#deadlines.push(first.queue, place)
    this.#requests.enter(place, seq)
  }

  /** A request that is pending from before the log; its event stands in it all the same. */
  restorePending(request: PendingInstance, seq: number): void {
    const { policy, rule, stage } = request
    const due = request.due ?? Number.POSITIVE_INFINITY
    const place = this.#instances.restore(policy, rule, seq, due, stage)
    const queue = this.#ruleOf(place).stages[stage]?.queue
    if (queue && Number.isFinite(due)) this.#deadlines.push(queue, place)
    this.#requests.restore(place, request.names)
    if (request.approvals === 0) return
    const people = new Set(request.people.map(name => this.#people.codeOf(name)))
    this.#counted.set(place, { people, names: request.people, approvals: request.approvals })
  }

  restoreEnded({ policy, rule, stage, late: isLate, names }: EndedRequest): void {
    this.#requests.restore(this.#instances.restoreEnded(policy, rule, stage, isLate), names)
  }

  /** What the approvals of the log call requests. */
  called(): readonly string[] {
    const codes = new Set(this.#columns?.request ?? [])
    return [...codes].flatMap(code => (code < 0 ? [] : [this.#log.dictionary.text(code)]))
  }

  /** What has to be known of a pending request to go on with it. */
  asked(place: number): Pick<PendingInstance, 'names' | 'people' | 'approvals'> {
    const { names: people, approvals } = this.#counted.get(place) ?? { names: [], approvals: 0 }
    return { names: this.#requests.namesOf(place), people, approvals }
  }

  /** The deadline of a request has passed: the next stage begins, or it is breached. */
  expire(place: number, now: number): void {
    const stage = (this.#instances.stage[place] as number) + 1
    const next = this.#ruleOf(place).stages[stage]
    this.#counted.delete(place)
    if (next === undefined) {
      this.#instances.breach(place, now)
      return
    }
    const due = (this.#instances.due[place] as number) + next.within
    this.#instances.escalate(place, due)
    if (Number.isFinite(due)) this.#deadlines.push(next.queue, place)
  }

  /** An accepted event: it may make somebody hold a role. */
  enter(contract: number, row: number): void {
    this.#people.enter(contract, row)
  }

  approve(row: number, seq: number, time: number): void {
    const columns = this.#columns
    if (columns === null || !isReadable(columns, row)) {
      this.#effects.add(seq, unreadable, -1, 0)
      return
    }
    const { status, stage } = this.#instances
    let effect = unmatched
    let place = -1
    let newest = -1
    let following = this.#requests.first(columns.request[row] as number)
    for (; following >= 0; following = this.#requests.after(following)) {
      const candidate = this.#requests.placeOf(following)
      newest = candidate
      if (status[candidate] !== pendingCode) continue
      const found = this.#effectOn(candidate, columns, row, time)
      if (place < 0 || found <= rejected) {
        effect = found
        place = candidate
      }
      if (found <= rejected) break
    }
    if (place < 0 && newest >= 0) {
      place = newest
      // Breached, and no event did it: its deadline passed.
      effect = this.#instances.settledBy[place] === -1 ? late : settled
    }
    this.#effects.add(seq, effect, place, place < 0 ? 0 : (stage[place] as number))
    if (effect === rejected) this.#end(place, 'breached', seq, time)
    else if (effect === counted) this.#count(place, columns, row, seq, time)
  }

  effects(): ApprovalEffects {
    return this.#effects.written()
  }

  #effectOn(place: number, columns: ApprovalColumns, row: number, time: number): number {
    const rule = this.#ruleOf(place)
    const stage = this.#instances.stage[place] as number
    const digest = columns.digest[row] as number
    if (digest >= 0 && this.#log.dictionary.text(digest) !== this.#requests.digestOf(place)) return altered
    const role = columns.role[row] as number
    const by = columns.by[row] as number
    const member = this.#people.memberFor(role, by, time)
    if (role !== rule.stages[stage]?.role) {
      const isOver = rule.stages.some((earlier, index) => index < stage && earlier.role === role)
      return isOver && member >= 0 ? late : foreign
    }
    if (member < 0) return foreign
    const requester = this.#requests.requesterOf(place)
    if (requester === unknownCode || requester === by || requester === member) return self
    const people = this.#counted.get(place)?.people
    if (people !== undefined && (people.has(by) || people.has(member))) return duplicate
    return columns.verdict[row] === this.#rejects ? rejected : counted
  }

  #count(place: number, columns: ApprovalColumns, row: number, seq: number, time: number): void {
    const quorum = this.#ruleOf(place).stages[this.#instances.stage[place] as number]?.quorum ?? 1
    if (quorum === 1) {
      this.#end(place, 'fulfilled', seq, time)
      return
    }
    const before = this.#counted.get(place) ?? { people: new Set<number>(), names: [], approvals: 0 }
    const by = columns.by[row] as number
    const member = this.#people.memberFor(columns.role[row] as number, by, time)
    const added = by === member ? [by] : [by, member]
    const names = [...before.names, ...added.map(code => this.#people.nameOf(code))]
    const approvals = before.approvals + 1
    this.#counted.set(place, { people: new Set([...before.people, ...added]), names, approvals })
    if (approvals >= quorum) this.#end(place, 'fulfilled', seq, time)
  }

  #end(place: number, kind: 'fulfilled' | 'breached', seq: number, time: number): void {
    if (this.#counted.size > 0) this.#counted.delete(place)
    this.#instances.settle(place, kind, seq, time)
  }

  #ruleOf(place: number): AskingRule {
    const rule = this.#asking[this.#instances.policy[place] as number]?.get(this.#instances.rule[place] as number)
    if (rule === undefined) throw new Error(`instance ${place} is no request for approval`)
    return rule
  }
}

const codeOf = (effect: ApprovalEffect) => approvalEffects.indexOf(effect)
const counted = codeOf('counted')
const rejected = codeOf('rejected')
const late = codeOf('late')
const duplicate = codeOf('duplicate')
const foreign = codeOf('foreign')
const self = codeOf('self')
const altered = codeOf('altered')
const settled = codeOf('settled')
const unmatched = codeOf('unmatched')
const unreadable = codeOf('unreadable')

interface ApprovalColumns {
  readonly request: Int32Array
  readonly digest: Int32Array
  readonly by: Int32Array
  readonly role: Int32Array
  readonly verdict: Int32Array
}

function approvalColumns(log: Log, contract: number): ApprovalColumns | null {
  const batch = log.batches[contract]
  if (batch === undefined || batch.rows === 0) return null
  const codes = (name: string): Int32Array => {
    const column = batch.columns.get(name)
    if (column?.kind !== 'code') throw new Error(`the log has no column ${name} of approvals`)
    return column.values
  }
  return {
    request: codes('request'),
    digest: codes('digest'),
    by: codes('by'),
    role: codes('role'),
    verdict: codes('verdict'),
  }
}

/** Whether one can tell what it says. */
function isReadable(columns: ApprovalColumns, row: number): boolean {
  return (
    (columns.request[row] as number) >= 0 &&
    (columns.by[row] as number) >= 0 &&
    (columns.role[row] as number) >= 0 &&
    (columns.verdict[row] as number) >= 0 &&
    columns.digest[row] !== unknownCode
  )
}

class GrowingEffects {
  #size = 0
  #seq = new Int32Array(64)
  #effect = new Uint8Array(64)
  #instance = new Int32Array(64)
  #stage = new Uint8Array(64)

  add(seq: number, effect: number, instance: number, stage: number): void {
    const place = this.#size
    if (place === this.#seq.length) {
      this.#seq = larger(this.#seq, new Int32Array(place * 2))
      this.#effect = larger(this.#effect, new Uint8Array(place * 2))
      this.#instance = larger(this.#instance, new Int32Array(place * 2))
      this.#stage = larger(this.#stage, new Uint8Array(place * 2))
    }
    this.#seq[place] = seq
    this.#effect[place] = effect
    this.#instance[place] = instance
    this.#stage[place] = stage
    this.#size = place + 1
  }

  written(): ApprovalEffects {
    const size = this.#size
    return {
      size,
      seq: this.#seq.subarray(0, size),
      effect: this.#effect.subarray(0, size),
      instance: this.#instance.subarray(0, size),
      stage: this.#stage.subarray(0, size),
    }
  }
}
