/**
 * From explanations to the lineage of a decision: rules with what their conditions rested on, windows with the events they found,
 * reasons, requests for approval with the approvals that were given, obligations and their sinks. Nodes are made by drawing.ts.
 */
import { evaluate } from '../explain/evaluate.ts'
import { witnessOf } from '../explain/trace.ts'
import type { Explanation, RuleWitness, Witness } from '../explain/witness.ts'
import { counted, eventNumber, valueText } from '../explain/words.ts'
import { approvalEffects, instanceStatuses, type Obligations } from '../obligation/instance.ts'
import { isApproval } from '../plan/approval-contract.ts'
import type { Expr, Pattern, SourceSpan } from '../plan/expression.ts'
import type { PlanPolicy, PlanRule, Template } from '../plan/plan.ts'
import { contractId, type Drawing, momentText } from './drawing.ts'
import type { Flow } from './graph.ts'
import { type Input, inputsOf, type WindowExpr } from './inputs.ts'

/** Draws one policy's decision. */
export function traceRules(
  policy: PlanPolicy,
  explanation: Explanation,
  obligations: Obligations | null,
  drawing: Drawing,
): void {
  const tracing: Tracing = { policy, id: `${policy.module}.${policy.name}`, explanation, obligations, drawing }
  const card = drawing.node(`decisions:${tracing.id}`, policy.version)
  const row = (word: string): string =>
    drawing.node(`${card}#${word}`, word === explanation.decision ? 'decided' : 'not decided', card)
  const made = row(explanation.decision)
  for (const witness of explanation.rules) {
    const rule = policy.rules[witness.rule]
    if (!rule || witness.outcome === 'not-concerned') continue
    const id = traceRule(rule, witness, tracing)
    const matched = witness.outcome.startsWith('matched')
    drawing.edge(id, row(rule.decision), 'GUARD', null, rule.span)
    if (matched && rule.decision === explanation.decision) traceConsequences(rule, witness.rule, id, tracing)
  }
  const decider = policy.rules[explanation.decidedBy]
  if (decider) for (const text of [decider.text, decider.because]) traceText(text, made, tracing)
  else {
    drawing.edge(drawing.event(explanation.seq), made, 'DEFAULT', null, policy.default.span)
    traceText(policy.default.because, made, tracing)
  }
}

interface Tracing {
  readonly policy: PlanPolicy
  readonly id: string
  readonly explanation: Explanation
  readonly obligations: Obligations | null
  readonly drawing: Drawing
}

/** The newest of more are shown. */
const mostEvents = 24

function traceRule(rule: PlanRule, witness: RuleWitness, tracing: Tracing): string {
  const { drawing, explanation, id: policy } = tracing
  const id = drawing.node(`rule:${policy}.${rule.name}`, outcomeWords(rule, witness))
  drawing.edge(drawing.event(explanation.seq), id, 'GUARD', null, rule.span)
  if (rule.when !== null && witness.condition) traceInputs(rule.when, witness.condition, 'GUARD', id, tracing)
  if (witness.trip) {
    drawing.edge(drawing.event(witness.trip.seq), id, 'GUARD', null, rule.span)
    for (const { value } of rule.lasting?.keys ?? []) traceValue(value, 'GROUP_BY', id, tracing)
  }
  const exception = drawing.plan.exceptions[witness.waiver?.exception ?? -1]
  if (exception?.when && witness.waiver?.condition)
    traceInputs(exception.when, witness.waiver.condition, 'EXCEPTION', id, tracing)
  return id
}

function outcomeWords({ decision }: PlanRule, { outcome, trip, waiver }: RuleWitness): string {
  switch (outcome) {
    case 'matched':
      return `${decision}: matched`
    case 'matched-unknown':
      return `${decision}: matched, because its condition is unknown`
    case 'matched-lasting':
      return `${decision}: its breaker is tripped until ${momentText(trip?.until ?? 0)}`
    case 'waived':
      return waiver ? `${decision}: waived by an exception` : decision
    case 'not-matched':
    case 'not-concerned':
      return `${decision}: did not match`
  }
}

/** An edge from everything of `expr` that its evaluation looked at. */
function traceInputs(expr: Expr, witness: Witness, flow: Flow, to: string, tracing: Tracing): void {
  const seen = looksOf(witness)
  for (const input of inputsOf(expr, flow))
    for (const look of seen.get(spanKey(input.span)) ?? []) traceInput(input, look, to, tracing)
}

/** Where nobody explained the value yet. */
function traceValue(expr: Expr, flow: Flow, to: string, tracing: Tracing): void {
  traceInputs(expr, witnessOf(expr, tracing.drawing.scope), flow, to, tracing)
}

function traceText(text: Template | null, to: string, tracing: Tracing): void {
  for (const part of text ?? []) if (typeof part !== 'string') traceValue(part, 'TRANSFORMATION', to, tracing)
}

function traceInput({ end, flow, masking, span }: Input, look: Witness, to: string, tracing: Tracing): void {
  const { drawing } = tracing
  switch (end.kind) {
    case 'field':
      if (look.kind === 'field') drawing.edge(drawing.field(look.seq, end.path, end.type), to, flow, masking, span)
      return
    case 'let':
      if (look.kind === 'named') drawing.edge(traceLet(end.name, look, tracing), to, flow, masking, span)
      return
    case 'window':
      if (look.kind === 'history') drawing.edge(traceWindow(end.form, look, tracing), to, flow, masking, span)
  }
}

function traceLet(name: string, { value, of }: Extract<Witness, { readonly kind: 'named' }>, tracing: Tracing): string {
  const { policy, drawing } = tracing
  const id = `let:${tracing.id}#${name}`
  if (drawing.has(id)) return id
  const written = policy.lets.find(item => item.name === name)?.value
  const expr = written?.kind === 'named' && written.name === name ? written.value : written
  drawing.node(id, drawing.shown(id, expr ? valueText(value, expr.type) : ''))
  if (expr) traceInputs(expr, of, 'IDENTITY', id, tracing)
  return id
}

function traceWindow(
  form: WindowExpr,
  witness: Extract<Witness, { readonly kind: 'history' }>,
  tracing: Tracing,
): string {
  const { drawing } = tracing
  const id = drawing.windowId(tracing.id, form.span)
  if (drawing.has(id)) return id
  const found = [...new Set([...witness.events, ...witness.unknownEvents])].sort((a, b) => a - b)
  const shown = found.slice(-mostEvents)
  const hidden = found.length - shown.length
  const of = `of ${counted(found.length, 'event')}${hidden > 0 ? `, the newest ${shown.length} are shown` : ''}`
  drawing.node(id, `${drawing.shown(id, valueText(witness.value, form.type))}, ${of}`)
  const steps: readonly Pattern[] = form.kind === 'sequence' ? form.steps : [form.pattern]
  for (const [place, seq] of shown.entries()) {
    const { contract } = drawing.scope.view.event(seq)
    const own =
      steps.length === shown.length && steps[place]?.contract === contract ? steps.slice(place, place + 1) : steps
    for (const pattern of own) if (pattern.contract === contract) traceFound(form, pattern, seq, id, tracing)
  }
  form.keys.forEach((key, i) => {
    const own = witness.keys[i]
    if (own) traceInputs(key.value, own, 'JOIN', id, tracing)
  })
  for (const { where } of steps) if (where !== null) traceCurrent(where, 'FILTER', id, tracing)
  if (form.range.kind === 'since' && witness.reset !== undefined && witness.reset !== null) {
    const { reset, resetKeys } = form.range
    drawing.edge(drawing.event(witness.reset), id, 'WINDOW', null, form.span)
    if (reset.where !== null) traceFields(reset.where, 'WINDOW', reset, witness.reset, id, tracing)
    for (const key of resetKeys) traceValue(key.value, 'JOIN', id, tracing)
  }
  return id
}

/** One event that a window found: itself, its time, its keys, what its filter asks and what is gathered of it. */
function traceFound(form: WindowExpr, pattern: Pattern, seq: number, id: string, tracing: Tracing): void {
  const { drawing } = tracing
  drawing.edge(drawing.event(seq), id, 'AGGREGATION', null, form.span)
  const time = form.range.kind === 'ever' ? null : drawing.time(seq)
  if (time !== null) drawing.edge(time, id, 'WINDOW', null, form.span)
  for (const { path, value } of form.keys)
    drawing.edge(drawing.field(seq, path, value.type), id, 'GROUP_BY', null, form.span)
  if (pattern.where !== null) traceFields(pattern.where, 'FILTER', pattern, seq, id, tracing)
  if (form.kind === 'aggregate' && form.value !== null)
    traceFields(form.value, 'AGGREGATION', pattern, seq, id, tracing)
}

/** The fields of a window's event that an expression reads. */
function traceFields(expr: Expr, flow: Flow, { variable }: Pattern, seq: number, to: string, tracing: Tracing): void {
  const { drawing } = tracing
  for (const input of inputsOf(expr, flow))
    if (input.end.kind === 'field' && input.end.event === variable)
      drawing.edge(drawing.field(seq, input.end.path, input.end.type), to, input.flow, input.masking, input.span)
}

/** What the filter of a window asks of the decided event. */
function traceCurrent(expr: Expr, flow: Flow, to: string, tracing: Tracing): void {
  const { drawing, explanation } = tracing
  for (const input of inputsOf(expr, flow)) {
    const { end, masking, span } = input
    if (end.kind === 'field' && end.event === 0)
      drawing.edge(drawing.field(explanation.seq, end.path, end.type), to, input.flow, masking, span)
    if (end.kind === 'let') {
      const own = tracing.policy.lets.find(item => item.name === end.name)?.value
      const witness = own && witnessOf(own, drawing.scope)
      if (witness?.kind === 'named') traceInput(input, witness, to, tracing)
    }
  }
}

/** What a matched rule asks for and sets in motion. */
function traceConsequences(rule: PlanRule, place: number, from: string, tracing: Tracing): void {
  const { drawing, id } = tracing
  traceApproval(rule, place, from, tracing)
  for (const [i, { verb, sink, fields }] of rule.obligations.entries()) {
    const card = drawing.node(`obligation:${id}.${rule.name}.${i}`, '')
    drawing.edge(from, card, 'OBLIGES', null, rule.span)
    const target = drawing.node(`sink:${sink ?? verb}`, '')
    drawing.edge(card, target, 'IDENTITY', null, rule.span)
    for (const { name, value } of fields) {
      const field = `${card}#${name}`
      const shown = valueText(evaluate(value, drawing.scope), value.type)
      drawing.node(field, drawing.shown(field, shown), card)
      traceValue(value, 'IDENTITY', field, tracing)
      drawing.edge(field, target, 'IDENTITY', null, rule.span)
    }
  }
}

function traceApproval({ approval, span, name }: PlanRule, place: number, rule: string, tracing: Tracing): void {
  const { drawing, id: policy, obligations, explanation } = tracing
  const instance = obligations ? instanceOf(obligations, explanation, place) : -1
  let from = rule
  for (const i of (approval?.stages ?? []).keys()) {
    const reached = instance < 0 || (obligations?.instances.stage[instance] ?? 0) >= i
    const status = instance < 0 ? '' : statusWords(obligations, instance, i)
    const id = drawing.node(`approval:${policy}.${name}.${i}`, reached ? status : 'not asked')
    drawing.edge(from, id, 'OBLIGES', null, span)
    from = id
    if (obligations && instance >= 0) traceAnswers(obligations, instance, i, id, span, drawing)
  }
}

/** The approvals that were held against a stage, with what each did. */
function traceAnswers(
  { approvals }: Obligations,
  instance: number,
  stage: number,
  id: string,
  span: SourceSpan,
  drawing: Drawing,
): void {
  for (let i = 0; i < approvals.size; i++) {
    if (approvals.instance[i] !== instance || approvals.stage[i] !== stage) continue
    const seq = approvals.seq[i] ?? 0
    const { contract } = drawing.scope.view.event(seq)
    const declared = drawing.plan.contracts[contract]
    if (!declared || !isApproval(declared)) throw new Error(`${contractId(drawing.plan, contract)} is no approval`)
    drawing.edge(drawing.event(seq), id, 'APPROVES', null, span)
    for (const { name, type } of declared.fields) if (told.has(name)) drawing.field(seq, [name], type)
  }
}
const told: ReadonlySet<string> = new Set(['by', 'role', 'verdict'])

function instanceOf({ instances }: Obligations, { policy, seq }: Explanation, rule: number): number {
  for (let i = 0; i < instances.size; i++)
    if (instances.openedSeq[i] === seq && instances.policy[i] === policy && instances.rule[i] === rule) return i
  return -1
}

function statusWords(obligations: Obligations | null, instance: number, stage: number): string {
  if (!obligations) return ''
  const { instances, approvals } = obligations
  if ((instances.stage[instance] ?? 0) > stage) return 'nobody answered in time'
  const effects: string[] = []
  for (let i = 0; i < approvals.size; i++) {
    const effect = approvalEffects[approvals.effect[i] ?? 0]
    if (approvals.instance[i] === instance && approvals.stage[i] === stage && effect)
      effects.push(`event ${eventNumber(approvals.seq[i] ?? 0)} ${effect}`)
  }
  return [instanceStatuses[instances.status[instance] ?? 0] ?? 'pending', ...effects].join('; ')
}

/** What an evaluation looked at, by where it is written; inside of lets and windows only they themselves. */
function looksOf(witness: Witness): ReadonlyMap<string, readonly Witness[]> {
  const found = new Map<string, Witness[]>()
  const visit = (one: Witness): void => {
    const key = spanKey(one.span)
    found.set(key, [...(found.get(key) ?? []), one])
    for (const below of partsOf(one)) visit(below)
  }
  visit(witness)
  return found
}

function partsOf(witness: Witness): readonly Witness[] {
  switch (witness.kind) {
    case 'named':
      return [witness.of]
    case 'and':
    case 'or':
      return witness.decisive.map(part => part.witness)
    case 'operator':
      return witness.operands.filter(operand => operand !== null)
    case 'quantified':
      return [witness.list, ...witness.elements.map(part => part.witness)]
    default:
      return []
  }
}

function spanKey({ file, start, end }: SourceSpan): string {
  return `${file} ${start} ${end}`
}
