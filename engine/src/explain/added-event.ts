/**
 * One more event before the decided one that might turn conditions around: of the kind that a window looks for, with values that
 * meet its filter as far as these can be read off it; also one event for several windows. What is made up is tried (change.ts)
 * before it is told, so that a filter that was read wrongly gives nothing.
 */
import type { EventView } from '../log/view.ts'
import type { AggregateExpr, ExistsExpr, Expr, Pattern } from '../plan/expression.ts'
import { eachOperand } from '../plan/read-set.ts'
import { textMatching } from '../search/pattern-text.ts'
import { add, fromInteger } from '../value/rational.ts'
import type { Type } from '../value/type.ts'
import { isMoney, isRational, type Value } from '../value/value.ts'
import { type Change, change, type Trial, tried } from './change.ts'
import { evaluate } from './evaluate.ts'
import { histories } from './history-changes.ts'
import { keyText } from './history-words.ts'
import { bindElement, countUpTo, type Scope } from './scope.ts'
import { history } from './window.ts'
import { joined, valueText } from './words.ts'

/** For one condition, each of the windows in it alone. */
export function addedChanges(condition: Expr, trial: Trial): readonly Change[] {
  return [...new Set(histories(condition))].filter(isOpen(trial)).flatMap(form => oneMore([form], trial))
}

/** For all conditions of a rule: one event for all windows that look for its kind. */
export function addedForAll(conditions: readonly Expr[], trial: Trial): readonly Change[] {
  const byContract = new Map<number, LookingForm[]>()
  for (const form of [...new Set(conditions.flatMap(histories))].filter(isOpen(trial)))
    byContract.set(form.pattern.contract, [...(byContract.get(form.pattern.contract) ?? []), form])
  return [...byContract.values()].flatMap(forms => (forms.length > 1 ? oneMore(forms, trial) : []))
}

type LookingForm = ExistsExpr | AggregateExpr

/** Windows in which one more event could be found: an `exists` that found one is left alone. */
function isOpen(trial: Trial): (form: ReturnType<typeof histories>[number]) => form is LookingForm {
  return (form): form is LookingForm =>
    form.kind === 'aggregate' || (form.kind === 'exists' && history(form, trial.scope, evaluate).value === false)
}

function oneMore(forms: readonly LookingForm[], trial: Trial): readonly Change[] {
  const [first] = forms
  const contract = trial.scope.plan.contracts[first?.pattern.contract ?? -1]
  if (!first || !contract) return []
  const keys = new Map<string, { readonly value: Value; readonly text: string }>()
  for (const { keys: own } of forms)
    for (const key of own) {
      const value = evaluate(key.value, trial.scope)
      keys.set(key.path.join('.'), { value, text: keyText(key, value) })
    }
  const wishes = merged(forms.flatMap(form => wishesOfForm(form, trial.scope)))
  const fields = new Map<string, Value>([...keys].map(([path, { value }]) => [path, value]))
  for (const { path, value } of wishes) fields.set(path, value)
  const like = newestOf(first.pattern.contract, trial)
  const decided = tried(trial, { added: { contract: first.pattern.contract, fields, like } })
  if (!decided) return []
  const of = keys.size > 0 ? ` of ${joined([...keys.values()].map(({ text }) => text))}` : ''
  const having = wishes.length > 0 ? ` with ${joined(wishes.map(({ text }) => text))}` : ''
  return [change(trial, 'event', `${article(contract.name)} ${contract.name}${of}${having} before it`, decided)]
}

/** A value of a field of the added event, and how it is told. Texts of one field that only have to be in it go together. */
interface Wish {
  readonly path: string
  readonly value: Value
  readonly text: string
  readonly within: boolean
}

function wishesOfForm(form: LookingForm, scope: Scope): readonly Wish[] {
  const { pattern } = form
  const filter = pattern.where ? wishesOf(pattern.where, true, pattern, scope) : []
  // What is gathered is a condition itself: it is wished to be what it is not.
  const gathered = form.kind === 'aggregate' && form.value?.type.kind === 'bool' ? form.value : null
  return gathered ? [...filter, ...wishesOf(gathered, evaluate(form, scope) !== true, pattern, scope)] : filter
}

function wishesOf(where: Expr, wanted: boolean, pattern: Pattern, scope: Scope): readonly Wish[] {
  switch (where.kind) {
    case 'and':
    case 'or': {
      const each = where.operands.map(operand => wishesOf(operand, wanted, pattern, scope))
      return (where.kind === 'and') === wanted ? each.flat() : (each.find(wishes => wishes.length > 0) ?? [])
    }
    case 'named':
      return wishesOf(where.value, wanted, pattern, scope)
    case 'not':
      return wishesOf(where.operand, !wanted, pattern, scope)
    case 'field':
      return where.type.kind === 'bool' ? wish(where, wanted, '', pattern) : []
    case 'quantified': {
      const list = constantOf(where.list, pattern, scope)
      if (!Array.isArray(list) || !wanted) return []
      const elements: readonly Value[] = where.quantifier === 'all' ? list.slice(0, mostElements) : list.slice(0, 1)
      return elements.flatMap(element =>
        wishesOf(where.where, true, pattern, bindElement(scope, where.variable, element)),
      )
    }
    case 'text-test':
      return wanted ? textWish(where, pattern, scope) : []
    case 'compare':
      return compareWish(where, wanted, pattern, scope)
    case 'in-list': {
      const list = constantOf(where.list, pattern, scope)
      return wanted && Array.isArray(list) ? wish(where.item, list[0] ?? null, '', pattern) : []
    }
    default:
      return []
  }
}

const mostElements = 8

function textWish(
  { operator, left, right }: Extract<Expr, { readonly kind: 'text-test' }>,
  pattern: Pattern,
  scope: Scope,
): readonly Wish[] {
  const part = constantOf(right, pattern, scope)
  if (typeof part !== 'string') return []
  switch (operator) {
    case 'contains':
      return wish(left, part, 'containing ', pattern, true)
    case 'starts_with':
      return wish(left, part, 'starting with ', pattern)
    case 'ends_with':
      return wish(left, part, 'ending with ', pattern)
    case 'like':
      return wish(left, part.replaceAll('*', '').replaceAll('?', 'x'), '', pattern)
    case 'matches': {
      // Flags and word boundaries are nothing that a text has to hold; the trial tells whether it fits.
      const plain = part.replace(/^\(\?[a-z]+\)/, '').replaceAll('\\b', '')
      return wish(left, textMatching(plain), '', pattern, true)
    }
  }
}

function compareWish(
  { operator, left, right }: Extract<Expr, { readonly kind: 'compare' }>,
  wanted: boolean,
  pattern: Pattern,
  scope: Scope,
): readonly Wish[] {
  const value = constantOf(right, pattern, scope)
  if (value === null) return []
  switch (wanted ? operator : opposite[operator]) {
    case '==':
      return wish(left, value, '', pattern)
    case '<=':
      return wish(left, value, 'at most ', pattern)
    case '>=':
      return wish(left, value, 'at least ', pattern)
    case '<':
      return wish(left, moved(value, -1), '', pattern)
    case '>':
      return wish(left, moved(value, 1), '', pattern)
    case '!=':
      return typeof value === 'boolean' ? wish(left, !value, '', pattern) : []
  }
}

const opposite = { '==': '!=', '!=': '==', '<': '>=', '>=': '<', '>': '<=', '<=': '>' } as const

function moved(value: Value, by: number): Value | null {
  if (typeof value !== 'object') return null
  if (isMoney(value)) return { amount: add(value.amount, fromInteger(by)), currency: value.currency }
  return isRational(value) ? add(value, fromInteger(by)) : null
}

/** `of`: the field, also behind functions that keep a text what it says. */
function wish(of: Expr, value: Value | null, how: string, pattern: Pattern, within = false): readonly Wish[] {
  const field = behind(of)
  if (field.kind !== 'field' || field.event !== pattern.variable || value === null || typeof value === 'symbol')
    return []
  const path = field.path.join('.')
  return [{ path, value, within, text: `${path} ${how}${valueText(value, textless(field.type))}` }]
}

function behind(expr: Expr): Expr {
  if (expr.kind === 'named') return behind(expr.value)
  if (expr.kind === 'default') return behind(expr.value)
  const [argument] = expr.kind === 'call' && sayingTheSame.has(expr.function) ? expr.arguments : []
  return argument ? behind(argument) : expr
}
const sayingTheSame: ReadonlySet<string> = new Set(['lower', 'upper', 'trim', 'text'])

function textless(type: Type): Type {
  return type.kind === 'optional' ? type.inner : type
}

/** One wish for each field: parts of one text together, else the first. */
function merged(wishes: readonly Wish[]): readonly Wish[] {
  const byPath = new Map<string, Wish>()
  for (const one of wishes) {
    const known = byPath.get(one.path)
    if (!known) byPath.set(one.path, one)
    else if (known.within && one.within && typeof known.value === 'string' && typeof one.value === 'string')
      byPath.set(one.path, togetherAs(known, known.value, one, one.value))
  }
  return [...byPath.values()]
}

function togetherAs(known: Wish, before: string, one: Wish, part: string): Wish {
  if (before.includes(part)) return known
  const value = `${before} ${part}`
  return { ...known, value, text: `${known.text} and ${one.text.slice(one.path.length + 1)}` }
}

/** The value of an expression that does not read the event being wished for. */
function constantOf(expr: Expr, pattern: Pattern, scope: Scope): Value | null {
  return readsVariable(expr, pattern.variable) ? null : evaluate(expr, scope)
}

function newestOf(contract: number, trial: Trial): EventView | null {
  const seqs = trial.scope.view.of(contract)
  const seq = seqs[countUpTo(seqs, trial.scope.event.seq - 1) - 1]
  return seq === undefined ? null : trial.scope.view.event(seq)
}

function readsVariable(expr: Expr, variable: number): boolean {
  if (expr.kind === 'field') return expr.event === variable
  let found = false
  eachOperand(expr, operand => {
    found ||= readsVariable(operand, variable)
  })
  return found
}

function article(name: string): string {
  return /^([aeio]|u(?!s|n[ai]))/i.test(name) ? 'an' : 'a'
}
