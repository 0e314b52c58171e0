/** Entries of an audit log that Writ wrote (audit/record.ts): decisions about events, what lived on after them, and approvals. */
import { z } from 'zod'
import {
  type ApprovalRecord,
  approvalSchema,
  type DecisionRecord,
  recordSchema,
  type TransitionRecord,
  transitionSchema,
} from '../audit/record.ts'
import { at, type Json } from '../raw/json.ts'
import { type Envelope, envelope, type Importer } from './envelope.ts'
import { outcomeOf } from './generic.ts'
import { named } from './members.ts'
import { microseconds } from './times.ts'

export const writLog: Importer = {
  parts: raw => {
    const parsed = entrySchema.safeParse(raw)
    if (!parsed.success) return 'it is no entry that Writ writes (see docs/audit-log.md)'
    return [{ about: raw, envelope: entryEnvelope(parsed.data) }]
  },
}

const entrySchema = z.discriminatedUnion('form', [recordSchema, transitionSchema, approvalSchema])

function entryEnvelope(entry: DecisionRecord | TransitionRecord | ApprovalRecord): Envelope {
  switch (entry.form) {
    case 'writ decision 1':
      return decision(entry)
    case 'writ transition 1':
      return transition(entry)
    case 'writ approval 1':
      return approval(entry)
  }
}

function decision(record: DecisionRecord): Envelope {
  const { event, policy } = record
  return envelope({
    kind: 'decision',
    time: microseconds(event.time) ?? microseconds(record.decidedAt),
    actor: input(record, /(^|\.)(actor|user|agent|customer|principal)(\.|$)/),
    action: event.contract,
    object: firstKey(record.keys),
    outcome: record.mode === 'shadow' ? 'none' : record.decision,
    rule: record.decidedBy,
    policy: `${policy.name}@${policy.version}`,
    chain: chainOf(record.keys, event),
    identity: [record.run, event.stream, event.index, policy.name].join('\n'),
    partial: record.withheld !== undefined || record.cut !== undefined,
  })
}

function transition(record: TransitionRecord): Envelope {
  const { event, policy } = record
  return envelope({
    kind: 'result',
    time: microseconds(record.at),
    actor: record.request?.role ?? null,
    action: record.kind,
    object: firstKey(record.keys),
    outcome: record.mode === 'shadow' ? 'none' : (outcomeOf(at(record.outcome, ['decision'])) ?? 'none'),
    rule: record.rule,
    policy: `${policy.name}@${policy.version}`,
    chain: chainOf(record.keys, event),
    identity: [record.run, 'transition', record.instance, record.kind, record.request?.stage ?? 0, record.at].join(
      '\n',
    ),
    partial: record.withheld !== undefined || record.cut !== undefined,
  })
}

function approval(record: ApprovalRecord): Envelope {
  const { event, request } = record
  return envelope({
    kind: 'action',
    time: microseconds(record.at),
    actor: record.by,
    action: `approval ${record.effect}`,
    object: record.name,
    outcome: outcomeOf(record.verdict) ?? 'none',
    rule: request?.rule ?? null,
    policy: request?.policy ?? null,
    chain: record.name,
    identity: [record.run, 'approval', event.stream, event.index].join('\n'),
    partial: record.withheld !== undefined || record.cut !== undefined,
  })
}

function firstKey(keys: Readonly<Record<string, Json>>): string | null {
  return named(Object.values(keys)[0])
}

/** What has the same key belongs together; without keys, what is about the same event. */
function chainOf(keys: Readonly<Record<string, Json>>, event: { readonly digest: string | null }): string | null {
  return firstKey(keys) ?? event.digest
}

function input(record: DecisionRecord, path: RegExp): string | null {
  for (const [name, value] of Object.entries(record.inputs)) {
    const found = path.test(name) ? named(value) : null
    if (found !== null) return found
  }
  return null
}
