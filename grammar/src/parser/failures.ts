/**
 * What the parser could not read, to a problem in the language's own words. Chevrotain's exception carries the token where it
 * stopped and (by the provider below) the name of what it wanted; the words for both are here.
 */
import { EOF, type IParserErrorMessageProvider, type IToken, tokenLabel } from 'chevrotain'
import { reservedWords } from '../keywords.ts'
import { nearest } from '../nearest.ts'
import { problem } from '../problems/index.ts'
import type { Problem } from '../problems/problem.ts'
import type { Span } from '../span.ts'
import { contractBody, isA, ruleBody, testBody } from './clauses.ts'
import { endOf } from './lex.ts'
import { Text, UnclosedText, Word } from './vocabulary.ts'

/** Makes the message of an exception the bare description of what was expected, and cheap. */
export const expectations: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => tokenLabel(expected),
  buildNotAllInputParsedMessage: () => 'the end of the declaration',
  buildNoViableAltMessage: ({ ruleName, previous }) =>
    previous?.image === '.' ? 'the name of a member' : (expectedByRule[ruleName] ?? 'something else'),
  buildEarlyExitMessage: ({ ruleName }) => expectedByRule[ruleName] ?? 'something else',
}

const expectedByRule: Readonly<Record<string, string>> = {
  window: '`all` or the name of a key',
  keyList: 'the name of a key',
  range: '`hour`, `day`, `week` or `month`',
  operator: '`present` or `absent`',
  postfix: 'a value',
  recordFields: '`:` and a value',
  mapField: '`=` and a value',
  sequence: 'the name of an event',
  typeExpression: 'a type',
  namedType: 'a type or a currency',
  version: 'a version such as 2.1.0',
  contractItem: contractBody.expected,
  check: '`reject` or `warn`',
  sourceItem: 'a text in double quotes',
  policyItem: 'the name of a contract',
  effect: ruleBody.expected,
  approval: '`approval from ROLE`, `deny`, `hold`, `warn` or `permit`',
  role: 'a member',
  layers: 'the name of a layer',
  sink: 'a privacy class',
  clause: 'a value',
  testStep: testBody.expected,
  timeOfStep: 'a time such as 09:00',
  testExpectation:
    'what is expected: a decision, `approval from ROLE`, `then OBLIGATION`, `problem CODE` or a condition',
  declaration: 'a declaration such as `policy`, `contract`, `define` or `test`',
}

/** The problem of a place where `expected` should stand and `found` does. */
export function unexpected(found: IToken, expected: string, at: Span): Problem {
  if (expected === 'a name' && found.image in reservedWords) {
    const suggestion = `${found.image}_`
    const fixes = [{ title: `Call it ${suggestion}`, edits: [{ span: at, text: suggestion }] }]
    return problem('W0115', at, { word: found.image, suggestion }, { fixes })
  }
  return problem('W0101', at, { found: describe(found), expected })
}

/** The problem of a word that no item begins with; a suggestion where one of `words` is near. */
export function misplaced(found: IToken, words: readonly string[], expected: string, at: Span): Problem {
  const suggestion = isA(found.tokenType, Word) ? nearest(found.image, words) : null
  if (suggestion === null) return unexpected(found, expected, at)
  const fixes = [{ title: `Write ${suggestion}`, edits: [{ span: at, text: suggestion }] }]
  return problem('W0102', at, { word: found.image, suggestion }, { fixes })
}

/** Where a token stands; at the end of the text, the end of the token before it. */
export function placeOf(token: IToken, previous: IToken): Span {
  if (token.tokenType !== EOF) return { start: token.startOffset, end: endOf(token) }
  const end = previous.tokenType === EOF ? 0 : endOf(previous)
  return { start: Math.max(0, end - 1), end }
}

function describe(token: IToken): string {
  if (token.tokenType === EOF) return 'the end of the declaration'
  if (token.tokenType === UnclosedText || isA(token.tokenType, Text)) {
    return token.image.length > 24 ? `the text ${token.image.slice(0, 20)}…"` : `the text ${token.image}`
  }
  return `\`${token.image.length > 40 ? `${token.image.slice(0, 40)}…` : token.image}\``
}
