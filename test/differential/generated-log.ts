/**
 * Logs for a checked program: events of its contracts in time order, with ties, steps of exactly a window's length, few or many
 * keys, absent and unknown values, numbers beyond 2^53, and money of several currencies.
 */
import {
  absent,
  type BuiltEvent,
  type Plan,
  type PlanContract,
  parseRational,
  type Rational,
  type Refinement,
  rational,
  type Type,
  unknown,
  type Value,
} from '@writ/engine'
import type { Random } from './random.ts'
import * as words from './vocabulary.ts'

/** In time order; every event has its own place in its file. */
export function generateLog(random: Random, plan: Plan): readonly BuiltEvent[] {
  const size = Number(random.weighted({ 0: 2, 1: 3, 5: 8, 20: 25, 60: 45, 150: 16, 400: 1 }))
  const count = size === 0 ? 0 : random.between(Math.ceil(size / 2), size)
  const habits: Habits = {
    unknown: random.pick([0, 0, 3, 15]),
    absent: random.pick([5, 30, 60]),
    keys: random.pick([1, 2, 4, 40]),
    wild: random.pick([5, 20, 60]),
    currencies: random.pick([['USD'], ['USD', 'USD', 'USD', 'EUR'], words.currencyPool]),
  }
  // A contract may have no events at all.
  const contracts = plan.contracts.map((_, i) => i).filter(() => random.chance(90))
  const steps = random.chance(50) ? words.stepPool : random.sample(words.stepPool, 3)
  const files = ['a.ndjson', 'b.ndjson', 'c/d.ndjson']
  const places = new Map<string, number>()
  const events: BuiltEvent[] = []
  let now = words.firstTime
  for (let i = 0; i < count && contracts.length > 0; i++) {
    if (i > 0) now += random.pick(steps)
    const contract = random.pick(contracts)
    const shape = plan.contracts[contract]
    if (!shape) continue
    const file = random.pick(files)
    const index = places.get(file) ?? 0
    places.set(file, index + 1)
    events.push({ contract, time: now, file, index, fields: fieldsOf(random, shape, habits) })
  }
  return events
}

interface Habits {
  /** Percentages. */
  readonly unknown: number
  readonly absent: number
  readonly wild: number
  /** How many different texts keys have. */
  readonly keys: number
  readonly currencies: readonly string[]
}

function fieldsOf(random: Random, contract: PlanContract, habits: Habits): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    contract.fields.map(({ name, type, refinement }) => [name, randomValue(random, type, refinement, habits, name)]),
  )
}

function randomValue(random: Random, type: Type, refinement: Refinement | null, habits: Habits, name: string): Value {
  if (random.chance(habits.unknown)) return unknown
  switch (type.kind) {
    case 'optional':
      return random.chance(habits.absent) ? absent : randomValue(random, type.inner, refinement, habits, name)
    case 'bool':
      return random.chance(50)
    case 'string':
      if (refinement?.pattern) return random.pick(['', 'a', 'b', 'ab', 'abc', 'cc'])
      if (name === 'customer') return `c${random.between(1, habits.keys)}`
      return random.pick(words.stringPool)
    case 'enum':
      return random.pick(type.members)
    case 'version':
      return random.pick(words.versionPool)
    case 'int':
      return inRange(random, numberFrom(random, words.intPool, habits), refinement, integers)
    case 'decimal':
      return inRange(random, numberFrom(random, words.decimalPool, habits), refinement, decimals)
    case 'percent':
      return inRange(random, parsed(`${random.pick(words.percentPool)}e-2`), refinement, decimals)
    case 'money':
      return {
        amount: numberFrom(random, words.amountPool, habits),
        currency: type.currency ?? random.pick(habits.currencies),
      }
    case 'duration':
      return rational(BigInt(random.pick(words.durationPool) * (random.chance(5) ? -1 : 1)))
    case 'time':
      return rational(BigInt(words.firstTime + random.pick(words.stepPool)))
    case 'list':
      return Array.from({ length: random.pick([0, 1, 1, 2, 3]) }, () =>
        randomValue(random, type.element, null, habits, ''),
      )
    case 'record':
      return {
        fields: Object.fromEntries(
          type.fields.map(field => [field.name, randomValue(random, field.type, field.refinement, habits, field.name)]),
        ),
      }
    case 'error':
      throw new Error('a runnable plan has no values of the error type')
  }
}

/** Mostly small numbers; wild ones from the end of the pool as often as the log's habit is. */
function numberFrom(random: Random, pool: readonly string[], habits: Habits): Rational {
  return parsed(random.pick(random.chance(habits.wild) ? pool : pool.slice(0, 6)))
}

const integers = ['0', '1', '2', '3', '4', '5']
const decimals = ['0', '1', '0.5', '0.1', '0.25']

function inRange(random: Random, value: Rational, refinement: Refinement | null, inside: readonly string[]): Rational {
  return refinement?.range ? parsed(random.pick(inside)) : value
}

function parsed(text: string): Rational {
  const value = parseRational(text)
  if (!value) throw new Error(`${text} is no number`)
  return value
}
