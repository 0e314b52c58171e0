/**
 * Expressions of `map`: they speak of raw records, so that every name is a member of the record and nothing has a type yet.
 * docs/language.md, "Sources". Decoding them is the ledger's.
 */
import type { Expression, Span } from '@writ/grammar'
import type { RawCondition, RawExpr } from '../plan/plan.ts'
import { decimalText, multiply, parseRational, rational, zero } from '../value/rational.ts'
import { type Context, textOf } from './context.ts'

const missing: RawExpr = { kind: 'missing' }
const never: RawCondition = { kind: 'or', operands: [] }

/** A value read from the raw record. */
export function rawValue(context: Context, e: Expression): RawExpr {
  switch (e.kind) {
    case 'missing':
      return missing
    case 'literal':
      return rawLiteral(context, e)
    case 'negate':
      if (e.operand.kind === 'literal' && e.operand.literal.kind === 'number')
        return numberLiteral(`-${e.operand.literal.text}`)
      return refuse(context, e.span, 'there is no arithmetic on raw members')
    case 'name':
      if (e.name.text === 'file_path' || e.name.text === 'file_name' || e.name.text === 'record_index')
        return { kind: 'place', of: e.name.text }
      return { kind: 'path', path: [e.name.text] }
    case 'member': {
      const path = rawPath(e)
      if (path) return { kind: 'path', path }
      const inside = rawValue(context, e.object)
      if (inside.kind === 'json') return { ...inside, path: [...inside.path, e.member.text] }
      return inside.kind === 'missing' ? missing : refuse(context, e.span, 'only members of the record have members')
    }
    case 'default':
      return { kind: 'default', value: rawValue(context, e.value), otherwise: rawValue(context, e.otherwise) }
    case 'call':
      return rawCall(context, e)
    default:
      return refuse(
        context,
        e.span,
        'a value is a path, a literal, `??`, or one of raw, json, text, money, seconds, milliseconds',
      )
  }
}

/** A condition on the raw record. */
export function rawCondition(context: Context, e: Expression): RawCondition {
  switch (e.kind) {
    case 'missing':
      return never
    case 'and':
    case 'or':
      return { kind: e.kind, operands: e.operands.map(operand => rawCondition(context, operand)) }
    case 'not':
      return { kind: 'not', operand: rawCondition(context, e.operand) }
    case 'present':
      return negated(e, { kind: 'present', value: rawValue(context, e.operand) })
    case 'compare': {
      if (e.operator !== '==' && e.operator !== '!=') break
      const equals: RawCondition = {
        kind: 'equals',
        left: rawValue(context, e.left),
        right: rawValue(context, e.right),
      }
      return e.operator === '==' ? equals : { kind: 'not', operand: equals }
    }
    case 'in-list':
      if (e.list.kind !== 'list') break
      return negated(e, {
        kind: 'in',
        item: rawValue(context, e.item),
        list: e.list.items.map(item => rawValue(context, item)),
      })
    case 'text-test':
      if (e.operator !== 'like' || e.right.kind !== 'literal' || e.right.literal.kind !== 'string') break
      return negated(e, { kind: 'like', value: rawValue(context, e.left), glob: e.right.literal.value })
    default:
      break
  }
  const reason = 'conditions are made of ==, !=, in […], like "…", is present, is absent, and, or, not'
  context.report.add('W0704', e.span, { reason })
  return never
}

/** The path that an expression writes: names, members, `raw("…")`; null where it is none. */
export function rawPath(e: Expression): readonly string[] | null {
  switch (e.kind) {
    case 'name':
      return [e.name.text]
    case 'member': {
      const object = rawPath(e.object)
      return object && [...object, e.member.text]
    }
    case 'call': {
      const [argument] = e.arguments
      if (e.function.text !== 'raw' || e.arguments.length !== 1 || argument?.value.kind !== 'literal') return null
      const { literal } = argument.value
      return literal.kind === 'string' ? literal.value.split('.') : null
    }
    default:
      return null
  }
}

function rawCall(context: Context, e: Extract<Expression, { readonly kind: 'call' }>): RawExpr {
  const [first, second] = e.arguments
  const name = e.function.text
  const count = e.arguments.length
  if (name === 'raw') {
    const path = rawPath(e)
    return path ? { kind: 'path', path } : refuse(context, e.span, 'raw takes one text: `raw("a.b-c")`')
  }
  if (name === 'json' && first && count === 1) return { kind: 'json', value: rawValue(context, first.value), path: [] }
  if (name === 'text' && first && count === 1) return { kind: 'text', value: rawValue(context, first.value) }
  if ((name === 'seconds' || name === 'milliseconds') && first && count === 1) {
    const value = rawValue(context, first.value)
    return { kind: 'scaled', value, milliseconds: name === 'seconds' ? 1000 : 1 }
  }
  if (name === 'money' && first && second && count === 2) {
    const amount = rawValue(context, first.value)
    return { kind: 'money', amount, currency: rawValue(context, second.value) }
  }
  const known = 'text(p), money(p, "EUR"), money(p, p), seconds(p), milliseconds(p), json(p), raw("…")'
  return refuse(context, e.span, `the functions of a map are ${known}`)
}

function rawLiteral(context: Context, e: Extract<Expression, { readonly kind: 'literal' }>): RawExpr {
  const { literal } = e
  switch (literal.kind) {
    case 'string':
      return { kind: 'literal', value: literal.value, text: literal.value }
    case 'bool':
      return { kind: 'literal', value: literal.value, text: String(literal.value) }
    case 'number':
      return numberLiteral(literal.text)
    case 'percent': {
      const value = multiply(parseRational(literal.text) ?? zero, rational(1n, 100n))
      return numberLiteral(decimalText(value))
    }
    case 'duration':
    case 'money':
    case 'version': {
      // The decoder reads these from text as it does from records.
      const text = textOf(context, e.span)
      return { kind: 'literal', value: text, text }
    }
    case 'time': {
      const text = literal.text.includes('T') ? literal.text : `${literal.text}T00:00:00Z`
      return { kind: 'literal', value: text, text }
    }
  }
}

function numberLiteral(text: string): RawExpr {
  const exact = parseRational(text) ?? zero
  return { kind: 'literal', value: Number(text), text: decimalText(exact) }
}

function negated(e: { readonly negated: boolean }, condition: RawCondition): RawCondition {
  return e.negated ? { kind: 'not', operand: condition } : condition
}

function refuse(context: Context, span: Span, reason: string): RawExpr {
  context.report.add('W0704', span, { reason })
  return missing
}
