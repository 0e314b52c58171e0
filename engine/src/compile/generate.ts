/**
 * The one place that makes functions from text. Where the host forbids it (a strict content security policy) there is no
 * generated code, and the closures do the same work.
 */
import type { TruthIr } from './ir.ts'
import type { Condition, RuleGroup } from './rules.ts'
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
  return inPieces(irs, piece => generated<Condition>(conditionsText(piece)))
}

/** A rule: its place * 4 among the contract's rules, and its condition. */
export interface RuleSource {
  readonly hit: number
  readonly condition: TruthIr
}

/** One function for many rules, so that what they have in common is read once. */
export function generateGroup(rules: readonly RuleSource[]): RuleGroup {
  const pieces = inPieces(rules, piece => generated<RulePiece>(groupText(piece)))
  return (row, hits) => {
    let found = 0
    for (let i = 0; i < pieces.length; i++) found = (pieces[i] as RulePiece)(row, hits, found)
    return found
  }
}

/** Writes hits from place `found` on, and returns the place behind. */
type RulePiece = (row: number, hits: Int32Array, found: number) => number

/** Text and what it refers to; exported for the test of its alphabet. */
export interface Generated {
  readonly text: string
  readonly captures: Captures
}

export function conditionsText(irs: readonly TruthIr[]): Generated {
  const captures = new Captures()
  const functions = irs.map(ir => {
    captures.freeLocals()
    const truth = truthSource(ir, captures)
    return `function (row) {${declared(captures)} return ${truth}; }`
  })
  return { text: `return [\n${functions.join(',\n')}\n];`, captures }
}

export function groupText(rules: readonly RuleSource[]): Generated {
  const captures = new Captures()
  const blocks = rules.map(({ hit, condition }) => {
    captures.freeLocals()
    const truth = captures.local()
    const source = truthSource(condition, captures)
    // Locals of one rule only, so that no register has to be kept for the next.
    return `{${declared(captures)} if ((${truth} = ${source}) !== 0) hits[n++] = ${hit} + ${truth}; }`
  })
  return { text: `return [function (row, hits, n) {\n${blocks.join('\n')}\nreturn n; }];`, captures }
}

/** Conditions of one text: beyond about this many a function is too long for the optimising compiler. */
const perText = 64

function inPieces<A, B>(all: readonly A[], make: (piece: readonly A[]) => readonly B[]): readonly B[] {
  const made: B[] = []
  for (let from = 0; from < all.length; from += perText) made.push(...make(all.slice(from, from + perText)))
  return made
}

function declared(captures: Captures): string {
  const locals = captures.usedLocals
  return locals === '' ? '' : ` let ${locals};`
}

/** What the text returns. Captures are variables around the functions: `var`, which is never asked whether it is set yet. */
function generated<F>({ text, captures }: Generated): readonly F[] {
  const variables = captures.names.map(name => `${name} = k.${name}`).join(', ')
  const make = new Function('k', `'use strict'; ${variables === '' ? '' : `var ${variables};`} ${text}`)
  return make(captures.record)
}
