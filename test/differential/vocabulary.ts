/**
 * What generated programs and logs speak of: fields with their types as text and as checked types, and small pools of values
 * that both draw from, so that literals meet recorded values and windows find more than one event.
 */
import type { FieldType, Type } from '@writ/engine'

/** A field as a contract may declare it. */
export interface FieldWords {
  readonly name: string
  /** The type as written, refinements included. */
  readonly text: string
  readonly type: Type
}

export const bool: Type = { kind: 'bool' }
export const string: Type = { kind: 'string' }
export const int: Type = { kind: 'int' }
export const decimal: Type = { kind: 'decimal' }
export const percent: Type = { kind: 'percent' }
export const duration: Type = { kind: 'duration' }
export const time: Type = { kind: 'time' }
export const version: Type = { kind: 'version' }
export const money: Type = { kind: 'money', currency: null }
export const dollars: Type = { kind: 'money', currency: 'USD' }
export const euros: Type = { kind: 'money', currency: 'EUR' }
export const channel: Type = { kind: 'enum', name: 'Channel', members: ['chat', 'email', 'phone'] }
export const item: Type = {
  kind: 'record',
  name: 'Item',
  fields: [field('sku', string), field('cost', dollars), field('pieces', optional(int))],
}
export const address: Type = {
  kind: 'record',
  name: 'Address',
  fields: [field('city', string), field('zip', optional(string))],
}
export const strings: Type = { kind: 'list', element: string }
export const ints: Type = { kind: 'list', element: int }
export const items: Type = { kind: 'list', element: item }

/** Declarations that every generated module begins with. */
export const typeDeclarations = `type Channel = enum { chat, email, phone }
type Item = { sku: String, cost: Money<USD>, pieces: Int? }
type Address = { city: String, zip: String? }
`

/** A name means the same type in every contract, so that contracts have fields in common. */
export const fieldPool: readonly FieldWords[] = [
  { name: 'customer', text: 'String', type: string },
  { name: 'agent', text: 'String?', type: optional(string) },
  { name: 'note', text: 'String?', type: optional(string) },
  { name: 'body', text: 'String', type: string },
  { name: 'code', text: 'String matches "[a-c]{0,3}"', type: string },
  { name: 'amount', text: 'Money', type: money },
  { name: 'price', text: 'Money<USD>', type: dollars },
  { name: 'fee', text: 'Money<EUR>?', type: optional(euros) },
  { name: 'tip', text: 'Money?', type: optional(money) },
  { name: 'ratio', text: 'Percent', type: percent },
  { name: 'discount', text: 'Percent? in 0% .. 100%', type: optional(percent) },
  { name: 'score', text: 'Decimal', type: decimal },
  { name: 'risk', text: 'Decimal? in 0 .. 1', type: optional(decimal) },
  { name: 'pieces', text: 'Int', type: int },
  { name: 'big', text: 'Int', type: int },
  { name: 'level', text: 'Int? in 0 .. 5', type: optional(int) },
  // Words of the language that may be names all the same.
  { name: 'count', text: 'Int', type: int },
  { name: 'rule', text: 'String', type: string },
  { name: 'took', text: 'Duration', type: duration },
  { name: 'pause', text: 'Duration?', type: optional(duration) },
  { name: 'due', text: 'Time', type: time },
  { name: 'seen', text: 'Time?', type: optional(time) },
  { name: 'release', text: 'Version', type: version },
  { name: 'patch', text: 'Version?', type: optional(version) },
  { name: 'channel', text: 'Channel', type: channel },
  { name: 'via', text: 'Channel?', type: optional(channel) },
  { name: 'urgent', text: 'Bool', type: bool },
  { name: 'checked', text: 'Bool?', type: optional(bool) },
  { name: 'tags', text: 'List<String>', type: strings },
  { name: 'labels', text: 'List<String>?', type: optional(strings) },
  { name: 'sizes', text: 'List<Int>', type: ints },
  { name: 'lines', text: 'List<Item>', type: items },
  { name: 'home', text: 'Address', type: address },
  { name: 'work', text: 'Address?', type: optional(address) },
]

/** Fields that identify whose history is meant. */
export const keyNames = ['customer', 'agent', 'note', 'rule', 'pieces', 'channel', 'amount', 'urgent', 'big', 'score']

export const stringPool = [
  'a',
  'b',
  'c',
  'ab',
  'abc',
  'ABC',
  '',
  ' a ',
  'x.exe',
  'Zoë',
  '😀b',
  'a*b',
  'http://a.b/c d',
  '"',
]
export const patternPool = ['[a-c]+', 'a|abc', '.*', '[^a]*', '(?i)abc', 'http://[a-z./]+']
export const globPool = ['*', 'a*', '*.exe', '?b*', 'a?c', '*b*c', 'a*b', '']
export const intPool = [
  '0',
  '1',
  '2',
  '3',
  '5',
  '10',
  '100',
  '-1',
  '9007199254740993',
  '-9007199254740993',
  '12345678901234567890',
]
export const decimalPool = [
  '0',
  '1',
  '0.5',
  '0.1',
  '0.3',
  '-0.5',
  '2.75',
  '100',
  '0.000001',
  '0.12345678901234567890',
  '9007199254740993.5',
]
export const percentPool = ['0', '5', '33.3', '50', '95', '100', '250']
export const amountPool = [
  '0',
  '1',
  '5.50',
  '10',
  '50',
  '99.99',
  '100',
  '0.001',
  '-3',
  '90071992547409.93',
  '9007199254740993',
]
export const currencyPool = ['USD', 'EUR', 'JPY']
export const durationPool = [0, 1, 250, 1_000, 30_000, 60_000, 600_000, 3_600_000, 5_400_000, 86_400_000]
export const versionPool = ['0.0.1', '1.0.0', '1.2.0', '1.10.0', '2.0.0', '10.0.0']
/** Lengths of windows; logs step by exactly these, so that events stand on the boundary. */
export const windowPool = ['250ms', '1s', '1m', '10m', '1h', '1d', '1w']
export const stepPool = [
  0, 0, 1, 249, 250, 251, 999, 1_000, 30_000, 60_000, 300_000, 600_000, 3_599_999, 3_600_000, 86_400_000,
]
/** A Friday; the log may reach the next week and month. */
export const firstTime = Date.UTC(2026, 10, 20, 22, 59, 58)

export function optional(inner: Type): Type {
  return { kind: 'optional', inner }
}
function field(name: string, type: Type): FieldType {
  return { name, type, refinement: null, classes: [] }
}

/** The type without `?`. */
export function innerType(type: Type): Type {
  return type.kind === 'optional' ? innerType(type.inner) : type
}

/** Text that is the same for the same set of values. */
export function typeName(type: Type): string {
  switch (type.kind) {
    case 'money':
      return `Money<${type.currency ?? '*'}>`
    case 'optional':
      return `${typeName(type.inner)}?`
    case 'list':
      return `List<${typeName(type.element)}>`
    case 'record':
    case 'enum':
      return type.name ?? type.kind
    default:
      return type.kind
  }
}

/** How a parameter or result of this type is written. */
export function typeText(type: Type): string {
  switch (type.kind) {
    case 'money':
      return type.currency === null ? 'Money' : `Money<${type.currency}>`
    case 'optional':
      return `${typeText(type.inner)}?`
    case 'list':
      return `List<${typeText(type.element)}>`
    case 'record':
    case 'enum':
      return type.name ?? 'String'
    default:
      return `${type.kind.charAt(0).toUpperCase()}${type.kind.slice(1)}`
  }
}
