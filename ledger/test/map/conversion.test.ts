import { absent, fromInteger, parseRational, type Rational, type Type, type Value } from '@writ/engine'
import { describe, expect, it } from 'vitest'
import { convert } from '../../src/map/conversion.ts'
import { rawReader } from '../../src/map/raw-values.ts'
import { type Json, parseJson } from '../../src/raw/json.ts'
import { bool, decimal, int, list, literal, money, oneOf, optional, path, record, text, time } from '../plans.ts'

const duration: Type = { kind: 'duration' }
const euros: Type = { kind: 'money', currency: 'EUR' }
const number = (digits: string): Rational => parseRational(digits) ?? fromInteger(0)

function json(of: string): Json {
  const parsed = parseJson(of)
  if ('problem' in parsed) throw new Error(parsed.problem)
  return parsed.value
}

/** The value and the codes of findings. */
function converted(type: Type, of: string): readonly [Value, readonly string[]] {
  const codes: string[] = []
  const value = convert(json(of), { type, refinement: null, classes: [] }, 'f', (code, at) =>
    codes.push(`${code} ${at}`),
  )
  return [value, codes]
}

describe('conversions', () => {
  it.each<[Type, string, Value]>([
    [text, '"a"', 'a'],
    [int, '12', number('12')],
    [int, '"-7"', number('-7')],
    [int, '2.0', number('2')],
    [int, '9007199254740993', number('9007199254740993')],
    [decimal, '0.1', number('0.1')],
    [decimal, '"1e-3"', number('0.001')],
    [decimal, '0.12345678901234567890', number('0.12345678901234567890')],
    [bool, '"true"', true],
    [money, '{"amount":"12.50","currency":"EUR"}', { amount: number('12.5'), currency: 'EUR' }],
    [euros, '"12.50 EUR"', { amount: number('12.5'), currency: 'EUR' }],
    [time, '"1970-01-01T01:00:00.0015+01:00"', fromInteger(1)],
    [time, '"2024-02-29T00:00:00Z"', fromInteger(Date.UTC(2024, 1, 29))],
    [time, '"1969-12-31 23:59:59Z"', fromInteger(-1000)],
    [duration, '"1h30m"', fromInteger(5_400_000)],
    [oneOf('chat', 'email'), '"chat"', 'chat'],
    [list(int), '[1,"2"]', [number('1'), number('2')]],
    [
      record({ city: text, zip: optional(text) }),
      '{"city":"Bern","more":1}',
      { fields: { city: 'Bern', zip: absent } },
    ],
  ])('%o of %s', (type, raw, expected) => {
    const [value, codes] = converted(type, raw)
    expect(codes).toEqual([])
    expect(value).toEqual(expected)
  })

  it.each<[Type, string, string]>([
    [text, '1', 'W2002 f'],
    [text, 'null', 'W2001 f'],
    [int, '1.5', 'W2002 f'],
    [int, '"1 "', 'W2002 f'],
    [bool, '1', 'W2002 f'],
    [money, '12.5', 'W2002 f'],
    [euros, '"1 USD"', 'W2006 f'],
    [time, '"2026-11-20T09:00:00"', 'W2002 f'],
    [time, '"2023-02-29T00:00:00Z"', 'W2002 f'],
    [time, '1700000000', 'W2002 f'],
    [duration, '90', 'W2002 f'],
    [oneOf('chat'), '"Chat"', 'W2005 f'],
    [list(int), '[1,"x"]', 'W2002 f.1'],
    [record({ city: text }), '{}', 'W2001 f.city'],
    [record({ city: text }), '[]', 'W2002 f'],
  ])('%o not of %s', (type, raw, finding) => {
    expect(converted(type, raw)[1]).toEqual([finding])
  })

  it('says what would help', () => {
    const messages: string[] = []
    const report = (_code: string, _path: string, words: unknown): void => {
      messages.push(JSON.stringify(typeof words === 'function' ? words() : words))
    }
    convert(5, { type: time, refinement: null, classes: [] }, 'at', report)
    convert('secret text', { type: int, refinement: null, classes: ['secret'] }, 'n', report)
    expect(messages[0]).toContain('Map it with seconds(…) or milliseconds(…).')
    expect(messages[1]).toContain('a text of 11 characters')
  })
})

describe('values of maps', () => {
  const place = { file: 'runs/a.json', line: null, index: 3 }
  const record1 = json('{"a":null,"b":{"c":[{"d":1.50}]},"s":"{\\"x\\":[7]}","n":1.5,"big":9007199254740993}')
  it.each([
    ['a member', path('b.c.0.d'), 1.5],
    ['a default', { kind: 'default', value: path('a'), otherwise: path('n') }, 1.5],
    ['text of an object', { kind: 'text', value: path('b') }, '{"c":[{"d":1.5}]}'],
    ['text of a long number', { kind: 'text', value: path('big') }, '9007199254740993'],
    ['JSON inside of text', { kind: 'json', value: path('s'), path: ['x', '0'] }, 7],
    ['money', { kind: 'money', amount: path('n'), currency: literal('EUR') }, { amount: 1.5, currency: 'EUR' }],
    ['the place', { kind: 'place', of: 'file_name' }, 'a.json'],
  ] as const)('%s', (_, expression, expected) => {
    expect(rawReader(expression)(record1, place)).toEqual(expected)
  })
  it('scales to whole milliseconds', () => {
    expect(rawReader({ kind: 'scaled', value: path('n'), milliseconds: 1000 })(record1, place)).toMatchObject({
      value: fromInteger(1500),
    })
  })
})
