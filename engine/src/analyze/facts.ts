/**
 * What is known of a value before any condition is asked: from its type, what its contract says of a field, and what a function
 * or a window can give at all. Three-valued: wherever a value could be unknown or absent, it may be.
 */
import type { Expr } from '../plan/expression.ts'
import type { PlanContract } from '../plan/plan.ts'
import { type Rational, rational } from '../value/rational.ts'
import type { FieldType, Type } from '../value/type.ts'
import { anyKnown, type Domain, type Known, knownNumbers, knownTexts } from './domain.ts'
import { allNumbers, between, type NumberSet } from './number-set.ts'
import { allTexts, onlyTexts } from './text-set.ts'

/** Which contracts the events of variables are of; the events of others may be anything. */
export interface Bindings {
  readonly contracts: readonly PlanContract[]
  readonly bound: ReadonlyMap<number, PlanContract>
}

/** What `expr` may be at any event. */
export function domainOf(expr: Expr, bindings: Bindings): Domain {
  if (expr.kind === 'now') return { known: knownOf(expr, bindings), unknown: false, absent: false }
  const required = expr.kind === 'field' && expr.path.length === 1 && isRequired(fieldOf(expr, bindings))
  return { known: knownOf(expr, bindings), unknown: true, absent: !required }
}

/** Whether its values are whole numbers. */
export function isWhole(expr: Expr): boolean {
  return inner(expr.type).kind === 'int'
}

export function inner(type: Type): Type {
  return type.kind === 'optional' ? inner(type.inner) : type
}

function isRequired(field: FieldType | undefined): boolean {
  return field !== undefined && field.type.kind !== 'optional'
}

function knownOf(expr: Expr, bindings: Bindings): Known {
  const numbers = numbersOf(expr, bindings)
  if (numbers !== null) return knownNumbers(numbers)
  const type = inner(expr.type)
  switch (type.kind) {
    case 'int':
    case 'decimal':
    case 'percent':
    case 'duration':
    case 'time':
    case 'money':
      return knownNumbers(allNumbers)
    case 'bool':
      return knownTexts(onlyTexts(['true', 'false']))
    case 'enum':
      return knownTexts(onlyTexts(type.members))
    case 'string':
    case 'version':
      return knownTexts(allTexts)
    default:
      return anyKnown
  }
}

/** Null: nothing beyond the type. */
function numbersOf(expr: Expr, bindings: Bindings): NumberSet | null {
  switch (expr.kind) {
    case 'named':
      return numbersOf(expr.value, bindings)
    case 'field': {
      const field = fieldOf(expr, bindings)
      const type = field && inner(field.type)
      const range = field?.refinement?.range
      // Money of any currency is another number in each of them.
      return range && !(type?.kind === 'money' && type.currency === null) ? between(range.low, range.high) : null
    }
    case 'call':
      return ofCall(expr.function)
    case 'aggregate':
      return ofAggregate(expr, bindings)
    default:
      return null
  }
}

function ofCall(name: Extract<Expr, { kind: 'call' }>['function']): NumberSet | null {
  switch (name) {
    case 'length':
    case 'size':
    case 'abs':
      return between(zero, null)
    case 'hour_of_day':
      return between(zero, rational(23n))
    case 'day_of_week':
      return between(one, rational(7n))
    default:
      return null
  }
}

function ofAggregate(expr: Extract<Expr, { kind: 'aggregate' }>, bindings: Bindings): NumberSet | null {
  switch (expr.function) {
    case 'count':
      return between(zero, null)
    case 'distinct':
      return between(zero, kindsOf(expr.value))
    case 'share':
      return between(zero, one)
    case 'drift':
      return between(zero, expr.drift?.measure === 'ks' ? one : null)
    case 'sum': {
      const values = ofValue(expr, bindings)
      const isNeverNegative = values?.every(({ low }) => low !== null && low.n >= 0n) ?? false
      return isNeverNegative ? between(zero, null) : null
    }
    default:
      return hull(ofValue(expr, bindings))
  }
}

/** How many values there are at most; null: no end. */
function kindsOf(value: Expr | null): Rational | null {
  const type = value?.type
  if (type?.kind === 'bool') return rational(2n)
  return type?.kind === 'enum' ? rational(BigInt(type.members.length)) : null
}

function ofValue(expr: Extract<Expr, { kind: 'aggregate' }>, bindings: Bindings): NumberSet | null {
  const contract = bindings.contracts[expr.pattern.contract]
  if (expr.value === null || contract === undefined) return null
  return numbersOf(expr.value, { ...bindings, bound: new Map(bindings.bound).set(expr.pattern.variable, contract) })
}

function hull(numbers: NumberSet | null): NumberSet | null {
  const first = numbers?.[0]
  const last = numbers?.at(-1)
  return first && last ? [{ ...first, high: last.high, highOpen: last.highOpen }] : null
}

function fieldOf(expr: Extract<Expr, { kind: 'field' }>, bindings: Bindings): FieldType | undefined {
  let fields: readonly FieldType[] = bindings.bound.get(expr.event)?.fields ?? []
  let found: FieldType | undefined
  for (const name of expr.path) {
    found = fields.find(field => field.name === name)
    const type = found && inner(found.type)
    fields = type?.kind === 'record' ? type.fields : []
  }
  return found
}

const zero: Rational = rational(0n)
const one: Rational = rational(1n)
