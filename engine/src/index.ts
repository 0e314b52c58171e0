/** The public surface of the engine. */

export { type BuiltEvent, type ColumnSlot, LogBuilder } from './log/builder.ts'
export {
  BoolBuilder,
  CodeBuilder,
  type ColumnBuilder,
  columnBuilder,
  MoneyBuilder,
  NumberBuilder,
  ValueBuilder,
} from './log/column-builders.ts'
export { columnView } from './log/column-view.ts'
export * from './log/columns.ts'
export { hashOf, hashPrime, hashSeed, Interner } from './log/interner.ts'
export { type Leaf, leavesOf, withoutOptional } from './log/leaves.ts'
export type * from './log/view.ts'
export type * from './plan/expression.ts'
export type * from './plan/plan.ts'
export { readSet } from './plan/read-set.ts'
export { referenceRun } from './reference/run.ts'
export {
  type Decisions,
  decisionWords,
  type MatchSet,
  noticeCodes,
  type RunNotice,
  type RunResult,
} from './run/decisions.ts'
export { isVersion, noCurrency } from './value/operations.ts'
export { likeMatches, patternMatches, patternProblem } from './value/pattern.ts'
export { presentValue } from './value/present.ts'
