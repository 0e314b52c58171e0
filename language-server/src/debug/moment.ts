/** One event as a debugger shows it: its steps through the policies that decide it, its fields, and their `let`s and windows. */
import {
  type Expr,
  eachOperand,
  fromInteger,
  harmless,
  type Plan,
  presentTime,
  type SourceSpan,
  type Step,
  stepsOf,
  stoppingPlaces,
  valueAt,
} from '@writ/engine'
import { type LineIndex, lineIndex } from '@writ/grammar'
import type { DebugSubject } from './subject.ts'
import { type DebugValue, debugValue } from './values.ts'

/** A place of the program; lines and characters from 0. */
export interface DebugPlace {
  readonly path: string
  readonly start: { readonly line: number; readonly character: number }
  readonly end: { readonly line: number; readonly character: number }
}
export interface DebugStep {
  readonly kind: Step['kind']
  readonly depth: number
  readonly policy: string
  readonly rule: string | null
  /** `rule small: not matched`, `spent <= 120 USD = false`. */
  readonly title: string
  readonly place: DebugPlace
}
export interface DebugMoment {
  readonly seq: number
  /** Of all events. */
  readonly of: number
  /** `RefundRequested at 2026-11-02 09:00:00Z, generated.ndjson:17` */
  readonly title: string
  readonly steps: readonly DebugStep[]
  readonly event: readonly DebugValue[]
  readonly policies: readonly {
    readonly policy: string
    readonly lets: readonly DebugValue[]
    readonly windows: readonly DebugValue[]
  }[]
}

/** `policy`: only its steps. Null where none decides the event, or there is no such event. */
export function momentOf(subject: DebugSubject, seq: number, policy: string | null): DebugMoment | null {
  const { plan, view, runs } = subject
  if (seq < 0 || seq >= view.size) return null
  const deciding = plan.policies.flatMap((_, index) => {
    const run = runs[index]
    return run && (policy === null || run.name === policy) && decides(run.decisions, seq) ? [{ index, run }] : []
  })
  if (deciding.length === 0) return null
  const event = view.event(seq)
  const contract = plan.contracts[event.contract]
  const places = placer(plan)
  return {
    seq,
    of: view.size,
    title: `${contract?.name ?? ''} at ${presentTime(fromInteger(event.time))}, ${harmless(event.file)}:${event.index}`,
    steps: deciding.flatMap(({ index, run }) =>
      stepsOf(plan, view, seq, index).map(step => debugStep(plan, index, run.name, step, places)),
    ),
    event: (contract?.fields ?? []).map(({ name, type, classes }) =>
      debugValue(plan, name, event.value([name]), type, classes.includes('secret')),
    ),
    policies: deciding.map(({ index, run }) => ({
      policy: run.name,
      lets: (plan.policies[index]?.lets ?? []).map(({ name, value }) =>
        debugValue(plan, name, valueAt(plan, view, seq, value), value.type),
      ),
      windows: windowsOf(plan, index).map(expr =>
        debugValue(plan, sourceOf(plan, expr.span), valueAt(plan, view, seq, expr), expr.type),
      ),
    })),
  }
}

function decides({ seq: seqs, size }: { readonly seq: ArrayLike<number>; readonly size: number }, seq: number) {
  let low = 0
  let high = size - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const found = seqs[middle] ?? 0
    if (found === seq) return true
    if (found < seq) low = middle + 1
    else high = middle - 1
  }
  return false
}

function debugStep(plan: Plan, index: number, policy: string, step: Step, places: Placer): DebugStep {
  const rules = plan.policies[index]?.rules ?? []
  const rule = step.kind === 'policy' ? null : (rules[step.rule]?.name ?? null)
  return {
    kind: step.kind,
    depth: step.depth,
    policy,
    rule,
    title: titleOf(plan, policy, rule, step),
    place: places(step.span),
  }
}

function titleOf(plan: Plan, policy: string, rule: string | null, step: Step): string {
  switch (step.kind) {
    case 'policy':
      return `policy ${policy}`
    case 'rule':
      return `rule ${rule}: ${step.outcome.replace('-', ' ')}`
    case 'expression': {
      const { value, expr } = step
      const shown = debugValue(plan, '', value, expr.type).value
      return `${shortened(sourceOf(plan, step.span))} = ${shortened(shown)}`
    }
    case 'decision':
      return `${step.decision} by ${rule ?? 'default'}`
  }
}

/** History forms of a policy that only the current event decides: those that stand in no other one. */
function windowsOf(plan: Plan, index: number): readonly Expr[] {
  const found = new Map<string, Expr>()
  const seen = new Set<Expr>()
  const visit = (expr: Expr): void => {
    if (seen.has(expr)) return
    seen.add(expr)
    if (expr.kind === 'exists' || expr.kind === 'aggregate' || expr.kind === 'sequence') {
      found.set(sourceOf(plan, expr.span), expr)
      return
    }
    if (expr.kind === 'quantified') visit(expr.list)
    else eachOperand(expr, visit)
  }
  for (const { when } of plan.policies[index]?.rules ?? []) if (when !== null) visit(when)
  return [...found.values()]
}

export interface DebugStop {
  readonly policy: string
  /** Null: of the whole policy. */
  readonly rule: string | null
  readonly place: DebugPlace
}

/** Where breakpoints can stand. */
export function debugStops({ plan }: DebugSubject): readonly DebugStop[] {
  const places = placer(plan)
  return stoppingPlaces(plan).map(({ span, policy, rule }) => {
    const { module = '', name = '', rules = [] } = plan.policies[policy] ?? {}
    return { policy: `${module}.${name}`, rule: rules[rule]?.name ?? null, place: places(span) }
  })
}

type Placer = (span: SourceSpan) => DebugPlace

/** A policy and a rule begin at their keyword, behind what documents them. */
function placer(plan: Plan): Placer {
  const indices = new Map<number, LineIndex>()
  return ({ file, start, end }) => {
    const { path = '', text = '' } = plan.files[file] ?? {}
    const index = indices.get(file) ?? lineIndex(text)
    indices.set(file, index)
    const documented = /^(?:\s*\/\/\/[^\n]*\n)*\s*/.exec(text.slice(start, end))?.[0].length ?? 0
    const at = (offset: number) => {
      const { line, column } = index.position(offset)
      return { line, character: column }
    }
    return { path, start: at(start + documented), end: at(end) }
  }
}

function sourceOf(plan: Plan, { file, start, end }: SourceSpan): string {
  return (plan.files[file]?.text.slice(start, end) ?? '').replace(/\s+/g, ' ').trim()
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
