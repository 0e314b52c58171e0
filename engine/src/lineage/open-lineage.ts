/**
 * The lineage of a program as OpenLineage events (specification 2-0-2): a job per source and per policy, contracts, decisions and
 * sinks as datasets, with the column lineage facet 1-2-0. What only policies have is exported as CONDITIONAL.
 */
import { isDirect, type LineageEdge, type LineageGraph, type LineageNode } from './graph.ts'

export interface OpenLineageOptions {
  /** Time of the events, ISO 8601. */
  readonly at: string
  /** Of the jobs and datasets: whose program it is. */
  readonly namespace: string
}

/** JSON-able; one JobEvent each. */
export function openLineage(graph: LineageGraph, { at, namespace }: OpenLineageOptions): readonly object[] {
  const nodes = new Map(graph.nodes.map(node => [node.id, node]))
  const into = new Map<string, LineageEdge[]>()
  for (const edge of graph.edges) into.set(edge.to, [...(into.get(edge.to) ?? []), edge])
  const rows = (card: string) => graph.nodes.filter(node => node.card === card)
  const event = (job: string, inputs: readonly object[], outputs: readonly object[]) => ({
    eventTime: at,
    producer,
    schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/JobEvent',
    job: { namespace, name: job },
    inputs,
    outputs,
  })
  const dataset = (card: LineageNode, columns: readonly LineageNode[], until: ReadonlySet<LineageNode['kind']>) => {
    const whole = inputsOf(card.id, into, nodes, until)
    return {
      namespace,
      name: datasetName(card),
      facets: {
        schema: {
          ...facet('1-1-1/SchemaDatasetFacet.json'),
          fields: columns.map(({ name, kind, detail }) => (kind === 'field' ? { name, type: detail } : { name })),
        },
        columnLineage: {
          ...facet('1-2-0/ColumnLineageDatasetFacet.json'),
          fields: Object.fromEntries(
            columns.map(column => [
              column.name,
              {
                inputFields: inputsOf(column.id, into, nodes, until).map(found => inputField(found, namespace, nodes)),
              },
            ]),
          ),
          dataset: whole.map(found => inputField(found, namespace, nodes)),
        },
      },
    }
  }
  const contracts = graph.nodes.filter(node => node.kind === 'contract')
  const named = contracts.map(contract => ({ namespace, name: datasetName(contract) }))
  const sources = graph.nodes
    .filter(node => node.kind === 'source')
    .map(source => {
      const fed = contracts.filter(contract => (into.get(contract.id) ?? []).some(edge => edge.from === source.id))
      const outputs = fed.map(contract => dataset(contract, rows(contract.id), recorded))
      return event(`source ${source.name}`, [{ namespace, name: datasetName(source) }], outputs)
    })
  const policies = graph.nodes
    .filter(node => node.kind === 'decision' && node.card === null)
    .map(policy =>
      event(`policy ${policy.id.slice('decisions:'.length)}`, named, [dataset(policy, rows(policy.id), asked)]),
    )
  const sinks = graph.nodes
    .filter(node => node.kind === 'sink')
    .map(sink => {
      const feeding = (into.get(sink.id) ?? []).flatMap(({ from }) => {
        const node = nodes.get(from)
        return node?.kind === 'obligation-field' ? [node] : []
      })
      const columns = feeding.filter((node, i) => feeding.findIndex(other => other.name === node.name) === i)
      return event(`sink ${sink.name}`, named, [dataset(sink, columns, asked)])
    })
  return [...sources, ...policies, ...sinks]
}

const producer = 'writ'
const recorded: ReadonlySet<LineageNode['kind']> = new Set(['source', 'record-field'])
const asked: ReadonlySet<LineageNode['kind']> = new Set(['contract', 'field'])

function facet(schema: string): object {
  return { _producer: producer, _schemaURL: `https://openlineage.io/spec/facets/${schema}` }
}

function datasetName({ id }: LineageNode): string {
  return id.slice(id.indexOf(':') + 1)
}

interface Found {
  readonly from: LineageNode
  readonly type: 'DIRECT' | 'INDIRECT'
  readonly subtype: string
  readonly masking: boolean
}

/** All nodes of the kinds `until` that lead to `id`, by their shortest ways, values before dependences. */
function inputsOf(
  id: string,
  into: ReadonlyMap<string, readonly LineageEdge[]>,
  nodes: ReadonlyMap<string, LineageNode>,
  until: ReadonlySet<LineageNode['kind']>,
): readonly Found[] {
  const found = new Map<string, Found>()
  const seen = new Set<string>()
  let front: readonly { readonly id: string; readonly way: Omit<Found, 'from'> | null }[] = [{ id, way: null }]
  while (front.length > 0) {
    const further: { id: string; way: Omit<Found, 'from'> }[] = []
    for (const { id: at, way } of front)
      for (const edge of into.get(at) ?? []) {
        const longer = joined(way, edge)
        const key = `${edge.from} ${longer.type}`
        const from = nodes.get(edge.from)
        if (!from || seen.has(key)) continue
        seen.add(key)
        if (until.has(from.kind)) found.set(key, { from, ...longer })
        else further.push({ id: edge.from, way: longer })
      }
    front = further
  }
  return [...found.values()]
}

/** A way is as direct as its least direct edge, and changes a value as much as the edge that changes it most. */
function joined(way: Omit<Found, 'from'> | null, { flow, masking }: LineageEdge): Omit<Found, 'from'> {
  const direct = isDirect(flow)
  const own = direct
    ? directNames[flow]
    : flow === 'GUARD' || flow === 'EXCEPTION' || flow === 'DEFAULT'
      ? 'CONDITIONAL'
      : flow
  if (way === null) return { type: direct ? 'DIRECT' : 'INDIRECT', subtype: own, masking: masking !== null }
  if (way.type === 'INDIRECT') return way
  if (!direct) return { type: 'INDIRECT', subtype: own, masking: way.masking }
  const order = ['IDENTITY', 'TRANSFORMATION', 'AGGREGATION']
  const subtype = order.indexOf(own) > order.indexOf(way.subtype) ? own : way.subtype
  return { type: 'DIRECT', subtype, masking: way.masking || masking !== null }
}
const directNames = {
  IDENTITY: 'IDENTITY',
  TRANSFORMATION: 'TRANSFORMATION',
  AGGREGATION: 'AGGREGATION',
  OBLIGES: 'TRANSFORMATION',
  MEASURES: 'TRANSFORMATION',
  APPROVES: 'TRANSFORMATION',
} as const

function inputField(
  { from, type, subtype, masking }: Found,
  namespace: string,
  nodes: ReadonlyMap<string, LineageNode>,
): object {
  const card = from.card === null ? from : (nodes.get(from.card) ?? from)
  return {
    namespace,
    name: datasetName(card),
    field: from.card === null ? '*' : from.name,
    transformations: [{ type, subtype, description: '', masking }],
  }
}
