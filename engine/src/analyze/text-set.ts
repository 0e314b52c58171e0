/**
 * Sets of texts, also of what is named rather than counted: members of enums, true and false, the outcomes of a comparison. A
 * set is a finite list or all but a finite list, and what tests with `like`, `starts_with` and so on say of its texts.
 */
import { textTest } from '../value/operations.ts'
import { somePass } from './text-automaton.ts'
import type { TextFact } from './text-language.ts'

export interface TextSet {
  /** Null: any text but those in `without`. */
  readonly only: readonly string[] | null
  readonly without: readonly string[]
  readonly tests: readonly TextFact[]
}
export const allTexts: TextSet = { only: null, without: [], tests: [] }

export function onlyTexts(only: readonly string[]): TextSet {
  return { only, without: [], tests: [] }
}
export function textsWithout(without: readonly string[]): TextSet {
  return { only: null, without, tests: [] }
}
export function textsWith(fact: TextFact): TextSet {
  return { only: null, without: [], tests: [fact] }
}

/** Those in both. */
export function bothTexts(left: TextSet, right: TextSet): TextSet {
  const without = union(left.without, right.without)
  const tests = right.tests.length === 0 ? left.tests : [...left.tests, ...right.tests]
  if (left.only === null && right.only === null) return { only: null, without, tests }
  // What stays the same stays the same object.
  const isLeft = left.only !== null
  const finite = left.only ?? right.only ?? []
  const other = isLeft ? right : left
  const only = finite.filter(
    text =>
      (other.only === null || other.only.includes(text)) &&
      !without.includes(text) &&
      tests.every(fact => textTest(fact.operator, text, fact.pattern) === fact.holds),
  )
  return isLeft && only.length === finite.length ? left : onlyTexts(only)
}

/** Whether there is certainly no such text. */
export function isEmptyText({ only, without, tests }: TextSet): boolean {
  if (only !== null) return only.length === 0
  if (tests.length === 0) return false
  return (
    tests.some((fact, i) => tests.slice(0, i).some(earlier => excludeEachOther(earlier, fact))) ||
    !somePass(tests, without)
  )
}

export function sameTexts(left: TextSet, right: TextSet): boolean {
  if (left.tests.length !== right.tests.length || left.without.length !== right.without.length) return false
  if (left.only === null || right.only === null) return left.only === right.only
  return left.only.length === right.only.length
}

function union(left: readonly string[], right: readonly string[]): readonly string[] {
  if (right.length === 0) return left
  return left.length === 0 ? right : [...new Set([...left, ...right])]
}

function excludeEachOther(a: TextFact, b: TextFact): boolean {
  if (a.holds && b.holds) {
    if (a.operator !== b.operator) return false
    const [short, long] = a.pattern.length < b.pattern.length ? [a.pattern, b.pattern] : [b.pattern, a.pattern]
    if (a.operator === 'starts_with') return !long.startsWith(short)
    return a.operator === 'ends_with' && !long.endsWith(short)
  }
  if (!a.holds && !b.holds) return false
  const [yes, no] = a.holds ? [a, b] : [b, a]
  return implies(yes, no)
}

/** Whether every text that passes `yes` passes the test of `no` too. */
function implies(yes: TextFact, no: TextFact): boolean {
  if (yes.operator === no.operator && yes.pattern === no.pattern) return true
  const literal = yes.operator === 'starts_with' || yes.operator === 'ends_with' || yes.operator === 'contains'
  if (!literal) return false
  switch (no.operator) {
    case 'contains':
      return yes.pattern.includes(no.pattern)
    case 'starts_with':
      return yes.operator === 'starts_with' && yes.pattern.startsWith(no.pattern)
    case 'ends_with':
      return yes.operator === 'ends_with' && yes.pattern.endsWith(no.pattern)
    case 'like':
    case 'matches':
      return false
  }
}
