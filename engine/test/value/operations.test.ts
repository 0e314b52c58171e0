import { absent, unknown } from '@writ/engine'
import { describe, expect, test } from 'vitest'
import {
  and,
  arithmetic,
  compareWith,
  equals,
  identity,
  inList,
  inRange,
  isPresent,
  isVersion,
  noCurrency,
  not,
  or,
  order,
  orElse,
  textTest,
} from '../../src/value/operations.ts'
import { decimal, duration, eur, int, money, n, string, time, usd, version } from './values.ts'

describe('and, or, not', () => {
  test('false wins an and, true wins an or, whatever else is unknown', () => {
    expect(and([unknown, false])).toBe(false)
    expect(and([true, unknown])).toBe(unknown)
    expect(or([unknown, true])).toBe(true)
    expect(or([false, unknown])).toBe(unknown)
  })
  test('all of nothing is true, any of nothing is false', () => {
    expect(and([])).toBe(true)
    expect(or([])).toBe(false)
  })
  test('not of unknown is unknown', () => {
    expect([not(true), not(false), not(unknown)]).toEqual([false, true, unknown])
  })
})

describe('equality', () => {
  test.each([
    ['numbers by value', n('1.50'), n('1.5'), true],
    ['beyond 2^53', n('9007199254740993'), n('9007199254740992'), false],
    ['text by code unit', 'a', 'A', false],
    ['money of one currency', usd('5.00'), usd('5'), true],
    ['money of two currencies', usd('5'), eur('5'), unknown],
    ['an unknown side', unknown, n(1), unknown],
    ['an absent side, which the checker keeps away', absent, absent, unknown],
    ['lists by element', ['a', 'b'], ['a', 'b'], true],
    ['lists of other lengths, unknown or not', [unknown], ['a', 'b'], false],
    ['lists where one pair differs', [unknown, 'b'], ['a', 'c'], false],
    ['lists where one pair is unknown', [unknown, 'b'], ['a', 'b'], unknown],
    ['records with an absent member', { fields: { zip: absent } }, { fields: {} }, true],
    ['records that differ', { fields: { city: 'Bern' } }, { fields: { city: 'Basel' } }, false],
  ] as const)('%s', (_, left, right, result) => expect(equals(left, right)).toBe(result))
})

describe('order', () => {
  test('numbers are exact', () => {
    expect(order(n('0.1'), n('0.10000000000000000001'), decimal)).toBe(-1)
    expect(compareWith('>=', n(3), n(3), int)).toBe(true)
  })
  test('text compares by UTF-16 unit, versions by number', () => {
    expect(order('Z', 'a', string)).toBe(-1)
    expect(order('1.10.0', '1.9.0', string)).toBe(-1)
    expect(order('1.10.0', '1.9.0', version)).toBe(1)
    expect([isVersion('1.10.0'), isVersion('1.10'), isVersion('01.0.0')]).toEqual([true, false, false])
  })
  test('money of two currencies has none', () => expect(order(usd(1), eur(2), money)).toBe(unknown))
  test('a sum of no money agrees with every currency', () => {
    expect(compareWith('<', { amount: n(0), currency: noCurrency }, eur(1), money)).toBe(true)
  })
})

describe('in', () => {
  test('a list: true if an element is equal, else unknown if one might be', () => {
    expect(inList('a', ['b', unknown, 'a'])).toBe(true)
    expect(inList('a', ['b', unknown])).toBe(unknown)
    expect(inList('a', ['b'])).toBe(false)
    expect(inList(unknown, [])).toBe(unknown)
  })
  test('a range: bounds belong to it', () => {
    expect(inRange(n(3), n(1), n(3), int)).toBe(true)
    expect(inRange(n(1), n(1), n(3), int)).toBe(true)
    expect(inRange(n('3.001'), n(1), n(3), decimal)).toBe(false)
    expect(inRange(n(5), unknown, n(3), int)).toBe(unknown)
  })
})

describe('text', () => {
  test.each([
    ['contains', 'abc', 'b', true],
    ['starts_with', 'abc', 'ab', true],
    ['ends_with', 'abc', 'ab', false],
    ['like', 'setup.exe', '*.exe', true],
    ['matches', 'abc', '[a-c]+', true],
    ['contains', unknown, 'b', unknown],
  ] as const)('%s', (operator, left, right, result) => expect(textTest(operator, left, right)).toBe(result))
  test('contains is of lists too', () => expect(textTest('contains', ['a', 'b'], 'b')).toBe(true))
})

describe('arithmetic', () => {
  test('is exact', () => {
    expect(arithmetic('+', n('0.1'), n('0.2'), decimal)).toEqual(n('0.3'))
    expect(arithmetic('/', n(1), n(3), decimal)).toEqual({ n: 1n, d: 3n })
    expect(arithmetic('*', n('9007199254740993'), n(3), int)).toEqual(n('27021597764222979'))
  })
  test('dividing by zero is unknown', () => {
    expect(arithmetic('/', n(1), n(0), decimal)).toBe(unknown)
    expect(arithmetic('/', usd(1), usd(0), decimal)).toBe(unknown)
  })
  test('money with money, with numbers, and of two currencies', () => {
    expect(arithmetic('-', usd(5), usd('1.50'), money)).toEqual(usd('3.50'))
    expect(arithmetic('*', n('0.5'), usd(5), money)).toEqual(usd('2.50'))
    expect(arithmetic('/', usd(5), n(2), money)).toEqual(usd('2.5'))
    expect(arithmetic('/', usd(5), usd(2), decimal)).toEqual(n('2.5'))
    expect(arithmetic('+', usd(5), eur(5), money)).toBe(unknown)
  })
  test('a Duration is cut to whole milliseconds towards zero', () => {
    expect(arithmetic('/', n(1000), n(3), duration)).toEqual(n(333))
    expect(arithmetic('/', n(-1000), n(3), duration)).toEqual(n(-333))
    expect(arithmetic('-', n(1000), n(400), time)).toEqual(n(600))
  })
  test('+ joins text', () => expect(arithmetic('+', 'a', 'b', string)).toBe('ab'))
  test('of an unknown is unknown', () => expect(arithmetic('+', unknown, n(1), int)).toBe(unknown))
})

test('is present, and ??: unknown stays unknown', () => {
  expect([isPresent(n(0)), isPresent(absent), isPresent(unknown)]).toEqual([true, false, unknown])
  expect(orElse(absent, () => n(2))).toEqual(n(2))
  expect(orElse(unknown, () => n(2))).toBe(unknown)
})

test('identity: the same text exactly for the same value', () => {
  expect(identity(usd('5.00'))).toBe(identity(usd(5)))
  expect(identity(usd(5))).not.toBe(identity(eur(5)))
  expect(identity({ fields: { a: 'x', b: 'y' } })).toBe(identity({ fields: { b: 'y', a: 'x' } }))
  expect(identity(['a,b'])).not.toBe(identity(['a', 'b']))
})
