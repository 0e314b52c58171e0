/** From declarations with names to types: common types are put in their places, names get their namespace. Circles are refused. */
import {
  type CedarAction,
  type CedarField,
  type CedarFields,
  type CedarSchema,
  type CedarType,
  uidText,
} from './schema.ts'
import { CedarError } from './tokens.ts'

export type NamedType =
  | { readonly kind: 'name' | 'entity'; readonly name: string; readonly at: number }
  | { readonly kind: 'set'; readonly element: NamedType }
  | { readonly kind: 'record'; readonly fields: readonly NamedField[] }
export interface NamedField {
  readonly name: string
  readonly type: NamedType
  readonly required: boolean
}

export interface DeclaredNamespace {
  /** Empty: the outermost. */
  readonly name: string
  readonly types: ReadonlyMap<string, NamedType>
  /** With the type of their attributes; null: none. */
  readonly entities: ReadonlyMap<string, NamedType | null>
  readonly actions: readonly DeclaredAction[]
}
export interface DeclaredAction {
  readonly id: string
  /** The type is null where it is that of the actions of the namespace. */
  readonly groups: readonly { readonly type: string | null; readonly id: string }[]
  readonly applies: {
    readonly principals: readonly string[]
    readonly resources: readonly string[]
    readonly context: NamedType | null
  } | null
}

/** Throws a CedarError where a name is none. */
export function resolved(namespaces: readonly DeclaredNamespace[]): CedarSchema {
  const types = new Map(
    namespaces.flatMap(({ name, types }) =>
      [...types].map(([own, type]) => [full(name, own), { type, namespace: name }] as const),
    ),
  )
  const declared = new Set(namespaces.flatMap(({ name, entities }) => [...entities.keys()].map(own => full(name, own))))
  const names: Names = { types, entities: declared }
  const entities = new Map<string, CedarFields>()
  const actions: CedarAction[] = []
  for (const { name, entities: own, actions: declaredActions } of namespaces) {
    for (const [entity, type] of own) entities.set(full(name, entity), fieldsOf(type, name, names))
    for (const { id, groups, applies } of declaredActions)
      actions.push({
        uid: uidText(full(name, 'Action'), id),
        groups: groups.map(group => uidText(group.type ?? full(name, 'Action'), group.id)),
        principals: (applies?.principals ?? []).map(type => entityNamed(type, name, names, 0)),
        resources: (applies?.resources ?? []).map(type => entityNamed(type, name, names, 0)),
        context: fieldsOf(applies?.context ?? null, name, names),
        applies: applies !== null,
      })
  }
  return { entities, actions }
}

interface Names {
  readonly types: ReadonlyMap<string, { readonly type: NamedType; readonly namespace: string }>
  readonly entities: ReadonlySet<string>
}

const mostDepth = 60

function fieldsOf(type: NamedType | null, namespace: string, names: Names): CedarFields {
  if (type === null) return new Map()
  const found = typeOf(type, namespace, names, 0)
  if (found.kind !== 'record') throw new CedarError('attributes and contexts are records', 'at' in type ? type.at : 0)
  return found.fields
}

function typeOf(type: NamedType, namespace: string, names: Names, depth: number): CedarType {
  if (depth > mostDepth) throw new CedarError('types of the schema are nested too deeply, or in a circle', 0)
  switch (type.kind) {
    case 'set':
      return { kind: 'set', element: typeOf(type.element, namespace, names, depth + 1) }
    case 'record': {
      const fields = new Map<string, CedarField>()
      for (const { name, type: own, required } of type.fields)
        fields.set(name, { type: typeOf(own, namespace, names, depth + 1), required })
      return { kind: 'record', fields }
    }
    case 'entity':
      return { kind: 'entity', types: [entityNamed(type.name, namespace, names, type.at)] }
    case 'name': {
      for (const name of candidates(type.name, namespace)) {
        const common = names.types.get(name)
        if (common) return typeOf(common.type, common.namespace, names, depth + 1)
        if (names.entities.has(name)) return { kind: 'entity', types: [name] }
      }
      const basic = basics.get(type.name.replace(/^__cedar::/, ''))
      if (basic === undefined) throw new CedarError(`the schema does not declare ${type.name}`, type.at)
      return { kind: basic }
    }
  }
}

function entityNamed(name: string, namespace: string, { entities }: Names, at: number): string {
  const found = candidates(name, namespace).find(one => entities.has(one))
  if (found === undefined) throw new CedarError(`the schema does not declare the entity type ${name}`, at)
  return found
}

function candidates(name: string, namespace: string): readonly string[] {
  return namespace === '' ? [name] : [full(namespace, name), name]
}

function full(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}::${name}`
}

type Basic = Exclude<CedarType['kind'], 'set' | 'record' | 'entity'>
const basics: ReadonlyMap<string, Basic> = new Map([
  ['Long', 'long'],
  ['String', 'string'],
  ['Bool', 'boolean'],
  ['Boolean', 'boolean'],
  ['ipaddr', 'ipaddr'],
  ['decimal', 'decimal'],
  ['datetime', 'datetime'],
  ['duration', 'duration'],
] as const)
