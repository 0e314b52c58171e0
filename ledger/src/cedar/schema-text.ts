/** A Cedar schema from its text (`entity`, `action`, `type`, `namespace`). Annotations and tags are read over. */
import type { CedarSchema } from './schema.ts'
import {
  type DeclaredAction,
  type DeclaredNamespace,
  type NamedField,
  type NamedType,
  resolved,
} from './schema-names.ts'
import { TokenReader } from './tokens.ts'

/** Throws a CedarError with the place of the mistake. */
export function parseSchemaText(text: string): CedarSchema {
  const read = new TokenReader(text)
  const outer = new Declarations('')
  const namespaces = [outer]
  while (read.token.kind !== 'end') {
    annotations(read)
    if (!read.takes('namespace')) {
      outer.declaration(read)
      continue
    }
    const inner = new Declarations(read.path())
    namespaces.push(inner)
    read.expect('{')
    while (!read.takes('}')) {
      annotations(read)
      inner.declaration(read)
    }
  }
  return resolved(namespaces)
}

class Declarations implements DeclaredNamespace {
  readonly name: string
  readonly types = new Map<string, NamedType>()
  readonly entities = new Map<string, NamedType | null>()
  readonly actions: DeclaredAction[] = []

  constructor(name: string) {
    this.name = name
  }

  declaration(read: TokenReader): void {
    if (read.takes('type')) {
      const name = read.name()
      read.expect('=')
      this.types.set(name, typeOf(read, 0))
    } else if (read.takes('entity')) this.#entity(read)
    else if (read.takes('action')) this.#action(read)
    else throw read.error('"entity", "action", "type" or "namespace" is expected')
    read.expect(';')
  }

  #entity(read: TokenReader): void {
    const names = separated(read, () => read.name())
    let type: NamedType | null = null
    if (read.takes('enum')) listed(read, () => read.string())
    else {
      if (read.takes('in')) oneOrMore(read, () => read.path())
      read.takes('=')
      if (read.sees('{')) type = typeOf(read, 0)
      if (read.takes('tags')) typeOf(read, 0)
    }
    for (const name of names) this.entities.set(name, type)
  }

  #action(read: TokenReader): void {
    const ids = separated(read, () => nameOrString(read))
    const groups = read.takes('in') ? oneOrMore(read, () => groupOf(read)) : []
    const applies = read.takes('appliesTo') ? appliesTo(read) : null
    for (const id of ids) this.actions.push({ id, groups, applies })
  }
}

function appliesTo(read: TokenReader): NonNullable<DeclaredAction['applies']> {
  read.expect('{')
  let [principals, resources]: (readonly string[])[] = [[], []]
  let context: NamedType | null = null
  while (!read.takes('}')) {
    const part = read.name()
    read.expect(':')
    if (part === 'principal') principals = oneOrMore(read, () => read.path())
    else if (part === 'resource') resources = oneOrMore(read, () => read.path())
    else if (part === 'context') context = typeOf(read, 0)
    else throw read.error('"principal", "resource" or "context" is expected')
    if (!read.sees('}')) read.expect(',')
  }
  return { principals: principals ?? [], resources: resources ?? [], context }
}

const mostDepth = 60

function typeOf(read: TokenReader, depth: number): NamedType {
  if (depth > mostDepth) throw read.error('types are nested too deeply')
  const { at } = read.token
  if (read.takes('{')) {
    const fields: NamedField[] = []
    while (!read.takes('}')) {
      annotations(read)
      const name = nameOrString(read)
      const required = !read.takes('?')
      read.expect(':')
      fields.push({ name, type: typeOf(read, depth + 1), required })
      if (!read.sees('}')) read.expect(',')
    }
    return { kind: 'record', fields }
  }
  const name = read.path()
  if (name !== 'Set' || !read.takes('<')) return { kind: 'name', name, at }
  const element = typeOf(read, depth + 1)
  read.expect('>')
  return { kind: 'set', element }
}

function annotations(read: TokenReader): void {
  while (read.takes('@')) {
    read.name()
    if (!read.takes('(')) continue
    read.string()
    read.expect(')')
  }
}

/** `view`, `"view"` or `Photo::Action::"view"`. */
function groupOf(read: TokenReader): { readonly type: string | null; readonly id: string } {
  if (read.token.kind === 'string') return { type: null, id: read.string() }
  const path = read.path()
  return read.takes('::') ? { type: path, id: read.string() } : { type: null, id: path }
}

function nameOrString(read: TokenReader): string {
  return read.token.kind === 'string' ? read.string() : read.name()
}

function separated<T>(read: TokenReader, item: () => T): readonly T[] {
  const items = [item()]
  while (read.takes(',')) items.push(item())
  return items
}
function oneOrMore<T>(read: TokenReader, item: () => T): readonly T[] {
  return read.sees('[') ? listed(read, item) : [item()]
}
function listed<T>(read: TokenReader, item: () => T): readonly T[] {
  read.expect('[')
  const items: T[] = []
  while (!read.takes(']')) {
    items.push(item())
    if (!read.sees(']')) read.expect(',')
  }
  return items
}
