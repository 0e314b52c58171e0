/** Why one event was decided as it was, for an editor: the page of the explanation, and the decisive expressions with their values in place. */
import {
  changesOf,
  type Expr,
  eachOperand,
  explain,
  explanationLines,
  harmless,
  type Line,
  type LogView,
  type Plan,
  plainText,
  presentValue,
  type SourceSpan,
  type Trace,
  type Type,
  testSource,
  type Witness,
} from '@writ/engine'

export interface EvidencePage {
  readonly lines: readonly Line[]
  readonly text: string
  readonly marks: readonly Mark[]
}
/** An expression that counted. */
export interface Mark {
  readonly span: SourceSpan
  /** Of a condition; null for any other value. */
  readonly outcome: 'true' | 'false' | 'unknown' | null
  /** Shown behind it; null where the outcome says it all. */
  readonly value: string | null
}

export function evidenceOf(plan: Plan, view: LogView, seq: number, policy: number, width: number): EvidencePage {
  const explanation = explain(plan, view, seq, policy)
  const lines = explanationLines(plan, view, explanation, changesOf(plan, view, explanation), width)
  const marks: Mark[] = []
  const shown = valuesOf(plan, policy)
  for (const rule of explanation.rules) if (rule.condition) collect(rule.condition, shown, marks)
  return { lines, text: lines.map(plainText).join('\n'), marks: once(marks) }
}

type Shown = (witness: Witness) => string

/** Values as their types write them. Where anything is secret, a text may be made of it, and is covered. */
function valuesOf(plan: Plan, policy: number): Shown {
  const hides = plan.contracts.some(({ fields }) => fields.some(({ classes }) => classes.includes('secret')))
  const types = new Map<string, Type>()
  const seen = new Set<Expr>()
  const visit = (expr: Expr): void => {
    if (seen.has(expr)) return
    seen.add(expr)
    types.set(placeOf(expr.span), expr.type)
    eachOperand(expr, visit)
  }
  for (const { when } of plan.policies[policy]?.rules ?? []) if (when !== null) visit(when)
  return ({ span, value }) => {
    if (typeof value === 'string' && hides) return '•••'
    if (typeof value === 'symbol') return value.description ?? 'unknown'
    const text = harmless(presentValue(value, types.get(placeOf(span)) ?? { kind: 'error' }))
    return text.length > 60 ? `${text.slice(0, 59)}…` : text
  }
}

function placeOf({ file, start, end }: SourceSpan): string {
  return `${file} ${start} ${end}`
}

function collect(witness: Witness, shown: Shown, marks: Mark[]): void {
  const { span, value } = witness
  const outcome = value === true ? 'true' : value === false ? 'false' : typeof value === 'symbol' ? 'unknown' : null
  switch (witness.kind) {
    case 'literal':
    case 'now':
    case 'element':
      return
    case 'field':
      marks.push({ span, outcome: typeof value === 'boolean' ? outcome : null, value: shown(witness) })
      return
    case 'named':
      marks.push({ span, outcome, value: outcome === null ? shown(witness) : null })
      collect(witness.of, shown, marks)
      return
    case 'and':
    case 'or':
      for (const { witness: operand } of witness.decisive) collect(operand, shown, marks)
      return
    case 'operator':
      if (outcome !== null) marks.push({ span, outcome, value: null })
      for (const operand of witness.operands) if (operand) collect(operand, shown, marks)
      return
    case 'quantified':
      marks.push({ span, outcome, value: null })
      return
    case 'history':
      marks.push({ span, outcome, value: outcome === null ? shown(witness) : null })
  }
}

function once(marks: readonly Mark[]): readonly Mark[] {
  const seen = new Set<string>()
  return marks.filter(({ span }) => {
    const key = placeOf(span)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** A test of the language with the events that the decision rests on; null where those alone do not lead to it. */
export function testOf(plan: Plan, view: LogView, seq: number, policy: number): string | null {
  const explanation = explain(plan, view, seq, policy)
  const needed = new Set([seq])
  for (const rule of explanation.rules) {
    if (rule.condition) events(rule.condition, needed)
    if (rule.trip) needed.add(rule.trip.seq)
  }
  const trace: Trace = [...needed]
    .sort((a, b) => a - b)
    .slice(-mostEvents)
    .map(at => {
      const event = view.event(at)
      const { fields = [], timeField = null } = plan.contracts[event.contract] ?? {}
      const members = fields.filter(({ name }) => name !== timeField).map(({ name }) => [name, event.value([name])])
      return { contract: event.contract, time: event.time, fields: Object.fromEntries(members) }
    })
  const { name = '', rules = [] } = plan.policies[policy] ?? {}
  const by = rules[explanation.decidedBy]?.name ?? `the default of ${name}`
  const { file, index } = view.event(seq)
  const text = testSource(plan, trace, `${explanation.decision} by ${by}`, [`Recorded: ${file}, record ${index}.`])
  return text.includes(`expect ${explanation.decision}`) ? text : null
}
const mostEvents = 100

function events(witness: Witness, found: Set<number>): void {
  switch (witness.kind) {
    case 'field':
      found.add(witness.seq)
      return
    case 'named':
      events(witness.of, found)
      return
    case 'and':
    case 'or':
      for (const { witness: operand } of witness.decisive) events(operand, found)
      return
    case 'operator':
      for (const operand of witness.operands) if (operand) events(operand, found)
      return
    case 'quantified':
      events(witness.list, found)
      return
    case 'history':
      for (const seq of [...witness.events, ...witness.unknownEvents]) found.add(seq)
      if (typeof witness.reset === 'number') found.add(witness.reset)
      for (const key of witness.keys) events(key, found)
      return
    case 'literal':
    case 'now':
    case 'element':
      return
  }
}
