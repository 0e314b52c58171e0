/**
 * Privacy flow: which classified fields reach a text or an obligation whose sink does not accept them. A pure function over a
 * checked plan; the classes of expressions are flows.ts, the places where values leave outlets.ts.
 */
import { type Fix, type Problem, type ProblemCode, problem, type RelatedPlace, type Severity } from '@writ/grammar'
import type { FileProblem } from '../check/placed-problems.ts'
import type { Expr, SourceSpan } from '../plan/expression.ts'
import { originOf } from '../plan/origin.ts'
import type { Plan, PlanPolicy, PlanRule, PlanSink } from '../plan/plan.ts'
import { accepts, classesOf, isSecret } from './classes.ts'
import { type Flow, FlowTracer, type Way } from './flows.ts'
import { largeGroups } from './groups.ts'
import { defaultOutlets, narrowest, type Outlet, placeWithin, reasons, ruleOutlets } from './outlets.ts'

export interface FlowOptions {
  /** What becomes of a value that only depends on a classified field, as a decision does that a condition leads to. Default: `off`. */
  readonly implicit?: 'off' | 'warn' | 'error'
}

/** What reaches a sink that does not accept it, by file and place; and sinks that are declared wrongly. */
export function flow(plan: Plan, options: FlowOptions = {}): readonly FileProblem[] {
  const found = new Map<string, FileProblem>()
  const add = (made: FileProblem) => {
    const key = `${made.code} ${made.path} ${made.span.start} ${made.span.end} ${made.message}`
    if (!found.has(key)) found.set(key, made)
  }
  for (const made of sinkProblems(plan)) add(made)
  if (plan.contracts.some(contract => classesOf(contract).size > 0)) {
    const judge = new Judge(plan, options.implicit ?? 'off')
    for (const [index, policy] of plan.policies.entries()) {
      const ground = groundOf(plan, index, options.implicit ?? 'off')
      const own = originOf(policy)
      const known = tight.get(own)
      if (known?.length === ground.length && known.every((part, i) => part === ground[i])) continue
      const leaks = judge.policy(policy)
      for (const made of leaks) add(made)
      // What is found names places elsewhere, which move; that nothing is found stays so.
      if (leaks.length === 0) tight.set(own, ground)
    }
  }
  return [...found.values()].sort((a, b) =>
    a.path < b.path ? -1 : a.path > b.path ? 1 : a.span.start - b.span.start || a.span.end - b.span.end,
  )
}

/** By what they were made from: policies out of which nothing leaks, with all that this rests on. */
const tight = new WeakMap<object, readonly unknown[]>()

function groundOf(plan: Plan, policy: number, implicit: string): readonly unknown[] {
  return [
    implicit,
    ...plan.contracts.map(originOf),
    ...plan.sinks.map(({ name, module, accepts }) => `${module} ${name} ${accepts.join(' ')}`),
    ...plan.exceptions.filter(one => one.policy === policy).map(originOf),
  ]
}

class Judge {
  readonly #plan: Plan
  readonly #implicit: 'off' | 'warn' | 'error'
  readonly #sinks: ReadonlyMap<string, PlanSink>
  /** By what the current event may be: rules about the same events share what is known of their lets. */
  readonly #tracers = new Map<string, FlowTracer>()

  constructor(plan: Plan, implicit: 'off' | 'warn' | 'error') {
    this.#plan = plan
    this.#implicit = implicit
    this.#sinks = new Map([...plan.sinks].reverse().map(sink => [sink.name, sink]))
  }

  policy(policy: PlanPolicy): readonly FileProblem[] {
    this.#tracers.clear()
    const tracer = this.#tracer(policy.contracts)
    return [
      ...defaultOutlets(this.#plan, policy).flatMap(outlet => this.#outlet(outlet, tracer)),
      ...policy.rules.flatMap((rule, index) => this.#rule(rule, this.#waivers(policy, index))),
    ]
  }

  #waivers(policy: PlanPolicy, rule: number): readonly Expr[] {
    if (this.#implicit === 'off') return []
    const index = this.#plan.policies.indexOf(policy)
    return this.#plan.exceptions.flatMap(one => (one.policy === index && one.rule === rule && one.when ? one.when : []))
  }

  #rule(rule: PlanRule, waivers: readonly Expr[]): readonly FileProblem[] {
    const contracts = rule.expectation ? [rule.expectation.opens.contract] : rule.contracts
    const groups = rule.when ? largeGroups(rule.when) : []
    const tracer = groups.length > 0 ? new FlowTracer(this.#plan, contracts, groups) : this.#tracer(contracts)
    return [
      ...ruleOutlets(this.#plan, rule).flatMap(outlet => this.#outlet(outlet, tracer)),
      ...(this.#implicit === 'off' ? [] : this.#consequences(rule, waivers, tracer)),
    ]
  }

  #tracer(contracts: readonly number[]): FlowTracer {
    const key = contracts.join()
    const tracer = this.#tracers.get(key) ?? new FlowTracer(this.#plan, contracts)
    this.#tracers.set(key, tracer)
    return tracer
  }

  #outlet(outlet: Outlet, tracer: FlowTracer): readonly FileProblem[] {
    const flows = this.#refused(tracer.flows(outlet.value), outlet.sink)
    const direct = flows.filter(flow => !flow.implicit)
    const implicit = this.#implicit === 'off' ? [] : flows.filter(flow => flow.implicit)
    return [
      ...byField(direct).map(same => this.#leak(outlet, same)),
      ...byField(implicit).map(same => this.#hint(outlet, outlet.place, same)),
    ]
  }

  /** That a rule matched tells something about what it depends on. */
  #consequences(rule: PlanRule, waivers: readonly Expr[], tracer: FlowTracer): readonly FileProblem[] {
    const targets = new Map([[reasons, `the text of the rule ${rule.name}`]])
    for (const { verb, sink } of rule.obligations)
      targets.set(sink ?? verb, `\`then ${sink === null ? verb : `${verb} ${sink}`}\` of the rule ${rule.name}`)
    const { expectation } = rule
    if (expectation) tracer.bind(expectation.awaited)
    if (expectation?.cancels) tracer.bind(expectation.cancels)
    const asked = [expectation?.opens.where, expectation?.awaited.where, expectation?.cancels?.where]
    const conditions = [rule.when, ...asked, ...waivers]
    const keys = rule.lasting?.keys.map(key => key.value) ?? []
    return [...conditions, ...keys].flatMap(condition => {
      if (!condition) return []
      // An exception stands outside of its rule.
      const place = waivers.includes(condition)
        ? condition.span
        : (placeWithin(this.#plan, condition, rule.span) ?? rule.span)
      return [...targets].flatMap(([sink, called]) =>
        byField(this.#refused(tracer.flows(condition), sink)).map(same => this.#hint({ sink, called }, place, same)),
      )
    })
  }

  #refused(flows: readonly Flow[], sink: string): readonly Flow[] {
    const declared = this.#sinks.get(sink)
    return flows.filter(flow => !accepts(declared, flow.privacyClass))
  }

  #leak(outlet: Outlet, flows: SameField): FileProblem {
    const secret = flows.some(flow => isSecret(flow.privacyClass))
    const lowered = narrowest(this.#plan, outlet, flows[0].way)
    const fixes = lowered ? fixesOf(this.#plan, lowered, secret) : []
    return this.#problem(secret ? 'W1301' : 'W1302', outlet, outlet.place, flows, fixes)
  }

  #hint(target: Target, place: SourceSpan, flows: SameField): FileProblem {
    const made = this.#problem('W1303', target, place, flows, [])
    const severity: Severity = this.#implicit === 'error' ? 'error' : 'warning'
    return { ...made, severity }
  }

  #problem(
    code: ProblemCode,
    { called, sink }: Target,
    place: SourceSpan,
    flows: SameField,
    fixes: readonly Fix[],
  ): FileProblem {
    const plan = this.#plan
    const [{ path, way }] = flows
    const classes = [...new Set(flows.map(flow => flow.privacyClass))].join(', ')
    const contracts = [...new Set(flows.map(flow => flow.contract))]
    const nameOf = (contract: number) => plan.contracts[contract]?.name ?? ''
    const field = `${path.join('.')} of ${contracts.map(nameOf).join(' and ')}`
    const declared = this.#sinks.get(sink)
    const related: RelatedPlace[] = [
      ...contracts.flatMap(contract =>
        placed(plan, fieldPlace(plan, contract, path), `${path.join('.')} of ${nameOf(contract)} is ${classes}`),
      ),
      ...wayPlaces(plan, way, place),
    ]
    if (declared) {
      const accepted = declared.accepts.length > 0 ? declared.accepts.join(', ') : 'nothing'
      related.push(...placed(plan, declared.span, `the sink ${sink} accepts ${accepted}`))
    }
    const parameters = { field, classes, called: upperFirst(called), sink }
    return onFile(plan, place, problem(code, place, parameters, { related, fixes }))
  }
}

type Target = Pick<Outlet, 'called' | 'sink'>
/** Flows of one field, which may have several classes, and be read from one of several contracts. */
type SameField = readonly [Flow, ...Flow[]]

function byField(flows: readonly Flow[]): readonly SameField[] {
  const found = new Map<string, [Flow, ...Flow[]]>()
  for (const flow of flows) {
    const key = flow.path.join('.')
    const same = found.get(key)
    if (same) same.push(flow)
    else found.set(key, [flow])
  }
  return [...found.values()]
}

function sinkProblems(plan: Plan): readonly FileProblem[] {
  const known = new Set(plan.contracts.flatMap(contract => [...classesOf(contract)]))
  const first = new Map<string, PlanSink>()
  return plan.sinks.flatMap(sink => {
    const before = first.get(sink.name)
    if (before) {
      const related = placed(plan, before.span, `${sink.name} is declared here`)
      return [onFile(plan, sink.span, problem('W1304', sink.span, { name: sink.name }, { related }))]
    }
    first.set(sink.name, sink)
    return sink.accepts
      .filter(one => ![...known].some(privacyClass => accepts({ ...sink, accepts: [one] }, privacyClass)))
      .map(one => {
        const place = classPlace(plan, sink, one)
        return onFile(plan, place, problem('W1305', place, { name: sink.name, class: one }))
      })
  })
}

function classPlace(plan: Plan, { span }: PlanSink, privacyClass: string): SourceSpan {
  const at = plan.files[span.file]?.text.indexOf(privacyClass, span.start) ?? -1
  return at < 0 || at >= span.end ? span : { ...span, start: at, end: at + privacyClass.length }
}

/** A secret is masked as a whole. */
function fixesOf(plan: Plan, { file, start, end }: SourceSpan, secret: boolean): readonly Fix[] {
  const source = plan.files[file]?.text.slice(start, end) ?? ''
  return [`mask(${source}, keep: ${secret ? 0 : 4})`, `hash(${source})`].map(text => ({
    title: `Write ${text}`,
    edits: [{ span: { start, end }, text }],
  }))
}

/** The lets and defines on the way, from the field to the sink at `end`. */
function wayPlaces(plan: Plan, way: Way, end: SourceSpan): readonly RelatedPlace[] {
  const found: RelatedPlace[] = []
  for (let step: Way | null = way; step; step = step.inner) {
    const { node } = step
    if (node.kind === 'named') found.unshift(...placed(plan, node.span, `it goes through the ${node.of} ${node.name}`))
    else if (step.inner === null && !(node.span.file === end.file && node.span.start === end.start))
      found.unshift(...placed(plan, node.span, 'it is read here'))
  }
  return found
}

/** The name of the field in its contract, as far as the source tells. */
function fieldPlace(plan: Plan, contract: number, path: readonly string[]): SourceSpan | null {
  const { span } = plan.contracts[contract] ?? {}
  if (!span) return null
  const source = plan.files[span.file]?.text.slice(span.start, span.end) ?? ''
  const [name = ''] = path
  const match = new RegExp(`(?<=[\\s{])${name}(?=\\s*:)`).exec(source)
  if (!match) return span
  const start = span.start + match.index
  return { file: span.file, start, end: start + name.length }
}

function placed(plan: Plan, span: SourceSpan | null, message: string): readonly RelatedPlace[] {
  const path = span && plan.files[span.file]?.path
  return span && path ? [{ path, span: { start: span.start, end: span.end }, message }] : []
}

function onFile(plan: Plan, place: SourceSpan, made: Problem): FileProblem {
  const { file, start, end } = place
  return { ...made, span: { start, end }, path: plan.files[file]?.path ?? '' }
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
