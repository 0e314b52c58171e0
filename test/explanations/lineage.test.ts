/**
 * The lineage of single decisions, on every sample and on generated programs: each of its nodes and edges is one of the program's
 * lineage, the decision that was made is in it, and no secret is.
 */
import {
  columnView,
  type DecisionLineage,
  decisionLineage,
  evaluate,
  explain,
  type LineageGraph,
  type LogView,
  lineage,
  type Plan,
  type RunResult,
  referenceRun,
} from '@writ/engine'
import { describe, expect, test } from 'vitest'
import { samplePath, simulate } from '../../samples/simulate.ts'
import { eventsOf, logOf, programOf } from '../differential/pair.ts'

const programs = Number(process.env.WRIT_PROGRAMS ?? 120)
const firstSeed = Number(process.env.WRIT_SEED ?? 1)
const everyNth = Number(process.env.WRIT_EVERY ?? 7)

describe.each([
  { name: 'agent-guardrails', events: 'runs' },
  { name: 'airline', events: 'runs' },
  { name: 'cloudtrail', events: 'events' },
  { name: 'refunds', events: 'events' },
])('samples/$name', ({ name, events }) => {
  test('every edge of a decision is an edge of the program', { timeout: 600_000 }, async () => {
    const { plan, opened } = await simulate(name, samplePath(name, events), true)
    const { drawn, edges, wrong } = drawnOf(
      plan,
      columnView(opened.log, plan.contracts),
      evaluate(plan, opened.log),
      everyNth,
    )
    console.log(`${name}: ${drawn} decisions, ${edges} edges`)
    expect(wrong.slice(0, 5)).toEqual([])
    expect(drawn).toBeGreaterThan(50)
  })
})

test(`every edge of a decision is an edge of the program, ${programs} generated programs`, { timeout: 600_000 }, () => {
  let [drawn, edges] = [0, 0]
  for (let seed = firstSeed; seed < firstSeed + programs; seed++) {
    const { plan } = programOf(seed)
    if (!plan) continue
    const view = columnView(logOf(plan, eventsOf(seed, 0, plan), true), plan.contracts)
    const found = drawnOf(plan, view, referenceRun(plan, view), everyNth)
    expect(found.wrong.slice(0, 5), `seed ${seed}`).toEqual([])
    drawn += found.drawn
    edges += found.edges
  }
  console.log(`seeds ${firstSeed} to ${firstSeed + programs - 1}: ${drawn} decisions, ${edges} edges`)
  expect(drawn).toBeGreaterThan(programs)
})

function drawnOf(
  plan: Plan,
  view: LogView,
  { decisions, rejected, obligations }: Pick<RunResult, 'decisions' | 'rejected' | 'obligations'>,
  nth: number,
) {
  const graph = lineage(plan)
  const known = new Set(graph.edges.map(edge => edgeKey(edge.from, edge.to, edge)))
  const out = new Set(rejected)
  const wrong: string[] = []
  let [drawn, edges] = [0, 0]
  for (let place = 0; place < decisions.size; place += nth) {
    const explanation = explain(plan, view, decisions.seq[place] ?? 0, decisions.policy[place] ?? 0, {
      rejected: seq => out.has(seq),
    })
    const made = decisionLineage(plan, view, [explanation], { rejected: seq => out.has(seq), obligations, graph })
    drawn++
    edges += made.edges.length
    wrong.push(...strangers(made, known, graph).map(text => `decision ${place}: ${text}`))
    const decided = made.nodes.filter(({ kind, detail }) => kind === 'decision' && detail === 'decided')
    if (decided.map(({ name }) => name).join() !== explanation.decision) wrong.push(`decision ${place} is not in it`)
  }
  return { drawn, edges, wrong }
}

/** Edges and nodes that the program does not have. */
function strangers(
  { nodes, edges }: DecisionLineage,
  known: ReadonlySet<string>,
  graph: LineageGraph,
): readonly string[] {
  const program = new Map(graph.nodes.map(node => [node.id, node]))
  const own = new Map(nodes.map(node => [node.id, node]))
  return [
    ...nodes.flatMap(({ id, of, kind, card }) =>
      program.get(of)?.kind === kind && (card === null || own.has(card)) ? [] : [`node ${id}`],
    ),
    ...edges.flatMap(edge => {
      const [from, to] = [own.get(edge.from)?.of ?? '', own.get(edge.to)?.of ?? '']
      return known.has(edgeKey(from, to, edge)) ? [] : [`edge ${from} ${edge.flow} ${to}`]
    }),
  ]
}

function edgeKey(from: string, to: string, { flow, masking }: LineageGraph['edges'][number]): string {
  return `${from} ${to} ${flow} ${masking}`
}
