/** Entries of an audit log that Writ wrote (audit/record.ts): one is a decision of one policy about one event. */
import { type DecisionRecord, recordSchema } from '../audit/record.ts'
import { envelope, type Importer } from './envelope.ts'
import { named } from './members.ts'
import { microseconds } from './times.ts'

export const writLog: Importer = {
  parts: raw => {
    const parsed = recordSchema.safeParse(raw)
    if (!parsed.success) return 'it is no record of a decision (see docs/audit-log.md)'
    const record = parsed.data
    return [
      {
        about: raw,
        envelope: envelope({
          kind: 'decision',
          time: microseconds(record.event.time) ?? microseconds(record.decidedAt),
          actor: input(record, /(^|\.)(actor|user|agent|customer|principal)(\.|$)/),
          action: record.event.contract,
          object: named(Object.values(record.keys)[0]),
          outcome: record.mode === 'shadow' ? 'none' : record.decision,
          rule: record.decidedBy,
          policy: `${record.policy.name}@${record.policy.version}`,
          chain: named(Object.values(record.keys)[0]) ?? record.event.digest,
          identity: `${record.run}\n${record.event.stream}\n${record.event.index}\n${record.policy.name}`,
          partial: record.withheld !== undefined || record.cut !== undefined,
        }),
      },
    ]
  },
}

function input(record: DecisionRecord, path: RegExp): string | null {
  for (const [name, value] of Object.entries(record.inputs)) {
    const found = path.test(name) ? named(value) : null
    if (found !== null) return found
  }
  return null
}
