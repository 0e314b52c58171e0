/**
 * What translated policies read of a request, as the fields of one contract: principal and resource with their attributes, the action,
 * the context. Only what is read is in it, so that entities that refer to each other end somewhere.
 */
import { identifier, isPlainName, unusedName } from '../draft/names.ts'
import { type CedarFields, type CedarSchema, type CedarType, fieldsOfAll } from './schema.ts'

/** A member of the contract: of an entity, a record or the context. */
export interface ShapeNode {
  readonly name: string
  /** As Cedar calls it. */
  readonly attribute: string
  readonly type: CedarType
  readonly required: boolean
  /** An entity of which something is read: a record with `uid` and `ancestors`, else its uid alone. */
  isOpened: boolean
  /** Of an opened entity and of a record of which not all is asked. */
  readonly members: Map<string, ShapeNode>
  /** A record that is compared or looked for as a whole. */
  isWhole: boolean
}

/** Members that opened entities have beside their attributes. */
const own = ['uid', 'ancestors'] as const

export class RequestShape {
  readonly principal: ShapeNode
  readonly resource: ShapeNode
  readonly context: ShapeNode
  readonly #schema: CedarSchema

  constructor(schema: CedarSchema) {
    this.#schema = schema
    const all = (types: readonly string[]): CedarType => ({ kind: 'entity', types: [...new Set(types)] })
    const used = schema.actions.filter(({ applies }) => applies)
    this.principal = { ...node('principal', all(used.flatMap(({ principals }) => principals))), isOpened: true }
    this.resource = { ...node('resource', all(used.flatMap(({ resources }) => resources))), isOpened: true }
    const fields: CedarFields = new Map(
      [...fieldsOfAll(used.map(({ context }) => context))].flatMap(([name, field]) => (field ? [[name, field]] : [])),
    )
    this.context = node('context', { kind: 'record', fields })
  }

  /** The member of an entity or a record; a reason in words where there is none that can be read. */
  member(of: ShapeNode, attribute: string): ShapeNode | { readonly none: 'unknown' | 'mixed' } {
    const fields = this.fieldsOf(of.type)
    const field = fields.get(attribute)
    if (!field) return { none: field === null ? 'mixed' : 'unknown' }
    const known = of.members.get(attribute)
    if (known) return known
    if (of.type.kind === 'entity') of.isOpened = true
    const taken = new Set<string>([
      ...(of.type.kind === 'entity' ? own : []),
      ...[...of.members.values()].map(({ name }) => name),
    ])
    const name = unusedName(isPlainName(attribute) ? attribute : identifier(attribute), taken)
    const made: ShapeNode = { ...node(attribute, field.type), name, required: field.required }
    of.members.set(attribute, made)
    return made
  }

  fieldsOf(type: CedarType): ReturnType<typeof fieldsOfAll> {
    if (type.kind === 'record') return type.fields
    return type.kind === 'entity'
      ? fieldsOfAll(type.types.map(name => this.#schema.entities.get(name) ?? new Map()))
      : new Map()
  }
}

function node(attribute: string, type: CedarType): ShapeNode {
  return { name: attribute, attribute, type, required: true, isOpened: false, isWhole: false, members: new Map() }
}

/** Its type in the language, without the `?`. */
export function typeText({ type, isOpened, isWhole, members }: ShapeNode): string {
  const inner = [...members.values()].map(one => `${one.name}: ${typeText(one)}${one.required ? '' : '?'}`)
  if (type.kind === 'entity' && isOpened)
    return `{ ${['uid: String', 'ancestors: List<String>', ...inner].join(', ')} }`
  if (type.kind === 'record' && !isWhole) return `{ ${inner.join(', ')} }`
  return wholeTypeText(type)
}

export function wholeTypeText(type: CedarType): string {
  switch (type.kind) {
    case 'set':
      return `List<${wholeTypeText(type.element)}>`
    case 'record': {
      const fields = [...type.fields].map(
        ([name, field]) =>
          `${isPlainName(name) ? name : identifier(name)}: ${wholeTypeText(field.type)}${field.required ? '' : '?'}`,
      )
      return `{ ${fields.join(', ')} }`
    }
    default:
      return typeNames[type.kind]
  }
}

const typeNames = {
  boolean: 'Bool',
  long: 'Int',
  string: 'String',
  decimal: 'Decimal',
  datetime: 'Time',
  duration: 'Duration',
  ipaddr: 'String',
  entity: 'String',
} as const
