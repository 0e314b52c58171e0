/**
 * What a contract makes of given values: the same as the decoder makes of a record ("Records that break their contract" in
 * docs/language.md). A value that breaks the contract becomes unknown, and a finding says why. Recorded bytes are the ledger's.
 */
import { type ProblemCode, problem } from '@writ/grammar'
import type { Finding } from '../log/columns.ts'
import type { PlanContract } from '../plan/plan.ts'
import { isVersion } from '../value/operations.ts'
import { patternMatches } from '../value/pattern.ts'
import { presentValue } from '../value/present.ts'
import { compare, type Rational } from '../value/rational.ts'
import type { FieldType, Refinement, Type } from '../value/type.ts'
import { absent, isMoney, isRational, isRecord, unknown, type Value } from '../value/value.ts'

export interface Conformed {
  readonly fields: Readonly<Record<string, Value>>
  readonly findings: readonly Finding[]
}

/** `given` may leave out fields and have values of any type; `place` is what the findings say about where. */
export function conform(
  contract: PlanContract,
  given: Readonly<Record<string, Value>>,
  place: { readonly file: string; readonly line: number | null; readonly index: number | null },
): Conformed {
  const findings: Finding[] = []
  function find(code: ProblemCode, path: string, parameters: Readonly<Record<string, string>>): typeof unknown {
    const { message } = problem(code, { start: 0, end: 0 }, { path, contract: contract.name, ...parameters })
    findings.push({ code, message, ...place, path })
    return unknown
  }
  return { fields: conformFields(contract.fields, given, '', find), findings }
}

type Find = (code: ProblemCode, path: string, parameters: Readonly<Record<string, string>>) => typeof unknown

function conformFields(
  fields: readonly FieldType[],
  given: Readonly<Record<string, Value>>,
  prefix: string,
  find: Find,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    fields.map(field => {
      const path = `${prefix}${field.name}`
      const value = Object.hasOwn(given, field.name) ? (given[field.name] ?? absent) : absent
      return [field.name, conformValue(value, field.type, field.refinement, path, find)]
    }),
  )
}

function conformValue(value: Value, type: Type, refinement: Refinement | null, path: string, find: Find): Value {
  if (value === unknown) return unknown
  if (value === absent) {
    return type.kind === 'optional' ? absent : find('W2001', path, { found: 'missing', type: typeName(type) })
  }
  switch (type.kind) {
    case 'optional':
      return conformValue(value, type.inner, refinement, path, find)
    case 'record':
      if (typeof value !== 'object' || !isRecord(value)) break
      return { fields: conformFields(type.fields, value.fields, `${path}.`, find) }
    case 'list': {
      if (!Array.isArray(value)) break
      const elements: readonly Value[] = value
      return elements.map((element, i) => conformValue(element, type.element, null, `${path}.${i}`, find))
    }
    case 'enum':
      if (typeof value !== 'string') break
      if (type.members.includes(value)) return value
      return find('W2005', path, { found: JSON.stringify(value), members: type.members.join(', ') })
    case 'money':
      if (typeof value !== 'object' || !isMoney(value)) break
      if (type.currency !== null && type.currency !== value.currency) {
        return find('W2006', path, { currency: type.currency, found: presentValue(value, type) })
      }
      return refined(value, value.amount, type, refinement, path, find)
    case 'string':
      if (typeof value !== 'string') break
      if (!refinement?.pattern || patternMatches(value, refinement.pattern)) return value
      return find('W2004', path, { found: JSON.stringify(value), pattern: JSON.stringify(refinement.pattern) })
    case 'version':
      if (typeof value !== 'string' || !isVersion(value)) break
      return value
    case 'bool':
      if (typeof value !== 'boolean') break
      return value
    case 'int':
    case 'duration':
    case 'time':
      if (typeof value !== 'object' || !isRational(value) || value.d !== 1n) break
      return refined(value, value, type, refinement, path, find)
    case 'decimal':
    case 'percent':
      if (typeof value !== 'object' || !isRational(value)) break
      return refined(value, value, type, refinement, path, find)
    case 'error':
      return unknown
  }
  return find('W2002', path, { type: typeName(type), found: presentValue(value, type, { quoted: true }), advice: '' })
}

function refined(
  value: Value,
  number: Rational,
  type: Type,
  refinement: Refinement | null,
  path: string,
  find: Find,
): Value {
  const range = refinement?.range
  if (!range || (compare(number, range.low) >= 0 && compare(number, range.high) <= 0)) return value
  const bound = (limit: Rational): Value =>
    typeof value === 'object' && isMoney(value) ? { amount: limit, currency: value.currency } : limit
  return find('W2003', path, {
    found: presentValue(value, type),
    range: `${presentValue(bound(range.low), type)} .. ${presentValue(bound(range.high), type)}`,
  })
}

function typeName(type: Type): string {
  switch (type.kind) {
    case 'optional':
      return `${typeName(type.inner)}?`
    case 'list':
      return `List<${typeName(type.element)}>`
    case 'money':
      return type.currency === null ? 'Money' : `Money<${type.currency}>`
    case 'enum':
      return type.name ?? `enum { ${type.members.join(', ')} }`
    case 'record':
      return type.name ?? 'a record'
    default:
      return `${type.kind.charAt(0).toUpperCase()}${type.kind.slice(1)}`
  }
}
