/**
 * From a checked program to its lineage. Pure, in one walk over the plan: sources map onto contracts, rules ask fields, lets and
 * windows, decisions set obligations in motion, and those go to sinks. What the graph consists of is graph.ts.
 */
import type { DecisionWord } from '@writ/grammar'
import { showType } from '../check/type-relations.ts'
import { isApproval } from '../plan/approval-contract.ts'
import type { Expr, Pattern, SourceSpan } from '../plan/expression.ts'
import type { Plan, PlanMap, PlanPolicy, PlanRule, PlanSource, RawCondition, RawExpr, Template } from '../plan/plan.ts'
import { patternsOf } from '../plan/read-set.ts'
import { FlowTracer } from '../privacy/flows.ts'
import { decisionWords } from '../run/decisions.ts'
import { type Flow, inOrder, type LineageEdge, type LineageGraph, type LineageNode } from './graph.ts'
import { type End, type Input, inputsOf, type WindowExpr } from './inputs.ts'
import { measuredParts } from './measured.ts'

/** The whole program's lineage. */
export function lineage(plan: Plan): LineageGraph {
  return new Builder(plan).graph()
}

class Builder {
  readonly #plan: Plan
  readonly #nodes = new Map<string, LineageNode>()
  readonly #edges = new Map<string, LineageEdge>()

  constructor(plan: Plan) {
    this.#plan = plan
  }

  graph(): LineageGraph {
    const { contracts, sources, policies, sinks } = this.#plan
    contracts.forEach((_, index) => {
      this.#contract(index)
    })
    for (const source of sources) this.#source(source)
    for (const sink of sinks)
      this.#node({
        id: sinkId(sink.name),
        kind: 'sink',
        card: null,
        name: sink.name,
        detail: sink.accepts.length === 0 ? 'accepts no class' : `accepts ${sink.accepts.join(', ')}`,
        classes: [],
        span: sink.span,
      })
    policies.forEach((policy, index) => {
      this.#policy(policy, index)
    })
    const measured = measuredParts(this.#plan, index => this.#contractId(index), fieldId)
    for (const node of measured.nodes) this.#node(node)
    for (const { from, to, flow, span } of measured.edges)
      if (this.#nodes.has(from) && this.#nodes.has(to)) this.#edge(from, to, flow, null, span)
    return inOrder([...this.#nodes.values()], [...this.#edges.values()])
  }

  #contract(index: number): void {
    const contract = this.#plan.contracts[index]
    if (!contract) return
    const card = this.#contractId(index)
    const { module, name, version, span } = contract
    this.#node({ id: card, kind: 'contract', card: null, name, detail: `${module} ${version}`, classes: [], span })
    for (const field of contract.fields)
      this.#node({
        id: fieldId(card, field.name),
        kind: 'field',
        card,
        name: field.name,
        detail: showType(field.type),
        classes: [...field.classes].sort(),
        span,
      })
    for (const { condition } of contract.checks)
      this.#inputs(inputsOf(condition, 'FILTER'), card, new Map([[0, [index]]]), null)
  }

  #source(source: PlanSource): void {
    const card = `source:${source.name}`
    const files = source.files.length === 0 ? '' : ` ${source.files.join(', ')}`
    const detail = `${source.format}${files}`
    this.#node({ id: card, kind: 'source', card: null, name: source.name, detail, classes: [], span: source.span })
    for (const map of source.maps) this.#map(source, card, map)
  }

  #map(source: PlanSource, card: string, map: PlanMap): void {
    const contract = this.#contractId(map.contract)
    const from = (path: string): string => {
      const id = `${card}#${path}`
      this.#node({ id, kind: 'record-field', card, name: path, detail: '', classes: [], span: source.span })
      return id
    }
    this.#edge(card, contract, 'IDENTITY', null, source.span)
    for (const path of map.when ? pathsOfCondition(map.when) : [])
      this.#edge(from(path), contract, 'FILTER', null, source.span)
    for (const { field, value } of map.fields) {
      const flow: Flow = value.kind === 'path' ? 'IDENTITY' : 'TRANSFORMATION'
      for (const path of pathsOf(value)) this.#edge(from(path), fieldId(contract, field), flow, null, source.span)
    }
  }

  #policy(policy: PlanPolicy, index: number): void {
    const about = new PolicyPart(this.#plan, policy)
    const decisions = decisionsOf(policy)
    const card = `decisions:${about.id}`
    const detail = [policy.version, policy.layer && `layer ${policy.layer}`, policy.mode === 'shadow' && 'in shadow']
    const told = detail.filter(part => typeof part === 'string').join(', ')
    if (decisions.length > 0)
      this.#node({
        id: card,
        kind: 'decision',
        card: null,
        name: policy.name,
        detail: told,
        classes: [],
        span: policy.span,
      })
    for (const word of decisions)
      this.#node({
        id: `${card}#${word}`,
        kind: 'decision',
        card,
        name: word,
        detail: '',
        classes: [],
        span: policy.span,
      })
    const current = (contracts: readonly number[]) => new Map([[0, contracts]])
    const { decision, because, span } = policy.default
    for (const contract of policy.contracts)
      this.#edge(this.#contractId(contract), `${card}#${decision}`, 'DEFAULT', null, span)
    if (because !== null) this.#text(because, `${card}#${decision}`, current(policy.contracts), about)
    policy.rules.forEach((rule, i) => {
      this.#rule(rule, about, decisions.length > 0 ? card : null)
      for (const exception of this.#plan.exceptions)
        if (exception.policy === index && exception.rule === i && exception.when !== null)
          this.#inputs(inputsOf(exception.when, 'EXCEPTION'), about.rule(rule), current(rule.contracts), about)
    })
  }

  #rule(rule: PlanRule, about: PolicyPart, decisions: string | null): void {
    const id = about.rule(rule)
    const { expectation } = rule
    const contracts = expectation ? [expectation.opens.contract] : rule.contracts
    const bound = new Map<number, readonly number[]>([[0, contracts]])
    this.#node({
      id,
      kind: 'rule',
      card: null,
      name: rule.name,
      detail: rule.title ?? `${expectation ? 'expects, else ' : ''}${rule.decision}`,
      classes: [],
      span: rule.span,
    })
    for (const contract of contracts) this.#edge(this.#contractId(contract), id, 'GUARD', null, rule.span)
    if (rule.when !== null) this.#inputs(inputsOf(rule.when, 'GUARD'), id, bound, about)
    for (const key of rule.lasting?.keys ?? []) this.#inputs(inputsOf(key.value, 'GROUP_BY'), id, bound, about)
    if (expectation) {
      const { opens, awaited, cancels } = expectation
      if (opens.where !== null) this.#inputs(inputsOf(opens.where, 'GUARD'), id, bound, about)
      for (const { contract, variable, where } of cancels === null ? [awaited] : [awaited, cancels]) {
        this.#edge(this.#contractId(contract), id, 'GUARD', null, rule.span)
        bound.set(variable, [contract])
        if (where !== null) this.#inputs(inputsOf(where, 'JOIN'), id, bound, about)
      }
    }
    const target = decisions === null || expectation ? id : `${decisions}#${rule.decision}`
    if (target !== id) this.#edge(id, target, 'GUARD', null, rule.span)
    for (const text of [rule.text, rule.because]) if (text !== null) this.#text(text, target, bound, about)
    this.#approval(rule, id)
    for (const [i, obligation] of rule.obligations.entries()) {
      const card = `obligation:${about.id}.${rule.name}.${i}`
      const name = obligation.sink === null ? obligation.verb : `${obligation.verb} ${obligation.sink}`
      this.#node({ id: card, kind: 'obligation', card: null, name, detail: '', classes: [], span: rule.span })
      this.#edge(id, card, 'OBLIGES', null, rule.span)
      for (const { name, value } of obligation.fields) {
        const field = `${card}#${name}`
        const classes = about.classes(contracts, expectation?.awaited ?? null, value)
        this.#node({ id: field, kind: 'obligation-field', card, name, detail: '', classes, span: value.span })
        this.#inputs(inputsOf(value, 'IDENTITY'), field, bound, about)
      }
      const sink = sinkId(obligation.sink ?? obligation.verb)
      const detail = 'not declared: accepts no class'
      this.#node({
        id: sink,
        kind: 'sink',
        card: null,
        name: obligation.sink ?? obligation.verb,
        detail,
        classes: [],
        span: null,
      })
      this.#edge(card, sink, 'IDENTITY', null, rule.span)
      for (const { name } of obligation.fields) this.#edge(`${card}#${name}`, sink, 'IDENTITY', null, rule.span)
    }
  }

  #approval({ approval, span }: PlanRule, rule: string): void {
    let from = rule
    for (const [i, { role, quorum }] of (approval?.stages ?? []).entries()) {
      const id = `approval:${rule.slice('rule:'.length)}.${i}`
      const detail = i === 0 ? 'approves' : 'approves, where the one before did not in time'
      const name = quorum === 1 ? role : `${quorum} of ${role}`
      this.#node({ id, kind: 'approval', card: null, name, detail, classes: [], span })
      this.#edge(from, id, 'OBLIGES', null, span)
      const answers = this.#plan.contracts.findIndex(isApproval)
      if (answers >= 0) this.#edge(this.#contractId(answers), id, 'APPROVES', null, span)
      from = id
    }
  }

  #text(text: Template, to: string, bound: Bound, about: PolicyPart): void {
    for (const part of text)
      if (typeof part !== 'string') this.#inputs(inputsOf(part, 'TRANSFORMATION'), to, bound, about)
  }

  /** Draws an edge from every end, and what the ends are made of where nobody did before. */
  #inputs(inputs: readonly Input[], to: string, bound: Bound, about: PolicyPart | null): void {
    for (const { end, flow, masking, span } of inputs)
      for (const from of this.#ends(end, bound, about)) this.#edge(from, to, flow, masking, span)
  }

  #ends(end: End, bound: Bound, about: PolicyPart | null): readonly string[] {
    switch (end.kind) {
      case 'field': {
        const [name = ''] = end.path
        const contracts = bound.get(end.event) ?? []
        const having = contracts.filter(index => this.#plan.contracts[index]?.fields.some(field => field.name === name))
        return having.map(index => fieldId(this.#contractId(index), name))
      }
      case 'let':
        return about ? [this.#let(end.name, bound, about)] : []
      case 'window':
        return about ? [this.#window(end.form, bound, about)] : []
    }
  }

  #let(name: string, bound: Bound, about: PolicyPart): string {
    const id = `let:${about.id}#${name}`
    if (this.#nodes.has(id)) return id
    const value = about.valueOf(name)
    if (!value) return id
    const classes = about.classes(bound.get(0) ?? [], null, value)
    const detail = this.#textOf(value.span)
    this.#node({ id, kind: 'let', card: null, name, detail, classes, span: value.span })
    this.#inputs(inputsOf(value, 'IDENTITY'), id, bound, about)
    return id
  }

  #window(form: WindowExpr, bound: Bound, about: PolicyPart): string {
    const id = about.window(form)
    if (this.#nodes.has(id)) return id
    const classes = about.classes(bound.get(0) ?? [], null, form)
    const name = form.kind === 'aggregate' ? form.function : form.kind
    this.#node({ id, kind: 'window', card: null, name, detail: this.#textOf(form.span), classes, span: form.span })
    const inside = new Map(bound)
    for (const pattern of patternsOf(form)) inside.set(pattern.variable, [pattern.contract])
    const own: readonly Pattern[] = form.kind === 'sequence' ? form.steps : [form.pattern]
    for (const { contract, where } of own) {
      this.#edge(this.#contractId(contract), id, 'AGGREGATION', null, form.span)
      const time = this.#plan.contracts[contract]?.timeField
      if (time && form.range.kind !== 'ever')
        this.#edge(fieldId(this.#contractId(contract), time), id, 'WINDOW', null, form.span)
      for (const { path } of form.keys) {
        const [name = ''] = path
        this.#edge(fieldId(this.#contractId(contract), name), id, 'GROUP_BY', null, form.span)
      }
      if (where !== null) this.#inputs(inputsOf(where, 'FILTER'), id, inside, about)
    }
    for (const { value } of form.keys) this.#inputs(inputsOf(value, 'JOIN'), id, inside, about)
    if (form.kind === 'aggregate' && form.value !== null)
      this.#inputs(inputsOf(form.value, 'AGGREGATION'), id, inside, about)
    if (form.range.kind === 'since') {
      const { reset, resetKeys } = form.range
      this.#edge(this.#contractId(reset.contract), id, 'WINDOW', null, form.span)
      if (reset.where !== null) this.#inputs(inputsOf(reset.where, 'WINDOW'), id, inside, about)
      for (const { value } of resetKeys) this.#inputs(inputsOf(value, 'JOIN'), id, inside, about)
    }
    return id
  }

  #node(node: LineageNode): void {
    if (!this.#nodes.has(node.id)) this.#nodes.set(node.id, node)
  }
  #edge(from: string, to: string, flow: Flow, masking: LineageEdge['masking'], span: SourceSpan | null): void {
    const key = `${from} ${to} ${flow} ${masking ?? ''}`
    if (!this.#edges.has(key)) this.#edges.set(key, { from, to, flow, masking, span })
  }

  #contractId(index: number): string {
    const { module = '', name = '' } = this.#plan.contracts[index] ?? {}
    return `contract:${module}.${name}`
  }

  #textOf({ file, start, end }: SourceSpan): string {
    return (this.#plan.files[file]?.text.slice(start, end) ?? '').replace(/\s+/g, ' ').trim()
  }
}

type Bound = ReadonlyMap<number, readonly number[]>

/** Names and classes of what stands in one policy. */
class PolicyPart {
  readonly id: string
  readonly #plan: Plan
  readonly #policy: PlanPolicy
  readonly #windows = new Map<string, string>()
  readonly #tracers = new Map<string, FlowTracer>()

  constructor(plan: Plan, policy: PlanPolicy) {
    this.id = `${policy.module}.${policy.name}`
    this.#plan = plan
    this.#policy = policy
  }

  rule(rule: PlanRule): string {
    return `rule:${this.id}.${rule.name}`
  }

  valueOf(name: string): Expr | undefined {
    const value = this.#policy.lets.find(item => item.name === name)?.value
    return value?.kind === 'named' && value.name === name ? value.value : value
  }

  /** Windows that are written the same are one. */
  window({ span: { file, start, end } }: WindowExpr): string {
    const text = (this.#plan.files[file]?.text.slice(start, end) ?? '').replace(/\s+/g, ' ')
    let id = this.#windows.get(text)
    if (id === undefined) {
      id = `window:${this.id}#${this.#windows.size}`
      this.#windows.set(text, id)
    }
    return id
  }

  classes(contracts: readonly number[], awaited: Pattern | null, value: Expr): readonly string[] {
    const key = `${contracts.join()} ${awaited?.variable ?? ''}`
    const tracer = this.#tracers.get(key) ?? new FlowTracer(this.#plan, contracts)
    if (awaited) tracer.bind(awaited)
    this.#tracers.set(key, tracer)
    const classes = tracer.flows(value).flatMap(flow => (flow.implicit ? [] : [flow.privacyClass]))
    return [...new Set(classes)].sort()
  }
}

function decisionsOf(policy: PlanPolicy): readonly DecisionWord[] {
  if (policy.contracts.length === 0) return []
  const used = new Set([policy.default.decision])
  for (const rule of policy.rules) if (rule.expectation === null) used.add(rule.decision)
  return decisionWords.filter(word => used.has(word)).toReversed()
}

function fieldId(contract: string, field: string): string {
  return `${contract.replace('contract:', 'field:')}#${field}`
}
function sinkId(name: string): string {
  return `sink:${name}`
}

/** Paths in the raw record, as people write them. */
export function pathsOf(value: RawExpr): readonly string[] {
  switch (value.kind) {
    case 'path':
      return value.path.length === 0 ? [] : [value.path.join('.')]
    case 'default':
      return [...pathsOf(value.value), ...pathsOf(value.otherwise)]
    case 'text':
    case 'scaled':
      return pathsOf(value.value)
    case 'json':
      return pathsOf(value.value).map(path => (value.path.length === 0 ? path : `${path} → ${value.path.join('.')}`))
    case 'money':
      return [...pathsOf(value.amount), ...pathsOf(value.currency)]
    case 'place':
      return [value.of]
    case 'literal':
    case 'missing':
      return []
  }
}
function pathsOfCondition(condition: RawCondition): readonly string[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.operands.flatMap(pathsOfCondition)
    case 'not':
      return pathsOfCondition(condition.operand)
    case 'equals':
      return [...pathsOf(condition.left), ...pathsOf(condition.right)]
    case 'in':
      return [...pathsOf(condition.item), ...condition.list.flatMap(pathsOf)]
    case 'like':
    case 'present':
      return pathsOf(condition.value)
  }
}
