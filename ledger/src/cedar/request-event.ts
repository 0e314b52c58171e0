/** A request of Cedar with its entities, as the event that imported policies read: attributes and ancestors are put where they are asked. */
import { uidText } from './schema.ts'
import type { RequestShape, ShapeNode } from './shape.ts'

/** As Cedar's JSON writes it; values of attributes too. */
export interface CedarRequest {
  readonly principal: CedarUid
  readonly action: CedarUid
  readonly resource: CedarUid
  readonly context: Readonly<Record<string, unknown>>
}
export interface CedarUid {
  readonly type: string
  readonly id: string
}
export interface CedarEntity {
  readonly uid: CedarUid
  readonly attrs: Readonly<Record<string, unknown>>
  readonly parents: readonly CedarUid[]
}

/** A record for the source `requests` of the imported file. */
export function requestEvent(shape: RequestShape, request: CedarRequest, entities: readonly CedarEntity[]): object {
  const known = new Map(entities.map(entity => [uidText(entity.uid.type, entity.uid.id), entity]))
  const reader = { known }
  return {
    principal: opened(shape.principal, request.principal, reader),
    action: uidText(request.action.type, request.action.id),
    resource: opened(shape.resource, request.resource, reader),
    context: members(shape.context, request.context, reader),
  }
}

interface Reader {
  readonly known: ReadonlyMap<string, CedarEntity>
}

function opened(node: ShapeNode, { type, id }: CedarUid, reader: Reader): object {
  const uid = uidText(type, id)
  return { uid, ancestors: ancestorsOf(uid, reader), ...members(node, reader.known.get(uid)?.attrs ?? {}, reader) }
}

function ancestorsOf(uid: string, { known }: Reader): readonly string[] {
  const found = new Set<string>()
  let front = [uid]
  while (front.length > 0) {
    const parents = front.flatMap(one => known.get(one)?.parents ?? []).map(({ type, id }) => uidText(type, id))
    front = parents.filter(parent => !found.has(parent))
    for (const parent of front) found.add(parent)
  }
  return [...found]
}

function members(node: ShapeNode, values: Readonly<Record<string, unknown>>, reader: Reader): object {
  return Object.fromEntries(
    [...node.members.values()].flatMap(member =>
      Object.hasOwn(values, member.attribute)
        ? [[member.name, recorded(member, values[member.attribute], reader)]]
        : [],
    ),
  )
}

function recorded(node: ShapeNode, value: unknown, reader: Reader): unknown {
  const uid = uidOf(value)
  if (uid !== null && node.type.kind === 'entity')
    return node.isOpened ? opened(node, uid, reader) : uidText(uid.type, uid.id)
  if (node.type.kind === 'record' && !node.isWhole && isObject(value)) return members(node, value, reader)
  return plain(value, node.type.kind)
}

function plain(value: unknown, kind: string): unknown {
  if (Array.isArray(value)) return value.map(item => plain(item, ''))
  if (!isObject(value)) return kind === 'datetime' && typeof value === 'string' ? timeText(value) : value
  const extension = isObject(value.__extn) ? value.__extn : 'fn' in value && 'arg' in value ? value : null
  if (extension) return extension.fn === 'datetime' ? timeText(String(extension.arg)) : String(extension.arg)
  const uid = uidOf(value)
  if (uid !== null) return uidText(uid.type, uid.id)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner, '')]))
}

/** With a zone, as times of the language have. */
function timeText(text: string): string {
  const time = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  return Number.isNaN(time) ? text : new Date(time).toISOString()
}

function uidOf(value: unknown): CedarUid | null {
  if (!isObject(value)) return null
  const { type, id } = isObject(value.__entity) ? value.__entity : value
  return typeof type === 'string' && typeof id === 'string' ? { type, id } : null
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
