/**
 * Expressions of a checked program: names resolved, types known, sugar gone. This one form is read by the reference
 * interpreter, the compiler, explanations and lineage. A node is a plain object; the same `let` is the same object wherever
 * it is used, so its value can be kept per event.
 *
 * Meaning of the operators is written once, in docs/language.md ("Meaning"); three-valued where a value is unknown.
 */
import type { AggregateFunction, ComparisonOperator, TextOperator } from '@writ/grammar'
import type { Rational } from '../value/rational.ts'
import type { Type } from '../value/type.ts'
import type { Value } from '../value/value.ts'
import type { Drift } from './baseline.ts'
import type { Zone } from './zone.ts'

/** Where a node stands: index into `Plan.files`, absolute UTF-16 offsets. */
export interface SourceSpan {
  readonly file: number
  readonly start: number
  readonly end: number
}

interface Node {
  readonly type: Type
  readonly span: SourceSpan
}

/**
 * Which event a field is read from. 0 is the current event (the one being decided, checked or mapped); windows and
 * sequence steps bind further ids, unique within their policy.
 */
export type EventVariable = number

export type Expr =
  | (Node & { readonly kind: 'literal'; readonly value: Value })
  /** Path of member names from the event's top: `['args', 'recipient']`. */
  | (Node & { readonly kind: 'field'; readonly event: EventVariable; readonly path: readonly string[] })
  /** Time of the current event. */
  | (Node & { readonly kind: 'now' })
  /** The variable of an enclosing `any`/`all`. */
  | (Node & { readonly kind: 'element'; readonly variable: number; readonly name: string })
  /** A member of a record value that is not a field of an event (a list element, a literal). */
  | (Node & { readonly kind: 'member'; readonly object: Expr; readonly member: string })
  /** A `let` or an applied `define`, kept by name so that explanations can speak of it. */
  | (Node & { readonly kind: 'named'; readonly name: string; readonly of: 'let' | 'define'; readonly value: Expr })
  | (Node & { readonly kind: 'not'; readonly operand: Expr })
  | (Node & { readonly kind: 'and' | 'or'; readonly operands: readonly Expr[] })
  | (Node & {
      readonly kind: 'compare'
      readonly operator: ComparisonOperator
      readonly left: Expr
      readonly right: Expr
    })
  | (Node & { readonly kind: 'text-test'; readonly operator: TextOperator; readonly left: Expr; readonly right: Expr })
  /** `negated` forms of the syntax are wrapped in `not`. */
  | (Node & { readonly kind: 'in-list'; readonly item: Expr; readonly list: Expr })
  | (Node & { readonly kind: 'in-range'; readonly item: Expr; readonly low: Expr; readonly high: Expr })
  | (Node & { readonly kind: 'present'; readonly operand: Expr })
  | (Node & {
      readonly kind: 'arithmetic'
      readonly operator: '+' | '-' | '*' | '/'
      readonly left: Expr
      readonly right: Expr
    })
  | (Node & { readonly kind: 'negate'; readonly operand: Expr })
  | (Node & { readonly kind: 'default'; readonly value: Expr; readonly otherwise: Expr })
  | (Node & { readonly kind: 'if'; readonly condition: Expr; readonly then: Expr; readonly otherwise: Expr })
  | (Node & { readonly kind: 'call'; readonly function: BuiltinName; readonly arguments: readonly Expr[] })
  | (Node & { readonly kind: 'list'; readonly items: readonly Expr[] })
  | (Node & { readonly kind: 'record'; readonly fields: readonly { readonly name: string; readonly value: Expr }[] })
  | (Node & {
      readonly kind: 'quantified'
      readonly quantifier: 'any' | 'all'
      readonly variable: number
      readonly list: Expr
      readonly where: Expr
    })
  | AggregateExpr
  | ExistsExpr
  | SequenceExpr

/** Functions of the language; their types are in check/builtins.ts, their meaning in docs/language.md. */
export type BuiltinName =
  | 'abs'
  | 'round'
  | 'floor'
  | 'ceil'
  | 'min'
  | 'max'
  | 'length'
  | 'lower'
  | 'upper'
  | 'trim'
  | 'size'
  | 'text'
  | 'amount'
  | 'currency'
  | 'hour_of_day'
  | 'day_of_week'
  | 'mask'
  | 'hash'
  | 'bucket'
  /** `find_all(text, "pattern")`: the parts that match, a List<String>; the pattern is a literal, as in `matches`. */
  | 'find_all'

/** One event of `contract`, bound to `variable` inside `where` (and inside the value of an aggregate). */
export interface Pattern {
  /** Index into `Plan.contracts`. */
  readonly contract: number
  readonly variable: EventVariable
  readonly where: Expr | null
}

/** `by customer = r.payer`: path on the window's event, and the value it must equal, of the current event. */
export interface Key {
  readonly path: readonly string[]
  readonly value: Expr
}

export type Range =
  /** Events with time in (t - milliseconds, t]. */
  | { readonly kind: 'over'; readonly milliseconds: number }
  /** The calendar unit that holds t, up to t; in UTC where there is no zone. Weeks start on Monday. */
  | { readonly kind: 'per'; readonly unit: 'hour' | 'day' | 'week' | 'month'; readonly zone?: Zone }
  /** All there were: what tables look through. */
  | { readonly kind: 'ever' }
  /** Events after the last reset event with the same key (after all of history where there was none). */
  | { readonly kind: 'since'; readonly reset: Pattern; readonly resetKeys: readonly Key[] }

export interface WindowShape {
  /** Empty: everyone. */
  readonly keys: readonly Key[]
  readonly range: Range
  /** True: the current event is left out. */
  readonly beforeThis: boolean
}

export type AggregateExpr = Node &
  WindowShape & {
    readonly kind: 'aggregate'
    readonly function: AggregateFunction
    readonly pattern: Pattern
    /** Null for `count`; Bool for `share`. */
    readonly value: Expr | null
    /** The rank of `quantile`, in 0 .. 1. */
    readonly rank: Rational | null
    /** Exactly with `drift`. */
    readonly drift?: Drift
  }
export type ExistsExpr = Node & WindowShape & { readonly kind: 'exists'; readonly pattern: Pattern }
/** Every step's key paths are those of `keys`; `value` of the keys is of the current event. */
export type SequenceExpr = Node & WindowShape & { readonly kind: 'sequence'; readonly steps: readonly Pattern[] }
