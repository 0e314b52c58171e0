/** Brackets of a declaration as a whole, counted before it is mended: which close nothing, and how deep each token stands. */
import type { IToken } from 'chevrotain'
import { problem } from '../problems/index.ts'
import type { Problem } from '../problems/problem.ts'
import { LeftBrace, RightBrace } from './vocabulary.ts'

/** Enough to see that a stretch of text is no Writ. */
const reportLimit = 50

/** The closing brackets that close nothing, the first ones of them. */
export function* unopened(tokens: readonly IToken[]): Generator<Problem> {
  const open: string[] = []
  let found = 0
  for (const { image, startOffset } of tokens) {
    if (image === '{' || image === '(' || image === '[') open.push(image)
    const opening = image === '}' ? '{' : image === ')' ? '(' : image === ']' ? '[' : null
    if (opening === null) continue
    if (open.includes(opening)) {
      while (open.pop() !== opening) {
        // What was opened since is not closed, which is reported where it was opened.
      }
    } else if (found++ < reportLimit) {
      const span = { start: startOffset, end: startOffset + 1 }
      const fixes = [{ title: 'Take it out', edits: [{ span, text: '' }] }]
      yield problem('W0105', span, { close: image, open: opening }, { fixes })
    }
  }
}

/** How many braces are open at each token; a closing brace counts as outside. */
export function braceDepths(tokens: readonly IToken[]): ReadonlyMap<IToken, number> {
  const depths = new Map<IToken, number>()
  let depth = 0
  for (const token of tokens) {
    if (token.tokenType === RightBrace) depth = Math.max(0, depth - 1)
    depths.set(token, depth)
    if (token.tokenType === LeftBrace) depth++
  }
  return depths
}
