/**
 * Columns filled from tokens: strings go to the dictionary as bytes, numbers and times are read from their digits. Everything that
 * does not simply fit takes the way of map/column-writers.ts, which also finds the words for what is wrong.
 */
import {
  BoolBuilder,
  CodeBuilder,
  type ColumnSlot,
  type FieldType,
  isVersion,
  MoneyBuilder,
  NumberBuilder,
  patternMatches,
  type Rational,
  type RawExpr,
  type Refinement,
  type Type,
  withoutOptional,
} from '@writ/engine'
import { fieldWriter } from '../map/column-writers.ts'
import type { Report } from '../map/conversion.ts'
import { type RecordPlace, rawReader } from '../map/raw-values.ts'
import { isoBytes } from './iso-bytes.ts'
import type { RawNode, RawTree } from './raw-tree.ts'
import { pathsOf, recordReader, tokenText, tokenValue } from './token-values.ts'
import { type Tokens, tokenEscaped, tokenFalse, tokenNumber, tokenObject, tokenString, tokenTrue } from './tokens.ts'

export type TokenWriter = () => void

export interface WriterParts {
  readonly tree: RawTree
  readonly tokens: Tokens
  readonly place: RecordPlace
  /** Of the contract, by key. */
  readonly slots: ReadonlyMap<string, ColumnSlot>
  readonly report: Report
  readonly interner: {
    internBytes(bytes: DataView, start: number, end: number, hash: number): number
    text(code: number): string
  }
}

/** The paths of the raw record that filling a field reads: for records, those of the columns asked for. */
export function fieldPaths(
  field: FieldType,
  value: RawExpr,
  slots: ReadonlyMap<string, ColumnSlot>,
): readonly (readonly string[])[] {
  const keys = [...slots.keys()].filter(key => key === field.name || key.startsWith(`${field.name}.`))
  if (keys.length === 0) return []
  if (value.kind !== 'path' || withoutOptional(field.type).kind !== 'record') return pathsOf(value)
  return keys.map(key => [...value.path, ...key.split('.').slice(1)])
}

/** Null where no column of the field is asked for. */
export function tokenWriter(field: FieldType, value: RawExpr, parts: WriterParts): TokenWriter | null {
  const write = fieldWriter(field, field.name, parts.slots, parts.report)
  if (write === null) return null
  if (value.kind === 'path') {
    const node = parts.tree.find(value.path)
    if (node !== undefined) return nodeWriter(field, field.name, node, parts)
  }
  const money = value.kind === 'money' ? moneyWriter(field, value, parts) : null
  if (money !== null) return money
  const read = rawReader(value)
  const record = recordReader(parts.tree, parts.tokens, pathsOf(value))
  return () => write(read(record(), parts.place))
}

function nodeWriter(field: FieldType, key: string, node: RawNode, parts: WriterParts): TokenWriter | null {
  const write = fieldWriter(field, key, parts.slots, parts.report)
  if (write === null) return null
  const { tokens } = parts
  const { slot } = node
  const byValue: TokenWriter = () => write(tokenValue(tokens, slot))
  const type = withoutOptional(field.type)
  const builder = parts.slots.get(key)?.builder
  switch (type.kind) {
    case 'record': {
      const presence = builder instanceof BoolBuilder ? builder : null
      const members = type.fields.flatMap(member => {
        const inner = node.members.find(one => one.name === member.name)
        const writer = inner === undefined ? null : nodeWriter(member, `${key}.${member.name}`, inner, parts)
        return writer === null ? [] : [writer]
      })
      return () => {
        if (tokens.kinds[slot] !== tokenObject) return byValue()
        presence?.push(1)
        for (const writeMember of members) writeMember()
      }
    }
    case 'string':
    case 'enum':
    case 'version':
      return builder instanceof CodeBuilder ? codeWriter(field, type, builder, slot, byValue, parts) : byValue
    case 'int':
    case 'decimal':
    case 'percent': {
      if (!(builder instanceof NumberBuilder)) return byValue
      const fits = rangeTest(field.refinement)
      const whole = type.kind === 'int'
      return () => {
        const number = tokens.numbers[slot] as number
        const scale = tokens.scales[slot] as number
        if (tokens.kinds[slot] === tokenNumber && (scale === 0 || !whole) && fits(number, scale))
          builder.push(number, scale)
        else byValue()
      }
    }
    case 'bool':
      if (!(builder instanceof BoolBuilder)) return byValue
      return () => {
        const kind = tokens.kinds[slot]
        if (kind === tokenTrue) builder.push(1)
        else if (kind === tokenFalse) builder.push(0)
        else byValue()
      }
    case 'time':
      if (!(builder instanceof NumberBuilder) || field.refinement !== null) return byValue
      return () => {
        const time = tokenTime(tokens, slot)
        if (Number.isNaN(time)) byValue()
        else builder.push(time, 0)
      }
    default:
      return byValue
  }
}

/** The ISO 8601 time of a token; NaN where it is of a rarer form, or none. */
export function tokenTime(tokens: Tokens, slot: number): number {
  if (tokens.kinds[slot] !== tokenString) return Number.NaN
  return isoBytes(tokens.bytes, tokens.view, tokens.starts[slot] as number, tokens.ends[slot] as number)
}

/** Whether a text is allowed is asked once per different text, not per event. */
function codeWriter(
  field: FieldType,
  type: Type,
  builder: CodeBuilder,
  slot: number,
  byValue: TokenWriter,
  { tokens, interner }: WriterParts,
): TokenWriter {
  const { kinds, starts, ends, hashes } = tokens
  const allowed = textTest(field, type)
  if (allowed === null) {
    return () => {
      const kind = kinds[slot]
      if (kind === tokenString) {
        builder.push(
          interner.internBytes(tokens.view, starts[slot] as number, ends[slot] as number, hashes[slot] as number),
        )
      } else if (kind === tokenEscaped) {
        builder.pushText(tokenText(tokens, slot))
      } else {
        byValue()
      }
    }
  }
  const verdicts: (boolean | undefined)[] = []
  return () => {
    if (kinds[slot] !== tokenString) return byValue()
    const code = interner.internBytes(tokens.view, starts[slot] as number, ends[slot] as number, hashes[slot] as number)
    verdicts[code] ??= allowed(interner.text(code))
    if (verdicts[code]) builder.push(code)
    else byValue()
  }
}

/** Null: every text is allowed. */
function textTest(field: FieldType, type: Type): ((text: string) => boolean) | null {
  if (type.kind === 'enum') return text => type.members.includes(text)
  if (type.kind === 'version') return isVersion
  const pattern = field.refinement?.pattern
  return pattern ? text => patternMatches(text, pattern) : null
}

/** `money(path, "EUR")` of a number. */
function moneyWriter(
  field: FieldType,
  value: Extract<RawExpr, { readonly kind: 'money' }>,
  parts: WriterParts,
): TokenWriter | null {
  const write = fieldWriter(field, field.name, parts.slots, parts.report)
  const builder = parts.slots.get(field.name)?.builder
  const type = withoutOptional(field.type)
  const { amount, currency } = value
  const node = amount.kind === 'path' ? parts.tree.find(amount.path) : undefined
  if (write === null || node === undefined || !(builder instanceof MoneyBuilder) || type.kind !== 'money') return null
  if (currency.kind !== 'literal' || typeof currency.value !== 'string' || !/^[A-Z]{3}$/.test(currency.value))
    return null
  if (type.currency !== null && type.currency !== currency.value) return null
  const { tokens } = parts
  const { slot } = node
  const code = currency.value
  const fits = rangeTest(field.refinement)
  return () => {
    const number = tokens.numbers[slot] as number
    const scale = tokens.scales[slot] as number
    if (tokens.kinds[slot] === tokenNumber && fits(number, scale)) {
      builder.amounts.push(number, scale)
      builder.currencies.pushText(code)
    } else {
      const raw = tokenValue(tokens, slot)
      write(raw === undefined || raw === null ? undefined : { amount: raw, currency: code })
    }
  }
}

/** Whether number / 10^scale is surely inside the range; near its bounds the exact comparison decides, elsewhere. */
function rangeTest(refinement: Refinement | null): (number: number, scale: number) => boolean {
  const range = refinement?.range
  if (!range) return () => true
  const low = toDouble(range.low)
  const high = toDouble(range.high)
  const margin = 1e-9
  const inLow = low + Math.abs(low) * margin
  const inHigh = high - Math.abs(high) * margin
  return (number, scale) => {
    const value = number / 10 ** scale
    return (value > inLow || (low === 0 && value >= 0)) && (value < inHigh || (high === 0 && value <= 0))
  }
}

function toDouble(value: Rational): number {
  return Number(value.n) / Number(value.d)
}
