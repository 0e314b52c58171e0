/**
 * Records of no particular product (NDJSON, JSON, CSV): members are found by the names that are usual for them. docs/store.md lists
 * the names; a `.writ` source says it exactly where they are others.
 */
import { at, isObject, type Json } from '../raw/json.ts'
import type { Envelope, Importer, Outcome } from './envelope.ts'
import { firstText, named, scalar } from './members.ts'
import { microseconds } from './times.ts'

/** In the order in which they are tried. */
export const usualNames = {
  time: ['time', 'timestamp', 'ts', 'at', '@timestamp', 'datetime', 'date', 'created_at', 'createdAt', 'event.time'],
  actor: ['actor', 'user', 'user_id', 'userId', 'username', 'principal', 'subject', 'agent', 'account', 'customer'],
  action: ['action', 'event', 'event_type', 'eventType', 'type', 'operation', 'tool', 'method', 'event.contract'],
  object: ['object', 'resource', 'target', 'path', 'uri', 'url', 'file'],
  outcome: ['decision', 'outcome', 'effect', 'verdict', 'allowed', 'result', 'status'],
  rule: ['decidedBy', 'rule', 'rule_id', 'ruleId'],
  policy: ['policy', 'policy_id', 'policyId'],
  chain: [
    'trace_id',
    'traceId',
    'correlation_id',
    'correlationId',
    'session_id',
    'sessionId',
    'conversation_id',
    'request_id',
    'requestId',
  ],
} as const

export const generic: Importer = {
  parts: raw => (isObject(raw) ? [{ envelope: genericEnvelope(raw), about: raw }] : 'a record is an object'),
}

export function genericEnvelope(raw: Json): Envelope {
  const outcome = firstOutcome(raw)
  return {
    kind: outcome === 'none' ? 'action' : 'decision',
    time: firstTime(raw),
    actor: firstText(raw, paths.actor),
    action: firstText(raw, paths.action),
    object: firstText(raw, paths.object),
    outcome,
    rule: firstText(raw, paths.rule),
    policy: firstText(raw, paths.policy),
    chain: firstText(raw, paths.chain),
    identity: null,
    partial: false,
  }
}

/** A decision in the words of others; null where it is none of them. */
export function outcomeOf(value: Json | undefined): Outcome | null {
  if (typeof value === 'boolean') return value ? 'permit' : 'deny'
  const word = named(value)
  return word === null ? null : (outcomeWords.get(word.toLowerCase()) ?? null)
}

const outcomeWords: ReadonlyMap<string, Outcome> = new Map([
  ...[
    'permit',
    'permitted',
    'allow',
    'allowed',
    'accept',
    'accepted',
    'grant',
    'granted',
    'approved',
    'pass',
    'ok',
    'success',
    'true',
  ].map(word => [word, 'permit'] as const),
  ...['deny', 'denied', 'forbid', 'forbidden', 'block', 'blocked', 'reject', 'rejected', 'refused', 'false'].map(
    word => [word, 'deny'] as const,
  ),
  ...['hold', 'held', 'ask', 'review', 'pending', 'escalate'].map(word => [word, 'hold'] as const),
  ...['warn', 'warned', 'warning', 'flag', 'flagged'].map(word => [word, 'warn'] as const),
  ...['error', 'failed', 'failure', 'fail', 'exception'].map(word => [word, 'error'] as const),
])

const paths = {
  time: split(usualNames.time),
  actor: split(usualNames.actor),
  action: split(usualNames.action),
  object: split(usualNames.object),
  outcome: split(usualNames.outcome),
  rule: split(usualNames.rule),
  policy: split(usualNames.policy),
  chain: split(usualNames.chain),
}

function split(names: readonly string[]): readonly (readonly string[])[] {
  return names.map(name => name.split('.'))
}

function firstTime(raw: Json): number | null {
  for (const path of paths.time) {
    const time = microseconds(at(raw, path))
    if (time !== null) return time
  }
  return null
}

function firstOutcome(raw: Json): Outcome {
  for (const path of paths.outcome) {
    const value = at(raw, path)
    if (value === undefined) continue
    const outcome = outcomeOf(value)
    if (outcome !== null) return outcome
    const code = Number(scalar(value) ?? Number.NaN)
    // A status of HTTP.
    if (Number.isInteger(code) && code >= 100 && code < 600)
      return code < 400 ? 'permit' : code === 401 || code === 403 ? 'deny' : 'error'
  }
  return 'none'
}
