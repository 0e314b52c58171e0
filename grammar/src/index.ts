/** The public surface of the grammar: text to syntax and back, and the problem catalogue. */

export { type ReservedWord, reservedWords } from './keywords.ts'
export { type LineIndex, lineIndex, type Position } from './lines.ts'
export { nearest } from './nearest.ts'
export { parse, syntaxProblems } from './parse.ts'
export { format, formatDeclarations } from './print.ts'
export { type ProblemCode, problem, problemCatalogue } from './problems/index.ts'
export type * from './problems/problem.ts'
export { shiftProblem, shiftSpan } from './shift.ts'
export type * from './syntax.ts'
export { childrenOf, isExpression, nodesAt, type SyntaxNode, walk, walkExpressions } from './walk.ts'
