import { absent, presentValue, rational, type Type, unknown, type Value } from '@writ/engine'
import { expect, test } from 'vitest'
import { decimal, duration, eur, int, money, n, percent, string, time, usd } from './values.ts'

const address: Type = {
  kind: 'record',
  name: 'Address',
  fields: [{ name: 'city', type: string, refinement: null, classes: [] }],
}

test.each<readonly [string, Value, Type]>([
  ['1,250.00 EUR', eur('1250'), money],
  ['-1,234,567.005 USD', usd('-1234567.005'), money],
  ['≈33.33 USD', { amount: rational(100n, 3n), currency: 'USD' }, money],
  ['1,200 JPY', { amount: n(1200), currency: 'JPY' }, money],
  ['0.00', { amount: n(0), currency: '' }, money],
  ['1 h 30 m', n(5_400_000), duration],
  ['7 d', n(7 * 86_400_000), duration],
  ['1 s 250 ms', n(1250), duration],
  ['-30 s', n(-30_000), duration],
  ['0 s', n(0), duration],
  ['2026-11-20 09:00:00Z', n(Date.UTC(2026, 10, 20, 9)), time],
  ['2026-11-20 09:00:00.250Z', n(Date.UTC(2026, 10, 20, 9) + 250), time],
  ['95%', n('0.95'), percent],
  ['12.5%', n('0.125'), percent],
  ['12345678901234567890', n('12345678901234567890'), int],
  ['0.1', n('0.1'), decimal],
  ['≈0.333333', rational(1n, 3n), decimal],
  ['text as it is', 'text as it is', string],
  ['["a", "b"]', ['a', 'b'], { kind: 'list', element: string }],
  ['{ city: "Bern" }', { fields: { city: 'Bern' } }, address],
  ['true', true, { kind: 'bool' }],
  ['absent', absent, { kind: 'optional', inner: string }],
  ['unknown', unknown, int],
])('%s', (text, value, type) => expect(presentValue(value, type)).toBe(text))

test('text is quoted where asked, members of enums never', () => {
  expect(presentValue('a "b"', string, { quoted: true })).toBe('"a \\"b\\""')
  expect(presentValue('chat', { kind: 'enum', name: 'Channel', members: ['chat'] }, { quoted: true })).toBe('chat')
})
