/**
 * Where values leave the program: the holes of texts and the members of obligations, each with the place at which it is
 * written. A `let` in the plan stands where it is declared, so its use is looked for in the source again.
 */
import type { Expr, SourceSpan } from '../plan/expression.ts'
import type { Plan, PlanPolicy, PlanRule, Template } from '../plan/plan.ts'
import type { Way } from './flows.ts'

/** The name by which `sink reasons { … }` speaks of the texts of decisions. */
export const reasons = 'reasons'

/** One value that leaves. */
export interface Outlet {
  readonly value: Expr
  /** The declared sink that would have to accept it. */
  readonly sink: string
  /** For messages: `the text of the rule small`. */
  readonly called: string
  readonly place: SourceSpan
  readonly isText: boolean
}

/** Of the texts and obligations of a rule. */
export function ruleOutlets(plan: Plan, rule: PlanRule): readonly Outlet[] {
  const texts = [rule.text, rule.because, rule.approval?.otherwise?.text ?? null]
  return [
    ...texts.flatMap(text => textOutlets(plan, text, `the text of the rule ${rule.name}`, rule.span)),
    ...rule.obligations.flatMap(({ verb, sink, fields }) =>
      fields.map(({ name, value }): Outlet => {
        const place = placeOf(plan, value, rule.span, found => new RegExp(`\\b${name}\\s*:\\s*(${found})\\b`))
        const called = `\`then ${sink === null ? verb : `${verb} ${sink}`}\` of the rule ${rule.name}`
        return { value, sink: sink ?? verb, called, place: place ?? rule.span, isText: false }
      }),
    ),
  ]
}

/** Of the text of a default. */
export function defaultOutlets(plan: Plan, policy: PlanPolicy): readonly Outlet[] {
  const { because, span } = policy.default
  return textOutlets(plan, because, `the text of the default of ${policy.name}`, span)
}

/** Where `node` is written inside of `around`; null where it is written elsewhere. */
export function placeWithin(plan: Plan, node: Expr, around: SourceSpan): SourceSpan | null {
  return placeOf(plan, node, around, name => new RegExp(`(?<![\\w.])(${name})\\b`))
}

/**
 * The smallest text at the outlet that can be wrapped to lower `way`: what is computed before, in a `let`, also decides and
 * stays as it is. Null where that is no text.
 */
export function narrowest(plan: Plan, outlet: Outlet, way: Way): SourceSpan | null {
  let around = outlet.place
  let found: SourceSpan | null = null
  for (let step: Way | null = way; step; step = step.inner) {
    const { node } = step
    const place = step === way ? around : placeWithin(plan, node, around)
    if (!place) continue
    around = place
    const present = node.type.kind === 'optional' && outlet.isText && step === way ? node.type.inner : node.type
    if (present.kind === 'string') found = place
    if ((node.kind === 'named' && node.of === 'let') || node.kind === 'aggregate') break
  }
  return found
}

function textOutlets(plan: Plan, text: Template | null, called: string, around: SourceSpan): readonly Outlet[] {
  return (text ?? []).flatMap(value => {
    if (typeof value === 'string') return []
    const place = placeOf(plan, value, around, name => new RegExp(`\\{\\s*(${name})\\s*\\}`))
    return { value, sink: reasons, called, place: place ?? around, isText: true }
  })
}

function placeOf(plan: Plan, node: Expr, around: SourceSpan, use: (name: string) => RegExp): SourceSpan | null {
  const { span } = node
  if (span.file === around.file && around.start <= span.start && span.end <= around.end) return span
  if (node.kind !== 'named') return null
  const source = plan.files[around.file]?.text.slice(around.start, around.end) ?? ''
  const match = use(node.name).exec(source)
  const name = match?.[1]
  if (!match || name === undefined) return null
  const start = around.start + match.index + match[0].lastIndexOf(name)
  return { file: around.file, start, end: start + name.length }
}
