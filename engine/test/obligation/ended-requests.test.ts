/** Requests that ended: the newest of a name is found, however many pieces there were, and there are few layers. */
import { expect, test } from 'vitest'
import type { EndedRequest } from '../../src/obligation/continued.ts'
import { type EndedLayers, endedCalled, withEnded } from '../../src/obligation/ended-requests.ts'

const ended = (number: number, ...names: readonly string[]): EndedRequest => ({
  number,
  policy: 0,
  rule: 0,
  stage: 0,
  late: false,
  names,
})

test('the newest of each name is found, in the order of opening', () => {
  const layers = [[ended(3, 'a', 'digest 3'), ended(4, 'b')], [ended(1, 'a', 'digest 1')]]
  const found = (...names: readonly string[]) => endedCalled(layers, names).map(({ number }) => number)
  expect(found('b', 'a')).toEqual([3, 4])
  expect(found('digest 1')).toEqual([1])
  expect(found('c')).toEqual([])
})

test('a thousand pieces make few layers, and what nobody can call any more is gone', () => {
  let layers: EndedLayers = []
  for (let number = 0; number < 1000; number++) layers = withEnded(layers, [ended(number, `request ${number % 100}`)])
  expect(layers.length).toBeLessThan(10)
  expect(layers.flat().length).toBeLessThan(300)
  expect(endedCalled(layers, ['request 7']).map(({ number }) => number)).toEqual([907])
})

test('a piece in which nothing ended changes nothing', () => {
  const layers: EndedLayers = [[ended(1, 'a')]]
  expect(withEnded(layers, [])).toBe(layers)
})
