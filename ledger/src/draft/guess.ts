/**
 * What a contract would say about values of a shape: type, optional or not, privacy class, and how a map reads it. All of it is a
 * guess, and says so; nothing is too clever to be checked by looking at the field.
 */

import { identifier, isIdentifier, isPlainName } from './names.ts'
import type { Shape } from './shape.ts'

/** A field of a drafted contract. */
export interface GuessedField {
  readonly name: string
  /** As written in a contract, without `?`. */
  readonly type: string
  readonly optional: boolean
  /** `key`, `time`, privacy classes. */
  readonly modifiers: readonly string[]
  /** What was guessed, in a few words each. */
  readonly guesses: readonly string[]
  /** The line of the map; null where the member of the same name is read. */
  readonly mapped: string | null
  /** A literal of the type; null: none is needed in a sample. */
  readonly sample: string | null
  /** Numbers to compare with, where it is a quantity: what most values are below, and the unit behind the literal. */
  readonly quantity: { readonly threshold: string; readonly more: string; readonly unit: string } | null
}

export interface GuessContext {
  /** Records that could have the field. */
  readonly total: number
  /** CSV: everything is text, so that texts that look like numbers are taken for numbers. */
  readonly textOnly: boolean
  /** How the record's members are reached: `args.`, or nothing. */
  readonly prefix: string
}

/** Null where nothing can be said: the member is always null, or its name cannot be written. */
export function guessField(
  name: string,
  shape: Shape,
  siblings: ReadonlyMap<string, Shape>,
  context: GuessContext,
): GuessedField | null {
  if (shape.count === 0) return null
  const field = identifier(name)
  const path = pathText(context.prefix, name)
  if (path === null) return null
  const guessed = guessType(name, shape, siblings, context, path)
  const classes = classesOf(name, shape, guessed.type)
  const isKey =
    shape.isUnique &&
    shape.count === context.total &&
    guessed.type === 'String' &&
    /(^|_)(id|uuid|key)$|Id$|ID$/.test(name)
  const mapped = guessed.mapped ?? (field === name && context.prefix === '' ? null : path)
  const optional = shape.count < context.total
  return {
    name: field,
    type: guessed.type,
    optional,
    modifiers: [...(isKey ? ['key'] : []), ...classes],
    guesses: [
      ...guessed.guesses,
      ...(isKey ? ['key: no two records share it'] : []),
      ...(classes.length > 0 ? [`${classes.join(', ')}: by its name`] : []),
      ...(optional ? [`optional: missing in ${share(context.total - shape.count, context.total)}`] : []),
    ],
    mapped,
    sample: optional ? null : guessed.sample,
    quantity: guessed.quantity,
  }
}

interface GuessedType {
  readonly type: string
  readonly guesses: readonly string[]
  readonly mapped: string | null
  readonly sample: string
  readonly quantity: GuessedField['quantity']
}

const plain = { guesses: [], mapped: null, quantity: null } as const
const anyText: GuessedType = { ...plain, type: 'String', sample: '"example"' }

function guessType(
  name: string,
  shape: Shape,
  siblings: ReadonlyMap<string, Shape>,
  context: GuessContext,
  path: string,
): GuessedType {
  const { kinds, count } = shape
  if (kinds.number === count) return guessNumber(name, shape, siblings, context, path)
  if (kinds.string === count && context.textOnly) {
    if (shape.forms.bool === count) return { ...plain, type: 'Bool', sample: 'true' }
    if (shape.forms.number === count && shape.padded === 0) return guessNumber(name, shape, siblings, context, path)
  }
  const inside = guessValue(name, shape)
  if (inside !== null) return inside
  const guess =
    kinds.object === count ? 'its members differ too much for a record' : 'its values are of different types'
  return { ...anyText, mapped: `text(${path})`, guesses: [`text: ${guess}`] }
}

/** Types of values that need no help from the map, as inside of records and lists; null where there is none. */
function guessValue(name: string, shape: Shape, depth = 0): GuessedType | null {
  const { kinds, count } = shape
  if (kinds.bool === count) return { ...plain, type: 'Bool', sample: 'true' }
  if (kinds.number === count)
    return { ...plain, type: shape.whole === count ? 'Int' : 'Decimal', sample: sampleNumber(shape) }
  if (kinds.string === count) return guessText(name, shape)
  if (kinds.list === count) {
    const { element } = shape
    if (element === null || element.count === 0)
      return { ...plain, type: 'List<String>', sample: '[]', guesses: ['element type: all lists were empty'] }
    const inner = depth > 2 ? null : guessValue(name, element, depth + 1)
    return inner && { ...plain, type: `List<${inner.type}>`, sample: '[]' }
  }
  if (kinds.object !== count || depth > 2) return null
  if (isMoney(shape)) return moneyType(shape.members.get('currency')?.texts.keys() ?? [], 'money: amount and currency')
  if (shape.moreMembers || shape.members.size > 16 || shape.members.size === 0) return null
  const fields: string[] = []
  const samples: string[] = []
  for (const [member, inner] of shape.members) {
    if (!isPlainName(member)) return null
    const type = inner.count === 0 ? null : guessValue(member, inner, depth + 1)
    if (type === null) continue
    const optional = inner.count < count
    fields.push(`${member}: ${type.type}${optional ? '?' : ''}`)
    if (!optional) samples.push(`${member}: ${type.sample}`)
  }
  if (fields.length === 0) return null
  return { ...plain, type: `{ ${fields.join(', ')} }`, sample: `{ ${samples.join(', ')} }` }
}

function guessNumber(
  name: string,
  shape: Shape,
  siblings: ReadonlyMap<string, Shape>,
  context: GuessContext,
  path: string,
): GuessedType {
  const isWhole = shape.whole === shape.count
  const looksTimed = /time|date|stamp|(^|_)(at|ts)$|At$/i.test(name)
  if (isWhole && looksTimed && shape.low >= 946_684_800 && shape.high < 4_102_444_800) {
    return {
      ...plain,
      type: 'Time',
      mapped: `seconds(${path})`,
      sample: sampleTime,
      guesses: ['time: seconds since 1970'],
    }
  }
  if (isWhole && looksTimed && shape.low >= 946_684_800_000 && shape.high < 4_102_444_800_000) {
    return {
      ...plain,
      type: 'Time',
      mapped: `milliseconds(${path})`,
      sample: sampleTime,
      guesses: ['time: milliseconds since 1970'],
    }
  }
  const seen = `seen: ${numberText(shape.low)} to ${numberText(shape.high)}`
  const currency = siblings.get('currency')
  const currencyPath = pathText(context.prefix, 'currency')
  if (
    /amount|price|total|cost|fee|balance/i.test(name) &&
    currency !== undefined &&
    currencyPath !== null &&
    isCurrency(currency)
  ) {
    const money = moneyType(currency.texts.keys(), `money: with the member currency; ${seen}`)
    return { ...money, mapped: `money(${path}, ${currencyPath})`, quantity: quantityOf(shape, money.type.slice(6, -1)) }
  }
  const isShare = shape.low >= 0 && shape.high <= 1 && /score|risk|prob|share|rate|confidence|ratio/i.test(name)
  const isIdentity = /(^|_)(id|code|status|version|index|port|step)$|Id$|ID$/.test(name)
  return {
    ...plain,
    type: `${isWhole && !isShare ? 'Int' : 'Decimal'}${isShare ? ' in 0 .. 1' : ''}`,
    sample: sampleNumber(shape),
    guesses: [isShare ? `range: ${seen}` : seen],
    quantity: isIdentity ? null : quantityOf(shape, ''),
  }
}

function guessText(name: string, shape: Shape): GuessedType {
  const { count, forms, texts } = shape
  if (forms.time === count) return { ...plain, type: 'Time', sample: sampleTime }
  if (forms.money === count) return { ...moneyType(shape.currencies, 'money: by its form'), quantity: null }
  const isClosed = !shape.moreTexts && texts.size <= 12 && forms.word === count && count >= 10 * texts.size
  const members = [...texts.keys()]
  if (isClosed && texts.size > 1 && members.every(isIdentifier) && freeText.every(form => !form.test(name))) {
    const type = `enum { ${members.toSorted().join(', ')} }`
    return { ...plain, type, sample: members.toSorted()[0] ?? '', guesses: [`enum: only these in ${count} records`] }
  }
  return anyText
}

function moneyType(currencies: Iterable<string>, guess: string): GuessedType {
  const [currency, second] = currencies
  const one = currency !== undefined && second === undefined
  return { ...plain, type: one ? `Money<${currency}>` : 'Money', sample: `10 ${currency ?? 'EUR'}`, guesses: [guess] }
}

function isMoney(shape: Shape): boolean {
  const amount = shape.members.get('amount')
  const currency = shape.members.get('currency')
  if (shape.members.size !== 2 || amount === undefined || currency === undefined) return false
  return (
    isCurrency(currency) && amount.kinds.number + amount.forms.number === shape.count && currency.count === shape.count
  )
}

function isCurrency(shape: Shape): boolean {
  return (
    shape.count > 0 &&
    !shape.moreTexts &&
    [...shape.texts.keys()].every(text => /^[A-Z]{3}$/.test(text)) &&
    shape.kinds.string === shape.count
  )
}

const identifying = [
  /mail/i,
  /phone|mobile/i,
  /iban|account_?n|card/i,
  /^(user|customer|recipient|sender|person|owner|passenger|patient|employee)(_?(id|name))?$/i,
  /(first|last|full|user)_?name/i,
  /address/i,
  /ip$|ipaddress/i,
  /dob|birth|passport|ssn/i,
]
const freeText = [/message|comment|body|content|reason|note|description|subject|prompt|^text$|instruction|title/i]
const secret = [/password|secret|api_?key|credential|(^|_)token$/i]

function classesOf(name: string, shape: Shape, type: string): readonly string[] {
  if (!/^(String|List<String>)/.test(type)) return []
  if (secret.some(form => form.test(name))) return ['secret']
  if (identifying.some(form => form.test(name)) || shape.forms.email * 2 > shape.count) return ['personal(identifier)']
  return freeText.some(form => form.test(name)) ? ['personal(free_text)'] : []
}

const sampleTime = '2026-01-01T00:00:00Z'

function sampleNumber(shape: Shape): string {
  return numberText(median(shape.numbers))
}

/** What 95 of 100 values are not above. */
function quantityOf(shape: Shape, unit: string): GuessedField['quantity'] {
  const sorted = shape.numbers.toSorted((a, b) => a - b)
  const threshold = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0
  if (sorted.length < 20 || threshold <= 0 || threshold === sorted[0] || threshold > 1e12) return null
  return { threshold: numberText(threshold), more: numberText(Math.ceil(threshold) + 1), unit }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}

/** A literal without an exponent. */
function numberText(number: number): string {
  const text = Math.abs(number) < 1e15 ? String(number) : BigInt(Math.round(number)).toString()
  return text.includes('e') ? number.toFixed(12).replace(/0+$/, '').replace(/\.$/, '') : text
}

function share(part: number, whole: number): string {
  const percent = (part / whole) * 100
  if (percent < 1) return 'under 1% of the records'
  return percent > 99 ? 'over 99% of the records' : `${Math.round(percent)}% of the records`
}

/** How a map writes the path; null where it cannot. */
function pathText(prefix: string, name: string): string | null {
  if (isPlainName(name) && (prefix !== '' || isIdentifier(name))) return `${prefix}${name}`
  // A path is cut at its dots.
  return name.includes('.') || name === '' ? null : `raw(${JSON.stringify(`${prefix}${name}`)})`
}
