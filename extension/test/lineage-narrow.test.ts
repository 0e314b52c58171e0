/** Which part of a lineage is drawn: surroundings of several nodes by depth, ways through a node, and what a window of a large picture shows. */
import { readFileSync } from 'node:fs'
import { check, type LineageGraph, layoutLineage, lineage } from '@writ/engine'
import { parse } from '@writ/grammar'
import { expect, test } from 'vitest'
import { narrowed, path, visible } from '../src/webview/lineage/narrow.ts'

const names = ['events.writ', 'refunds.writ', 'limits.writ', 'velocity.writ', 'levels.writ', 'tests.writ']
const { plan } = check(names.map(name => parse(name, readFileSync(`samples/refunds/${name}`, 'utf8'))))
if (!plan) throw new Error('the sample has errors')
const graph: LineageGraph = lineage(plan)
const idOf = (name: string, card?: string): string => {
  const own = card === undefined ? null : graph.nodes.find(node => node.name === card)?.id
  return graph.nodes.find(node => node.name === name && (own === null || node.card === own))?.id ?? ''
}

test('one step is less than all, and pins add theirs', () => {
  const [small, paid] = [idOf('small'), idOf('paid')]
  const all = narrowed(graph, { ids: [small], direction: 'both', depth: Number.POSITIVE_INFINITY })
  const near = narrowed(graph, { ids: [small], direction: 'both', depth: 1 })
  const both = narrowed(graph, { ids: [small, paid], direction: 'both', depth: 1 })
  expect(near.nodes.length).toBeLessThan(all.nodes.length)
  expect(both.nodes.length).toBeGreaterThan(near.nodes.length)
  expect(both.nodes.map(({ id }) => id)).toEqual(expect.arrayContaining([small, paid]))
  expect(narrowed(graph, { ids: ['gone'], direction: 'both', depth: 1 })).toBe(graph)
})

test('a way through a field goes to the rules that read it, and not to others', () => {
  const way = path(graph, idOf('channel', 'RefundRequested'))
  expect(way.has(idOf('small'))).toBe(false)
  expect(path(graph, idOf('amount', 'RefundRequested')).has(idOf('small'))).toBe(true)
})

test('a window shows the cards in it and the edges that cross it', () => {
  const layout = layoutLineage(graph)
  const all = visible(layout, { left: 0, top: 0, right: layout.width, bottom: layout.height })
  expect(all.cards.size).toBe(layout.cards.size)
  expect(all.edges.size).toBe(graph.edges.length)
  const some = visible(layout, { left: 0, top: 0, right: 250, bottom: layout.height })
  expect(some.cards.size).toBeGreaterThan(0)
  expect(some.cards.size).toBeLessThan(all.cards.size)
})
