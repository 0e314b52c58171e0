/**
 * What a Cedar schema says of entities and actions, as types: the form that its text (schema-text.ts) and its JSON (schema-json.ts)
 * are read into. Common types are followed, names of other namespaces too; nothing is fetched.
 */

export type CedarType =
  | { readonly kind: 'boolean' | 'long' | 'string' | 'decimal' | 'datetime' | 'duration' | 'ipaddr' }
  | { readonly kind: 'set'; readonly element: CedarType }
  | { readonly kind: 'record'; readonly fields: CedarFields }
  /** Names of the entity types that it may have. */
  | { readonly kind: 'entity'; readonly types: readonly string[] }

export type CedarFields = ReadonlyMap<string, CedarField>
export interface CedarField {
  readonly type: CedarType
  readonly required: boolean
}

export interface CedarAction {
  /** `Action::"view"`, with its namespace. */
  readonly uid: string
  /** Uids of the groups that it is in directly. */
  readonly groups: readonly string[]
  readonly principals: readonly string[]
  readonly resources: readonly string[]
  readonly context: CedarFields
  readonly applies: boolean
}

export interface CedarSchema {
  /** Attributes by the full name of the type. */
  readonly entities: ReadonlyMap<string, CedarFields>
  readonly actions: readonly CedarAction[]
}

/** `User::"ana"`, as Cedar writes it. */
export function uidText(type: string, id: string): string {
  return `${type}::${JSON.stringify(id)}`
}

/** The action itself and all actions that are in it, directly or by groups. */
export function actionsIn({ actions }: CedarSchema, uid: string): readonly string[] {
  const found = new Set([uid])
  for (let grown = true; grown; ) {
    grown = false
    for (const { uid: own, groups } of actions)
      if (!found.has(own) && groups.some(group => found.has(group))) {
        found.add(own)
        grown = true
      }
  }
  return [...found]
}

/** Attributes of several types together: required where all have it so. Null for a name that they type differently. */
export function fieldsOfAll(all: readonly CedarFields[]): ReadonlyMap<string, CedarField | null> {
  const found = new Map<string, CedarField | null>()
  for (const fields of all)
    for (const [name, { type }] of fields) {
      const known = found.get(name)
      const required = all.every(other => other.get(name)?.required === true)
      const joined = known === undefined ? type : known === null ? null : joinedType(known.type, type)
      found.set(name, joined && { type: joined, required })
    }
  return found
}

function joinedType(a: CedarType, b: CedarType): CedarType | null {
  if (a.kind === 'entity' && b.kind === 'entity')
    return { kind: 'entity', types: [...new Set([...a.types, ...b.types])] }
  if (a.kind === 'set' && b.kind === 'set') {
    const element = joinedType(a.element, b.element)
    return element && { kind: 'set', element }
  }
  if (a.kind === 'record' && b.kind === 'record') {
    const fields = new Map<string, CedarField>()
    for (const [name, field] of fieldsOfAll([a.fields, b.fields])) {
      if (field === null) return null
      fields.set(name, field)
    }
    return { kind: 'record', fields }
  }
  return a.kind === b.kind ? a : null
}
