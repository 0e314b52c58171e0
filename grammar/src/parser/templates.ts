/** Cuts texts with holes, `"{r.amount} is above 50 USD"`, into their parts. The expressions in the holes are read by declaration.ts. */
import type { IToken } from 'chevrotain'
import { problem } from '../problems/index.ts'
import type { Problem } from '../problems/problem.ts'
import { textOf, unescaped } from './literals.ts'
import { SingleQuotedText, UnclosedText } from './vocabulary.ts'

/** A piece of a template: text with its escapes resolved, or the source of a hole with its offset. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'hole'; readonly source: string; readonly offset: number }

/** The pieces of the text that `token` writes, with what is wrong with them reported. */
export function piecesOf(token: IToken, report: (problem: Problem) => void): readonly Piece[] {
  // Only for the report: a broken text is cut like any other.
  if (token.tokenType === UnclosedText || token.tokenType === SingleQuotedText) textOf(token, report)
  const closed = token.tokenType !== UnclosedText && token.image.length > 1
  const raw = token.image.slice(1, closed ? -1 : undefined)
  const offset = token.startOffset + 1
  const pieces: Piece[] = []
  let text = ''
  let segment = 0
  const flush = (end: number): void => {
    text += unescaped(raw.slice(segment, end), offset + segment, report)
  }
  let at = 0
  while (at < raw.length) {
    const character = raw[at]
    if (character === '\\') {
      at = raw.startsWith('\\u{', at) ? afterCode(raw, at) : at + 2
      continue
    }
    if (character !== '{' && character !== '}') {
      at++
      continue
    }
    flush(at)
    if (raw[at + 1] === character) {
      text += character
      at += 2
      segment = at
      continue
    }
    const span = { start: offset + at, end: offset + at + 1 }
    if (character === '}') {
      const fixes = [{ title: 'Write }}', edits: [{ span, text: '}}' }] }]
      report(problem('W0116', span, { what: 'This `}` closes nothing.' }, { fixes }))
      segment = at++
      continue
    }
    const close = closingBrace(raw, at)
    if (close === -1) {
      const fixes = [{ title: 'Write {{', edits: [{ span, text: '{{' }] }]
      report(problem('W0116', span, { what: 'This `{` is never closed.' }, { fixes }))
      segment = at++
      continue
    }
    if (text !== '') pieces.push({ kind: 'text', text })
    text = ''
    const source = raw.slice(at + 1, close)
    if (source.trim() === '') {
      report(
        problem(
          'W0116',
          { start: span.start, end: offset + close + 1 },
          { what: 'There is no value between these braces.' },
        ),
      )
    } else {
      pieces.push({ kind: 'hole', source, offset: offset + at + 1 })
    }
    at = close + 1
    segment = at
  }
  flush(raw.length)
  if (text !== '' || pieces.length === 0) pieces.push({ kind: 'text', text })
  return pieces
}

/** The offset after `\u{…}`; without the closing brace, after `\u`. */
function afterCode(raw: string, at: number): number {
  const end = raw.indexOf('}', at)
  return end === -1 ? at + 2 : end + 1
}

function closingBrace(raw: string, open: number): number {
  let depth = 0
  for (let at = open; at < raw.length; at++) {
    if (raw[at] === '{') depth++
    if (raw[at] === '}' && --depth === 0) return at
  }
  return -1
}
