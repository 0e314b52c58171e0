/** Changes, causes and what became of decisions, in words and with places in the texts. */
import { lineIndex } from '@writ/grammar'
import type { Expr, SourceSpan } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'
import { decisionWords } from '../run/decisions.ts'
import type { Cause } from './cause.ts'
import type { MeaningChange } from './changes.ts'
import type { ConditionPart } from './condition-parts.ts'
import { inShadow, type PolicyCause, undecided } from './flips.ts'
import type { PlanPair } from './pair.ts'

/** Lines and columns from 1; the end is exclusive. */
export interface DiffPlace {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

export function placeIn(plan: Plan, span: SourceSpan | null): DiffPlace | null {
  const file = span && plan.files[span.file]
  if (!span || !file) return null
  const index = lineIndex(file.text)
  const [start, end] = [index.position(span.start), index.position(span.end)]
  return {
    file: file.path,
    line: start.line + 1,
    column: start.column + 1,
    endLine: end.line + 1,
    endColumn: end.column + 1,
  }
}

/** The text of an expression on one line; null where there is none. */
export function textOf(plan: Plan, expr: Expr | null): string | null {
  if (expr === null) return null
  const { file, start, end } = expr.span
  return plan.files[file]?.text.slice(start, end).replace(/\s+/g, ' ') ?? null
}

/** `deny`, `deny (in shadow)`, `not decided`. */
export function stateText(state: number): string {
  if (state === undecided) return 'not decided'
  const word = decisionWords[state % inShadow] ?? ''
  return state >= inShadow ? `${word} (in shadow)` : word
}

export function partText(
  pair: PlanPair,
  part: ConditionPart,
): { readonly before: string | null; readonly after: string | null } {
  return { before: textOf(pair.before, part.before), after: textOf(pair.after, part.after) }
}

/** `the condition of refunds.small: \`r.amount <= 50 USD\` became \`r.amount <= 40 USD\``. */
export function causeText(pair: PlanPair, { policy, cause, part }: PolicyCause): string {
  const own = pair.policies[policy]
  const rule = 'rule' in cause ? ruleName(pair, policy, cause.rule) : ''
  const name = own?.name ?? ''
  switch (cause.kind) {
    case 'rule-added':
      return `${rule} is new`
    case 'rule-removed':
      return `${rule} is gone`
    case 'condition':
      return part === null ? `the condition of ${rule} is another` : `${rule}: ${partWords(pair, part)}`
    case 'decision':
      return `${rule} decides otherwise`
    case 'scope':
      return `${rule} speaks of other contracts`
    case 'lasting':
      return `${rule} goes on matching for another time`
    case 'exception': {
      const plan = cause.by === 'before' ? pair.before : pair.after
      const exception = plan.exceptions[cause.exception]?.name ?? ''
      return cause.by === 'before'
        ? `the exception ${exception} no longer waives ${rule}`
        : `the exception ${exception} waives ${rule}`
    }
    case 'default': {
      const [was, is] = [pair.before.policies[own?.before ?? -1], pair.after.policies[own?.after ?? -1]]
      return `the default of ${name} was ${was?.default.decision} and is ${is?.default.decision}`
    }
    case 'combining':
      return `the rules of ${name} are combined, or ordered, otherwise`
    case 'policy-added':
      return `${name} is new`
    case 'policy-removed':
      return `${name} is gone`
    case 'mode':
      return `${name} was in ${modeText(pair.before, own?.before)} and is in ${modeText(pair.after, own?.after)}`
    case 'rollout':
      return `${name} counts for other events by its rollout`
    case 'contract': {
      const plan = cause.of === 'before' ? pair.before : pair.after
      const contract = plan.contracts[cause.contract]?.name ?? ''
      return `${contract} is read, or checked, otherwise`
    }
    case 'history':
      return `${rule} means the same and sees other values, because the events are read otherwise`
  }
}

function modeText(plan: Plan, policy: number | null | undefined): string {
  return plan.policies[policy ?? -1]?.mode === 'shadow' ? 'shadow' : 'force'
}

/** `\`a\` became \`b\``, `\`a\` is no longer asked`, `\`b\` is asked too`. */
export function partWords(pair: PlanPair, part: ConditionPart): string {
  const { before, after } = partText(pair, part)
  const joined = part.neutral ? 'asked too' : 'enough too'
  const left = part.neutral ? 'no longer asked' : 'no longer enough'
  if (before === null) return `\`${after}\` is ${joined}`
  return after === null ? `\`${before}\` is ${left}` : `\`${before}\` became \`${after}\``
}

/** Where a cause is written: in the newer text, or in the older one where it is gone. */
export function causeSpans(
  pair: PlanPair,
  { policy, cause, part }: PolicyCause,
): { readonly before: SourceSpan | null; readonly after: SourceSpan | null } {
  const own = pair.policies[policy]
  const [was, is] = [pair.before.policies[own?.before ?? -1], pair.after.policies[own?.after ?? -1]]
  const rules = 'rule' in cause ? own?.rules[cause.rule] : undefined
  const [old, now] = [was?.rules[rules?.before ?? -1], is?.rules[rules?.after ?? -1]]
  const spans = spansOf(pair, cause)
  if (spans) return spans
  if (cause.kind === 'condition')
    return {
      before: part?.before?.span ?? old?.when?.span ?? old?.span ?? null,
      after: part?.after?.span ?? now?.when?.span ?? now?.span ?? null,
    }
  if (cause.kind === 'default') return { before: was?.default.span ?? null, after: is?.default.span ?? null }
  return { before: (rules ? old : was)?.span ?? null, after: (rules ? now : is)?.span ?? null }
}

function spansOf(pair: PlanPair, cause: Cause) {
  if (cause.kind === 'exception') {
    const span = (cause.by === 'before' ? pair.before : pair.after).exceptions[cause.exception]?.span ?? null
    return cause.by === 'before' ? { before: span, after: null } : { before: null, after: span }
  }
  if (cause.kind !== 'contract') return null
  const plan = cause.of === 'before' ? pair.before : pair.after
  const named = plan.contracts[cause.contract]
  const find = (other: Plan) =>
    other.contracts.find(({ name, module }) => name === named?.name && module === named?.module)?.span ?? null
  return { before: find(pair.before), after: find(pair.after) }
}

/** `refunds.limits.small` */
export function ruleName(pair: PlanPair, policy: number, rule: number): string {
  const own = pair.policies[policy]
  const place = own?.rules[rule]
  const named =
    pair.after.policies[own?.after ?? -1]?.rules[place?.after ?? -1] ??
    pair.before.policies[own?.before ?? -1]?.rules[place?.before ?? -1]
  return `${own?.name}.${named?.name}`
}

export function changeText(pair: PlanPair, change: MeaningChange): string {
  const { kind, of, parts, before, after } = change
  switch (kind) {
    case 'policy-added':
    case 'rule-added':
      return `${of} is new`
    case 'policy-removed':
    case 'rule-removed':
      return `${of} is gone`
    case 'condition':
      return `${of}: ${parts.map(part => partWords(pair, part)).join('; ')}`
    case 'decision':
      return `${of} decided ${before} and decides ${after}`
    case 'default':
      return `the default of ${of} was ${before} and is ${after}`
    case 'combining':
      return `the rules of ${of} were combined by ${before} and are by ${after}`
    case 'mode':
      return `${of} was in mode ${before} and is in ${after}`
    case 'layer':
      return `${of} was in layer ${before} and is in ${after}`
    case 'scope':
      return before === null ? `${of} speaks of other contracts` : `${of} was on ${before} and is on ${after}`
    case 'order':
      return `the rules of ${of} stand in another order, which counts`
    case 'approval':
      return `${of} asks for another approval`
    case 'obligations':
      return `${of} sets something else in motion`
    case 'expectation':
      return `${of} expects something else`
    case 'lasting':
      return `${of} goes on matching for another time`
    case 'exceptions':
      return `the exceptions of ${of} are others`
    default: {
      if (before === 'none') return `the ${kind} ${of} is new`
      return after === 'none' ? `the ${kind} ${of} is gone` : `the ${kind} ${of} means something else`
    }
  }
}
