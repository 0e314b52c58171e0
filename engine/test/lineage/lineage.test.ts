/** The lineage of a small program: which edges there are, what lies around a node, and that the picture holds together. */
import { parse } from '@writ/grammar'
import { describe, expect, test } from 'vitest'
import { check } from '../../src/check/check.ts'
import { lineage } from '../../src/lineage/build.ts'
import { lineageDot } from '../../src/lineage/dot.ts'
import { findNodes, nameOf } from '../../src/lineage/find.ts'
import { around, type LineageGraph } from '../../src/lineage/graph.ts'
import { layoutLineage } from '../../src/lineage/layout.ts'
import { openLineage } from '../../src/lineage/open-lineage.ts'
import { lineageSvg } from '../../src/lineage/svg.ts'
import { lineageLines } from '../../src/lineage/tree.ts'

const program = `module shop
contract Paid version 1.0.0 {
  id: String key  at: Time time
  customer: String personal(identifier)
  amount: Money<EUR>
  vip: Bool
  check amount > 0 EUR else reject "positive"
}
source feed {
  format ndjson
  map Paid {
    id = ref
    at = at
    customer = user.name
    amount = money(sum, "EUR")
    vip = vip
  }
}
sink crm { accepts personal(identifier) }
policy limits version 2.0.0 {
  on Paid as p
  default permit
  let spent = sum(amount) of Paid by customer over 1d
  let limit = if p.vip then 900 EUR else 100 EUR
  rule large
    when spent > limit
    deny "spent {spent}"
    then tell crm { who: mask(p.customer, keep: 2), ref: p.id }
}
`

function graphOf(text: string): LineageGraph {
  const { plan, problems } = check([parse('shop.writ', text)])
  if (!plan) throw new Error(problems.map(problem => problem.message).join('\n'))
  return lineage(plan)
}
const graph = graphOf(program)

/** The edges into a node: `name FLOW`. */
function into(id: string): readonly string[] {
  return graph.edges.flatMap(({ from, to, flow, masking }) =>
    to === id ? [`${from} ${flow}${masking ? ` ${masking}` : ''}`] : [],
  )
}

describe('where things come from', () => {
  test('a field, from the record', () => {
    expect(into('field:shop.Paid#customer')).toEqual(['source:feed#user.name IDENTITY'])
    expect(into('field:shop.Paid#amount')).toEqual(['source:feed#sum TRANSFORMATION'])
    expect(into('contract:shop.Paid')).toEqual(['source:feed IDENTITY', 'field:shop.Paid#amount FILTER'])
  })
  test('a window: its events, its value, its keys, its time', () => {
    expect(into('window:shop.limits#0')).toEqual([
      'contract:shop.Paid AGGREGATION',
      'field:shop.Paid#at WINDOW',
      'field:shop.Paid#customer GROUP_BY',
      'field:shop.Paid#customer JOIN',
      'field:shop.Paid#amount AGGREGATION',
    ])
  })
  test('a let, what chooses its value', () => {
    expect(into('let:shop.limits#limit')).toEqual(['field:shop.Paid#vip CONDITIONAL'])
    expect(into('let:shop.limits#spent')).toEqual(['window:shop.limits#0 IDENTITY'])
  })
  test('a rule, its decision and its text', () => {
    expect(into('rule:shop.limits.large')).toEqual([
      'contract:shop.Paid GUARD',
      'let:shop.limits#spent GUARD',
      'let:shop.limits#limit GUARD',
    ])
    expect(into('decisions:shop.limits#deny')).toEqual([
      'let:shop.limits#spent TRANSFORMATION',
      'rule:shop.limits.large GUARD',
    ])
    expect(into('decisions:shop.limits#permit')).toEqual(['contract:shop.Paid DEFAULT'])
  })
  test('an obligation and its sink, with what was masked on the way', () => {
    expect(into('obligation:shop.limits.large.0#who')).toEqual(['field:shop.Paid#customer TRANSFORMATION mask'])
    const classes = new Map(graph.nodes.map(node => [node.id, node.classes]))
    expect(classes.get('obligation:shop.limits.large.0#who')).toEqual([])
    expect(classes.get('field:shop.Paid#customer')).toEqual(['personal(identifier)'])
    expect(into('sink:crm')).toContain('obligation:shop.limits.large.0#who IDENTITY')
  })
})

describe('what is measured, and comes into force', () => {
  const measured = graphOf(`${program}
rollout careful of limits {
  shadow for 7d
  canary 10% by customer for 7d
  promote when often > 3 and share(deny) of decisions < 10%
  until 2026-12-31
}
indicator often = count of Paid where vip over 1d
indicator denied = share(deny) of decisions of limits where amount > 5 EUR by customer over 7d
objective few of denied { target <= 1%  owner "shop" }
`)
  const edgesInto = (id: string) =>
    measured.edges.flatMap(({ from, to, flow }) => (to === id ? [`${from} ${flow}`] : []))

  test('an indicator: its stream, its fields, its keys; an objective: its indicator', () => {
    expect(edgesInto('indicator:shop.often')).toEqual(['contract:shop.Paid AGGREGATION', 'field:shop.Paid#vip FILTER'])
    expect(edgesInto('indicator:shop.denied')).toEqual([
      'field:shop.Paid#customer GROUP_BY',
      'field:shop.Paid#amount FILTER',
      'decisions:shop.limits AGGREGATION',
    ])
    expect(edgesInto('objective:shop.few')).toEqual(['indicator:shop.denied MEASURES'])
  })
  test('a rollout decides where its policy counts, by what it measures', () => {
    expect(edgesInto('rollout:shop.careful')).toEqual([
      'field:shop.Paid#customer GROUP_BY',
      'decisions:shop.limits MEASURES',
      'indicator:shop.often MEASURES',
    ])
    expect(edgesInto('decisions:shop.limits')).toContain('rollout:shop.careful GUARD')
  })
  test('it is drawn, with the arrows that go back', () => {
    const { cards, routes } = layoutLineage(measured)
    for (const id of ['rollout:shop.careful', 'indicator:shop.often', 'objective:shop.few'])
      expect(cards.has(id)).toBe(true)
    expect(routes).toHaveLength(measured.edges.length)
    for (const node of measured.nodes) expect(findNodes(measured, nameOf(measured, node))).toEqual([node])
  })
})

describe('around a node', () => {
  test('by what people call it', () => {
    expect(findNodes(graph, 'Paid.customer').map(node => node.id)).toEqual(['field:shop.Paid#customer'])
    expect(findNodes(graph, 'spent').map(node => node.id)).toEqual(['let:shop.limits#spent'])
    expect(findNodes(graph, 'nothing')).toEqual([])
    for (const node of graph.nodes) expect(findNodes(graph, nameOf(graph, node))).toEqual([node])
  })
  test('one way, so many steps', () => {
    const ids = (part: LineageGraph) => part.nodes.map(node => node.id)
    expect(ids(around(graph, 'sink:crm', 'upstream', 1))).toEqual([
      'obligation:shop.limits.large.0',
      'obligation:shop.limits.large.0#who',
      'obligation:shop.limits.large.0#ref',
      'sink:crm',
    ])
    expect(ids(around(graph, 'source:feed#vip', 'downstream'))).toEqual([
      'source:feed',
      'source:feed#vip',
      'contract:shop.Paid',
      'field:shop.Paid#vip',
      'let:shop.limits#limit',
      'rule:shop.limits.large',
      'decisions:shop.limits',
      'decisions:shop.limits#deny',
      'obligation:shop.limits.large.0',
      'sink:crm',
    ])
  })
  test('as a tree', () => {
    const lines = lineageLines(graph, 'let:shop.limits#limit', 'from').map(
      line => `${line.indent} ${line.name} ${line.lead}`,
    )
    expect(lines).toEqual(['0 limit ', '1 Paid.vip chooses the value of', '2 feed.vip goes unchanged into'])
  })
})

describe('the picture', () => {
  test('edges go to the right, from port to port; cards do not overlap', () => {
    for (const one of [graph, generated(60, 7), generated(300, 11)]) {
      const { cards, rows, routes } = layoutLineage(one)
      const card = new Map(one.nodes.map(node => [node.id, node.card ?? node.id]))
      one.edges.forEach((edge, i) => {
        const route = routes[i] ?? []
        expect(route[0]?.y).toBe(rows.get(edge.from))
        expect(route.at(-1)?.y).toBe(rows.get(edge.to))
        if (card.get(edge.from) === card.get(edge.to)) return
        route.slice(1).forEach((point, k) => {
          expect(point.x).toBeGreaterThan(route[k]?.x ?? 0)
        })
      })
      const boxes = [...cards.values()]
      const overlapping = boxes.filter((a, i) =>
        boxes
          .slice(0, i)
          .some(b => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height),
      )
      expect(overlapping).toEqual([])
    }
  })
  test('the same graph gives the same bytes', () => {
    expect(lineageSvg(graphOf(program))).toBe(lineageSvg(graph))
  })
  test('texts of the program are texts in the picture', () => {
    const hostile = graphOf(
      program.replace('"spent {spent}"', '"x"').replace('rule large', 'rule large "<script>\\u{202e}&"'),
    )
    expect(lineageSvg(hostile)).toContain('&lt;script&gt;')
    expect(lineageSvg(hostile)).not.toContain('<script')
    expect(lineageSvg(hostile)).not.toContain('\u202e')
  })
  test('in DOT', () => {
    expect(lineageDot(around(graph, 'source:feed#vip', 'downstream', 1))).toBe(`digraph lineage {
  rankdir=LR
  node [shape=record, fontname="sans-serif", fontsize=11]
  n0 [label="<head> feed\\nsource | <r0> vip"]
  n1 [label="<head> Paid\\ncontract | <r0> vip"]
  n0:r0 -> n1:r0 [tooltip="goes unchanged into"]
}
`)
  })
})

test('as OpenLineage: columns of the sink, values and dependences', () => {
  const events = JSON.parse(JSON.stringify(openLineage(graph, { at: '2026-11-20T09:00:00Z', namespace: 'shop' })))
  expect(events.map((event: { job: { name: string } }) => event.job.name)).toEqual([
    'source feed',
    'policy shop.limits',
    'sink crm',
  ])
  const { fields } = events[2].outputs[0].facets.columnLineage
  expect(fields.who.inputFields).toEqual([
    {
      namespace: 'shop',
      name: 'shop.Paid',
      field: 'customer',
      transformations: [{ type: 'DIRECT', subtype: 'TRANSFORMATION', description: '', masking: true }],
    },
  ])
  const decided = events[1].outputs[0].facets.columnLineage.fields.deny.inputFields
  expect(
    decided.map(
      (input: { field: string; transformations: { type: string }[] }) =>
        `${input.field} ${input.transformations[0]?.type}`,
    ),
  ).toContain('vip INDIRECT')
})

/** A program of `count` lets, each of a few earlier ones; the numbers come from a seed. */
function generated(count: number, seed: number): LineageGraph {
  let state = seed
  const random = (below: number): number => {
    state = (state * 48271) % 2147483647
    return state % below
  }
  const lets = Array.from({ length: count }, (_, i) => {
    const others = Array.from({ length: Math.min(i, 1 + random(3)) }, () => ` + l${random(i)}`)
    return `  let l${i} = p.n${random(20)}${others.join('')}`
  })
  const fields = Array.from({ length: 20 }, (_, i) => `  n${i}: Int`)
  const rules = Array.from({ length: count / 10 }, (_, i) => `  rule r${i} when l${random(count)} > ${i} deny "x"`)
  return graphOf(
    `module big\ncontract Paid version 1.0.0 {\n  id: String key\n${fields.join('\n')}\n}\npolicy big version 1.0.0 {\n  on Paid as p\n  default permit\n${[...lets, ...rules].join('\n')}\n}\n`,
  )
}
