/**
 * What the checking of an expression needs around it: the declaration it belongs to (`Context`) and the names that stand
 * before it (`Env`). Names of the module come through `Lookup`, which notes what was asked, so that a result can be kept as
 * long as the answers stay the same. Inference itself is expressions.ts; it is handed around in the context, not imported.
 */
import type { AggregateExpression, Expression, Span } from '@writ/grammar'
import type { ContractSignature, Signature } from '../bind/signature.ts'
import type { Baseline } from '../plan/baseline.ts'
import type { Expr, SourceSpan } from '../plan/expression.ts'
import type { FieldType, Type } from '../value/type.ts'
import { absent } from '../value/value.ts'
import type { Report } from './report.ts'
import { errorType } from './type-relations.ts'

/** The module as one declaration sees it. */
export interface Lookup {
  find(name: string): Signature | null
  /** Every name that `find` knows, for suggestions. */
  names(): readonly string[]
  /** The other modules that declare this name. */
  modulesWith(name: string): readonly string[]
  /** Null: there is none of this name; undefined: whoever checks gave no baselines. */
  baseline(name: string): Baseline | null | undefined
  baselineNames(): readonly string[]
}

export interface Context {
  /** Id of the unit: the `file` of the spans made here. */
  readonly unit: number
  readonly text: string
  /** The declaration has syntax errors. */
  readonly broken: boolean
  readonly report: Report
  readonly lookup: Lookup
  /** Next free ids; event 0 is the current event. */
  readonly counters: { event: number; variable: number }
  /** Works out an expression. `expected` helps where the expression alone does not tell its type; it is not enforced. */
  readonly infer: (expression: Expression, env: Env, expected: Type | null) => Expr
}

/** The fields of an event, or those that all the contracts of an alias have in common. */
export interface EventFields {
  /** What messages call it: `RefundRequested`, or `r`. */
  readonly title: string
  /** What the event may be; empty where no contract is known. */
  readonly contracts: readonly ContractSignature[]
  readonly fields: ReadonlyMap<string, FieldType>
  /** Fields that only some of the contracts have, with the reason why they cannot be read. */
  readonly partial: ReadonlyMap<string, string>
  /** The contract is not known (and reported): every field may be there. */
  readonly unknown: boolean
}

export type Frame =
  /** An event: by its alias, by `it`, and where `bare` its fields by their names. */
  | {
      readonly kind: 'event'
      readonly event: number
      readonly fields: EventFields
      readonly alias: string | null
      readonly it: boolean
      readonly bare: boolean
      readonly outer: Frame | null
    }
  | { readonly kind: 'values'; readonly values: ReadonlyMap<string, Expr>; readonly outer: Frame | null }
  /** A name that is here, but may not be used at this place. */
  | { readonly kind: 'forbidden'; readonly names: ReadonlySet<string>; readonly outer: Frame | null }

export interface Env {
  readonly frame: Frame | null
  /** Keys (narrowing.ts) of the optional values known to be there. */
  readonly present: ReadonlySet<string>
  /** The current event, for the keys of history; null where there is none. */
  readonly current: EventFields | null
  /** Null: history may be asked. Else where this is, and what it knows instead (`nested` inside another history form). */
  readonly noHistory: 'nested' | { readonly where: string; readonly knows: string } | null
  /** Where history is that of decisions, as in rollouts: works out its forms. */
  readonly measure?: (context: Context, form: AggregateExpression) => Expr
}

export const nothingPresent: ReadonlySet<string> = new Set()

export function spanOf(context: Context, span: Span): SourceSpan {
  return { file: context.unit, start: span.start, end: span.end }
}

/** Stands for an expression with a reported mistake. */
export function errorExpr(context: Context, span: Span): Expr {
  return { kind: 'literal', value: absent, type: errorType, span: spanOf(context, span) }
}

export function textOf(context: Context, span: Span): string {
  return context.text.slice(span.start, span.end)
}

const fieldsOfContract = new WeakMap<ContractSignature, EventFields>()

/** The fields of one contract. */
export function eventFields(contract: ContractSignature): EventFields {
  let made = fieldsOfContract.get(contract)
  if (!made) {
    made = {
      title: contract.name,
      contracts: [contract],
      fields: new Map(contract.fields.map(field => [field.name, field])),
      partial: new Map(),
      unknown: contract.partial,
    }
    fieldsOfContract.set(contract, made)
  }
  return made
}
