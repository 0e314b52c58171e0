/**
 * Contracts as documents of the Open Data Contract Standard v3.1.0. What the standard has words for is said in them; what it has
 * none for stands in `customProperties` and in quality rules of the engine `writ`, which other readers pass over.
 */
import {
  type ContractVersion,
  decimalText,
  type FieldType,
  type Rational,
  type Refinement,
  rational,
  type Type,
} from '@writ/engine'
import type { ContractItem, FieldSyntax, TypeExpression } from '@writ/grammar'
import { stringify } from 'yaml'
import { own, ownEngine } from './odcs-document.ts'

/** One YAML document per contract, in their order. */
export function odcsText(contracts: readonly ContractVersion[]): string {
  return contracts.map(contract => stringify(odcsDocument(contract), { lineWidth: 0 })).join('---\n')
}

/** The document of one contract as plain data. */
export function odcsDocument(version: ContractVersion): object {
  const { contract, syntax } = version
  const owner = syntax.items.find(item => item.kind === 'owner')
  const mode = syntax.items.find(item => item.kind === 'compatibility')
  const sla = syntax.items.flatMap(item => slaOf(item))
  const rules = syntax.items.flatMap(item => ruleOf(version, item))
  const compatibility =
    mode?.kind === 'compatibility' ? `${mode.mode.text}${mode.transitive ? ' transitive' : ''}` : null
  return {
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: `${contract.module}.${contract.name}`,
    name: contract.name,
    version: contract.version,
    status: contract.version.startsWith('0.') ? 'draft' : 'active',
    ...(owner?.kind === 'owner' ? { team: { name: owner.owner } } : {}),
    schema: [
      {
        name: contract.name,
        logicalType: 'object',
        ...described(syntax.documentation),
        properties: contract.fields.map(field => fieldProperty(version, field)),
        ...(rules.length === 0 ? {} : { quality: rules }),
      },
    ],
    ...(sla.length === 0 ? {} : { slaProperties: sla }),
    customProperties: customs([
      [own.module, contract.module],
      [own.compatibility, compatibility],
    ]),
  }
}

function fieldProperty(version: ContractVersion, field: FieldType): object {
  const { keyFields, timeField, requesterField } = version.contract
  const syntax = version.syntax.fields.find(({ name }) => name.text === field.name)
  const position = keyFields.indexOf(field.name)
  const marks = [...(timeField === field.name ? ['time'] : []), ...(requesterField === field.name ? ['requester'] : [])]
  const key = position < 0 ? {} : { primaryKey: true, primaryKeyPosition: position + 1 }
  return property(field, syntax ?? null, key, marks)
}

function property(field: FieldType, syntax: FieldSyntax | null, key: object, marks: readonly string[]): object {
  const type = inner(field.type)
  const written = isNative(type) && isExact(type, field.refinement) ? null : typeText(field.type, field.refinement)
  const custom = customs([
    [own.type, written],
    [own.marks, marks.length === 0 ? null : marks],
    [own.classes, field.classes.length === 0 ? null : field.classes],
  ])
  return {
    name: field.name,
    ...key,
    ...shapeOf(type, field.refinement, syntax && innerFields(syntax.type)),
    ...(field.type.kind === 'optional' ? {} : { required: true }),
    ...(field.classes[0] === undefined ? {} : { classification: field.classes[0] }),
    ...described(syntax?.documentation ?? null),
    ...(custom.length === 0 ? {} : { customProperties: custom }),
  }
}

/** `fields`: those of a record as they are written, for their documentation. */
function shapeOf(type: Type, refinement: Refinement | null, fields: readonly FieldSyntax[] | null): object {
  switch (type.kind) {
    case 'bool':
      return { logicalType: 'boolean' }
    case 'string': {
      const pattern = refinement?.pattern ?? null
      return {
        logicalType: 'string',
        ...(pattern === null ? {} : { logicalTypeOptions: { pattern: `^(?:${pattern})$` } }),
      }
    }
    case 'version':
      return { logicalType: 'string', logicalTypeOptions: { pattern: '^\\d+\\.\\d+\\.\\d+$' } }
    case 'duration':
      return { logicalType: 'string' }
    case 'int':
      return { logicalType: 'integer', ...rangeOf(refinement) }
    case 'decimal':
      return { logicalType: 'number', ...rangeOf(refinement) }
    case 'percent':
      return { logicalType: 'number' }
    case 'time':
      return { logicalType: 'timestamp' }
    case 'money': {
      const currency = { name: 'currency', logicalType: 'string', required: true }
      const only = type.currency === null ? {} : { quality: [validValues([type.currency])] }
      const amount = { name: 'amount', logicalType: 'number', required: true }
      return { logicalType: 'object', properties: [amount, { ...currency, ...only }] }
    }
    case 'enum':
      return { logicalType: 'string', quality: [validValues(type.members)] }
    case 'list':
      return { logicalType: 'array', items: { ...shapeOf(inner(type.element), null, fields) } }
    case 'record': {
      const properties = type.fields.map(field => {
        const syntax = fields?.find(({ name }) => name.text === field.name) ?? null
        return property(field, syntax, {}, [])
      })
      return { logicalType: 'object', properties }
    }
    case 'optional':
      return shapeOf(type.inner, refinement, fields)
    case 'error':
      throw new Error('a checked contract has no type that could not be worked out')
  }
}

function validValues(values: readonly string[]): object {
  return {
    type: 'library',
    metric: 'invalidValues',
    arguments: { validValues: values },
    mustBe: 0,
    dimension: 'conformity',
  }
}

/** Bounds of times, and those that a double does not hold exactly, are not said in the standard's own words. */
function isExact(type: Type, refinement: Refinement | null): boolean {
  const range = refinement?.range
  if (!range) return true
  return (
    type.kind !== 'time' &&
    [range.low, range.high].every(bound => String(Number(decimalText(bound))) === decimalText(bound))
  )
}

function rangeOf(refinement: Refinement | null): object {
  const range = refinement?.range
  if (!range) return {}
  const [minimum, maximum] = [Number(decimalText(range.low)), Number(decimalText(range.high))]
  return { logicalTypeOptions: { minimum, maximum } }
}

/** Whether the standard says the type as a whole; else the type is written down in the language, too. */
function isNative(type: Type): boolean {
  switch (type.kind) {
    case 'percent':
    case 'duration':
    case 'money':
    case 'version':
      return false
    case 'list':
      return type.element.kind !== 'optional' && isNative(type.element)
    case 'record':
    case 'bool':
    case 'string':
    case 'int':
    case 'decimal':
    case 'time':
    case 'enum':
    case 'optional':
    case 'error':
      return true
  }
}

/** A type with nothing in it by name. */
function typeText(type: Type, refinement: Refinement | null): string {
  const single = inner(type)
  const range = refinement?.range
  const limit = range ? ` in ${boundText(single, range.low)} .. ${boundText(single, range.high)}` : ''
  const pattern = refinement?.pattern ?? null
  return `${plainType(type)}${limit}${pattern === null ? '' : ` matches ${patternText(pattern)}`}`
}
function plainType(type: Type): string {
  switch (type.kind) {
    case 'enum':
      return `enum { ${type.members.join(', ')} }`
    case 'record':
      return `{ ${type.fields.map(field => fieldText(field)).join(', ')} }`
    case 'list':
      return `List<${plainType(type.element)}>`
    case 'optional':
      return `${plainType(type.inner)}?`
    case 'money':
      return type.currency === null ? 'Money' : `Money<${type.currency}>`
    default:
      return `${type.kind.charAt(0).toUpperCase()}${type.kind.slice(1)}`
  }
}
function fieldText(field: FieldType): string {
  const classes = field.classes.map(name => ` ${name}`).join('')
  return `${field.name}: ${typeText(field.type, field.refinement)}${classes}`
}
function patternText(pattern: string): string {
  return `"${pattern.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r')}"`
}
function boundText(type: Type, bound: Rational): string {
  switch (type.kind) {
    case 'percent':
      return `${decimalText(rational(bound.n * 100n, bound.d))}%`
    case 'duration':
      return `${decimalText(bound)}ms`
    case 'time':
      return new Date(Number(decimalText(bound))).toISOString()
    case 'money':
      return type.currency === null ? decimalText(bound) : `${decimalText(bound)} ${type.currency}`
    default:
      return decimalText(bound)
  }
}

function slaOf(item: ContractItem): readonly object[] {
  if (item.kind !== 'freshness' && item.kind !== 'retention') return []
  const { duration } = item
  if (duration.kind !== 'literal' || duration.literal.kind !== 'duration') return []
  const { milliseconds } = duration.literal
  const [size, unit] = slaUnits.find(([length]) => milliseconds % length === 0) ?? [1, 'ms']
  return [{ property: item.kind === 'freshness' ? 'latency' : 'retention', value: milliseconds / size, unit }]
}
const slaUnits: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
]

function ruleOf({ text, start }: ContractVersion, item: ContractItem): readonly object[] {
  if (item.kind !== 'check' && item.kind !== 'quality') return []
  const implementation = text.slice(start + item.span.start, start + item.span.end).replace(/\s+/g, ' ')
  const isWarning = item.kind === 'quality' || item.otherwise === 'warn'
  const message = item.kind === 'check' ? described(item.message) : {}
  return [{ type: 'custom', engine: ownEngine, implementation, severity: isWarning ? 'warning' : 'error', ...message }]
}

function customs(pairs: readonly (readonly [string, unknown])[]): readonly object[] {
  return pairs.flatMap(([property, value]) => (value === null ? [] : [{ property, value }]))
}
function described(documentation: string | null): object {
  return documentation === null || documentation === '' ? {} : { description: documentation }
}
function inner(type: Type): Type {
  return type.kind === 'optional' ? inner(type.inner) : type
}
function innerFields(type: TypeExpression): readonly FieldSyntax[] | null {
  switch (type.kind) {
    case 'record-type':
      return type.fields
    case 'list-type':
      return innerFields(type.element)
    case 'optional-type':
      return innerFields(type.inner)
    case 'range-type':
    case 'pattern-type':
      return innerFields(type.base)
    case 'named-type':
    case 'enum':
    case 'missing-type':
      return null
  }
}
