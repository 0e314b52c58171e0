/**
 * Text to tokens with offsets. Words become keywords here, by one lookup in a map instead of one pattern each.
 * What is wrong with single tokens (unclosed texts, unknown characters) is reported where they are read, in literals.ts and below.
 */
import { type ILexingError, type IToken, Lexer, type TokenType } from 'chevrotain'
import { Identifier, keyword, lexed } from './vocabulary.ts'

export interface Tokens {
  readonly tokens: IToken[]
  /** Documentation lines and comments, in order. */
  readonly comments: readonly IToken[]
  /** Characters that begin no token. */
  readonly unknown: readonly ILexingError[]
}

/** Cuts `text` into tokens; `offset` is added to all positions. */
export function lex(text: string, offset = 0): Tokens {
  lexer ??= new Lexer(lexed, { positionTracking: 'onlyOffset', ensureOptimizations: true, skipValidations: true })
  const { tokens, groups, errors } = lexer.tokenize(text)
  for (const token of tokens) {
    if (token.tokenType === Identifier) {
      const type = words.get(token.image)
      if (type !== undefined) {
        token.tokenType = type
        token.tokenTypeIdx = type.tokenTypeIdx ?? 0
      }
    }
    token.startOffset += offset
  }
  return { tokens, comments: groups.comments ?? [], unknown: errors }
}

/** The offset after the last character of a token. */
export function endOf(token: IToken): number {
  return token.startOffset + token.image.length
}

let lexer: Lexer | undefined
const words: ReadonlyMap<string, TokenType> = new Map(Object.entries(keyword))
