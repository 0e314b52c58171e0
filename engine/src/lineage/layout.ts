/**
 * Where a lineage graph is drawn: cards in columns from left to right, rows as ports, edges as curves through the columns between.
 * The layered method (Sugiyama), made simple by what is known: ports have a fixed order, and long edges of one row share their way.
 * Deterministic, without dependencies. How it is painted is svg.ts, or whoever shows it.
 */
import type { LineageGraph, LineageKind } from './graph.ts'

export interface LineageLayout {
  readonly width: number
  readonly height: number
  /** By id of the card. */
  readonly cards: ReadonlyMap<string, Box>
  /** By id of the node: the middle of the row or of the card's head. */
  readonly rows: ReadonlyMap<string, number>
  /** In the order of the graph's edges: from the first point through the others, left to right (or back, where it goes back). */
  readonly routes: readonly (readonly Point[])[]
}
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
export interface Point {
  readonly x: number
  readonly y: number
}

export const cardWidth = 220
export const headHeight = 40
export const rowHeight = 22
const columnGap = 110
const cardGap = 22
const wayHeight = 8
const margin = 24

/** Time grows with the edges, not with their square: 1,000 fields take some ten milliseconds. */
export function layoutLineage(graph: LineageGraph): LineageLayout {
  const items = itemsOf(graph)
  const columns = columnsOf(items)
  const best = ordered(columns)
  place(best)
  return drawn(graph, items, best)
}

/** A card, or the way of long edges through a column. */
interface Item {
  readonly id: string
  readonly height: number
  rank: number
  y: number
  /** Links to items of the next column and of the one before, by the heights at which they end on both. */
  readonly right: Link[]
  readonly left: Link[]
}
interface Link {
  readonly other: Item
  readonly own: number
  readonly theirs: number
}

interface Items {
  readonly byCard: ReadonlyMap<string, Item>
  readonly ways: Item[]
  /** For each edge the items that it goes through, with the height on each. */
  readonly routes: (readonly { readonly item: Item; readonly at: number }[])[]
}

function itemsOf({ nodes, edges }: LineageGraph): Items {
  const rowsOf = new Map<string, number>()
  const port = new Map<string, { readonly card: string; readonly at: number }>()
  for (const { id, card } of nodes) {
    if (card === null) {
      port.set(id, { card: id, at: headHeight / 2 })
      continue
    }
    const rows = rowsOf.get(card) ?? 0
    port.set(id, { card, at: headHeight + rowHeight * (rows + 0.5) })
    rowsOf.set(card, rows + 1)
  }
  const byCard = new Map<string, Item>()
  const tiers = new Map<Item, number>()
  for (const { id, card, kind } of nodes)
    if (card === null) {
      const rows = rowsOf.get(id) ?? 0
      const height = headHeight + rows * rowHeight + (rows > 0 ? 6 : 0)
      const item = { id, height, rank: 0, y: 0, right: [], left: [] }
      byCard.set(id, item)
      tiers.set(item, tierOf(kind))
    }
  const ends = edges.map(({ from, to }) => {
    const [a, b] = [port.get(from), port.get(to)]
    const [source, target] = [a && byCard.get(a.card), b && byCard.get(b.card)]
    if (!a || !b || !source || !target) throw new Error(`an edge between ${from} and ${to}, which are not both nodes`)
    return { from, source, at: a.at, target, targetAt: b.at }
  })
  rank(tiers, ends)
  const ways = new Map<string, Item>()
  const routes = ends.map(({ from, source, at, target, targetAt }) => {
    const route = [{ item: source, at }]
    const step = target.rank > source.rank ? 1 : -1
    if (target.rank !== source.rank)
      for (let column = source.rank + step; column !== target.rank; column += step) {
        const key = `${from} ${column}`
        const way = ways.get(key) ?? { id: key, height: wayHeight, rank: column, y: 0, right: [], left: [] }
        ways.set(key, way)
        route.push({ item: way, at: wayHeight / 2 })
      }
    return [...route, { item: target, at: targetAt }]
  })
  const linked = new Set<string>()
  for (const route of routes)
    for (const [i, { item, at }] of route.entries()) {
      const next = route[i + 1]
      if (!next || next.item.rank === item.rank) continue
      const [left, right] = item.rank < next.item.rank ? [{ item, at }, next] : [next, { item, at }]
      const key = `${left.item.id} ${left.at} ${right.item.id} ${right.at}`
      if (linked.has(key)) continue
      linked.add(key)
      left.item.right.push({ other: right.item, own: left.at, theirs: right.at })
      right.item.left.push({ other: left.item, own: right.at, theirs: left.at })
    }
  return { byCard, ways: [...ways.values()], routes }
}

interface Arrow {
  readonly source: Item
  readonly target: Item
}

/** Kinds of one tier stand in the same columns, after all of the tier before. */
function tierOf(kind: LineageKind): number {
  switch (kind) {
    case 'source':
    case 'record-field':
      return 0
    case 'contract':
    case 'field':
      return 1
    case 'window':
    case 'let':
      return 2
    case 'rule':
    case 'rollout':
      return 3
    case 'decision':
    case 'approval':
    case 'obligation':
    case 'obligation-field':
      return 4
    case 'sink':
    case 'indicator':
    case 'objective':
      return 5
  }
}

/** Within a tier the longest way from its beginning; an arrow that would close a circle goes back. */
function rank(tiers: ReadonlyMap<Item, number>, arrows: readonly Arrow[]): void {
  const items = [...tiers.keys()]
  const next = new Map<Item, Set<Item>>(items.map(item => [item, new Set()]))
  for (const { source, target } of arrows) if (source !== target) next.get(source)?.add(target)
  const forward = new Map<Item, Item[]>(items.map(item => [item, []]))
  const state = new Map<Item, 'open' | 'done'>()
  const order: Item[] = []
  for (const start of items) {
    if (state.has(start)) continue
    const stack = [{ item: start, rest: [...(next.get(start) ?? [])] }]
    state.set(start, 'open')
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const to = top.rest.shift()
      if (!to) {
        state.set(top.item, 'done')
        order.push(top.item)
        stack.pop()
      } else if (state.get(to) !== 'open') {
        forward.get(top.item)?.push(to)
        if (!state.has(to)) {
          state.set(to, 'open')
          stack.push({ item: to, rest: [...(next.get(to) ?? [])] })
        }
      }
    }
  }
  let first = 0
  for (const tier of [...new Set(tiers.values())].sort((a, b) => a - b)) {
    const own = order.toReversed().filter(item => tiers.get(item) === tier)
    for (const item of own) item.rank = Math.max(item.rank, first)
    for (const item of own)
      for (const to of forward.get(item) ?? []) if (tiers.get(to) === tier) to.rank = Math.max(to.rank, item.rank + 1)
    first = Math.max(...own.map(item => item.rank)) + 1
  }
}

type Columns = readonly (readonly Item[])[]

function columnsOf({ byCard, ways }: Items): Columns {
  const columns: Item[][] = []
  for (const item of [...byCard.values(), ...ways]) {
    while (columns.length <= item.rank) columns.push([])
    columns[item.rank]?.push(item)
  }
  return columns
}

const sweeps = 8

/** Back and forth, each column by the middle of its neighbours; the ordering with the fewest crossings is kept. */
function ordered(columns: Columns): Columns {
  let current = columns
  stack(current)
  let best = current
  let fewest = crossings(current)
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep++) {
    const rightwards = sweep % 2 === 0
    const next = [...current]
    const places = next.map((_, i) => i)
    for (const i of rightwards ? places : places.toReversed()) {
      const column = next[i] ?? []
      const keys = new Map(
        column.map((item, at) => [item, { at, key: middle(rightwards ? item.left : item.right) ?? item.y }]),
      )
      next[i] = column.toSorted((a, b) => {
        const [x, y] = [keys.get(a), keys.get(b)]
        return (x?.key ?? 0) - (y?.key ?? 0) || (x?.at ?? 0) - (y?.at ?? 0)
      })
      stack([next[i] ?? []])
    }
    current = next
    const found = crossings(current)
    if (found < fewest) {
      fewest = found
      best = current
    }
  }
  stack(best)
  return best
}

/** Where the item would stand if its links were level. */
function middle(links: readonly Link[]): number | null {
  if (links.length === 0) return null
  let sum = 0
  for (const { other, own, theirs } of links) sum += other.y + theirs - own
  return sum / links.length
}

function stack(columns: Columns): void {
  for (const column of columns) {
    let y = 0
    for (const item of column) {
      item.y = y
      y += item.height + cardGap
    }
  }
}

/** Inversions between the two ends of all links, column by column, with a Fenwick tree. */
function crossings(columns: Columns): number {
  let total = 0
  for (const column of columns) {
    const links = column.flatMap(item =>
      item.right.map(({ other, own, theirs }) => ({ from: item.y + own, to: other.y + theirs })),
    )
    links.sort((a, b) => a.from - b.from || a.to - b.to)
    const heights = [...new Set(links.map(link => link.to))].sort((a, b) => a - b)
    const rankOf = new Map(heights.map((height, i) => [height, i + 1]))
    const tree = new Int32Array(heights.length + 1)
    for (const [i, { to }] of links.entries()) {
      const at = rankOf.get(to) ?? 0
      let notAbove = 0
      for (let k = at; k > 0; k -= k & -k) notAbove += tree[k] ?? 0
      total += i - notAbove
      for (let k = at; k < tree.length; k += k & -k) tree[k] = (tree[k] ?? 0) + 1
    }
  }
  return total
}

const rounds = 12

/** Draws items to the middle of their neighbours, keeping their order and the gaps. */
function place(columns: Columns): void {
  for (let round = 0; round < rounds; round++) {
    const places = columns.map((_, i) => i)
    const last = round >= rounds - 3
    for (const i of round % 2 === 0 ? places : places.toReversed()) {
      const column = columns[i] ?? []
      const wished = column.map(item => {
        const links = last ? [...item.left, ...item.right] : round % 2 === 0 ? item.left : item.right
        return middle(links) ?? item.y
      })
      settle(column, wished)
    }
  }
  const top = Math.min(...columns.flatMap(column => column.map(item => item.y)), Number.POSITIVE_INFINITY)
  for (const column of columns) for (const item of column) item.y += margin - top
}

/** The places nearest to the wishes (least squares) that keep order and gaps: pool adjacent violators. */
function settle(column: readonly Item[], wished: readonly number[]): void {
  const blocks: { sum: number; weight: number; count: number }[] = []
  let offset = 0
  const offsets = column.map(item => {
    const own = offset
    offset += item.height + cardGap
    return own
  })
  for (const [i, item] of column.entries()) {
    const weight = item.left.length + item.right.length > 0 ? 4 : 1
    blocks.push({ sum: ((wished[i] ?? 0) - (offsets[i] ?? 0)) * weight, weight, count: 1 })
    for (;;) {
      const [before, own] = blocks.slice(-2)
      if (!before || !own || before.sum / before.weight <= own.sum / own.weight) break
      blocks.splice(-2, 2, {
        sum: before.sum + own.sum,
        weight: before.weight + own.weight,
        count: before.count + own.count,
      })
    }
  }
  let i = 0
  for (const { sum, weight, count } of blocks)
    for (let k = 0; k < count; k++, i++) {
      const item = column[i]
      if (item) item.y = sum / weight + (offsets[i] ?? 0)
    }
}

function drawn(graph: LineageGraph, items: Items, columns: Columns): LineageLayout {
  const x = (rank: number) => margin + rank * (cardWidth + columnGap)
  const cards = new Map<string, Box>()
  for (const [id, { rank, y, height }] of items.byCard)
    cards.set(id, { x: x(rank), y: Math.round(y), width: cardWidth, height })
  const rows = new Map<string, number>()
  const counts = new Map<string, number>()
  for (const { id, card } of graph.nodes) {
    const box = cards.get(card ?? id)
    if (!box) continue
    const row = counts.get(card ?? '') ?? 0
    rows.set(id, card === null ? box.y + headHeight / 2 : box.y + headHeight + rowHeight * (row + 0.5))
    if (card !== null) counts.set(card, row + 1)
  }
  const routes = items.routes.map(route => {
    const last = route.length - 1
    const forward = (route[0]?.item.rank ?? 0) < (route[last]?.item.rank ?? 0)
    return route.flatMap(({ item, at }, i): Point[] => {
      const [left, right] = [x(item.rank), x(item.rank) + cardWidth]
      const y = Math.round(item.y) + at
      if (i === 0) return [{ x: right, y }]
      if (i === last) return [{ x: left, y }]
      const through = [
        { x: left, y },
        { x: right, y },
      ]
      return forward ? through : through.toReversed()
    })
  })
  const all = columns.flat()
  return {
    width: x(columns.length - 1) + cardWidth + margin,
    height: Math.round(Math.max(0, ...all.map(item => item.y + item.height))) + margin,
    cards,
    rows,
    routes,
  }
}
