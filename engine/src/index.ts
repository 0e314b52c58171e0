/** The public surface of the engine. */

export type * from './plan/expression.ts'
export type * from './plan/plan.ts'
export { callBuiltin } from './value/builtins.ts'
export * from './value/operations.ts'
export { likeMatches, patternMatches, patternProblem } from './value/pattern.ts'
export { presentValue } from './value/present.ts'
