/**
 * The values that a search tries for each field of an event, simplest first: what the program compares the field with and what
 * lies just below and above, every member of an enum, a text that is compared with and another one, present and absent.
 */
import type { PlanContract } from '../plan/plan.ts'
import { isVersion } from '../value/operations.ts'
import { likeMatches, patternMatches } from '../value/pattern.ts'
import { add, compare, fromInteger, type Rational, rational, subtract } from '../value/rational.ts'
import type { FieldType, Refinement, Type } from '../value/type.ts'
import { absent, isMoney, isRational, isRecord, type Value } from '../value/value.ts'
import type { Constants } from './constants.ts'
import { fieldKey } from './constants.ts'
import { textMatching } from './pattern-text.ts'

export interface Leaf {
  readonly path: readonly string[]
  readonly values: readonly Value[]
}

/** The leaves of a contract, those the program compares first, and its simplest event; null where no value is known to fit a field. */
export interface EventChoices {
  readonly contract: number
  readonly leaves: readonly Leaf[]
  readonly simplest: Readonly<Record<string, Value>> | null
}

/** `known`: values seen in tests, which fit where nothing simple does. */
export function eventChoices(
  contract: PlanContract,
  index: number,
  constants: Constants,
  known: ReadonlyMap<string, readonly Value[]>,
): EventChoices {
  const choices = new Choices(index, constants, known)
  const simplest: Record<string, Value> = {}
  const leaves: Leaf[] = []
  let complete = true
  for (const field of contract.fields) {
    if (field.name === contract.timeField) continue
    const own = choices.leavesOf(field, [])
    leaves.push(...own)
    const value = choices.simplestOf(field, [])
    if (value === null) complete = false
    else if (value !== absent) simplest[field.name] = value
  }
  const compared = leaves.filter(leaf => choices.isCompared(leaf.path))
  const others = leaves.filter(leaf => !choices.isCompared(leaf.path))
  return { contract: index, leaves: [...compared, ...others], simplest: complete ? simplest : null }
}

class Choices {
  readonly #contract: number
  readonly #constants: Constants
  readonly #known: ReadonlyMap<string, readonly Value[]>

  constructor(contract: number, constants: Constants, known: ReadonlyMap<string, readonly Value[]>) {
    this.#contract = contract
    this.#constants = constants
    this.#known = known
  }

  isCompared(path: readonly string[]): boolean {
    const key = fieldKey(this.#contract, path)
    return this.#constants.ofFields.has(key) || this.#constants.textTests.has(key)
  }

  leavesOf(field: FieldType, above: readonly string[]): readonly Leaf[] {
    const path = [...above, field.name]
    const type = inner(field.type)
    const below = type.kind === 'record' ? type.fields.flatMap(member => this.leavesOf(member, path)) : []
    const values = this.#valuesOf(field, path)
    return values.length > 1 ? [{ path, values }, ...below] : below
  }

  /** Null where no value is known that fits. */
  simplestOf(field: FieldType, above: readonly string[]): Value | null {
    return this.#valuesOf(field, [...above, field.name])[0] ?? null
  }

  #valuesOf(field: FieldType, path: readonly string[]): readonly Value[] {
    const seen = this.#known.get(fieldKey(this.#contract, path)) ?? []
    const plain = seen.slice(0, mostKnown)
    const made = this.#plainValues(inner(field.type), field.refinement, path)
    const fits: readonly Value[] = [...plain, ...made].filter(
      value => value !== absent && allowed(value, field.type, field.refinement),
    )
    if (field.type.kind !== 'optional') return unique(fits)
    const given = plain.length > 0 ? 1 : 0
    const all: readonly Value[] = [...fits.slice(0, given), absent, ...fits.slice(given)]
    return unique(all)
  }

  #plainValues(type: Type, refinement: Refinement | null, path: readonly string[]): readonly Value[] {
    const key = fieldKey(this.#contract, path)
    const constants = this.#constants.ofFields.get(key) ?? []
    switch (type.kind) {
      case 'bool':
        return [false, true]
      case 'enum':
        return type.members
      case 'string':
        return this.#texts(key, constants, refinement)
      case 'version':
        return ['1.0.0', ...constants.filter(one => typeof one === 'string' && isVersion(one))]
      case 'int':
      case 'decimal':
      case 'percent':
      case 'duration':
      case 'time':
        return this.#numbers(type, constants, refinement)
      case 'money': {
        const currencies = constants.flatMap(one => (typeof one === 'object' && isMoney(one) ? [one.currency] : []))
        const currency = type.currency ?? currencies[0] ?? 'EUR'
        const amounts = constants.flatMap(one => (typeof one === 'object' && isMoney(one) ? [one.amount] : []))
        const steps = nearby(amounts, cent, refinement)
        return steps.map(amount => ({ amount, currency }))
      }
      case 'list': {
        const field: FieldType = { name: '', type: type.element, refinement: null, classes: [] }
        const elements = this.#valuesOf({ ...field, name: path.at(-1) ?? '' }, path)
        const plain: readonly Value[] = [...this.#plainValues(inner(type.element), null, path), ...elements]
        const items: readonly Value[] = unique(plain.filter(item => item !== absent && !isList(item)))
        const lists: readonly (readonly Value[])[] = [
          [],
          ...items.slice(0, mostItems).map((item): readonly Value[] => [item]),
          items.slice(0, 2),
        ]
        return lists
      }
      case 'record': {
        const fields: Record<string, Value> = {}
        for (const member of type.fields) {
          const value = this.simplestOf(member, path)
          if (value === null) return []
          if (value !== absent) fields[member.name] = value
        }
        return [{ fields }]
      }
      case 'optional':
      case 'error':
        return []
    }
  }

  #numbers(type: Type, constants: readonly Value[], refinement: Refinement | null): readonly Rational[] {
    const numbers = constants.flatMap(one => (typeof one === 'object' && isRational(one) ? [one] : []))
    const step = type.kind === 'decimal' || type.kind === 'percent' ? cent : one
    return nearby(type.kind === 'int' ? numbers.filter(({ d }) => d === 1n) : numbers, step, refinement)
  }

  #texts(key: string, constants: readonly Value[], refinement: Refinement | null): readonly string[] {
    const pattern = refinement?.pattern
    const compared = constants.filter(one => typeof one === 'string')
    const tested = (this.#constants.textTests.get(key) ?? []).flatMap(({ operator, text }) => textsFor(operator, text))
    const first = pattern ? [textMatching(pattern) ?? ''] : ['a', 'b']
    return [...first, ...compared, ...tested, '']
  }
}

const mostKnown = 4
const mostItems = 6
const one = fromInteger(1)
const cent = rational(1n, 100n)

/** 1, and each constant with what is a step below and above it, as far as the contract allows. */
function nearby(constants: readonly Rational[], step: Rational, refinement: Refinement | null): readonly Rational[] {
  const { low, high } = refinement?.range ?? { low: null, high: null }
  const bounds = [low, high].filter(bound => bound !== null)
  const around = [...constants, ...bounds].flatMap(value => [value, subtract(value, step), add(value, step)])
  const all = [one, ...(low ? [low] : []), ...around, fromInteger(0)]
  return all.filter(value => (low === null || compare(value, low) >= 0) && (high === null || compare(value, high) <= 0))
}

/** Texts that pass the test, and one that does not but is near. */
function textsFor(operator: string, text: string): readonly string[] {
  switch (operator) {
    case 'starts_with':
      return [text, `${text}x`]
    case 'ends_with':
      return [text, `x${text}`]
    case 'contains':
      return [text, `x${text}x`]
    case 'like': {
      const made = text.replaceAll('*', 'x').replaceAll('?', 'x')
      return likeMatches(made, text) ? [made, text.replaceAll('*', '').replaceAll('?', 'x')] : []
    }
    case 'matches': {
      const made = textMatching(text)
      return made === null ? [] : [made, `${made}\u0021`]
    }
    default:
      return []
  }
}

function allowed(value: Value, type: Type, refinement: Refinement | null): boolean {
  if (type.kind === 'optional') return allowed(value, type.inner, refinement)
  if (typeof value === 'string' && refinement?.pattern) return patternMatches(value, refinement.pattern)
  const number = typeof value !== 'object' ? null : isMoney(value) ? value.amount : isRational(value) ? value : null
  if (number === null || !refinement?.range) return true
  return compare(number, refinement.range.low) >= 0 && compare(number, refinement.range.high) <= 0
}

function inner(type: Type): Type {
  return type.kind === 'optional' ? inner(type.inner) : type
}

function isList(value: Value): boolean {
  return Array.isArray(value)
}

function unique(values: readonly Value[]): readonly Value[] {
  const seen = new Map<string, Value>()
  for (const value of values) if (!seen.has(keyOf(value))) seen.set(keyOf(value), value)
  return [...seen.values()]
}

function keyOf(value: Value): string {
  if (value === absent) return 'absent'
  if (typeof value !== 'object') return `${typeof value} ${String(value)}`
  if (isMoney(value)) return `${value.amount.n}/${value.amount.d} ${value.currency}`
  if (isRational(value)) return `${value.n}/${value.d}`
  if (isRecord(value)) return JSON.stringify(Object.entries(value.fields).map(([name, one]) => [name, keyOf(one)]))
  return `[${value.map(keyOf).join(' ')}]`
}
