/** The public surface of the grammar: text to syntax and back, and the problem catalogue. */

export { type LineIndex, lineIndex, type Position } from './lines.ts'
export { nearest } from './nearest.ts'
export { parse, syntaxProblems } from './parse.ts'
export { type ProblemCode, problem, problemCatalogue } from './problems/index.ts'
export type * from './problems/problem.ts'
export type * from './syntax.ts'
