/**
 * Reads a JSON Schema (2020-12, 2019-09, draft-07) as contracts: the root where it describes objects, else each object among its
 * definitions. Only references inside the document are followed; nothing is fetched. What schemas can say and contracts cannot
 * (alternatives, conditions, closed records) is a loss.
 */
import { contractName } from '../draft/names.ts'
import { contractsText, type ImportedContracts, stemOf } from './contract-text.ts'
import { isUnreadable, readDocuments, type Unreadable } from './document.ts'
import { type Bound, Losses, type ReadContract, type ReadField, type Shape } from './shape.ts'

/** `name` is how messages call the text, and what a schema without title is called by. */
export function importJsonSchema(text: string, name: string): ImportedContracts | Unreadable {
  const read = readDocuments(text)
  if (isUnreadable(read)) return read
  const [root, more] = read.documents
  if (!isObject(root) || more !== undefined) return { unreadable: 'it is no JSON Schema: one object is expected' }
  const draft = draftOf(root.$schema)
  if (draft === null)
    return {
      unreadable: `its $schema is ${String(root.$schema).slice(0, 80)}; 2020-12, 2019-09 and draft-07 can be read`,
    }
  const losses = new Losses()
  const reader = new Reader(root, losses)
  const stem = stemOf(name)
  const found = reader.contracts(typeof root.title === 'string' && root.title.trim() !== '' ? root.title : stem)
  if (found.length === 0) return { unreadable: 'neither the schema nor one of its definitions describes an object' }
  return contractsText(stem, `Imported from ${name}, JSON Schema ${draft}.`, found, losses)
}

type Schema = Readonly<Record<string, unknown>>

/** A schema that references were followed to, and where it stands. */
interface Place {
  readonly schema: Schema
  readonly path: string
  /** References on the way, so that circles are seen. */
  readonly through: readonly string[]
}

function draftOf(text: unknown): string | null {
  if (text === undefined) return '2020-12'
  const known = /^https?:\/\/json-schema\.org\/(?:draft\/(2020-12|2019-09)|(draft-07))\/schema#?$/.exec(String(text))
  return known?.[1] ?? known?.[2] ?? null
}

const mostDepth = 30
/** References can make a small document describe more than anybody could read. */
const mostSteps = 20_000

class Reader {
  readonly #root: Schema
  readonly #losses: Losses
  #steps = 0

  constructor(root: Schema, losses: Losses) {
    this.#root = root
    this.#losses = losses
  }

  contracts(name: string): readonly ReadContract[] {
    const whole = this.#followed({ schema: this.#root, path: '#', through: [] })
    if (whole !== null && describesObject(whole.schema)) return [this.#contract(name, whole)]
    return ['$defs', 'definitions'].flatMap(group => {
      const definitions = this.#root[group]
      if (!isObject(definitions)) return []
      return Object.entries(definitions).flatMap(([key, schema]) => {
        const place = isObject(schema)
          ? this.#followed({ schema, path: `#/${group}/${escaped(key)}`, through: [] })
          : null
        return place !== null && describesObject(place.schema) ? [this.#contract(key, place)] : []
      })
    })
  }

  #contract(name: string, place: Place): ReadContract {
    const description = place.schema.description
    return {
      name: contractName(name),
      version: null,
      documentation: typeof description === 'string' ? description : null,
      owner: null,
      compatibility: null,
      fields: this.#fields(place, 0),
      items: [],
    }
  }

  #fields(place: Place, depth: number): readonly ReadField[] {
    const { schema, path, through } = place
    this.#losses.unread(schema, `${path}/`, [...ofAnything, 'properties', 'required'])
    const required = Array.isArray(schema.required) ? schema.required : []
    const properties = isObject(schema.properties) ? schema.properties : {}
    return Object.entries(properties).flatMap(([name, value]) => {
      const at = `${path}/properties/${escaped(name)}`
      if (value === false) return []
      const given = isObject(value) ? value : {}
      const inner = this.#followed({ schema: given, path: at, through })
      if (inner === null) return []
      const { rest, isNullable } = withoutNull(inner.schema)
      const typed = this.#followed({ ...inner, schema: rest })
      if (typed === null) return []
      const description = given.description ?? typed.schema.description
      return [
        {
          name,
          path: at,
          required: required.includes(name) && !isNullable,
          documentation: typeof description === 'string' ? description : null,
          modifiers: [],
          typeText: null,
          shape: this.#shape(typed, depth + 1),
        },
      ]
    })
  }

  #shape(place: Place, depth: number): Shape {
    const { schema, path } = place
    const text: Shape = { kind: 'string', values: null, pattern: null, least: null, most: null }
    if (depth > mostDepth) {
      this.#losses.add(path, `is nested more than ${mostDepth} levels deep; here it is a String`)
      return text
    }
    const type = this.#typeOf(schema, path)
    switch (type) {
      case 'string':
        return this.#string(schema, path)
      case 'integer':
      case 'number':
        this.#losses.unread(schema, `${path}/`, [...ofAnything, ...ofNumbers])
        return {
          kind: type,
          low: bound(schema, 'minimum', 'exclusiveMinimum', Math.max),
          high: bound(schema, 'maximum', 'exclusiveMaximum', Math.min),
          multipleOf: numberIn(schema, 'multipleOf'),
        }
      case 'boolean':
        this.#losses.unread(schema, `${path}/`, ofAnything)
        return { kind: 'boolean' }
      case 'array': {
        this.#losses.unread(schema, `${path}/`, [...ofAnything, 'items', 'minItems', 'maxItems'])
        return {
          kind: 'list',
          element: this.#element(place, depth),
          least: countIn(schema, 'minItems'),
          most: countIn(schema, 'maxItems'),
        }
      }
      case 'object':
        return { kind: 'record', fields: this.#fields(place, depth) }
      default:
        this.#losses.add(
          path,
          `${type === null ? 'does not say its type' : `is of the type ${type}`}; here it is a String`,
        )
        this.#losses.unread(schema, `${path}/`, ofAnything)
        return text
    }
  }

  #element(place: Place, depth: number): Shape {
    const { items } = place.schema
    const at = `${place.path}/items`
    const given = isObject(items) ? this.#followed({ schema: items, path: at, through: place.through }) : null
    if (given === null) {
      this.#losses.add(at, 'does not say what the elements are; here they are Strings')
      return { kind: 'string', values: null, pattern: null, least: null, most: null }
    }
    const { rest, isNullable } = withoutNull(given.schema)
    if (isNullable) this.#losses.add(at, 'elements may be null, which is left out')
    const typed = this.#followed({ ...given, schema: rest })
    return typed === null
      ? { kind: 'string', values: null, pattern: null, least: null, most: null }
      : this.#shape(typed, depth + 1)
  }

  #string(schema: Schema, path: string): Shape {
    if (schema.format === 'date-time') {
      this.#losses.unread(schema, `${path}/`, [...ofAnything, 'format'])
      return { kind: 'time' }
    }
    this.#losses.unread(schema, `${path}/`, [...ofAnything, 'enum', 'const', 'pattern', 'minLength', 'maxLength'])
    const listed = Array.isArray(schema.enum) ? schema.enum : 'const' in schema ? [schema.const] : null
    const values = listed?.filter(value => typeof value === 'string') ?? null
    const pattern = typeof schema.pattern === 'string' ? schema.pattern : null
    return { kind: 'string', values, pattern, least: countIn(schema, 'minLength'), most: countIn(schema, 'maxLength') }
  }

  /** The one type, said or told by what is listed; null: it cannot be told. */
  #typeOf(schema: Schema, path: string): string | null {
    const { type } = schema
    if (typeof type === 'string') {
      const listed = Array.isArray(schema.enum) && type !== 'string'
      if (listed) this.#losses.add(`${path}/enum`, 'only texts can be listed')
      return type
    }
    if (Array.isArray(type)) {
      if (type.length === 1 && typeof type[0] === 'string') return type[0]
      if (type.length === 2 && type.includes('integer') && type.includes('number')) return 'number'
      return null
    }
    if (Array.isArray(schema.enum) && schema.enum.every(value => typeof value === 'string')) return 'string'
    if (typeof schema.const === 'string') return 'string'
    if (isObject(schema.properties)) return 'object'
    return 'items' in schema ? 'array' : null
  }

  /** Follows references, and joins what stands beside them and in `allOf`. Null: it leads nowhere, or in a circle. */
  #followed(place: Place): Place | null {
    let { schema, path, through } = place
    if (++this.#steps > mostSteps) {
      this.#losses.add('#', 'describes too much; the rest is left out', true)
      return null
    }
    for (let steps = 0; typeof schema.$ref === 'string'; steps++) {
      const reference = schema.$ref
      const target = through.includes(reference) || steps > mostDepth ? 'circle' : this.#at(reference)
      if (target === 'circle' || target === null) {
        const why =
          target === 'circle'
            ? 'refers to itself, and types are finite here'
            : `refers to ${reference.slice(0, 80)}, which is not in the document`
        this.#losses.add(path, `${why}; it is left out`)
        return null
      }
      const { $ref: _, ...beside } = schema
      schema = { ...target, ...beside }
      through = [...through, reference]
    }
    if (!Array.isArray(schema.allOf)) return { schema, path, through }
    const { allOf, ...own } = schema
    let joined: Schema = own
    for (const [index, part] of allOf.entries()) {
      if (!isObject(part) || through.length > mostDepth) continue
      const inner = this.#followed({
        schema: part,
        path: `${path}/allOf/${index}`,
        through: [...through, `${path}/allOf`],
      })
      if (inner !== null) joined = this.#joined(joined, inner.schema, path)
    }
    return { schema: joined, path, through }
  }

  #joined(a: Schema, b: Schema, path: string): Schema {
    const properties = {
      ...(isObject(a.properties) ? a.properties : {}),
      ...(isObject(b.properties) ? b.properties : {}),
    }
    const required = [
      ...(Array.isArray(a.required) ? a.required : []),
      ...(Array.isArray(b.required) ? b.required : []),
    ]
    for (const name of Object.keys(b))
      if (name in a && !['properties', 'required', 'type', 'title', 'description', '$comment'].includes(name))
        this.#losses.add(`${path}/allOf`, `says ${name} more than once; one of them counts here`)
    return {
      ...b,
      ...a,
      ...(Object.keys(properties).length > 0 ? { properties } : {}),
      ...(required.length > 0 ? { required } : {}),
    }
  }

  #at(reference: string): Schema | null {
    if (!reference.startsWith('#')) return null
    let current: unknown = this.#root
    for (const part of reference.slice(1).split('/').slice(1)) {
      const name = decoded(part)
      if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) return null
      current = (current as Schema)[name]
    }
    return isObject(current) ? current : null
  }
}

/** What any schema may say without a difference for the contract. */
const ofAnything = [
  '$schema',
  '$id',
  '$ref',
  '$defs',
  'definitions',
  '$comment',
  '$anchor',
  'title',
  'description',
  'type',
  'examples',
]
const ofNumbers = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'enum']

function describesObject(schema: Schema): boolean {
  return isObject(schema.properties) && (schema.type === undefined || schema.type === 'object')
}

/** `type: [T, null]`, `anyOf` or `oneOf` of T and null, `nullable`: T, which may be absent here. */
function withoutNull(schema: Schema): { readonly rest: Schema; readonly isNullable: boolean } {
  if (Array.isArray(schema.type) && schema.type.includes('null')) {
    const type = schema.type.filter(one => one !== 'null')
    return { rest: { ...schema, type: type.length === 1 ? type[0] : type }, isNullable: true }
  }
  for (const word of ['anyOf', 'oneOf']) {
    const options = schema[word]
    if (!Array.isArray(options) || options.length !== 2) continue
    const others = options.filter(option => !(isObject(option) && option.type === 'null'))
    const [only] = others
    if (others.length !== 1 || !isObject(only)) continue
    const { [word]: _, ...own } = schema
    return { rest: { ...only, ...own }, isNullable: true }
  }
  if (Array.isArray(schema.enum) && schema.enum.includes(null))
    return { rest: { ...schema, enum: schema.enum.filter(value => value !== null) }, isNullable: true }
  return { rest: schema, isNullable: false }
}

/** The tighter of the two bounds. */
function bound(
  schema: Schema,
  inclusive: string,
  exclusive: string,
  tighter: (a: number, b: number) => number,
): Bound | null {
  const [own, outer] = [numberIn(schema, inclusive), numberIn(schema, exclusive)]
  if (own === null && outer === null) return null
  if (own === null || outer === null) return { value: own ?? outer ?? 0, exclusive: own === null }
  return { value: tighter(own, outer), exclusive: tighter(own, outer) === outer }
}
function numberIn(schema: Schema, name: string): number | null {
  const value = schema[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
function countIn(schema: Schema, name: string): number | null {
  const value = numberIn(schema, name)
  return value !== null && Number.isSafeInteger(value) && value >= 0 ? value : null
}
function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
function decoded(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    // A percent sign that begins no escape is told by throwing; then it stands for itself.
    return part.replaceAll('~1', '/').replaceAll('~0', '~')
  }
}
