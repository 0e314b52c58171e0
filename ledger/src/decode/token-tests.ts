/** The conditions of maps on tokens: comparing bytes where a member is compared with text, else by the values (map/raw-values.ts). */
import type { RawCondition, RawExpr } from '@writ/engine'
import { type RecordPlace, rawTest } from '../map/raw-values.ts'
import { encodeText } from '../raw/text.ts'
import type { RawTree } from './raw-tree.ts'
import { conditionPaths, recordReader, tokenText } from './token-values.ts'
import { type Tokens, tokenEscaped, tokenNull, tokenString } from './tokens.ts'

export type TokenTest = () => boolean

export function tokenTest(
  condition: RawCondition | null,
  tree: RawTree,
  tokens: Tokens,
  place: RecordPlace,
): TokenTest {
  if (condition === null) return () => true
  switch (condition.kind) {
    case 'and': {
      const tests = condition.operands.map(operand => tokenTest(operand, tree, tokens, place))
      return () => tests.every(test => test())
    }
    case 'or': {
      const tests = condition.operands.map(operand => tokenTest(operand, tree, tokens, place))
      return () => tests.some(test => test())
    }
    case 'not': {
      const test = tokenTest(condition.operand, tree, tokens, place)
      return () => !test()
    }
    case 'present': {
      const slot = slotOf(condition.value, tree)
      return slot === null ? byValues(condition, tree, tokens, place) : () => (tokens.kinds[slot] as number) > tokenNull
    }
    case 'equals': {
      const slot = slotOf(condition.left, tree)
      const text = textOf(condition.right)
      if (slot === null || text === null) return byValues(condition, tree, tokens, place)
      return textTest(tokens, slot, text)
    }
    case 'in': {
      const slot = slotOf(condition.item, tree)
      const texts = condition.list.map(textOf)
      if (slot === null || texts.includes(null)) return byValues(condition, tree, tokens, place)
      const tests = texts.map(text => textTest(tokens, slot, text ?? ''))
      return () => tests.some(test => test())
    }
    case 'like':
      return byValues(condition, tree, tokens, place)
  }
}

function byValues(condition: RawCondition, tree: RawTree, tokens: Tokens, place: RecordPlace): TokenTest {
  const test = rawTest(condition)
  const read = recordReader(tree, tokens, conditionPaths(condition))
  return () => test(read(), place)
}

function textTest(tokens: Tokens, slot: number, text: string): TokenTest {
  const wanted = encodeText(text)
  return () => {
    const kind = tokens.kinds[slot]
    if (kind !== tokenString) return kind === tokenEscaped && tokenText(tokens, slot) === text
    const start = tokens.starts[slot] as number
    if ((tokens.ends[slot] as number) - start !== wanted.length) return false
    const { bytes } = tokens
    for (let i = 0; i < wanted.length; i++) if (bytes[start + i] !== wanted[i]) return false
    return true
  }
}

/** The slot that a path reads; null for anything else. */
function slotOf(expression: RawExpr, tree: RawTree): number | null {
  return expression.kind === 'path' ? (tree.find(expression.path)?.slot ?? null) : null
}

/** A text that has bytes; null for anything else. */
function textOf(expression: RawExpr): string | null {
  if (expression.kind !== 'literal' || typeof expression.value !== 'string') return null
  return expression.value.isWellFormed() ? expression.value : null
}
