/**
 * OpenTelemetry logs in OTLP JSON: a record is an export request, a file line or a whole file, with log records by resource and
 * scope. Names of the conventions for agents changed several times; those of any version are understood.
 */
import { isObject, type Json, type JsonObject } from '../raw/json.ts'
import { envelope, type Importer, type Part } from './envelope.ts'
import { outcomeOf } from './generic.ts'
import { members, scalar, text } from './members.ts'
import { ofNanoseconds } from './times.ts'

export const openTelemetry: Importer = {
  parts: raw => {
    if (!isObject(raw) || !Array.isArray(raw.resourceLogs)) return 'an export of OpenTelemetry logs has resourceLogs'
    const parts: Part[] = []
    for (const resource of members(raw.resourceLogs)) {
      if (!isObject(resource)) continue
      const about = attributesOf(isObject(resource.resource) ? resource.resource : {})
      for (const scope of members(resource.scopeLogs)) {
        for (const record of isObject(scope) ? members(scope.logRecords) : [])
          if (isObject(record)) parts.push(partOf(record, about))
      }
    }
    return parts.length === 0 ? 'it holds no log record' : parts
  },
}

function partOf(record: JsonObject, resource: ReadonlyMap<string, Json>): Part {
  const attributes = attributesOf(record)
  const find = (...names: readonly string[]): string | null => {
    for (const name of names) {
      const found = scalar(attributes.get(name) ?? resource.get(name))
      if (found !== null) return found
    }
    return null
  }
  const body = anyValue(record.body)
  const severity = Number(text(record, 'severityNumber') ?? 0)
  const decided = outcomeOf(attributes.get('decision') ?? attributes.get('outcome'))
  return {
    about: { body, attributes: Object.fromEntries(attributes), resource: Object.fromEntries(resource) },
    envelope: envelope({
      kind: decided === null ? 'action' : 'decision',
      time: ofNanoseconds(record.timeUnixNano) ?? ofNanoseconds(record.observedTimeUnixNano),
      actor: find('enduser.id', 'user.id', 'gen_ai.agent.id', 'gen_ai.agent.name', 'service.name'),
      action:
        find('gen_ai.tool.name', 'mcp.tool.name', 'event.name', 'gen_ai.operation.name') ??
        text(record, 'eventName') ??
        scalar(body)?.slice(0, 80) ??
        null,
      object: find(
        'url.path',
        'http.target',
        'http.route',
        'db.collection.name',
        'gen_ai.request.model',
        'server.address',
      ),
      outcome: decided ?? (severity >= 17 ? 'error' : 'none'),
      chain: text(record, 'traceId') ?? find('gen_ai.conversation.id', 'session.id'),
    }),
  }
}

function attributesOf(holder: JsonObject): ReadonlyMap<string, Json> {
  const found = new Map<string, Json>()
  for (const attribute of members(holder.attributes)) {
    const key = text(attribute, 'key')
    if (key !== null && isObject(attribute)) found.set(key, anyValue(attribute.value))
  }
  return found
}

/** What an AnyValue says; lists and maps stay as they are written. */
function anyValue(value: Json | undefined): Json {
  if (!isObject(value)) return value ?? null
  const [inner] = Object.values(value)
  return inner ?? null
}
