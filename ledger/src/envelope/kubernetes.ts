/** Audit events of Kubernetes, audit.k8s.io/v1. A request has an event for each stage; the annotations hold what was decided and why. */
import { isObject, type JsonObject } from '../raw/json.ts'
import { envelope, type Importer, type Outcome } from './envelope.ts'
import { text } from './members.ts'
import { microseconds } from './times.ts'

export const kubernetes: Importer = {
  parts: raw => {
    const id = isObject(raw) ? text(raw, 'auditID') : null
    if (!isObject(raw) || id === null) return 'an audit event of Kubernetes has an auditID'
    const stage = text(raw, 'stage')
    return [
      {
        about: raw,
        envelope: envelope({
          kind: 'decision',
          time: microseconds(raw.stageTimestamp) ?? microseconds(raw.requestReceivedTimestamp),
          actor: text(raw, 'impersonatedUser', 'username') ?? text(raw, 'user', 'username'),
          action: [text(raw, 'verb'), resourceOf(raw)].filter(part => part !== null).join(' ') || null,
          object: objectOf(raw) ?? text(raw, 'requestURI'),
          outcome: outcomeOf(raw),
          rule: text(raw, 'annotations', 'authorization.k8s.io/reason'),
          chain: id,
          identity: stage === null ? null : `${id}\n${stage}`,
        }),
      },
    ]
  },
}

function outcomeOf(raw: JsonObject): Outcome {
  const decision = text(raw, 'annotations', 'authorization.k8s.io/decision')
  const code = Number(text(raw, 'responseStatus', 'code') ?? 0)
  if (decision === 'forbid' || code === 401 || code === 403) return 'deny'
  if (code >= 400) return 'error'
  return decision === 'allow' || code > 0 ? 'permit' : 'none'
}

function resourceOf(raw: JsonObject): string | null {
  const resource = text(raw, 'objectRef', 'resource')
  const inner = text(raw, 'objectRef', 'subresource')
  return resource === null || inner === null ? resource : `${resource}/${inner}`
}

function objectOf(raw: JsonObject): string | null {
  const name = text(raw, 'objectRef', 'name')
  const space = text(raw, 'objectRef', 'namespace')
  return name === null ? space : space === null ? name : `${space}/${name}`
}
