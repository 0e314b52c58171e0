/** The small structures under the compiled evaluator: thresholds, pairs, and constants on a scale. */
import { expect, test } from 'vitest'
import { comparableAt, scaledInteger } from '../../src/compile/constants.ts'
import { PairTable } from '../../src/compile/pair-table.ts'
import { Thresholds } from '../../src/compile/thresholds.ts'
import { number } from './programs.ts'

test('thresholds: twice the number below, plus 1 on one of them', () => {
  const thresholds = new Thresholds([5, 1, 5, 2.5, Number.POSITIVE_INFINITY, -7])
  const values = [-8, -7, 0, 1, 2, 2.5, 3, 5, 6]
  expect(values.map(value => thresholds.placeOf(value))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  expect(thresholds.places).toBe(9)
})

test('thresholds agree with a search through all of them, wherever they are dense', () => {
  const dense = Array.from({ length: 500 }, (_, i) => (i < 490 ? i * i : 1e12 + i))
  const thresholds = new Thresholds(dense)
  for (let i = 0; i < 500; i++)
    for (const value of [i * i - 1, i * i, i * i + 0.5, 1e12 + i, 5e11 + i]) {
      const below = dense.filter(threshold => threshold < value).length
      expect(thresholds.placeOf(value)).toBe(below * 2 + (dense.includes(value) ? 1 : 0))
    }
})

test('no thresholds, and one', () => {
  expect(new Thresholds([]).placeOf(3)).toBe(0)
  expect([1, 2, 3].map(value => new Thresholds([2]).placeOf(value))).toEqual([0, 1, 2])
})

test('pairs are numbered in the order in which they are met', () => {
  const table = new PairTable()
  for (let i = 0; i < 1000; i++) expect(table.intern(i % 10, i)).toBe(i)
  for (let i = 0; i < 1000; i++) expect(table.find(i % 10, i)).toBe(i)
  expect(table.find(1, 2)).toBe(-1)
  expect(table.size).toBe(1000)
})

test('a constant on a scale compares with integers as the exact number does', () => {
  expect(comparableAt(number('1.25'), 2)).toBe(125)
  expect(comparableAt(number('1.255'), 2)).toBe(125.5)
  expect(comparableAt(number('-1.255'), 2)).toBe(-125.5)
  expect(comparableAt(number('9007199254740993'), 0)).toBe(Number.POSITIVE_INFINITY)
  expect(comparableAt(number('-9007199254740993'), 0)).toBe(Number.NEGATIVE_INFINITY)
  expect(comparableAt(number('9007199254740990.5'), 0)).toBeNaN()
})

test('the smallest scale at which a number is an integer', () => {
  expect(scaledInteger(number('1.250'))).toEqual({ integer: 125, scale: 2 })
  expect(scaledInteger({ n: 1n, d: 3n })).toBeUndefined()
  expect(scaledInteger(number('9007199254740993'))).toBeUndefined()
})
