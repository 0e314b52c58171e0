/**
 * The lineage of a decision while it is drawn: instances of the nodes of the program's lineage, with their values, and the edges
 * between them. It names nodes, covers secrets and finds the records of events; what is drawn is decision-rules.ts.
 */
import { covered } from '../explain/covered.ts'
import { isOpened } from '../explain/own-field.ts'
import type { Scope } from '../explain/scope.ts'
import { eventNumber, timeText, valueText } from '../explain/words.ts'
import type { SourceSpan } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'
import { isSecret } from '../privacy/classes.ts'
import { fromInteger } from '../value/rational.ts'
import type { Type } from '../value/type.ts'
import { pathsOf } from './build.ts'
import { type Flow, inOrder, type LineageEdge, type LineageGraph, type LineageNode } from './graph.ts'

/** As a node of the program, with a value in `detail`; secrets are covered. */
export interface DecisionNode extends LineageNode {
  /** The node of the program's lineage that this one is an instance of. */
  readonly of: string
  /** The event (seq) that it is or is a part of; null: it belongs to the decision. */
  readonly event: number | null
}

export interface DecisionLineage {
  readonly nodes: readonly DecisionNode[]
  readonly edges: readonly LineageEdge[]
}

/** Nodes and edges so far, with the events they are of. */
export class Drawing {
  readonly plan: Plan
  readonly scope: Scope
  readonly #program: ReadonlyMap<string, LineageNode>
  readonly #windows: ReadonlyMap<string, string>
  readonly #nodes = new Map<string, DecisionNode>()
  readonly #edges = new Map<string, LineageEdge>()

  constructor(plan: Plan, scope: Scope, { nodes }: LineageGraph) {
    this.plan = plan
    this.scope = scope
    this.#program = new Map(nodes.map(node => [node.id, node]))
    const windows = nodes.filter(node => node.kind === 'window')
    this.#windows = new Map(windows.map(({ id, detail }) => [`${id.slice(0, id.lastIndexOf('#'))} ${detail}`, id]))
  }

  /** Secrets of all events in it are covered, wherever they stand. */
  graph(): DecisionLineage {
    const { nodes, edges } = inOrder([...this.#nodes.values()], [...this.#edges.values()])
    const { view, event } = this.scope
    const cited = nodes.map(node => (node.event === null ? {} : { seq: node.event }))
    const lines = nodes.map((node, i) => [{ role: 'plain' as const, text: node.detail, ...cited[i] }])
    const details = covered(lines, this.plan, view, event)
    return { nodes: nodes.map((node, i) => ({ ...node, detail: details[i]?.[0]?.text ?? '' })), edges }
  }

  /** A node that belongs to the decision: its id is that of the program. The first `detail` stays. */
  node(id: string, detail: string, card: string | null = null): string {
    return this.#add(id, id, null, card, null, detail)
  }

  /** The card of an event, with its record. */
  event(seq: number): string {
    const event = this.scope.view.event(seq)
    const of = contractId(this.plan, event.contract)
    const id = `${of}@${eventNumber(seq)}`
    if (this.#nodes.has(id)) return id
    const contract = this.plan.contracts[event.contract]
    const detail = [timeText(event.time), contract?.version ?? ''].join(' · ')
    this.#add(id, of, seq, null, `${contract?.name ?? ''} ${eventNumber(seq)}`, detail)
    const record = this.#record(seq)
    if (record !== null) this.edge(record.id, id, 'IDENTITY', null, record.span)
    return id
  }

  /** A field of an event with its value; of a record, with the member that was read. */
  field(seq: number, path: readonly string[], type: Type): string {
    const event = this.scope.view.event(seq)
    const [name = '', ...rest] = path
    const of = `${contractId(this.plan, event.contract).replace('contract:', 'field:')}#${name}`
    const id = `${of}@${eventNumber(seq)}`
    const isThere = isOpened(event, path, type)
    const shown = !isThere ? '' : this.#isSecret(of) ? dots : valueText(event.value(path), type)
    const detail = rest.length === 0 ? shown : `${rest.join('.')} ${shown}`
    const known = this.#nodes.get(id)
    if (known && !known.detail.split('; ').includes(detail))
      this.#nodes.set(id, { ...known, detail: `${known.detail}; ${detail}` })
    if (known) return id
    this.#add(id, of, seq, this.event(seq), null, detail)
    const record = this.#record(seq)
    for (const path of record?.paths(name) ?? []) {
      const row = this.#add(
        `${record?.of}#${path}@${eventNumber(seq)}`,
        `${record?.of}#${path}`,
        seq,
        record?.id ?? null,
        null,
        '',
      )
      this.edge(row, id, record?.flow(name) ?? 'IDENTITY', null, record?.span ?? null)
    }
    return id
  }

  /** The time field of an event; null where its contract has none. */
  time(seq: number): string | null {
    const { contract } = this.scope.view.event(seq)
    const name = this.plan.contracts[contract]?.timeField ?? null
    return name === null ? null : this.field(seq, [name], { kind: 'time' })
  }

  /** The id of a window in the program's lineage: windows that are written the same are one. */
  windowId(policy: string, { file, start, end }: SourceSpan): string {
    const text = (this.plan.files[file]?.text.slice(start, end) ?? '').replace(/\s+/g, ' ').trim()
    const id = this.#windows.get(`window:${policy} ${text}`)
    if (id === undefined) throw new Error(`the lineage of the program has no window ${text}`)
    return id
  }

  has(id: string): boolean {
    return this.#nodes.has(id)
  }

  /** Whether what it holds has to be covered. */
  shown(id: string, value: string): string {
    return this.#isSecret(id) ? dots : value
  }

  edge(from: string, to: string, flow: Flow, masking: LineageEdge['masking'], span: SourceSpan | null): void {
    const key = `${from} ${to} ${flow} ${masking ?? ''}`
    if (!this.#edges.has(key)) this.#edges.set(key, { from, to, flow, masking, span })
  }

  #add(id: string, of: string, event: number | null, card: string | null, name: string | null, detail: string): string {
    const node = this.#program.get(of)
    // INVARIANT: what a decision rests on is a part of the program.
    if (!node) throw new Error(`the lineage of the program has no ${of}`)
    if (!this.#nodes.has(id)) this.#nodes.set(id, { ...node, id, card, of, event, detail, name: name ?? node.name })
    return id
  }

  #isSecret(of: string): boolean {
    return this.#program.get(of)?.classes.some(isSecret) ?? false
  }

  /** The record of an event, where only one map of one source can have made it. */
  #record(seq: number) {
    const { contract, file, index } = this.scope.view.event(seq)
    const maps = this.plan.sources.flatMap(source => source.maps.map(map => ({ source, map })))
    const [only, another] = maps.filter(({ map }) => map.contract === contract)
    if (!only || another) return null
    const { source, map } = only
    const of = `source:${source.name}`
    const id = `${of}@${eventNumber(seq)}`
    this.#add(id, of, seq, null, `${source.name} ${eventNumber(seq)}`, `${file}:${index}`)
    const made = (field: string) => map.fields.find(one => one.field === field)?.value
    return {
      id,
      of,
      span: source.span,
      paths: (field: string): readonly string[] => {
        const value = made(field)
        return value ? pathsOf(value) : []
      },
      flow: (field: string): Flow => (made(field)?.kind === 'path' ? 'IDENTITY' : 'TRANSFORMATION'),
    }
  }
}

const dots = '••••••'

export function contractId(plan: Plan, index: number): string {
  const { module = '', name = '' } = plan.contracts[index] ?? {}
  return `contract:${module}.${name}`
}

/** A moment as a value of a node. */
export function momentText(milliseconds: number): string {
  return valueText(fromInteger(milliseconds), { kind: 'time' })
}
