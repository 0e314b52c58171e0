/** Tokens without chevrotain, comments among them, for those who work on text: the formatter and highlighting. */
import type { IToken, TokenType } from 'chevrotain'
import { reservedWords } from '../keywords.ts'
import type { Span } from '../span.ts'
import { isA } from './clauses.ts'
import { endOf, lex } from './lex.ts'
import { AnyWord, BlockComment, Documentation, Literal, UnclosedComment } from './vocabulary.ts'

export interface PlainToken extends Span {
  readonly kind: 'word' | 'reserved' | 'literal' | 'symbol' | 'line-comment' | 'block-comment' | 'documentation'
  readonly text: string
}

/** All tokens and comments of `text` in order; null where some character belongs to none. */
export function plainTokens(text: string): readonly PlainToken[] | null {
  const { tokens, comments, unknown } = lex(text)
  if (unknown.length > 0) return null
  const plain = [...tokens.map(plainToken), ...comments.map(plainComment)]
  return plain.sort((a, b) => a.start - b.start)
}

function plainToken(token: IToken): PlainToken {
  const place = { start: token.startOffset, end: endOf(token), text: token.image }
  let kind = kinds.get(token.tokenType)
  if (kind === undefined) {
    kind = kindOf(token)
    kinds.set(token.tokenType, kind)
  }
  return { kind, ...place }
}

const kinds = new Map<TokenType, PlainToken['kind']>()

function kindOf(token: IToken): PlainToken['kind'] {
  if (isA(token.tokenType, AnyWord)) return token.image in reservedWords ? 'reserved' : 'word'
  return isA(token.tokenType, Literal) ? 'literal' : 'symbol'
}

function plainComment(token: IToken): PlainToken {
  const { tokenType } = token
  const block = tokenType === BlockComment || tokenType === UnclosedComment
  const kind = block ? 'block-comment' : tokenType === Documentation ? 'documentation' : 'line-comment'
  const text = block ? token.image : token.image.trimEnd()
  return { kind, start: token.startOffset, end: endOf(token), text }
}
