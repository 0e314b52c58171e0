/**
 * A told change applied to the log and decided again by the compiled engine: the events up to the decided one are built anew with
 * the change in them. This shares nothing with the trials by which changes are found (change.ts) but the plan.
 */
import type { DecisionWord } from '@writ/grammar'
import { type BuiltEvent, LogBuilder } from '../log/builder.ts'
import type { EventView, LogView } from '../log/view.ts'
import { instanceStatuses } from '../obligation/instance.ts'
import { approvalPlace } from '../plan/approval-contract.ts'
import type { Plan } from '../plan/plan.ts'
import { readSet } from '../plan/read-set.ts'
import { decisionWords } from '../run/decisions.ts'
import { type Evaluation, evaluate } from '../run/evaluate.ts'
import { eventDigest, referenceOf } from '../value/canonical.ts'
import { fromInteger } from '../value/rational.ts'
import { absent, isRecord, unknown, type Value } from '../value/value.ts'
import type { Change, Edit } from './change.ts'
import type { Overlay } from './overlay.ts'
import { isOpened } from './own-field.ts'
import { policyAt } from './reason.ts'
import type { Explanation } from './witness.ts'

/** What the engine makes of a change. */
export interface Rerun {
  readonly decision: DecisionWord
  /** Index of the rule; -1: the default. */
  readonly decidedBy: number
  /** Of an approval: whether every request is then fulfilled. */
  readonly approved: boolean
}

export interface Reruns {
  /** Null: the event is not decided any more, or nobody is known who could approve. */
  rerun(explanation: Explanation, edit: Edit): Rerun | null
  /** Whether the engine decides as the change promises. */
  holds(explanation: Explanation, change: Change): boolean
}

/** Over one log; what was read of it is kept for the next change. */
export function reruns(plan: Plan, view: LogView): Reruns {
  const columns = readSet(plan)
  const built: Unplaced[] = []
  const before = (seq: number): readonly Unplaced[] => {
    for (let next = built.length; next < seq; next++) built.push(asBuilt(plan, view.event(next)))
    return built.slice(0, seq)
  }
  const rerun = ({ seq, policy }: Explanation, edit: Edit): Rerun | null => {
    const events = edited(plan, view, seq, before(seq), edit.kind === 'log' ? edit.overlay : {})
    const place = events.length - 1
    const answers = edit.kind === 'log' ? [] : edit.rules.map(rule => answersTo(plan, view.event(seq), policy, rule))
    if (answers.includes(null)) return null
    const builder = new LogBuilder(plan.contracts, columns)
    // Events of one time stay in this order: they are records of one file.
    for (const [index, event] of [...events, ...answers.flatMap(answer => answer ?? [])].entries())
      builder.add({ ...event, file: 'changed', index })
    return decidedAt(evaluate(plan, builder.build()), place, policy, edit)
  }
  return {
    rerun,
    holds: (explanation, change) => {
      const again = rerun(explanation, change.edit)
      if (again === null || change.kind === 'approval') return again?.approved ?? false
      const rule = policyAt(plan, explanation.policy).rules[again.decidedBy]?.name ?? null
      return again.decision === change.decision && rule === change.rule
    },
  }
}

/** The events up to `seq`, the last of them that one, with the change in them. */
function edited(
  plan: Plan,
  view: LogView,
  seq: number,
  before: readonly Unplaced[],
  overlay: Overlay,
): readonly Unplaced[] {
  const event = view.event(seq)
  const { added, without } = overlay
  return [
    ...(without ? before.filter((_, other) => !without.has(other)) : before),
    ...(added ? [addedEvent(plan, added, overlay.time ?? event.time)] : []),
    changed(plan, event, overlay),
  ]
}

function decidedAt(
  { decisions, obligations: { instances } }: Evaluation,
  place: number,
  policy: number,
  edit: Edit,
): Rerun | null {
  const rules: readonly number[] = edit.kind === 'approvals' ? edit.rules : []
  let fulfilled = 0
  for (let i = 0; i < instances.size; i++)
    if (instances.openedSeq[i] === place && instances.policy[i] === policy && rules.includes(instances.rule[i] ?? -1))
      if (instanceStatuses[instances.status[i] ?? 0] === 'fulfilled') fulfilled++
  for (let i = 0; i < decisions.size; i++)
    if (decisions.seq[i] === place && decisions.policy[i] === policy)
      return {
        decision: decisionWords[decisions.decision[i] ?? 0] ?? 'permit',
        decidedBy: decisions.decidedBy[i] ?? -1,
        approved: rules.length > 0 && fulfilled === rules.length,
      }
  return null
}

type Unplaced = Omit<BuiltEvent, 'file' | 'index'>

function asBuilt(plan: Plan, event: EventView): Unplaced {
  const fields: Record<string, Value> = {}
  for (const { name, type } of plan.contracts[event.contract]?.fields ?? [])
    if (isOpened(event, [name], type)) fields[name] = event.value([name])
  return { contract: event.contract, time: event.time, fields }
}

function changed(plan: Plan, event: EventView, overlay: Overlay): Unplaced {
  const { contract, time, fields } = asBuilt(plan, event)
  let made = fields
  for (const [path, value] of overlay.fields ?? []) made = withValue(made, path.split('.'), value)
  return { contract, time: overlay.time ?? time, fields: made }
}

function addedEvent(plan: Plan, added: NonNullable<Overlay['added']>, time: number): Unplaced {
  const declared = plan.contracts[added.contract]?.fields ?? []
  let fields: Readonly<Record<string, Value>> = added.like
    ? asBuilt(plan, added.like).fields
    : Object.fromEntries(declared.map(({ name }) => [name, unknown]))
  for (const [path, value] of added.fields) fields = withValue(fields, path.split('.'), value)
  return { contract: added.contract, time, fields }
}

function withValue(
  fields: Readonly<Record<string, Value>>,
  [name = '', ...rest]: readonly string[],
  value: Value,
): Readonly<Record<string, Value>> {
  if (rest.length === 0) return { ...fields, [name]: value }
  const inner = fields[name]
  const members = typeof inner === 'object' && !Array.isArray(inner) && isRecordValue(inner) ? inner.fields : {}
  return { ...fields, [name]: { fields: withValue(members, rest, value) } }
}

function isRecordValue(value: Exclude<Value, boolean | string | symbol>): value is Extract<Value, { fields: unknown }> {
  return !Array.isArray(value) && isRecord(value)
}

/** As many members as the first stage asks for approve at once; null where there are too few. */
function answersTo(plan: Plan, event: EventView, policy: number, rule: number): readonly Unplaced[] | null {
  const stage = policyAt(plan, policy).rules[rule]?.approval?.stages[0]
  const contract = plan.contracts[event.contract]
  if (!stage || !contract) return null
  const requester = contract.requesterField === null ? absent : event.value([contract.requesterField])
  const role = plan.roles.find(({ name }) => name === stage.role)
  const people = (role?.members ?? []).filter(member => member !== requester).slice(0, stage.quorum)
  if (people.length < stage.quorum) return null
  const digest = eventDigest(contract, event)
  const request = referenceOf(contract, event) ?? digest
  return people.map(by => {
    const said = { request, digest, by, role: stage.role, verdict: 'approve' }
    const fields: Readonly<Record<string, Value>> = { ...said, at: fromInteger(event.time), reason: absent }
    return { contract: approvalPlace(plan), time: event.time, fields }
  })
}
