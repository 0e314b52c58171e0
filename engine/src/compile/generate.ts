/**
 * The one place that makes functions from text. Where the host forbids it (a strict content security policy) there is no
 * generated code, and the closures do the same work.
 */
import type { TruthIr } from './ir.ts'
import type { Condition } from './rules.ts'
import { Captures, truthSource } from './source.ts'

/** True where `new Function` may be used. */
export function canGenerate(): boolean {
  try {
    return new Function('return 1')() === 1
  } catch {
    // A content security policy forbids it: not a mistake, the closures take over.
    return false
  }
}

/** The conditions as generated functions, in the same order. */
export function generateConditions(irs: readonly TruthIr[]): readonly Condition[] {
  const conditions: Condition[] = []
  for (let from = 0; from < irs.length; from += conditionsPerText)
    conditions.push(...generateSome(irs.slice(from, from + conditionsPerText)))
  return conditions
}

/** The text of `generateConditions`, with what it refers to; exported for the test of its alphabet. */
export function conditionsText(irs: readonly TruthIr[]): { readonly text: string; readonly captures: Captures } {
  const captures = new Captures()
  const functions = irs.map(ir => {
    captures.freeLocals()
    const truth = truthSource(ir, captures)
    const locals = captures.usedLocals
    return `function (row) { ${locals === '' ? '' : `let ${locals}; `}return ${truth}; }`
  })
  return { text: `'use strict'; return [\n${functions.join(',\n')}\n];`, captures }
}

/** Parameters of one function are limited, and so is what is worth parsing at once. */
const conditionsPerText = 256

function generateSome(irs: readonly TruthIr[]): readonly Condition[] {
  const { text, captures } = conditionsText(irs)
  const make = new Function('k', `const { ${captures.names.join(', ')} } = k; ${text}`)
  return make(captures.record)
}
