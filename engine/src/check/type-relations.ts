/**
 * How types relate: equal, fitting, common, ordered; and how a reader sees them. docs/language.md, "Types and values", as code.
 * The `error` type fits everywhere, so that one mistake is reported once.
 */
import type { FieldType, Type } from '../value/type.ts'

export const errorType: Type = { kind: 'error' }
export const boolType: Type = { kind: 'bool' }
export const stringType: Type = { kind: 'string' }
export const intType: Type = { kind: 'int' }
export const decimalType: Type = { kind: 'decimal' }
export const percentType: Type = { kind: 'percent' }
export const durationType: Type = { kind: 'duration' }
export const timeType: Type = { kind: 'time' }
export const versionType: Type = { kind: 'version' }
export const anyMoneyType: Type = { kind: 'money', currency: null }

export function optionalOf(type: Type): Type {
  return type.kind === 'optional' || type.kind === 'error' ? type : { kind: 'optional', inner: type }
}
export function withoutOptional(type: Type): Type {
  return type.kind === 'optional' ? type.inner : type
}
export function isNumber(type: Type): boolean {
  return type.kind === 'int' || type.kind === 'decimal'
}

/** The same set of values. Names of enums and records do not matter, their members do. */
export function sameType(a: Type, b: Type): boolean {
  if (a === b) return true
  switch (a.kind) {
    case 'money':
      return b.kind === 'money' && a.currency === b.currency
    case 'enum':
      return b.kind === 'enum' && sameMembers(a.members, b.members)
    case 'record':
      return b.kind === 'record' && sameFields(a.fields, b.fields)
    case 'list':
      return b.kind === 'list' && sameType(a.element, b.element)
    case 'optional':
      return b.kind === 'optional' && sameType(a.inner, b.inner)
    default:
      return a.kind === b.kind
  }
}

/** A value of type `from` may stand where `to` is needed. Money of any currency fits one currency: only the data knows. */
export function fits(from: Type, to: Type): boolean {
  if (from.kind === 'error' || to.kind === 'error') return true
  if (to.kind === 'optional') return fits(withoutOptional(from), to.inner)
  switch (from.kind) {
    case 'int':
      return isNumber(to)
    case 'money':
      return to.kind === 'money' && (from.currency === null || to.currency === null || from.currency === to.currency)
    case 'list':
      return to.kind === 'list' && fits(from.element, to.element)
    case 'record':
      return to.kind === 'record' && fieldsFit(from.fields, to.fields)
    default:
      return sameType(from, to)
  }
}

/** The type that holds the values of both, or null. Int and Decimal give Decimal; Money of any and of one currency, the one. */
export function commonType(a: Type, b: Type): Type | null {
  if (a.kind === 'error') return b
  if (b.kind === 'error') return a
  if (a.kind === 'optional' || b.kind === 'optional') {
    const inner = commonType(withoutOptional(a), withoutOptional(b))
    return inner && optionalOf(inner)
  }
  if (isNumber(a) && isNumber(b)) return a.kind === 'int' ? b : a
  if (a.kind === 'money' && b.kind === 'money') {
    if (a.currency === null) return b
    return b.currency === null || a.currency === b.currency ? a : null
  }
  if (a.kind === 'list' && b.kind === 'list') {
    const element = commonType(a.element, b.element)
    return element && { kind: 'list', element }
  }
  if (a.kind === 'record' && b.kind === 'record') return commonRecord(a, b)
  return sameType(a, b) ? a : null
}

/** `< <= > >=` apply. */
export function isOrdered(type: Type): boolean {
  switch (type.kind) {
    case 'int':
    case 'decimal':
    case 'percent':
    case 'money':
    case 'duration':
    case 'time':
    case 'version':
    case 'string':
    case 'error':
      return true
    case 'bool':
    case 'enum':
    case 'record':
    case 'list':
    case 'optional':
      return false
  }
}

/** A single value, as keys and keys of windows have to be. */
export function isSingle(type: Type): boolean {
  return type.kind !== 'list' && type.kind !== 'record'
}

/** As an author would write it: `Money<EUR>?`, `enum { chat, email }`, or the name of the type. */
export function showType(type: Type): string {
  switch (type.kind) {
    case 'bool':
      return 'Bool'
    case 'string':
      return 'String'
    case 'int':
      return 'Int'
    case 'decimal':
      return 'Decimal'
    case 'percent':
      return 'Percent'
    case 'duration':
      return 'Duration'
    case 'time':
      return 'Time'
    case 'version':
      return 'Version'
    case 'money':
      return type.currency === null ? 'Money' : `Money<${type.currency}>`
    case 'enum':
      return type.name ?? `enum { ${type.members.join(', ')} }`
    case 'record':
      return type.name ?? `{ ${type.fields.map(field => `${field.name}: ${showType(field.type)}`).join(', ')} }`
    case 'list':
      return `List<${showType(type.element)}>`
    case 'optional':
      return `${showType(type.inner)}?`
    case 'error':
      return 'unknown'
  }
}

/** With an article, for messages: `a Money<EUR>`, `an Int`. */
export function aType(type: Type): string {
  const text = showType(type)
  return `${/^[AEIOaeio]/.test(text) ? 'an' : 'a'} ${text}`
}

/** Everything that matters about a field to those who read it, as text. */
export function fieldKey(field: FieldType): string {
  const range = field.refinement?.range
  const bounds = range ? `${range.low.n}/${range.low.d}..${range.high.n}/${range.high.d}` : ''
  return `${field.name}:${typeKey(field.type)}:${bounds}:${field.refinement?.pattern ?? ''}:${field.classes.join(',')}`
}
export function typeKey(type: Type): string {
  switch (type.kind) {
    case 'enum':
      return `enum ${type.name ?? ''}{${type.members.join(',')}}`
    case 'record':
      return `record ${type.name ?? ''}{${type.fields.map(fieldKey).join(';')}}`
    case 'list':
      return `List<${typeKey(type.element)}>`
    case 'optional':
      return `${typeKey(type.inner)}?`
    default:
      return showType(type)
  }
}

/** How many types and fields there are in it, as often as they are written out. */
export function typeSize(type: Type): number {
  switch (type.kind) {
    case 'enum':
      return 1 + type.members.length
    case 'list':
      return 1 + typeSize(type.element)
    case 'optional':
      return 1 + typeSize(type.inner)
    case 'record':
      return type.fields.reduce((size, field) => size + 1 + typeSize(field.type), 1)
    default:
      return 1
  }
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  const members = new Set(b)
  return a.every(member => members.has(member))
}

function sameFields(a: readonly FieldType[], b: readonly FieldType[]): boolean {
  if (a.length !== b.length) return false
  const types = new Map(b.map(field => [field.name, field.type]))
  return a.every(field => {
    const other = types.get(field.name)
    return other !== undefined && sameType(field.type, other)
  })
}

/** An optional field of `to` may be missing in `from`; a field that `to` does not have does not fit. */
function fieldsFit(from: readonly FieldType[], to: readonly FieldType[]): boolean {
  const names = new Set(to.map(field => field.name))
  if (from.some(field => !names.has(field.name))) return false
  const byName = new Map(from.map(field => [field.name, field]))
  return to.every(wanted => {
    const given = byName.get(wanted.name)
    if (!given) return wanted.type.kind === 'optional'
    return (given.type.kind !== 'optional' || wanted.type.kind === 'optional') && fits(given.type, wanted.type)
  })
}

function commonRecord(a: Type & { kind: 'record' }, b: Type & { kind: 'record' }): Type | null {
  if (fieldsFit(a.fields, b.fields)) return b
  return fieldsFit(b.fields, a.fields) ? a : null
}
