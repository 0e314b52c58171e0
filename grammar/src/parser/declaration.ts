/**
 * The one way into the parser: the text of a top-level declaration to its tree and problems. Never throws.
 * Everything chevrotain stays behind this file; where declarations begin and end is decided in grammar/src/scan.ts.
 */
import type { IToken } from 'chevrotain'
import { problem } from '../problems/index.ts'
import type { Problem } from '../problems/problem.ts'
import type { Declaration, Expression } from '../syntax.ts'
import { nestingLimit, TooDeep } from './base-rules.ts'
import { deeperThan, depthLimit } from './depth.ts'
import { lex, type Tokens } from './lex.ts'
import { piecesOf } from './templates.ts'
import { Documentation, UnclosedComment } from './vocabulary.ts'
import { WritParser } from './writ-parser.ts'

/** A declaration's tree and what is wrong with it; spans relative to the text. */
export interface ParsedDeclaration {
  readonly syntax: Declaration
  readonly problems: readonly Problem[]
}

/** The longest declaration that is read, in UTF-16 units. */
export const declarationSizeLimit = 1_000_000

/** Reads `text`, one top-level declaration with its documentation. */
export function parseDeclaration(text: string): ParsedDeclaration {
  const whole = { start: 0, end: text.length }
  const broken: Declaration = { kind: 'broken', documentation: null, span: whole }
  const refuse = (what: string, limit: string): ParsedDeclaration => {
    return {
      syntax: broken,
      problems: [problem('W0002', { start: 0, end: Math.min(text.length, 80) }, { what, limit })],
    }
  }
  if (text.length > declarationSizeLimit) return refuse('This declaration', '1,000,000 characters')
  const stackTraceLimit: unknown = Reflect.get(Error, 'stackTraceLimit')
  try {
    // Each mistake is an exception inside chevrotain; collecting its stack would cost more than all the rest.
    Reflect.set(Error, 'stackTraceLimit', 0)
    const lexed = lex(text)
    const early = lexicalProblems(text, lexed)
    // Only a comment that is never closed: there is nothing to read.
    if (lexed.tokens.length === 0) return { syntax: broken, problems: early }
    const { declaration, problems } = read(text, lexed)
    const syntax = declaration ?? broken
    if (lexed.tokens.length > depthLimit && deeperThan(syntax, depthLimit))
      return refuse('The nesting of this declaration', `${depthLimit} levels`)
    const all = [...early, ...problems]
    if (declaration === null && all.length === 0)
      all.push(problem('W0101', whole, { found: 'this', expected: 'a declaration' }))
    return { syntax, problems: all.sort((a, b) => a.span.start - b.span.start) }
  } catch (error) {
    // RangeError: the stack of this call was nearly used up by the caller. Anything else is a mistake in the grammar.
    if (error instanceof TooDeep || error instanceof RangeError) {
      return refuse('The nesting of this declaration', `${nestingLimit} levels`)
    }
    throw error
  } finally {
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit)
  }
}

let parser: WritParser | undefined

function theParser(): WritParser {
  parser ??= new WritParser({ validate: false })
  return parser
}

interface Reading {
  readonly declaration: Declaration | null
  readonly problems: readonly Problem[]
}

/** Strictly first; where that fails, again while mending. */
function read(text: string, { tokens, comments }: Tokens): Reading {
  const documentation = comments.filter(comment => comment.tokenType === Documentation)
  const strict = attempt(() => theParser().declaration(), text, tokens, documentation, false)
  return (
    strict ??
    attempt(() => theParser().declaration(), text, tokens, documentation, true) ?? { declaration: null, problems: [] }
  )
}

function attempt(
  rule: () => Declaration | null | undefined,
  text: string,
  tokens: IToken[],
  documentation: readonly IToken[],
  mending: boolean,
): Reading | null {
  const reader = theParser()
  reader.begin(text, tokens, documentation, mending)
  const declaration = rule() ?? null
  if (!mending && (reader.errors.length > 0 || declaration === null)) return null
  const { problems, templates } = reader
  const all = [...problems]
  for (const { token, parts } of templates) {
    for (const piece of piecesOf(token, found => all.push(found))) {
      if (piece.kind === 'text') parts.push(piece)
      else parts.push({ kind: 'hole', value: readHole(piece.source, piece.offset, text, all) })
    }
  }
  return { declaration, problems: all }
}

/** Reads the expression of a hole, which stands at `offset` of the declaration. */
function readHole(source: string, offset: number, text: string, problems: Problem[]): Expression {
  const { tokens, unknown } = lex(source, offset)
  for (const { offset: at, length } of unknown)
    problems.push(unknownCharacters(source.slice(at, at + length), offset + at))
  const reader = theParser()
  let value: Expression | undefined
  for (const mending of [false, true]) {
    reader.begin(text, tokens, [], mending)
    value = reader.hole()
    if (mending || (reader.errors.length === 0 && value !== undefined)) break
  }
  problems.push(...reader.problems)
  return value ?? { kind: 'missing', span: { start: offset, end: offset + source.length } }
}

function lexicalProblems(text: string, { comments, unknown }: Tokens): Problem[] {
  const problems: Problem[] = []
  for (const comment of comments) {
    if (comment.tokenType !== UnclosedComment) continue
    const span = { start: comment.startOffset, end: comment.startOffset + 2 }
    const end = { start: text.length, end: text.length }
    problems.push(
      problem('W0112', span, {}, { fixes: [{ title: 'Close the comment', edits: [{ span: end, text: ' */' }] }] }),
    )
  }
  // The first ones say enough about a text that is no Writ.
  for (const { offset, length } of unknown.slice(0, 50)) {
    problems.push(unknownCharacters(text.slice(offset, offset + length), offset))
  }
  return problems
}

const curlyQuotes = /[\u2018\u2019\u201A\u201C\u201D\u201E\u00AB\u00BB]/

function unknownCharacters(text: string, offset: number): Problem {
  const span = { start: offset, end: offset + text.length }
  const shown = text.length > 12 ? `${text.slice(0, 12)}…` : text
  const single = [...text].length === 1
  const code = (text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  const character = single ? `\`${shown}\` (U+${code})` : `\`${shown}\``
  const advice = curlyQuotes.test(text) ? 'Texts stand in straight double quotes: `"…"`.' : adviceFor(text)
  return problem(
    'W0113',
    span,
    { character, advice },
    { fixes: [{ title: 'Take it out', edits: [{ span, text: '' }] }] },
  )
}

function adviceFor(text: string): string {
  if (text.startsWith('%')) return 'A percentage is written without a space: `95%`.'
  return /\p{L}/u.test(text)
    ? 'Names are made of the letters a to z, digits and `_`.'
    : 'Take it out, or put it in a text.'
}
