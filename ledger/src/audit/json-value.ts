/** The reverse of value-json.ts: from the JSON of a record to the value that was decided upon. */
import {
  absent,
  type FieldType,
  isVersion,
  parseRational,
  rational,
  type Type,
  unknown,
  type Value,
} from '@writ/engine'
import type { Json } from './canonical-json.ts'

/** Undefined where the JSON is no value of the type; null is what an optional value is when it is absent. */
export function valueOfJson(json: Json, type: Type): Value | undefined {
  if (type.kind === 'optional') return json === null ? absent : valueOfJson(json, type.inner)
  if (isUnknown(json)) return unknown
  switch (type.kind) {
    case 'bool':
      return typeof json === 'boolean' ? json : undefined
    case 'string':
    case 'enum':
      return typeof json === 'string' ? json : undefined
    case 'version':
      return typeof json === 'string' && isVersion(json) ? json : undefined
    case 'int':
    case 'decimal':
    case 'percent':
    case 'duration':
      return numberOf(json)
    case 'time':
      return timeOf(json)
    case 'money': {
      if (!isMembers(json)) return undefined
      const amount = numberOf(json.amount ?? null)
      return amount !== undefined && typeof json.currency === 'string' ? { amount, currency: json.currency } : undefined
    }
    case 'list':
      return isList(json) ? allOf(json.map(element => valueOfJson(element, type.element))) : undefined
    case 'record':
      // A record at the top is its members' columns, and one that says whether it is there.
      return typeof json === 'boolean' ? json : isMembers(json) ? recordOf(json, type.fields) : undefined
    case 'error':
      return undefined
  }
}

function recordOf(json: Members, fields: readonly FieldType[]): Value | undefined {
  const members: Record<string, Value> = {}
  for (const field of fields) {
    const value = valueOfJson(json[field.name] ?? null, field.type)
    if (value === undefined) return undefined
    members[field.name] = value
  }
  return { fields: members }
}

/** A number, decimal text, or a fraction as text: `1/3`. */
function numberOf(json: Json) {
  if (typeof json === 'number') return parseRational(String(json)) ?? undefined
  if (typeof json !== 'string') return undefined
  const [, numerator, denominator] = /^(-?\d+)\/([1-9]\d*)$/.exec(json) ?? []
  if (numerator !== undefined && denominator !== undefined) return rational(BigInt(numerator), BigInt(denominator))
  return parseRational(json) ?? undefined
}

function timeOf(json: Json) {
  if (typeof json !== 'string') return undefined
  const milliseconds = timeOfText(json)
  return milliseconds === undefined ? undefined : rational(BigInt(milliseconds))
}

/** Milliseconds of a time as records have it: ISO 8601, or its number as text. */
export function timeOfText(text: string): number | undefined {
  const milliseconds = /^-?\d+$/.test(text) ? Number(text) : Date.parse(text)
  return Number.isSafeInteger(milliseconds) ? milliseconds : undefined
}

type Members = { readonly [member: string]: Json }

function isUnknown(json: Json): boolean {
  return isMembers(json) && json.unknown === true && Object.keys(json).length === 1
}
function isMembers(json: Json): json is Members {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json)
}
function allOf(values: readonly (Value | undefined)[]): Value | undefined {
  const known: Value[] = []
  for (const value of values) {
    if (value === undefined) return undefined
    known.push(value)
  }
  return known
}
