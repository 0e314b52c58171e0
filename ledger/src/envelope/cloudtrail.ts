/** AWS CloudTrail, event versions 1.0x: one record is one call of an API. */
import { isObject } from '../raw/json.ts'
import { envelope, type Importer } from './envelope.ts'
import { members, text } from './members.ts'
import { microseconds } from './times.ts'

export const cloudtrail: Importer = {
  parts: raw => {
    if (!isObject(raw) || text(raw, 'eventName') === null) return 'a record of CloudTrail has an eventName'
    const service = text(raw, 'eventSource')?.replace(/\.amazonaws\.com$/, '') ?? null
    const [resource] = members(raw.resources)
    const error = text(raw, 'errorCode')
    return [
      {
        about: raw,
        envelope: envelope({
          kind: 'decision',
          time: microseconds(raw.eventTime),
          actor: actorOf(raw),
          action: `${service === null ? '' : `${service}:`}${text(raw, 'eventName')}`,
          object: text(resource, 'ARN') ?? text(resource, 'arn') ?? namedObject(raw),
          outcome: error === null ? 'permit' : denied.test(error) ? 'deny' : 'error',
          rule: error,
          chain: text(raw, 'sharedEventID') ?? text(raw, 'requestID'),
          identity: text(raw, 'eventID'),
        }),
      },
    ]
  },
}

const denied = /AccessDenied|Unauthorized|Forbidden|NotAuthorized/i

function actorOf(raw: Parameters<Importer['parts']>[0]): string | null {
  return (
    text(raw, 'userIdentity', 'arn') ??
    text(raw, 'userIdentity', 'userName') ??
    text(raw, 'userIdentity', 'invokedBy') ??
    text(raw, 'userIdentity', 'principalId') ??
    text(raw, 'userIdentity', 'type')
  )
}

function namedObject(raw: Parameters<Importer['parts']>[0]): string | null {
  for (const name of [
    'bucketName',
    'roleArn',
    'roleName',
    'userName',
    'instanceId',
    'functionName',
    'secretId',
    'keyId',
    'name',
  ]) {
    const found = text(raw, 'requestParameters', name)
    if (found !== null) return found
  }
  return null
}
