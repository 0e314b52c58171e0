/**
 * What may begin an item in each kind of body, and how one recognises that a word really begins one (`rule NAME`, `deny "…"`)
 * rather than being a name. The parser uses this only when it mends broken text: to find where the next item begins, to say
 * what belongs in a place, and to suggest the nearest word.
 */
import type { IToken, TokenType } from 'chevrotain'
import { nearest } from '../nearest.ts'
import {
  Assign,
  Colon,
  DecisionWordToken,
  Dot,
  Equals,
  Greater,
  GreaterOrEqual,
  Identifier,
  keyword,
  LeftBrace,
  LeftParenthesis,
  Less,
  LessOrEqual,
  Literal,
  Minus,
  RightBrace,
  Text,
  Word,
} from './vocabulary.ts'

/** A kind of body: its items' first words and, in the language's words, what belongs there. */
export interface Body {
  readonly expected: string
  readonly words: readonly string[]
  /** Items that begin with any name and this token: `amount : Money`, `tool = function`. */
  readonly named?: readonly TokenType[]
}

export const contractBody: Body = {
  expected: 'a field (`name : Type`) or `check`, `owner`, `compatibility`, `quality`, `freshness`, `retention`',
  words: ['check', 'owner', 'compatibility', 'quality', 'freshness', 'retention'],
  named: [Colon],
}
export const sourceBody: Body = {
  expected: '`format`, `files`, `time`, `lateness` or `map`',
  words: ['format', 'files', 'time', 'lateness', 'map'],
}
export const mapBody: Body = { expected: 'a field (`name = value`)', words: [], named: [Assign] }
export const ruleBody: Body = {
  expected: 'what the rule does: `permit`, `warn`, `hold`, `deny` or `require approval`',
  words: ['permit', 'warn', 'hold', 'deny', 'require', 'because', 'then', 'when', 'after', 'expect'],
}
const policyWords = ['rule', 'let', 'on', 'owner', 'combine', 'default', 'layer', 'mode']
export const policyBody: Body = {
  expected: '`rule`, `let`, `on`, `default`, `combine`, `owner`, `layer` or `mode`',
  words: policyWords,
}
/** Where a rule's next clause or the policy's next item begins. */
export const insideRule: Body = {
  expected: 'the next clause of the rule, or `rule`, `let`, `on`, `default`',
  words: [...ruleBody.words, ...policyWords],
}
export const testBody: Body = {
  expected: '`given`, `expect`, `at` or `approve`',
  words: ['given', 'expect', 'at', 'approve'],
}
export const roleBody: Body = {
  expected: '`members`, `delegate` or `from table`',
  words: ['members', 'delegate', 'from'],
}
export const sinkBody: Body = { expected: '`accepts`', words: ['accepts'] }
export const rolloutBody: Body = {
  expected: '`shadow`, `canary`, `promote when`, `rollback when`, `replaces`, `from`, `until` or `owner`',
  words: ['shadow', 'canary', 'promote', 'rollback', 'replaces', 'from', 'until', 'owner'],
}
export const exceptionBody: Body = {
  expected: '`rule`, `when`, `granted by`, `from`, `until` or `because`',
  words: ['rule', 'when', 'granted', 'from', 'until', 'because'],
}
export const objectiveBody: Body = {
  expected: '`target`, `warn when` or `owner`',
  words: ['target', 'warn', 'owner'],
}
export const propertyBody: Body = {
  expected: '`for all`, `never` or `always`',
  words: ['for', 'never', 'always'],
}
/** A declaration without a body of items, such as `type` or `define`. */
export const noBody: Body = { expected: 'the next declaration', words: [] }

/** True where `token`, followed by `next`, begins an item of `body`. */
export function beginsItem(body: Body, token: IToken, next: IToken): boolean {
  if (body.named?.includes(next.tokenType)) return true
  return body.words.includes(token.image) && fits(token.image, next)
}

/** The word of `body` that `token` was meant to be, where it is nearly one and what follows fits; else null. */
export function misspelt(body: Body, token: IToken, next: IToken): string | null {
  if (token.tokenType !== Identifier) return null
  const word = nearest(token.image, body.words)
  return word !== null && fits(word, next) ? word : null
}

function fits(word: string, next: IToken): boolean {
  const type = next.tokenType
  switch (word) {
    case 'when':
    case 'then':
    case 'expect':
    case 'check':
    case 'quality':
      return type !== Colon && type !== Assign
    case 'rule':
    case 'let':
    case 'on':
    case 'combine':
    case 'layer':
    case 'mode':
    case 'map':
    case 'format':
    case 'given':
    case 'after':
    case 'compatibility':
    case 'indicator':
    case 'policy':
    case 'replaces':
      return isA(type, Word)
    case 'promote':
    case 'rollback':
      return type === keyword.when
    case 'owner':
    case 'files':
    case 'because':
      return isA(type, Text)
    case 'default':
      return isA(type, DecisionWordToken)
    case 'require':
      return type === keyword.approval
    case 'deny':
    case 'permit':
    case 'warn':
    case 'hold':
      return (
        type === RightBrace ||
        isA(type, Text) ||
        type === keyword.for ||
        type === keyword.because ||
        type === keyword.then ||
        type === keyword.when ||
        type === keyword.rule ||
        type === keyword.let
      )
    default:
      return !notAfterClauseWord.has(type)
  }
}

const notAfterClauseWord: ReadonlySet<TokenType> = new Set([
  Colon,
  Assign,
  Dot,
  LeftParenthesis,
  LeftBrace,
  RightBrace,
  Less,
  LessOrEqual,
  Greater,
  GreaterOrEqual,
  Equals,
  Minus,
])

/** True where a token of type `type` may stand for `category`. */
export function isA(type: TokenType, category: TokenType): boolean {
  return type === category || within(type, category)
}

function within(type: TokenType, category: TokenType): boolean {
  for (const parent of type.CATEGORIES ?? []) {
    if (parent === category || within(parent, category)) return true
  }
  return false
}

/** True for tokens that stand for a value of their own. */
export function isLiteral(type: TokenType): boolean {
  return isA(type, Literal)
}
