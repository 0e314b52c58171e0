/**
 * Conditions in low form where they are easily wrong: constants between two scaled integers, numbers beyond 2^53, currencies,
 * strings that no event has, absent and unknown values, and rules in tables, buckets and bitmaps. Every run is held against the
 * reference interpreter.
 */
import { describe, expect, test } from 'vitest'
import { columnView, LogBuilder, type Plan, readSet } from '../../src/index.ts'
import { referenceRun } from '../../src/reference/run.ts'
import { evaluate } from '../../src/run/evaluate.ts'
import { absent, unknown, type Value } from '../../src/value/value.ts'
import { money, number, planOfText } from './programs.ts'

const contract = `module conditions
contract Event version 1.0.0 {
  name : String
  other : String
  amount : Decimal
  count : Int
  risk : Decimal?
  price : Money
  euros : Money<EUR>
  pause : Duration
  at : Time
  flag : Bool?
  channel : enum { chat, email }
}
`

type Fields = Readonly<Record<string, Value>>

const plain: Fields = {
  name: 'ana',
  other: 'an',
  amount: number('1.25'),
  count: number('3'),
  risk: absent,
  price: money('5', 'USD'),
  euros: money('5'),
  pause: number('1500'),
  at: number('1763629200000'),
  flag: absent,
  channel: 'chat',
}

function planOf(rules: readonly string[]): Plan {
  const lines = rules.map((condition, i) => `  rule r${i} when ${condition} deny`)
  const text = `${contract}policy p version 1.0.0 {\n  on Event as e\n  default permit\n${lines.join('\n')}\n}\n`
  return planOfText(text)
}

/** For each event, the rules that match, those on unknown with a `?`. */
function matches(rules: readonly string[], events: readonly Fields[]): string[] {
  const plan = planOf(rules)
  const builder = new LogBuilder(plan.contracts, readSet(plan))
  events.forEach((fields, index) => {
    builder.add({ contract: 0, time: index, file: 'log', index, fields: { ...plain, ...fields } })
  })
  const log = builder.build()
  const reference = referenceRun(plan, columnView(log, plan.contracts))
  for (const codeGeneration of [true, false]) {
    const run = evaluate(plan, log, { codeGeneration, generateAfter: 1 })
    expect(run.hash).toBe(reference.hash)
    expect(run.notices).toEqual(reference.notices)
  }
  return Array.from(reference.decisions.matched, matched => {
    const set = reference.decisions.matchSets[matched]
    return (set?.rules ?? []).map(rule => `${rule}${set?.unknown.includes(rule) ? '?' : ''}`).join(' ')
  })
}

describe('numbers', () => {
  test('a constant finer than the column lies between two of its numbers', () => {
    const rules = ['e.amount > 1.249999', 'e.amount >= 1.250001', 'e.amount == 1.2500000001', 'e.amount != 1.255']
    expect(matches(rules, [{}])).toEqual(['0 3'])
  })

  test('constants and values beyond 2^53 are exact', () => {
    const large = '9007199254740993'
    const rules = [
      `e.count == ${large}`,
      `e.count < ${large}`,
      'e.count > 123456789012345678901234567890',
      `e.count + 1 > ${large}`,
    ]
    const events = [
      { count: number(large) },
      { count: number('9007199254740992') },
      { count: number('9007199254740991') },
    ]
    expect(matches(rules, events)).toEqual(['0 3', '1', '1'])
  })

  test('a result that leaves the safe integers is worked out exactly', () => {
    const rules = [
      'e.count * e.count * e.count == 8000000000000012000000000000006000000000000001',
      'e.count * 0.1 == 0.3',
    ]
    expect(matches(rules, [{ count: number('2000000000000001') }, {}])).toEqual(['0', '1'])
  })

  test('durations are cut to whole milliseconds towards zero', () => {
    const rules = ['e.pause * 0.001 == 1ms', 'e.pause / 7 == 214ms', '-(e.pause) * 0.001 == -(1ms)']
    expect(matches(rules, [{}, { pause: number('1999') }])).toEqual(['0 1 2', '0 2'])
  })

  test('parts of times, also before 1970', () => {
    const rules = ['hour_of_day(e.at) == 23', 'day_of_week(e.at) == 3', 'hour_of_day(e.at) in 8 .. 17']
    expect(matches(rules, [{ at: number('-1') }, { at: number('32400000') }])).toEqual(['0 1', '2'])
  })

  test('absent and unknown values', () => {
    const rules = [
      'e.risk is present and e.risk > 0.5',
      'e.risk is absent or e.risk < 0.1',
      '(e.risk ?? 0.7) > 0.5',
      'e.risk is present',
    ]
    const events: Fields[] = [{}, { risk: unknown }, { risk: number('0.6') }, { risk: number('0.05') }]
    expect(matches(rules, events)).toEqual(['1 2', '0? 1? 2? 3?', '0 2 3', '1 3'])
  })

  test('a division by zero is unknown', () => {
    const rules = ['e.amount / e.count > 0.4', 'e.amount / e.count >= 0 and e.name == "bo"']
    expect(matches(rules, [{}, { count: number('0') }, { count: number('-1') }])).toEqual(['0', '0?', ''])
  })
})

describe('money', () => {
  test('of another currency is unknown, but only for the events that have it', () => {
    const rules = ['e.price > 4 USD', 'e.euros + 1 EUR == 6 EUR', 'currency(e.price) == "EUR"', 'amount(e.price) == 5']
    const events: Fields[] = [{}, { price: money('5') }, { price: unknown }]
    expect(matches(rules, events)).toEqual(['0 1 3', '0? 1 2 3', '0? 1 2? 3?'])
  })

  test('of two currencies in one expression is unknown', () => {
    expect(matches(['e.price + e.euros > 1 EUR', 'e.price < e.euros'], [{}, { price: money('1') }])).toEqual([
      '0? 1?',
      '0 1',
    ])
  })
})

describe('strings', () => {
  test('that no event has equal none', () => {
    const rules = ['e.name == "zoe"', 'e.name != "zoe"', 'e.name in ["zoe", "max"]', 'e.name not in ["zoe"]']
    expect(matches(rules, [{}, { name: unknown }])).toEqual(['1 3', '0? 1? 2? 3?'])
  })

  test('of two fields', () => {
    const rules = [
      'e.name contains e.other',
      'e.name starts_with e.other',
      'e.name == e.other',
      'e.name ends_with e.other',
    ]
    const events: Fields[] = [{}, { other: 'na' }, { other: 'ana' }, { other: unknown }]
    expect(matches(rules, events)).toEqual(['0 1', '0 3', '0 1 2 3', '0? 1? 2? 3?'])
  })

  test('are asked once per value, whatever is asked', () => {
    const rules = [
      'e.name like "a*"',
      'length(e.name) > 2 and upper(e.name) == "ANA"',
      'e.name < "b"',
      'e.flag ?? (e.name matches "a+")',
    ]
    expect(matches(rules, [{}, { name: 'b' }, { name: 'aa', flag: true }])).toEqual(['0 1 2', '', '0 2 3'])
  })
})

describe('many rules', () => {
  const names = Array.from({ length: 8 }, (_, i) => `n${i}`)
  /** Half of them name a string, and all compare numbers: buckets, and bitmaps inside them and beside them. */
  const rules = Array.from({ length: 120 }, (_, i) => {
    const name = i % 2 === 0 ? `e.name == "${names[i % 8]}" and ` : ''
    const extra = ['', ' and e.flag is absent', ' and e.channel == chat', ' and e.amount * 2 > e.count'][i % 4]
    return `${name}e.count > ${i % 13} and (e.risk ?? 0.5) <= 0.${i % 10}5${extra}`
  })

  test('match as each of them would alone', () => {
    const events = Array.from(
      { length: 160 },
      (_, i): Fields => ({
        name: i % 17 === 0 ? unknown : (names[i % 9] ?? 'other'),
        count: i % 19 === 0 ? unknown : number(i % 15),
        risk: i % 5 === 0 ? absent : i % 23 === 0 ? unknown : number(`0.${i % 10}`),
        flag: i % 3 === 0 ? true : i % 29 === 0 ? unknown : absent,
        channel: i % 2 === 0 ? 'chat' : 'email',
      }),
    )
    const found = matches(rules, events)
    expect(found.some(line => line.includes('?'))).toBe(true)
    expect(new Set(found).size).toBeGreaterThan(60)
  })
})
