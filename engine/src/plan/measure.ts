/**
 * What a program measures about a run, as part of its plan: indicators, objectives on them, and what contracts promise of their
 * events. Nothing that is measured takes part in a decision. How it is measured is ../measure/ and ../reference/measure.ts.
 */
import type { BoundOperator } from '@writ/grammar'
import type { Rational } from '../value/rational.ts'
import type { Type } from '../value/type.ts'
import type { Expr, Range, SourceSpan } from './expression.ts'

/** What an indicator looks at: one point per event, per decision, or per instance that is fulfilled or breached. */
export type PlanStream =
  | { readonly kind: 'events'; readonly contract: number }
  | { readonly kind: 'decisions'; readonly policy: number }
  | { readonly kind: 'outcomes'; readonly policy: number; readonly rule: number }

/** How far back a measure looks: `(t - D, t]`, or the calendar unit that holds t. */
export type MeasureRange = Extract<Range, { readonly kind: 'over' | 'per' }>

export type MeasureFunction = 'count' | 'sum' | 'avg' | 'min' | 'max' | 'distinct' | 'share' | 'quantile'

export interface PlanIndicator {
  readonly name: string
  readonly module: string
  readonly documentation: string | null
  readonly of: PlanStream
  readonly function: MeasureFunction
  /** Of the point's event (variable 0) and of the elements of its stream (`streamFields`); null for `count`. */
  readonly value: Expr | null
  readonly where: Expr | null
  /** Of `quantile`, in 0 .. 1. */
  readonly rank: Rational | null
  /** Fields of the point's event, each measured apart; empty: all together. */
  readonly keys: readonly { readonly name: string; readonly type: Type }[]
  readonly range: MeasureRange
  /** Of what is measured, never optional. */
  readonly type: Type
  readonly span: SourceSpan
}

export interface PlanObjective {
  readonly name: string
  readonly module: string
  readonly documentation: string | null
  readonly owner: string | null
  /** Index into `Plan.indicators`. */
  readonly indicator: number
  readonly target: PlanTarget
  readonly alerts: readonly PlanAlert[]
  readonly span: SourceSpan
}
export interface PlanTarget {
  readonly operator: BoundOperator
  readonly value: Rational
  /** Instead of the indicator's own range. */
  readonly range: MeasureRange
}
/** Raised while all conditions hold. */
export interface PlanAlert {
  readonly text: string | null
  readonly conditions: readonly {
    readonly measure: 'burn' | 'remaining'
    readonly operator: BoundOperator
    readonly limit: Rational
    /** Of `burn`; null for `remaining`, which is of the range of the target. */
    readonly overMilliseconds: number | null
  }[]
  readonly span: SourceSpan
}

/** `quality completeness(risk) >= 99% over 1d`, of a contract. */
export interface PlanQuality {
  /** Completeness and validity look at all events of the contract, uniqueness and volume at those that no check rejects. */
  readonly measure: 'completeness' | 'validity' | 'uniqueness' | 'volume'
  /** Fields that have to be there, to keep their type, or to be different together. */
  readonly fields: readonly string[]
  /** Of `validity(CONDITION)`: on the event alone (variable 0); null: of the fields, or without any of all checks. */
  readonly condition: Expr | null
  readonly operator: BoundOperator
  readonly value: Rational
  readonly milliseconds: number
  readonly span: SourceSpan
}

/** The names that the streams add to the fields of their event, with the variables of the `element` nodes that stand for them. */
export const streamFields = {
  decisions: { permit: -1001, warn: -1002, hold: -1003, deny: -1004, rule: -1005 },
  outcomes: { fulfilled: -1011, breached: -1012, took: -1013 },
} as const
