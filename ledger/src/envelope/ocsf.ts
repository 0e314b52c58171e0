/**
 * Events as OCSF 1.5 (Open Cybersecurity Schema Framework), class API Activity with the profile Security Control, for whoever collects
 * security events of many products. What has no place there is under `unmapped`, the record itself under `raw_data`.
 */
import { at, type Json, parseJson } from '../raw/json.ts'
import type { Envelope, Outcome } from './envelope.ts'
import { text } from './members.ts'
import { isoText } from './times.ts'

/** What of an event OCSF is made from. */
export interface OcsfInput
  extends Pick<Envelope, 'kind' | 'outcome' | 'actor' | 'action' | 'object' | 'rule' | 'policy' | 'partial'> {
  readonly id: number
  readonly time: number
  readonly timeInferred: boolean
  readonly source: string
  readonly format: string
  readonly line: number
}

const classUid = 6003

/** The event as OCSF writes it; `record` is its text as it was imported. */
export function ocsfEvent(event: OcsfInput, record: string): object {
  const { id: activity, name } = activityOf(event.action)
  return {
    class_uid: classUid,
    class_name: 'API Activity',
    category_uid: 6,
    category_name: 'Application Activity',
    activity_id: activity,
    activity_name: name,
    type_uid: classUid * 100 + activity,
    type_name: `API Activity: ${name}`,
    time: Math.floor(event.time / 1000),
    ...severities[event.outcome],
    ...dispositions[event.outcome],
    actor: { user: { name: event.actor ?? 'unknown' } },
    api: { operation: event.action ?? 'unknown', service: { name: event.format } },
    src_endpoint: endpointOf(record),
    ...(event.object === null ? {} : { resources: [{ name: event.object }] }),
    ...(event.policy === null && event.rule === null
      ? {}
      : { policy: { name: event.policy ?? event.rule, ...(event.rule === null ? {} : { desc: event.rule }) } }),
    metadata: {
      version: '1.5.0',
      profiles: ['security_control'],
      product: { name: 'Writ', vendor_name: 'Writ' },
      log_name: event.format,
      log_provider: event.source,
      original_time: isoText(event.time),
      uid: String(event.id),
      sequence: event.line,
    },
    raw_data: record,
    unmapped: { kind: event.kind, decision: event.outcome, partial: event.partial, time_inferred: event.timeInferred },
  }
}

const severities: Readonly<Record<Outcome, object>> = {
  none: { severity_id: 1, severity: 'Informational', status_id: 0, status: 'Unknown' },
  permit: { severity_id: 1, severity: 'Informational', status_id: 1, status: 'Success' },
  warn: { severity_id: 2, severity: 'Low', status_id: 1, status: 'Success' },
  hold: { severity_id: 2, severity: 'Low', status_id: 99, status: 'Held' },
  deny: { severity_id: 3, severity: 'Medium', status_id: 2, status: 'Failure' },
  error: { severity_id: 3, severity: 'Medium', status_id: 2, status: 'Failure' },
}

const dispositions: Readonly<Record<Outcome, object>> = {
  none: { action_id: 0, action: 'Unknown', disposition_id: 0, disposition: 'Unknown' },
  permit: { action_id: 1, action: 'Allowed', disposition_id: 1, disposition: 'Allowed' },
  warn: { action_id: 3, action: 'Observed', disposition_id: 17, disposition: 'Logged' },
  hold: { action_id: 2, action: 'Denied', disposition_id: 99, disposition: 'Held' },
  deny: { action_id: 2, action: 'Denied', disposition_id: 2, disposition: 'Blocked' },
  error: { action_id: 0, action: 'Unknown', disposition_id: 27, disposition: 'Error' },
}

const verbs: readonly (readonly [RegExp, number, string])[] = [
  [/^(create|add|insert|post|put|run|start|issue|book|send|grant)/i, 1, 'Create'],
  [/^(get|list|describe|read|view|search|head|lookup|watch)/i, 2, 'Read'],
  [/^(update|patch|modify|set|change|edit|attach|enable)/i, 3, 'Update'],
  [/^(delete|remove|drop|terminate|cancel|revoke|detach|disable)/i, 4, 'Delete'],
]

/** By the verb that an action begins with, behind the name of its service. */
function activityOf(action: string | null): { readonly id: number; readonly name: string } {
  const verb = (action ?? '').replace(/^.*[:.]/, '')
  const found = verbs.find(([form]) => form.test(verb))
  return found === undefined ? { id: 99, name: 'Other' } : { id: found[1], name: found[2] }
}

/** The address that a call came from, where its record has one at a usual place. */
function endpointOf(record: string): object {
  const parsed = parseJson(record)
  const raw: Json = 'value' in parsed ? parsed.value : null
  const address =
    text(raw, 'sourceIPAddress') ?? text(raw, 'sourceIPs', '0') ?? text(raw, 'ip') ?? text(at(raw, ['payload']), 'ip')
  if (address === null) return { name: 'unknown' }
  return /^[\d.]+$|:.*:/.test(address) ? { ip: address } : { name: address }
}
