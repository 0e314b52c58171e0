/** Reads documents of the Open Data Contract Standard, v3.0 and v3.1, as contracts: one for each object of their schema. */
import { isIdentifier } from '../draft/names.ts'
import { contractsText, type ImportedContracts, stemOf } from './contract-text.ts'
import { isUnreadable, readDocuments, type Unreadable } from './document.ts'
import {
  documentSchema,
  itemSchema,
  type OdcsCustomProperties,
  type OdcsDocument,
  type OdcsProperty,
  type OdcsQuality,
  own,
  ownEngine,
  propertySchema,
} from './odcs-document.ts'
import { type Bound, Losses, type ReadContract, type ReadField, type Shape } from './shape.ts'

/** `name` is how messages call the text. Every difference between document and contract is a loss. */
export function importOdcs(text: string, name: string): ImportedContracts | Unreadable {
  const read = readDocuments(text)
  if (isUnreadable(read)) return read
  const losses = new Losses()
  const contracts: ReadContract[] = []
  let module: string | null = null
  for (const [place, value] of read.documents.entries()) {
    const parsed = documentSchema.safeParse(value)
    const where = read.documents.length === 1 ? '' : `document ${place + 1}: `
    if (!parsed.success) return { unreadable: `${where}${issueText(parsed.error.issues)}` }
    if (!/^v3\.[01]\./.test(parsed.data.apiVersion))
      return {
        unreadable: `${where}apiVersion is ${parsed.data.apiVersion.slice(0, 40)}, and v3.0 and v3.1 can be read`,
      }
    module ??= textOf(customOf(parsed.data.customProperties, own.module)) ?? textOf(parsed.data.name)
    contracts.push(...new Importer(losses).document(parsed.data, read.documents.length === 1 ? '' : `[${place}].`))
  }
  if (contracts.length === 0) return { unreadable: 'it has no schema, so there is nothing to make contracts of' }
  return contractsText(module ?? stemOf(name), `Imported from ${name}, Open Data Contract Standard.`, contracts, losses)
}

class Importer {
  readonly #losses: Losses

  constructor(losses: Losses) {
    this.#losses = losses
  }

  document(document: OdcsDocument, at: string): readonly ReadContract[] {
    const understood = [
      'apiVersion',
      'kind',
      'id',
      'version',
      'status',
      'name',
      'description',
      'team',
      'schema',
      'slaProperties',
      'customProperties',
    ]
    this.#losses.unread(document, at.replace(/\.$/, ''), understood)
    if (document.description) this.#losses.unread(document.description, `${at}description`, ['purpose'])
    this.#customs(document.customProperties, at, [own.module, own.compatibility])
    const terms = this.#terms(document, at)
    const shared = {
      version: this.#version(String(document.version), `${at}version`),
      owner: this.#owner(document, at),
      compatibility: this.#compatibility(document, at),
    }
    return (document.schema ?? []).map((object, place): ReadContract => {
      const path = `${at}schema[${place}]`
      this.#losses.unread(object, path, [
        'name',
        'description',
        'properties',
        'quality',
        'customProperties',
        'logicalType',
      ])
      this.#customs(object.customProperties, `${path}.`, [])
      const fields = this.#properties(object.properties ?? [], `${path}.properties`, 0)
      const items = (object.quality ?? []).flatMap((rule, index) => this.#rule(rule, `${path}.quality[${index}]`))
      const purpose = document.schema?.length === 1 ? document.description?.purpose : null
      return {
        name: object.name,
        ...shared,
        documentation: object.description ?? purpose ?? null,
        fields,
        items: [...items, ...terms],
      }
    })
  }

  #version(text: string, path: string): string | null {
    const match = /^v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?$/.exec(text.trim())
    if (match === null) {
      this.#losses.add(path, `is ${text.slice(0, 40)}, which is no number of three parts`)
      return null
    }
    return [match[1], match[2] ?? '0', match[3] ?? '0'].map(part => String(Number(part))).join('.')
  }

  #owner({ team }: OdcsDocument, at: string): string | null {
    if (Array.isArray(team)) {
      this.#losses.add(`${at}team`, 'is a list of people; a contract has one owner')
      return null
    }
    if (team) this.#losses.unread(team, `${at}team`, ['name'])
    return team?.name ?? null
  }

  #compatibility({ customProperties }: OdcsDocument, at: string): string | null {
    const text = textOf(customOf(customProperties, own.compatibility))
    if (text === null || /^(?:none|(?:backward|forward|full)(?: transitive)?)$/.test(text)) return text
    this.#losses.add(`${at}customProperties`, `${own.compatibility} is no compatibility`)
    return null
  }

  #terms({ slaProperties }: OdcsDocument, at: string): ReadContract['items'] {
    const known: Readonly<Record<string, string>> = {
      latency: 'freshness',
      ly: 'freshness',
      freshness: 'freshness',
      retention: 'retention',
      re: 'retention',
    }
    return (slaProperties ?? []).flatMap((sla, place) => {
      const path = `${at}slaProperties[${place}]`
      const term = known[sla.property.toLowerCase()]
      const duration = term === undefined ? null : durationText(sla.value ?? null, sla.unit ?? '')
      if (duration === null || sla.element) {
        this.#losses.add(path, `${sla.property.slice(0, 60)} has no equivalent in a contract`)
        return []
      }
      this.#losses.unread(sla, path, ['property', 'value', 'unit', 'id'])
      return [{ text: `${term} ${duration}`, path }]
    })
  }

  #properties(properties: readonly unknown[], path: string, depth: number): readonly ReadField[] {
    return properties.flatMap((value, place) => {
      const at = `${path}[${place}]`
      const parsed = propertySchema.safeParse(value)
      if (parsed.success) return [this.#field(parsed.data, parsed.data.name, at, depth)]
      this.#losses.add(at, `is no property: ${issueText(parsed.error.issues)}`)
      return []
    })
  }

  #field(property: OdcsProperty, name: string, path: string, depth: number): ReadField {
    const understood = [
      'name',
      'logicalType',
      'logicalTypeOptions',
      'required',
      'primaryKey',
      'primaryKeyPosition',
      'classification',
      'description',
      'quality',
      'customProperties',
      'items',
      'properties',
    ]
    this.#losses.unread(property, path, understood)
    this.#customs(property.customProperties, `${path}.`, [own.type, own.marks, own.classes])
    const isKey = property.primaryKey === true
    if (isKey && property.required !== true) this.#losses.add(path, 'is made required, because it is a key')
    const modifiers = [...(isKey ? ['key'] : []), ...this.#marks(property, path), ...this.#classes(property, path)]
    return {
      name,
      path,
      required: property.required === true || isKey,
      documentation: property.description ?? null,
      modifiers,
      typeText: textOf(customOf(property.customProperties, own.type)),
      shape: this.#shape(property, path, depth),
    }
  }

  #marks({ customProperties }: OdcsProperty, path: string): readonly string[] {
    const marks = textsOf(customOf(customProperties, own.marks))
    const known = marks.filter(mark => mark === 'time' || mark === 'requester')
    if (known.length < marks.length) this.#losses.add(path, `${own.marks} has words that are no marks`)
    return known
  }

  /** `public` is no class: nothing has to be protected. */
  #classes({ classification, customProperties }: OdcsProperty, path: string): readonly string[] {
    const given = textsOf(customOf(customProperties, own.classes))
    const isClass = (text: string): boolean => {
      const [, word = '', argument] = /^([A-Za-z_]\w*)(?:\(([A-Za-z_]\w*)\))?$/.exec(text) ?? []
      return (
        isIdentifier(word) &&
        !['key', 'time', 'requester'].includes(word) &&
        (argument === undefined || isIdentifier(argument))
      )
    }
    if (given.length > 0 && given.every(isClass)) return [...new Set(given)]
    const text = (classification ?? '')
      .trim()
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
    if (text === '' || text === 'public') return []
    if (isClass(text)) return [text]
    this.#losses.add(path, `classification ${(classification ?? '').slice(0, 40)} is no word`)
    return []
  }

  #shape(property: OdcsProperty, path: string, depth: number): Shape {
    const options = new Options(property.logicalTypeOptions ?? {}, `${path}.logicalTypeOptions`, this.#losses)
    const rules = (property.quality ?? []).flatMap((rule, place) => this.#values(rule, `${path}.quality[${place}]`))
    const shape = this.#typed(property, options, rules[0] ?? null, path, depth)
    options.finish()
    return shape
  }

  #typed(
    property: OdcsProperty,
    options: Options,
    values: readonly string[] | null,
    path: string,
    depth: number,
  ): Shape {
    const type = property.logicalType ?? (property.properties ? 'object' : property.items ? 'array' : null)
    switch (type) {
      case 'string':
        return {
          kind: 'string',
          values,
          pattern: options.text('pattern'),
          least: options.count('minLength'),
          most: options.count('maxLength'),
        }
      case 'integer':
      case 'number':
        return {
          kind: type,
          low: options.bound('minimum', 'exclusiveMinimum'),
          high: options.bound('maximum', 'exclusiveMaximum'),
          multipleOf: options.number('multipleOf'),
        }
      case 'boolean':
        return { kind: 'boolean' }
      case 'date':
        this.#losses.add(path, 'is a day; here it is a Time, at the beginning of the day in UTC')
        return { kind: 'time' }
      case 'timestamp':
        return { kind: 'time' }
      case 'array':
        return {
          kind: 'list',
          element: this.#element(property, path, depth),
          least: options.count('minItems'),
          most: options.count('maxItems'),
        }
      case 'object':
        return { kind: 'record', fields: this.#inner(property, path, depth) }
      case null:
        this.#losses.add(path, 'has no logicalType; here it is a String')
        break
      default:
        this.#losses.add(path, `has the logicalType ${type.slice(0, 40)}; here it is a String`)
    }
    return { kind: 'string', values, pattern: null, least: null, most: null }
  }

  #inner(property: OdcsProperty, path: string, depth: number): readonly ReadField[] {
    return this.#properties(property.properties ?? [], `${path}.properties`, depth + 1)
  }

  #element(property: OdcsProperty, path: string, depth: number): Shape {
    const parsed = itemSchema.safeParse(property.items ?? {})
    if (parsed.success && property.items) return this.#shape(parsed.data, `${path}.items`, depth + 1)
    this.#losses.add(`${path}.items`, 'does not say what the elements are; here they are Strings')
    return { kind: 'string', values: null, pattern: null, least: null, most: null }
  }

  /** The values that a library rule allows; any other rule is an item or a loss. */
  #values(rule: OdcsQuality, path: string): readonly (readonly string[])[] {
    const valid = rule.arguments?.validValues
    const isOfValues = rule.metric === 'invalidValues' && rule.mustBe === 0 && Array.isArray(valid)
    if (isOfValues && valid.length > 0 && valid.every(value => typeof value === 'string')) return [valid]
    this.#losses.add(path, 'is a quality rule without an equivalent')
    return []
  }

  #rule(rule: OdcsQuality, path: string): ReadContract['items'] {
    const { implementation } = rule
    if (rule.type === 'custom' && rule.engine === ownEngine && typeof implementation === 'string') {
      if (/^(?:check|quality)\s/.test(implementation) && implementation.length < 10_000)
        return [{ text: implementation.replace(/[\n\r]+/g, ' '), path }]
    }
    this.#losses.add(path, 'is a quality rule without an equivalent')
    return []
  }

  #customs(customs: OdcsCustomProperties, at: string, understood: readonly string[]): void {
    for (const { property } of customs ?? [])
      if (!understood.includes(property))
        this.#losses.add(`${at}customProperties.${property.slice(0, 60)}`, 'has no equivalent in a contract')
  }
}

/** Options of a logical type; those that nobody asked for are losses. */
class Options {
  readonly #options: Readonly<Record<string, unknown>>
  readonly #path: string
  readonly #losses: Losses
  readonly #read: string[] = []

  constructor(options: Readonly<Record<string, unknown>>, path: string, losses: Losses) {
    this.#options = options
    this.#path = path
    this.#losses = losses
  }

  number(name: string): number | null {
    const value = this.#options[name]
    if (typeof value !== 'number' || !Number.isFinite(value)) return null
    this.#read.push(name)
    return value
  }
  count(name: string): number | null {
    const value = this.number(name)
    return value !== null && Number.isSafeInteger(value) && value >= 0 ? value : null
  }
  text(name: string): string | null {
    const value = this.#options[name]
    if (typeof value !== 'string') return null
    this.#read.push(name)
    return value
  }
  /** `exclusive…` is a number of its own, as in JSON Schema, or in v3.0 a switch for the other. */
  bound(inclusive: string, exclusive: string): Bound | null {
    const value = this.number(inclusive)
    const outer = this.number(exclusive)
    const isSwitched = this.#options[exclusive] === true
    if (isSwitched) this.#read.push(exclusive)
    if (outer !== null) return { value: outer, exclusive: true }
    return value === null ? null : { value, exclusive: isSwitched }
  }
  finish(): void {
    this.#losses.unread(this.#options, this.#path, this.#read)
  }
}

/** `5`, `minutes` gives `5m`; null: it is none, or not in whole milliseconds. */
function durationText(value: string | number | boolean | null, unit: string): string | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  const letter = units[unit.toLowerCase()]
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0 || letter === undefined) return null
  return `${number}${letter}`
}
const units: Readonly<Record<string, string>> = {
  ms: 'ms',
  s: 's',
  sec: 's',
  second: 's',
  seconds: 's',
  min: 'm',
  minute: 'm',
  minutes: 'm',
  h: 'h',
  hr: 'h',
  hour: 'h',
  hours: 'h',
  d: 'd',
  day: 'd',
  days: 'd',
  w: 'w',
  week: 'w',
  weeks: 'w',
}

function customOf(customs: OdcsCustomProperties, name: string): unknown {
  return customs?.find(({ property }) => property === name)?.value
}
function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
}

/** `schema.0.name: …`, of the first issue. */
function issueText(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string {
  const [issue] = issues
  if (issue === undefined) return 'it has another form'
  const path = issue.path.map(String).join('.')
  return `${path === '' ? 'the document' : path}: ${issue.message.slice(0, 200)}`
}
