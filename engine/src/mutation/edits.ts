/**
 * Small changes to the text of a policy, one at a time: what a slip of the author, or of whoever changes the policy next,
 * would look like. Made on the syntax, so that each can be shown as a change of lines; which of them check at all, and who
 * notices them, is mutants.ts.
 */
import {
  type DecisionWord,
  type Expression,
  type KeySyntax,
  type LiteralExpression,
  type PolicyItem,
  type RuleItem,
  type SourceFile,
  type Span,
  type WindowSyntax,
  walkExpressions,
} from '@writ/grammar'

export interface Edit {
  /** Place in the file, and what comes instead. */
  readonly span: Span
  readonly text: string
  /** What kind of slip: `boundary`, `constant`, `rule left out`, … */
  readonly kind: string
}

export interface PlacedEdit extends Edit {
  readonly path: string
  /** Name of the policy that it is in; null: in a define, which any policy may use. */
  readonly policy: string | null
  readonly rule: string | null
}

/** In the order of the text. */
export function editsOf(file: SourceFile): readonly PlacedEdit[] {
  return file.declarations.flatMap(({ syntax, start, text }) => {
    const place = (edits: readonly Edit[], policy: string | null, rule: string | null): readonly PlacedEdit[] =>
      edits.map(edit => ({
        ...edit,
        span: { start: start + edit.span.start, end: start + edit.span.end },
        path: file.path,
        policy,
        rule,
      }))
    if (syntax.kind === 'define') return place(inExpression(syntax.body, text), null, null)
    if (syntax.kind !== 'policy') return []
    return syntax.items.flatMap(item => place(inItem(item, text), syntax.name.text, ruleName(item)))
  })
}

function ruleName(item: PolicyItem): string | null {
  return item.kind === 'rule' ? item.name.text : null
}

function inItem(item: PolicyItem, text: string): readonly Edit[] {
  switch (item.kind) {
    case 'let':
      return inExpression(item.value, text)
    case 'rule':
      return [...inRule(item, text), ...neverEdits(item)]
    case 'default':
      return decisionEdits(item.span, item.decision, text)
    case 'owner':
    case 'on':
    case 'combine':
    case 'layer':
    case 'mode':
      return []
  }
}

function inRule(rule: RuleItem, text: string): readonly Edit[] {
  const edits: Edit[] = []
  const add = (expression: Expression | null): void => {
    if (expression) edits.push(...inExpression(expression, text))
  }
  add(rule.after?.where ?? null)
  add(rule.when)
  const { effect } = rule
  if (effect.kind === 'decide') {
    edits.push(...decisionEdits(effect.span, effect.decision, text))
    if (effect.lasting) {
      add(effect.lasting.duration)
      edits.push(...keyEdits(effect.lasting.keys))
    }
  }
  if (effect.kind === 'require-approval') for (const stage of effect.stages) add(stage.within)
  if (effect.kind === 'expect') {
    add(effect.event.where)
    add(effect.unless?.where ?? null)
    add(effect.within)
  }
  return edits
}

/** The rule as if it were not there; it stays, because tests and properties may name it. */
function neverEdits({ after, when, effect }: RuleItem): readonly Edit[] {
  const kind = 'rule left out'
  if (after?.where) return [{ span: after.where.span, text: 'false', kind }]
  if (after) return [{ span: { start: after.span.end, end: after.span.end }, text: ' where false', kind }]
  if (when) return [{ span: when.span, text: 'false', kind }]
  return [{ span: { start: effect.span.start, end: effect.span.start }, text: 'when false ', kind }]
}

const instead: Readonly<Record<DecisionWord, DecisionWord>> = {
  permit: 'deny',
  warn: 'permit',
  hold: 'permit',
  deny: 'permit',
}
function decisionEdits({ start, end }: Span, decision: DecisionWord, text: string): readonly Edit[] {
  const at = text.slice(start, end).search(new RegExp(`\\b${decision}\\b`))
  if (at < 0) return []
  const span = { start: start + at, end: start + at + decision.length }
  return [{ span, text: instead[decision], kind: 'decision' }]
}

function inExpression(whole: Expression, text: string): readonly Edit[] {
  const edits: Edit[] = []
  walkExpressions(whole, expression => {
    edits.push(...atNode(expression, text))
  })
  return edits.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
}

function atNode(e: Expression, text: string): readonly Edit[] {
  switch (e.kind) {
    case 'compare':
      return (otherComparisons[e.operator] ?? []).flatMap(other =>
        between(
          e.left,
          e.right,
          e.operator,
          other,
          e.operator === '==' || e.operator === '!=' ? 'negation' : 'boundary',
          text,
        ),
      )
    case 'and':
    case 'or':
      return [...swapped(e.operands, e.kind, text), ...leftOut(e.operands)]
    case 'not':
      return [{ span: { start: e.span.start, end: e.operand.span.start }, text: '', kind: 'negation' }]
    case 'present':
      return wordEdit(
        { start: e.operand.span.end, end: e.span.end },
        e.negated ? 'absent' : 'present',
        e.negated ? 'present' : 'absent',
        'negation',
        text,
      )
    case 'text-test':
      return negated(e.left, e.right, e.negated, e.operator, text)
    case 'in-list':
      return negated(e.item, e.list, e.negated, 'in', text)
    case 'in-range':
      return negated(e.item, e.low, e.negated, 'in', text)
    case 'arithmetic':
      return between(e.left, e.right, e.operator, otherArithmetic[e.operator], 'arithmetic', text)
    case 'quantified':
      return wordEdit(
        { start: e.span.start, end: e.variable.span.start },
        e.quantifier,
        e.quantifier === 'any' ? 'all' : 'any',
        'quantifier',
        text,
      )
    case 'literal':
      return literalEdits(e)
    case 'aggregate': {
      const other = new Map<string, string>([
        ['min', 'max'],
        ['max', 'min'],
        ['first', 'last'],
        ['last', 'first'],
      ]).get(e.function)
      const function_ =
        other === undefined
          ? []
          : wordEdit(
              { start: e.span.start, end: e.span.start + e.function.length },
              e.function,
              other,
              'aggregate',
              text,
            )
      return [...function_, ...windowEdits(e.window, text)]
    }
    case 'exists':
      return [
        ...wordEdit(
          { start: e.span.start, end: e.event.span.start },
          e.negated ? 'no' : 'exists',
          e.negated ? 'exists' : 'no',
          'negation',
          text,
        ),
        ...windowEdits(e.window, text),
      ]
    case 'sequence':
      return windowEdits(e.window, text)
    default:
      return []
  }
}

const otherComparisons: Readonly<Record<string, readonly string[]>> = {
  '<': ['<='],
  '<=': ['<'],
  '>': ['>='],
  '>=': ['>'],
  '==': ['!='],
  '!=': ['=='],
}
const otherArithmetic = { '+': '-', '-': '+', '*': '/', '/': '*' } as const

/** The operator between two operands. */
function between(
  left: Expression,
  right: Expression,
  operator: string,
  other: string,
  kind: string,
  text: string,
): readonly Edit[] {
  const start = left.span.end
  const at = text.slice(start, right.span.start).indexOf(operator)
  if (at < 0) return []
  return [{ span: { start: start + at, end: start + at + operator.length }, text: other, kind }]
}

function wordEdit(within: Span, word: string, other: string, kind: string, text: string): readonly Edit[] {
  const at = text.slice(within.start, within.end).search(new RegExp(`\\b${word}\\b`))
  if (at < 0) return []
  const start = within.start + at
  return [{ span: { start, end: start + word.length }, text: other, kind }]
}

/** `not in`, `not like`: with or without the `not`. */
function negated(left: Expression, right: Expression, isNegated: boolean, word: string, text: string): readonly Edit[] {
  const [edit] = wordEdit({ start: left.span.end, end: right.span.start }, word, word, 'negation', text)
  if (!edit) return []
  if (!isNegated) return [{ ...edit, text: `not ${word}` }]
  const not = text.slice(left.span.end, edit.span.start).search(/\bnot\s+$/)
  return not < 0 ? [] : [{ ...edit, span: { start: left.span.end + not, end: edit.span.end } }]
}

/** All connectors of an `and` or `or` at once. */
function swapped(operands: readonly Expression[], word: 'and' | 'or', text: string): readonly Edit[] {
  const [first] = operands
  const last = operands.at(-1)
  if (!first || !last) return []
  let made = ''
  let from = first.span.start
  for (const [i, operand] of operands.entries()) {
    const next = operands[i + 1]
    made += text.slice(from, operand.span.end)
    if (next)
      made += text
        .slice(operand.span.end, next.span.start)
        .replace(new RegExp(`\\b${word}\\b`), word === 'and' ? 'or' : 'and')
    from = next?.span.start ?? operand.span.end
  }
  return [
    {
      span: { start: first.span.start, end: last.span.end },
      text: made,
      kind: `${word} as ${word === 'and' ? 'or' : 'and'}`,
    },
  ]
}

function leftOut(operands: readonly Expression[]): readonly Edit[] {
  return operands.map((operand, i) => {
    const next = operands[i + 1]
    const before = operands[i - 1]
    const span = next
      ? { start: operand.span.start, end: next.span.start }
      : { start: before?.span.end ?? operand.span.start, end: operand.span.end }
    return { span, text: '', kind: 'condition left out' }
  })
}

function windowEdits(window: WindowSyntax, text: string): readonly Edit[] {
  const edits: Edit[] = [...keyEdits(window.keys)]
  const end = window.span.end
  if (window.beforeThis) {
    const at = text.slice(window.span.start, end).search(/\s+before\s+this\s*$/)
    if (at >= 0) edits.push({ span: { start: window.span.start + at, end }, text: '', kind: 'before this' })
  } else if (window.range) edits.push({ span: { start: end, end }, text: ' before this', kind: 'before this' })
  return edits
}

/** One key less; instead of the only one, everybody's. */
function keyEdits(keys: readonly KeySyntax[]): readonly Edit[] {
  const [only] = keys
  if (only && keys.length === 1) return [{ span: only.span, text: 'all', kind: 'key left out' }]
  return keys.map((key, i) => {
    const next = keys[i + 1]
    const before = keys[i - 1]
    const span = next
      ? { start: key.span.start, end: next.span.start }
      : { start: before?.span.end ?? key.span.start, end: key.span.end }
    return { span, text: '', kind: 'key left out' }
  })
}

/** One unit less and one more of what is written last. */
function literalEdits({ literal, span }: LiteralExpression): readonly Edit[] {
  const steps = (text: string, unit: string): readonly Edit[] =>
    [stepped(text, -1n), stepped(text, 1n)].flatMap(other =>
      other === null ? [] : [{ span, text: `${other}${unit}`, kind: 'constant' }],
    )
  switch (literal.kind) {
    case 'number':
      return steps(literal.text, '')
    case 'percent':
      return steps(literal.text, '%')
    case 'money':
      return steps(literal.text, ` ${literal.currency}`)
    case 'duration': {
      const parts = /^(.*?)(\d+)([a-z]+)$/.exec(literal.text)
      if (!parts) return []
      const [, head = '', number = '', unit = ''] = parts
      return [-1n, 1n].flatMap(by => {
        const other = BigInt(number) + by
        return other < 0n || (other === 0n && head === '')
          ? []
          : [{ span, text: `${head}${other}${unit}`, kind: 'length of time' }]
      })
    }
    case 'bool':
      return [{ span, text: String(!literal.value), kind: 'constant' }]
    case 'string':
    case 'time':
    case 'version':
      return []
  }
}

function stepped(text: string, by: bigint): string | null {
  const [whole = '', fraction = ''] = text.replaceAll('_', '').split('.')
  if (!/^\d+$/.test(whole + fraction)) return null
  const moved = BigInt(whole + fraction) + by
  if (moved < 0n) return null
  if (fraction === '') return String(moved)
  const digits = String(moved).padStart(fraction.length + 1, '0')
  return `${digits.slice(0, -fraction.length)}.${digits.slice(-fraction.length)}`
}
