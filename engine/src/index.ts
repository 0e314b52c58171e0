/** The public surface of the engine. */

export type * from './plan/expression.ts'
export type * from './plan/plan.ts'
