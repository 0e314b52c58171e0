/** Decision logs of Open Policy Agent: one record is one decision. What was erased or masked makes it partial. */
import { isObject, type JsonObject } from '../raw/json.ts'
import { envelope, type Importer } from './envelope.ts'
import { outcomeOf } from './generic.ts'
import { firstText, members, text } from './members.ts'
import { microseconds } from './times.ts'

export const opa: Importer = {
  parts: raw => {
    if (!isObject(raw) || text(raw, 'decision_id') === null) return 'a decision of OPA has a decision_id'
    const { result } = raw
    const allowed = isObject(result) ? (result.allow ?? result.allowed ?? result.decision) : result
    return [
      {
        about: raw,
        envelope: envelope({
          kind: 'decision',
          time: microseconds(raw.timestamp),
          actor: firstText(raw, actorPaths) ?? text(raw, 'requested_by'),
          action: firstText(raw, actionPaths) ?? text(raw, 'path') ?? text(raw, 'query'),
          object: firstText(raw, objectPaths) ?? partsPath(raw),
          outcome: raw.error === undefined ? (outcomeOf(allowed) ?? 'none') : 'error',
          rule: text(raw, 'path'),
          policy: revision(raw),
          chain: text(raw, 'trace_id') ?? text(raw, 'req_id'),
          identity: text(raw, 'decision_id'),
          partial: members(raw.erased).length > 0 || members(raw.masked).length > 0,
        }),
      },
    ]
  },
}

const actorPaths = [
  ['input', 'user'],
  ['input', 'subject'],
  ['input', 'principal'],
  ['input', 'actor'],
]
const actionPaths = [
  ['input', 'action'],
  ['input', 'method'],
  ['input', 'operation'],
]
const objectPaths = [
  ['input', 'resource'],
  ['input', 'object'],
  ['input', 'path'],
]

/** `input.path` is often a list of segments. */
function partsPath(raw: JsonObject): string | null {
  const segments = isObject(raw.input) ? members(raw.input.path) : []
  const texts = segments.filter(segment => typeof segment === 'string')
  return texts.length === 0 ? null : `/${texts.join('/')}`
}

function revision(raw: JsonObject): string | null {
  const named = isObject(raw.bundles)
    ? Object.entries(raw.bundles).map(([name, bundle]) => `${name}@${text(bundle, 'revision') ?? 'unknown'}`)
    : []
  return named.length > 0 ? named.sort().join(', ') : text(raw, 'revision')
}
