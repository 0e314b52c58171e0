/**
 * Requests for approval while a run goes on. A request is found by what an Approval may call it, as the code of that text in the
 * log's dictionary: a request whose reference is no text of the log is never called by it. Digests are only worked out where an
 * Approval has one.
 */
import { columnView } from '../log/column-view.ts'
import type { CodeColumn, Log } from '../log/columns.ts'
import type { LogView } from '../log/view.ts'
import type { Plan, PlanApproval, PlanContract, PlanRole } from '../plan/plan.ts'
import type { MatchSet } from '../run/decisions.ts'
import { eventDigest, referenceOf } from '../value/canonical.ts'
import { absent, type Value } from '../value/value.ts'
import type { DeadlineQueue, Deadlines } from './deadlines.ts'
import { type GrowingInstances, pendingCode } from './growing.ts'
import { type ApprovalEffect, type ApprovalEffects, approvalEffects } from './instance.ts'

interface AskingRule {
  readonly policy: number
  readonly rule: number
  readonly approval: PlanApproval
  /** By stage. */
  readonly queues: readonly DeadlineQueue[]
}

export class ApprovalState {
  readonly #plan: Plan
  readonly #log: Log
  readonly #view: LogView
  readonly #instances: GrowingInstances
  readonly #deadlines: Deadlines
  /** By policy, then rule. */
  readonly #asking: readonly ReadonlyMap<number, AskingRule>[]
  /** By policy, then match set: the rules that ask. */
  readonly #askedBy: readonly Map<number, readonly AskingRule[]>[]
  /** By the code of what approvals call it: the requests, oldest first; of those that have ended only the newest. */
  readonly #byReference = new Map<number, number[]>()
  /** Whether some Approval of the log may call a request by its digest. */
  readonly #callsDigests: boolean
  readonly #digests = new Map<number, string>()
  /** By pending request: who approved its current stage. */
  readonly #people = new Map<number, { readonly counted: Set<string>; approvals: number }>()
  readonly #roles: ReadonlyMap<string, PlanRole>
  readonly #effects: { seq: number; effect: ApprovalEffect; place: number; stage: number }[] = []
  readonly #columns: ApprovalColumns | null

  constructor(plan: Plan, log: Log, approval: number, instances: GrowingInstances, deadlines: Deadlines) {
    this.#plan = plan
    this.#log = log
    this.#view = columnView(log, plan.contracts)
    this.#instances = instances
    this.#deadlines = deadlines
    this.#roles = new Map(plan.roles.map(role => [role.name, role]))
    this.#asking = plan.policies.map((policy, policyIndex) => {
      const asking = new Map<number, AskingRule>()
      policy.rules.forEach(({ approval: wanted }, rule) => {
        if (wanted === null) return
        const queues = wanted.stages.map((_, stage) => deadlines.queue(policyIndex, rule, stage))
        asking.set(rule, { policy: policyIndex, rule, approval: wanted, queues })
      })
      return asking
    })
    this.#askedBy = plan.policies.map(() => new Map())
    this.#columns = approvalColumns(log, approval)
    this.#callsDigests = this.#columns !== null && callsDigests(log, this.#columns)
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
    const within = rule.approval.stages[0]?.withinMilliseconds ?? null
    const due = within === null ? Number.POSITIVE_INFINITY : time + within
    const place = this.#instances.open(rule.policy, rule.rule, seq, time, due)
    const [queue] = rule.queues
    if (within !== null && queue) this.#deadlines.push(queue, place)
    this.#enter(this.#referenceCode(seq), place)
    if (this.#callsDigests) this.#enter(this.#log.dictionary.find(this.#digestOf(place)), place)
  }

  /** The deadline of a request has passed: the next stage begins, or it is breached. */
  expire(place: number, now: number): void {
    const rule = this.#ruleOf(place)
    const stage = (this.#instances.stage[place] as number) + 1
    const next = rule.approval.stages[stage]
    this.#people.delete(place)
    if (next === undefined) {
      this.#instances.breach(place, now)
      return
    }
    const within = next.withinMilliseconds
    this.#instances.escalate(
      place,
      within === null ? Number.POSITIVE_INFINITY : (this.#instances.due[place] as number) + within,
    )
    const queue = rule.queues[stage]
    if (within !== null && queue) this.#deadlines.push(queue, place)
  }

  approve(row: number, seq: number, time: number): void {
    const said = this.#columns === null ? null : saidAt(this.#log, this.#columns, row)
    if (said === null) {
      this.#effects.push({ seq, effect: 'unreadable', place: -1, stage: 0 })
      return
    }
    const matching = this.#byReference.get(said.request) ?? []
    let taken: { readonly effect: ApprovalEffect; readonly place: number } | null = null
    for (const place of matching) {
      if (this.#instances.status[place] !== pendingCode) continue
      const effect = this.#effectOn(place, said, time)
      if (effect === 'counted' || effect === 'rejected') {
        taken = { effect, place }
        break
      }
      taken ??= { effect, place }
    }
    const { effect, place } = taken ?? this.#tooLate(matching)
    this.#effects.push({ seq, effect, place, stage: place < 0 ? 0 : (this.#instances.stage[place] as number) })
    if (effect === 'rejected') this.#end(place, 'breached', seq, time)
    else if (effect === 'counted') this.#count(place, said, seq, time)
  }

  effects(): ApprovalEffects {
    const effects = this.#effects
    return {
      size: effects.length,
      seq: Int32Array.from(effects, one => one.seq),
      effect: Uint8Array.from(effects, one => approvalEffects.indexOf(one.effect)),
      instance: Int32Array.from(effects, one => one.place),
      stage: Uint8Array.from(effects, one => one.stage),
    }
  }

  #effectOn(place: number, { digest, by, role, verdict }: Said, time: number): ApprovalEffect {
    const { stages } = this.#ruleOf(place).approval
    const stage = this.#instances.stage[place] as number
    if (digest !== null && digest !== this.#digestOf(place)) return 'altered'
    const member = this.#standsFor(role, by, time)
    if (role !== stages[stage]?.role) {
      const isOver = stages.some((earlier, index) => index < stage && earlier.role === role)
      return isOver && member !== null ? 'late' : 'foreign'
    }
    if (member === null) return 'foreign'
    const requester = this.#requesterOf(place)
    if (requester !== absent && (typeof requester !== 'string' || requester === by || requester === member))
      return 'self'
    const counted = this.#people.get(place)?.counted
    if (counted?.has(by) || counted?.has(member)) return 'duplicate'
    return verdict === 'reject' ? 'rejected' : 'counted'
  }

  #count(place: number, { by, role }: Said, seq: number, time: number): void {
    let people = this.#people.get(place)
    if (people === undefined) {
      people = { counted: new Set(), approvals: 0 }
      this.#people.set(place, people)
    }
    people.counted.add(by)
    people.counted.add(this.#standsFor(role, by, time) ?? by)
    people.approvals++
    const stage = this.#ruleOf(place).approval.stages[this.#instances.stage[place] as number]
    if (people.approvals >= (stage?.quorum ?? 1)) this.#end(place, 'fulfilled', seq, time)
  }

  #end(place: number, kind: 'fulfilled' | 'breached', seq: number, time: number): void {
    this.#people.delete(place)
    this.#instances.settle(place, kind, seq, time)
  }

  /** No request of the name is pending. */
  #tooLate(matching: readonly number[]): { readonly effect: ApprovalEffect; readonly place: number } {
    const place = matching.at(-1) ?? -1
    if (place < 0) return { effect: 'unmatched', place }
    const { settledBy, noticedAt } = this.#instances
    // By its deadline: noticed, and no event did it.
    const isLate = settledBy[place] === -1 && !Number.isNaN(noticedAt[place])
    return { effect: isLate ? 'late' : 'settled', place }
  }

  #standsFor(role: string, person: string, time: number): string | null {
    const found = this.#roles.get(role)
    if (found === undefined) return null
    if (found.members.includes(person)) return person
    for (const { member, deputy, from, until } of found.delegations) {
      if (deputy !== person || !found.members.includes(member)) continue
      if ((from === null || from <= time) && (until === null || time <= until)) return member
    }
    return null
  }

  /** Under a code that no text of the log has, nobody calls it. */
  #enter(code: number, place: number): void {
    if (code < 0) return
    const known = this.#byReference.get(code)
    if (known === undefined) {
      this.#byReference.set(code, [place])
      return
    }
    if (known.at(-1) === place) return
    // What has ended makes room: a newer request of the name decides whether an approval is late.
    const { status } = this.#instances
    const pending = known.length > 4 ? known.filter(one => status[one] === pendingCode) : known
    pending.push(place)
    if (pending !== known) this.#byReference.set(code, pending)
  }

  #referenceCode(seq: number): number {
    const event = this.#view.event(seq)
    const contract = this.#contractAt(event.contract)
    const [name, ...others] = contract.keyFields
    const batch = this.#log.batches[event.contract]
    const column = name === undefined || others.length > 0 ? undefined : batch?.columns.get(name)
    if (column?.kind === 'code') return column.values[this.#log.rowOf[seq] as number] as number
    const reference = referenceOf(contract, event)
    return reference === null ? -1 : this.#log.dictionary.find(reference)
  }

  #digestOf(place: number): string {
    let digest = this.#digests.get(place)
    if (digest === undefined) {
      const event = this.#view.event(this.#instances.openedSeq[place] as number)
      digest = eventDigest(this.#contractAt(event.contract), event)
      this.#digests.set(place, digest)
    }
    return digest
  }

  /** Absent where the contract does not say who asks. */
  #requesterOf(place: number): Value {
    const event = this.#view.event(this.#instances.openedSeq[place] as number)
    const { requesterField } = this.#contractAt(event.contract)
    return requesterField === null ? absent : event.value([requesterField])
  }

  #ruleOf(place: number): AskingRule {
    const rule = this.#asking[this.#instances.policy[place] as number]?.get(this.#instances.rule[place] as number)
    if (rule === undefined) throw new Error(`instance ${place} is no request for approval`)
    return rule
  }

  #contractAt(contract: number): PlanContract {
    const found = this.#plan.contracts[contract]
    if (found === undefined) throw new RangeError(`the plan has no contract ${contract}`)
    return found
  }
}

interface ApprovalColumns {
  readonly request: Int32Array
  readonly digest: Int32Array
  readonly by: Int32Array
  readonly role: Int32Array
  readonly verdict: Int32Array
}

/** An Approval; `request` is the code of the text that it calls the request by. */
interface Said {
  readonly request: number
  readonly digest: string | null
  readonly by: string
  readonly role: string
  readonly verdict: string
}

function approvalColumns(log: Log, contract: number): ApprovalColumns | null {
  const batch = log.batches[contract]
  if (batch === undefined || batch.rows === 0) return null
  const codes = (name: string): Int32Array => {
    const column = batch.columns.get(name)
    if (column?.kind !== 'code') throw new Error(`the log has no column ${name} of approvals`)
    return (column satisfies CodeColumn).values
  }
  return {
    request: codes('request'),
    digest: codes('digest'),
    by: codes('by'),
    role: codes('role'),
    verdict: codes('verdict'),
  }
}

/** Null where one cannot tell what it says. */
function saidAt({ dictionary }: Log, columns: ApprovalColumns, row: number): Said | null {
  const request = columns.request[row] as number
  const digest = columns.digest[row] as number
  const by = columns.by[row] as number
  const role = columns.role[row] as number
  const verdict = columns.verdict[row] as number
  if (request < 0 || by < 0 || role < 0 || verdict < 0 || digest < -1) return null
  return {
    request,
    digest: digest < 0 ? null : dictionary.text(digest),
    by: dictionary.text(by),
    role: dictionary.text(role),
    verdict: dictionary.text(verdict),
  }
}

function callsDigests({ dictionary }: Log, { request }: ApprovalColumns): boolean {
  const asked = new Uint8Array(dictionary.size)
  for (const code of request) {
    if (code < 0 || asked[code] === 1) continue
    asked[code] = 1
    if (/^[0-9a-f]{64}$/.test(dictionary.text(code))) return true
  }
  return false
}
