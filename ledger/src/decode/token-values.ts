/** Values of tokens: what JSON.parse would have made of them. For the fields that are not filled from the bytes directly. */
import type { RawCondition, RawExpr } from '@writ/engine'
import { type Json, parseJson } from '../raw/json.ts'
import { decodeText } from '../raw/text.ts'
import type { RawTree } from './raw-tree.ts'
import {
  type Tokens,
  tokenEscaped,
  tokenFalse,
  tokenMissing,
  tokenNull,
  tokenNumber,
  tokenString,
  tokenTrue,
} from './tokens.ts'

/** The value of a token; undefined where the member is missing. */
export function tokenValue(tokens: Tokens, slot: number): Json | undefined {
  switch (tokens.kinds[slot]) {
    case tokenMissing:
      return undefined
    case tokenNull:
      return null
    case tokenTrue:
      return true
    case tokenFalse:
      return false
    case tokenNumber:
      // Both are exact, so that the quotient is the double that the text means.
      return (tokens.numbers[slot] ?? 0) / 10 ** (tokens.scales[slot] ?? 0)
    case tokenString:
    case tokenEscaped:
      return tokenText(tokens, slot)
    default:
      return parsed(decodeText(tokens.bytes, tokens.starts[slot] ?? 0, tokens.ends[slot] ?? 0))
  }
}

/** The text of a string token. */
export function tokenText(tokens: Tokens, slot: number): string {
  const start = tokens.starts[slot] ?? 0
  const end = tokens.ends[slot] ?? 0
  if (tokens.kinds[slot] === tokenString) return decodeText(tokens.bytes, start, end)
  const text = parsed(decodeText(tokens.bytes, start - 1, end + 1))
  if (typeof text !== 'string') throw new Error('the scanner took for a string what is none')
  return text
}

function parsed(text: string): Json {
  const result = parseJson(text)
  if ('problem' in result) throw new Error('the scanner took for JSON what is none')
  return result.value
}

/** As much of the record as these paths read, so that functions of records can be used on tokens. */
export function recordReader(tree: RawTree, tokens: Tokens, paths: readonly (readonly string[])[]): () => Json {
  const wanted = paths
    .toSorted((a, b) => a.length - b.length)
    .flatMap(path => {
      const node = tree.find(path)
      return node === undefined ? [] : [{ path, slot: node.slot }]
    })
  return () => {
    const record: Members = Object.create(null)
    for (const { path, slot } of wanted) {
      const value = tokenValue(tokens, slot)
      if (value !== undefined) put(record, path, value)
    }
    return record
  }
}

interface Members {
  [name: string]: Json | Members
}

function put(record: Members, path: readonly string[], value: Json): void {
  let around = record
  for (const name of path.slice(0, -1)) {
    const inner = around[name]
    // A longer path has a value only inside of an object.
    const members: Members = typeof inner === 'object' && inner !== null ? (inner as Members) : Object.create(null)
    around[name] = members
    around = members
  }
  around[path.at(-1) ?? ''] = value
}

/** The paths that an expression reads. */
export function pathsOf(expression: RawExpr): readonly (readonly string[])[] {
  switch (expression.kind) {
    case 'path':
      return [expression.path]
    case 'literal':
    case 'place':
    case 'missing':
      return []
    case 'default':
      return [...pathsOf(expression.value), ...pathsOf(expression.otherwise)]
    case 'money':
      return [...pathsOf(expression.amount), ...pathsOf(expression.currency)]
    case 'text':
    case 'json':
    case 'scaled':
      return pathsOf(expression.value)
  }
}

/** The paths that a condition reads. */
export function conditionPaths(condition: RawCondition): readonly (readonly string[])[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.operands.flatMap(conditionPaths)
    case 'not':
      return conditionPaths(condition.operand)
    case 'equals':
      return [...pathsOf(condition.left), ...pathsOf(condition.right)]
    case 'in':
      return [...pathsOf(condition.item), ...condition.list.flatMap(pathsOf)]
    case 'like':
    case 'present':
      return pathsOf(condition.value)
  }
}
