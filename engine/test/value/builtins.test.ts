import { absent, type Type, unknown, type Value } from '@writ/engine'
import { expect, test } from 'vitest'
import type { BuiltinName } from '../../src/plan/expression.ts'
import { callBuiltin } from '../../src/value/builtins.ts'
import { decimal, eur, int, money, n, string, time, usd, version } from './values.ts'

test.each<readonly [BuiltinName, readonly Value[], Value, Type]>([
  ['abs', [n('-2.5')], n('2.5'), decimal],
  ['abs', [usd(-3)], usd(3), money],
  ['round', [n('2.5'), n(0)], n(3), decimal],
  ['round', [n('-2.5'), n(0)], n(-3), decimal],
  ['round', [usd('1.005'), n(2)], usd('1.01'), money],
  ['floor', [n('-0.5')], n(-1), decimal],
  ['ceil', [n('-0.5')], n(0), decimal],
  ['min', [n(3), n(1), n(2)], n(1), int],
  ['max', ['1.9.0', '1.10.0'], '1.10.0', version],
  ['max', [usd(1), eur(2)], unknown, money],
  ['length', ['😀b'], n(3), string],
  ['lower', ['ÄBC'], 'Äbc', string],
  ['upper', ['äbc'], 'äBC', string],
  ['trim', [' a '], 'a', string],
  ['size', [['a', 'b']], n(2), { kind: 'list', element: string }],
  ['text', [usd('1250.5')], '1,250.50 USD', money],
  ['amount', [usd(5)], n(5), money],
  ['currency', [eur(5)], 'EUR', money],
  // 1969-12-31 was a Wednesday.
  ['hour_of_day', [n(-1)], n(23), time],
  ['day_of_week', [n(-1)], n(3), time],
  ['day_of_week', [n(0)], n(4), time],
  ['mask', ['DE12345', n(4)], '***2345', string],
  ['mask', ['abc', n(0)], '***', string],
  ['mask', ['abc', n(10)], 'abc', string],
  ['hash', ['abc'], 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', string],
  ['bucket', [n(-1), n(10)], n(-10), int],
  ['bucket', [n('0.7'), n('0.5')], n('0.5'), decimal],
  ['bucket', [n(1), n(0)], unknown, int],
  ['find_all', ['see www.a.b and www.c', 'www[.][a-z.]+'], ['www.a.b', 'www.c'], string],
  ['lower', [unknown], unknown, string],
  ['abs', [absent], unknown, int],
])('%s of %o', (name, given, result, type) => {
  const types = given.map(() => type)
  expect(callBuiltin(name, given, types)).toEqual(result)
})
