/** Requests and entities of Cedar from JSON, as its command line and its logs write them. */
import { z } from 'zod'
import type { CedarEntity, CedarRequest, CedarUid } from './request-event.ts'

const plainUid = z.looseObject({ type: z.string(), id: z.string() })
/** `User::"ana"`, `{ type, id }` or `{ __entity: { type, id } }`. */
const uidForm = z.union([
  z.string().check(z.regex(/^[A-Za-z_][\w:]*::"(?:[^"\\]|\\.)*"$/)),
  plainUid,
  z.looseObject({ __entity: plainUid }),
])
const requestForm = z.looseObject({
  principal: uidForm,
  action: uidForm,
  resource: uidForm,
  context: z.optional(z.record(z.string(), z.unknown())),
})
const entityForm = z.looseObject({
  uid: uidForm,
  attrs: z.optional(z.record(z.string(), z.unknown())),
  parents: z.optional(z.array(uidForm)),
})

export interface UnreadableJson {
  readonly unreadable: string
}

/** One request, an array of them, or one on each line. */
export function readRequests(text: string): readonly CedarRequest[] | UnreadableJson {
  const read = readAll(text, requestForm)
  if ('unreadable' in read) return read
  return read.map(({ principal, action, resource, context }) => ({
    principal: uidOf(principal),
    action: uidOf(action),
    resource: uidOf(resource),
    context: context ?? {},
  }))
}

/** The file of entities, an array. */
export function readEntities(text: string): readonly CedarEntity[] | UnreadableJson {
  const read = readAll(text, entityForm)
  if ('unreadable' in read) return read
  return read.map(({ uid, attrs, parents }) => ({
    uid: uidOf(uid),
    attrs: attrs ?? {},
    parents: (parents ?? []).map(uidOf),
  }))
}

function readAll<T>(text: string, form: z.ZodType<T>): readonly T[] | UnreadableJson {
  const json = jsonOf(text)
  if (json === null) return { unreadable: 'it is neither JSON nor one JSON value on each line' }
  const read: T[] = []
  for (const [i, value] of json.entries()) {
    const one = form.safeParse(value)
    if (!one.success) {
      const [issue] = one.error.issues
      return { unreadable: `number ${i + 1}: ${(issue?.path ?? []).join('.')} ${issue?.message ?? ''}` }
    }
    read.push(one.data)
  }
  return read
}

function jsonOf(text: string): readonly unknown[] | null {
  try {
    const json: unknown = JSON.parse(text)
    return Array.isArray(json) ? json : [json]
  } catch {
    // Several values are no JSON together.
  }
  try {
    return text
      .split('\n')
      .filter(line => line.trim() !== '')
      .map(line => JSON.parse(line) as unknown)
  } catch {
    return null
  }
}

function uidOf(form: z.infer<typeof uidForm>): CedarUid {
  if (typeof form !== 'string') {
    const { type, id } =
      '__entity' in form && typeof form.__entity === 'object' ? plainUid.parse(form.__entity) : plainUid.parse(form)
    return { type, id }
  }
  const quote = form.indexOf('::"')
  return { type: form.slice(0, quote), id: form.slice(quote + 3, -1).replace(/\\(.)/g, '$1') }
}
