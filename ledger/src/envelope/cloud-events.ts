/** CloudEvents 1.0 in JSON: the context says what and where, `data` is looked at as any record is. */
import { isObject } from '../raw/json.ts'
import { envelope, type Importer } from './envelope.ts'
import { genericEnvelope } from './generic.ts'
import { text } from './members.ts'
import { microseconds } from './times.ts'

export const cloudEvents: Importer = {
  parts: raw => {
    if (!isObject(raw) || text(raw, 'specversion') === null) return 'a CloudEvent has a specversion'
    const data = isObject(raw.data) ? genericEnvelope(raw.data) : envelope({})
    const id = text(raw, 'id')
    const source = text(raw, 'source')
    return [
      {
        about: raw,
        envelope: {
          ...data,
          time: microseconds(raw.time) ?? data.time,
          actor: data.actor ?? source,
          action: text(raw, 'type') ?? data.action,
          object: text(raw, 'subject') ?? data.object,
          chain: traceOf(text(raw, 'traceparent')) ?? text(raw, 'correlationid') ?? data.chain,
          // The specification makes source and id together the identity.
          identity: id === null || source === null ? null : `${source}\n${id}`,
        },
      },
    ]
  },
}

/** The trace of a W3C traceparent. */
function traceOf(parent: string | null): string | null {
  return /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(parent ?? '')?.[1] ?? null
}
