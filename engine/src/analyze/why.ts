/** Why conditions cannot hold together, in the words of the source: which contradict each other, or what a value can be at all. */
import type { Expr } from '../plan/expression.ts'
import { presentValue } from '../value/present.ts'
import type { Type } from '../value/type.ts'
import type { Domain } from './domain.ts'
import { inner } from './facts.ts'
import { type Ground, type Grounds, type Part, smallestCore } from './ground.ts'
import { isFalse, isTrue, unnamed } from './meaning.ts'

/** Why `condition` is never true (`truth`), or never false. */
export function whyNever(condition: Expr, truth: boolean, ground: Ground, grounds: Grounds): string {
  const own = partsOf(condition, truth, ground, grounds)
  const core = smallestCore([...ground.assumed, ...own], [])
  const checks = core.filter(part => ground.assumed.includes(part)).map(part => part.text)
  const conditions = core.filter((part): part is ConditionPart => !ground.assumed.includes(part))
  const texts = conditions.map(part => `\`${part.text}\``)
  const [only] = conditions
  if (checks.length === 0 && only !== undefined && conditions.length === 1) return aloneText(only)
  if (!truth) {
    if (checks.length === 0) return `one of ${listed(texts)} always holds`
    return `${listed(checks)} always ${checks.length === 1 ? 'holds' : 'hold'} here`
  }
  const all = [...texts, ...checks]
  const [first, second] = all
  return all.length === 2 ? `${first} contradicts ${second}` : `${listed(all)} cannot all be true`
}

export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

interface ConditionPart extends Part {
  readonly expr: Expr
}

/** The operands of an `and` that has to be true, of an `or` that has to be false; through lets. */
function partsOf(expr: Expr, truth: boolean, ground: Ground, grounds: Grounds): readonly ConditionPart[] {
  const term = unnamed(expr)
  if (term.kind === (truth ? 'and' : 'or') && 'operands' in term)
    return term.operands.flatMap(operand => partsOf(operand, truth, ground, grounds))
  const formula = ground.meaning.when(expr, truth ? isTrue : isFalse)
  return [{ text: grounds.text(expr.span), formula, expr }]
}

function aloneText({ formula, expr, text }: ConditionPart): string {
  const term = unnamed(expr)
  const subject = subjectOf(term)
  const fact = formula.kind === 'is' && subject ? domainText(formula.variable.domain, subject.type) : null
  if (fact !== null) return `its value is always ${fact}`
  if (formula.kind === 'is' && formula.variable.key.includes(' <=> ')) return 'both sides are the same'
  return `it is decided by what \`${text}\` compares`
}

function subjectOf(expr: Expr): Expr | null {
  if (expr.kind === 'compare') return expr.left.kind === 'literal' ? expr.right : expr.left
  if (expr.kind === 'in-range' || expr.kind === 'in-list') return expr.item
  return expr.kind === 'not' ? subjectOf(unnamed(expr.operand)) : null
}

/** `at least 0`, `from 0 to 23`, `one of chat, email`; null where it may be anything. */
function domainText({ known }: Domain, type: Type): string | null {
  if (known.kind === 'texts') {
    const { only } = known.texts
    return inner(type).kind === 'enum' && only ? `one of ${only.join(', ')}` : null
  }
  if (known.kind !== 'numbers') return null
  const [first] = known.numbers
  const last = known.numbers.at(-1)
  const of = (value: typeof first extends undefined ? never : NonNullable<typeof first>['low']) => {
    if (value === null) return null
    const kind = inner(type)
    return kind.kind === 'money'
      ? presentValue({ amount: value, currency: kind.currency ?? '' }, kind)
      : presentValue(value, kind)
  }
  const [low, high] = [of(first?.low ?? null), of(last?.high ?? null)]
  if (low !== null && high !== null) return `from ${low} to ${high}`
  return low !== null ? `at least ${low}` : high !== null ? `at most ${high}` : null
}
