/**
 * The values and conditions of `map`, as functions of the raw record. Plain JSON in, plain JSON out: what a field makes of it
 * is conversion (conversion.ts). Made once per source from the plan; nothing here is generated as text.
 */
import { likeMatches, parseRational, type Rational, type RawCondition, type RawExpr, rational } from '@writ/engine'
import { at, ExactNumber, isObject, type Json, parseJson } from '../raw/json.ts'

/** Where the record stands, for `file_path`, `file_name` and `record_index`. */
export interface RecordPlace {
  readonly file: string
  readonly line: number | null
  readonly index: number
}

/** A number of seconds or milliseconds that is to be a Duration or a Time; null where the record has no number there. */
export class Milliseconds {
  readonly value: Rational | null
  readonly raw: Json

  constructor(value: Rational | null, raw: Json) {
    this.value = value
    this.raw = raw
  }
}

export type RawValue = Json | Milliseconds | undefined
export type RawReader = (record: Json, place: RecordPlace) => RawValue
export type RawTest = (record: Json, place: RecordPlace) => boolean

/** Null and nothing are both missing. */
export function isMissing(value: RawValue): value is null | undefined {
  return value === undefined || value === null
}

export function rawReader(expression: RawExpr): RawReader {
  switch (expression.kind) {
    case 'path': {
      const { path } = expression
      const [name] = path
      if (name !== undefined && path.length === 1) {
        return record => (isObject(record) && Object.hasOwn(record, name) ? record[name] : undefined)
      }
      return record => at(record, path)
    }
    case 'literal': {
      const value = typeof expression.value === 'number' ? new ExactNumber(expression.text) : expression.value
      return () => value
    }
    case 'default': {
      const value = rawReader(expression.value)
      const otherwise = rawReader(expression.otherwise)
      return (record, place) => {
        const first = value(record, place)
        return isMissing(first) ? otherwise(record, place) : first
      }
    }
    case 'text': {
      const value = rawReader(expression.value)
      return (record, place) => {
        const found = value(record, place)
        return isMissing(found) || typeof found === 'string' ? found : jsonText(found)
      }
    }
    case 'money': {
      const amount = rawReader(expression.amount)
      const currency = rawReader(expression.currency)
      return (record, place) => {
        const found = amount(record, place)
        if (isMissing(found)) return undefined
        const code = currency(record, place)
        return { amount: jsonOf(found), currency: code === undefined ? null : jsonOf(code) }
      }
    }
    case 'json': {
      const value = rawReader(expression.value)
      return (record, place) => {
        const held = value(record, place)
        if (typeof held !== 'string') return undefined
        const parsed = parseJson(held)
        return 'value' in parsed ? at(parsed.value, expression.path) : undefined
      }
    }
    case 'scaled': {
      const value = rawReader(expression.value)
      const factor = BigInt(expression.milliseconds)
      return (record, place) => {
        const found = value(record, place)
        if (isMissing(found)) return undefined
        const number = numberOf(found)
        // Cut to whole milliseconds towards zero.
        return new Milliseconds(number && rational((number.n * factor) / number.d), jsonOf(found))
      }
    }
    case 'place':
      return placeReader(expression.of)
    case 'missing':
      return () => undefined
  }
}

function placeReader(of: Extract<RawExpr, { readonly kind: 'place' }>['of']): RawReader {
  switch (of) {
    case 'file_path':
      return (_, place) => place.file
    case 'file_name':
      return (_, place) => place.file.slice(place.file.lastIndexOf('/') + 1)
    case 'record_index':
      return (_, place) => place.index
  }
}

export function rawTest(condition: RawCondition | null): RawTest {
  if (condition === null) return () => true
  switch (condition.kind) {
    case 'and': {
      const tests = condition.operands.map(rawTest)
      return (record, place) => tests.every(test => test(record, place))
    }
    case 'or': {
      const tests = condition.operands.map(rawTest)
      return (record, place) => tests.some(test => test(record, place))
    }
    case 'not': {
      const test = rawTest(condition.operand)
      return (record, place) => !test(record, place)
    }
    case 'equals': {
      const left = rawReader(condition.left)
      const right = rawReader(condition.right)
      return (record, place) => isSame(left(record, place), right(record, place))
    }
    case 'in': {
      const item = rawReader(condition.item)
      const list = condition.list.map(rawReader)
      return (record, place) => {
        const value = item(record, place)
        return list.some(element => isSame(value, element(record, place)))
      }
    }
    case 'like': {
      const value = rawReader(condition.value)
      return (record, place) => {
        const text = value(record, place)
        return typeof text === 'string' && likeMatches(text, condition.glob)
      }
    }
    case 'present': {
      const value = rawReader(condition.value)
      return (record, place) => !isMissing(value(record, place))
    }
  }
}

/** Equal scalars of one type; what is missing equals nothing, lists and objects neither. */
function isSame(left: RawValue, right: RawValue): boolean {
  if (isMissing(left) || isMissing(right)) return false
  if (typeof left === 'string' || typeof left === 'boolean') return left === right
  if (typeof right === 'string' || typeof right === 'boolean') return false
  const a = exactOf(left)
  const b = exactOf(right)
  return a !== null && b !== null && a.n === b.n && a.d === b.d
}

/** The exact value of a JSON number. */
export function exactOf(value: RawValue): Rational | null {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? { n: BigInt(value), d: 1n } : (parseRational(String(value)) ?? null)
  }
  return value instanceof ExactNumber ? (parseRational(value.text) ?? null) : null
}

/** The exact value of a JSON number or of numeric text. */
export function numberOf(value: RawValue): Rational | null {
  return typeof value === 'string' ? (parseRational(value) ?? null) : exactOf(value)
}

function jsonOf(value: Exclude<RawValue, undefined>): Json {
  return value instanceof Milliseconds ? value.raw : value
}

/** Compact JSON; numbers keep their text. */
function jsonText(value: Exclude<RawValue, undefined>): string {
  const json = jsonOf(value)
  if (json instanceof ExactNumber) return json.text
  if (Array.isArray(json)) return `[${json.map(element => jsonText(element)).join(',')}]`
  if (isObject(json)) {
    return `{${Object.entries(json)
      .map(([name, member]) => `${JSON.stringify(name)}:${jsonText(member)}`)
      .join(',')}}`
  }
  return JSON.stringify(json)
}
