/**
 * Values of events as canonical JSON: numbers exact, times as ISO 8601, money as amount and currency. Read straight from the
 * columns, since a record is written for every decision.
 */
import {
  absent,
  type Column,
  type Dictionary,
  decimalText,
  isMoney,
  isRational,
  isRecord,
  type Leaf,
  type Rational,
  type Type,
  unknown,
  type Value,
  withoutOptional,
} from '@writ/engine'
import { numberJson, scaledJson } from './canonical-json.ts'

/** The JSON at a row; 'absent' and 'unknown' where there is no value. No JSON of a value is one of these words. */
export type ReadJson = (row: number) => string

export const absentWord = 'absent'
export const unknownWord = 'unknown'

export function columnJson(column: Column, leaf: Pick<Leaf, 'type'>, dictionary: Dictionary): ReadJson {
  const isTime = leaf.type.kind === 'time'
  switch (column.kind) {
    case 'bool':
      return row => ['false', 'true', unknownWord, absentWord][column.values[row] ?? 3] ?? absentWord
    case 'code':
      return codeReader(dictionary, column.values)
    case 'number':
      return row => amountJson(column, row, isTime)
    case 'money':
      return row => {
        const amount = amountJson(column, row, false)
        if (amount === absentWord || amount === unknownWord) return amount
        const currency = codeJson(dictionary, column.currency[row] ?? -1)
        return currency === unknownWord ? unknownWord : `{"amount":${amount},"currency":${currency}}`
      }
    case 'value':
      return row => valueJson(column.values[row] ?? absent, leaf.type)
  }
}

/** As `columnJson`, of one value. */
export function valueJson(value: Value, type: Type): string {
  if (value === absent) return absentWord
  if (value === unknown) return unknownWord
  if (typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  const inner = withoutOptional(type)
  if (isMoney(value)) return `{"amount":${rationalJson(value.amount)},"currency":${JSON.stringify(value.currency)}}`
  if (isRational(value))
    return inner.kind === 'time' ? timeJson(Number(value.n) / Number(value.d)) : rationalJson(value)
  if (isRecord(value)) {
    const fields = inner.kind === 'record' ? inner.fields : []
    const members = Object.keys(value.fields).sort()
    const memberJson = (name: string): string => {
      const field = fields.find(one => one.name === name)
      return inside(value.fields[name] ?? absent, field?.type ?? inner)
    }
    return `{${members.map(name => `${JSON.stringify(name)}:${memberJson(name)}`).join(',')}}`
  }
  const element = inner.kind === 'list' ? inner.element : inner
  return `[${value.map(one => inside(one, element)).join(',')}]`
}

/** ISO 8601 with milliseconds; a time beyond what dates can say as the text of its number. */
export function timeJson(time: number): string {
  return `"${timeText(time)}"`
}

/** As `timeJson`, without quotes. */
export function timeText(time: number): string {
  if (!Number.isInteger(time) || Math.abs(time) > 8.64e15) return slowTimeText(time)
  const start = Math.floor(time / 1000) * 1000
  if (start !== lastSecond.start) {
    const text = slowTimeText(start)
    lastSecond = { start, text: text.slice(0, -'000Z'.length) }
  }
  const rest = time - start
  return `${lastSecond.text}${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}Z`
}

/** Times that are asked for behind each other are mostly of the same second. */
let lastSecond: { readonly start: number; readonly text: string } = { start: Number.NaN, text: '' }

function slowTimeText(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time)
}

/** Inside lists and records there is no place to say which of the two it is. */
function inside(value: Value, type: Type): string {
  const text = valueJson(value, type)
  return text === absentWord ? 'null' : text === unknownWord ? '{"unknown":true}' : text
}

/** The texts of a piece are few, or each is asked for once. */
function codeReader(dictionary: Dictionary, codes: Int32Array): ReadJson {
  const texts = new Map<number, string>()
  return row => {
    const code = codes[row] ?? -1
    const known = texts.get(code)
    if (known !== undefined) return known
    const text = codeJson(dictionary, code)
    if (texts.size < mostTexts) texts.set(code, text)
    return text
  }
}

const mostTexts = 64

function codeJson(dictionary: Dictionary, code: number): string {
  return code >= 0 ? JSON.stringify(dictionary.text(code)) : code === -1 ? absentWord : unknownWord
}

function amountJson(
  column: Pick<Extract<Column, { kind: 'number' }>, 'values' | 'scale' | 'exact'>,
  row: number,
  isTime: boolean,
): string {
  const scaled = column.values[row] ?? Number.NaN
  if (!Number.isNaN(scaled)) return isTime && column.scale === 0 ? timeJson(scaled) : scaledJson(scaled, column.scale)
  const side = column.exact.get(row)
  if (side === undefined || side === 'absent') return absentWord
  return side === 'unknown' ? unknownWord : rationalJson(side)
}

/** Decimals as numbers or text; what no decimal can say as a fraction, `"1/3"`. */
function rationalJson(value: Rational): string {
  const decimal = decimalText(value)
  return decimal.startsWith('≈') ? JSON.stringify(`${value.n}/${value.d}`) : numberJson(decimal)
}
