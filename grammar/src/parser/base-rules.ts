/**
 * What all rules of the grammar share: names and spans, documentation, problems, and mending.
 *
 * A declaration is first read strictly; the first mistake stops that. Only then it is read again in mending mode, which reports each
 * mistake, skips to where the next item of the body begins (clauses.ts) and goes on. So correct text never pays for recovery,
 * and heuristics (line starts, words that look like clauses) can never misread correct text.
 */
import {
  EmbeddedActionsParser,
  EOF,
  type IOrAlt,
  type IRecognitionException,
  type IToken,
  isRecognitionException,
  type TokenType,
  tokenLabel,
} from 'chevrotain'
import { nearest } from '../nearest.ts'
import { problem } from '../problems/index.ts'
import type { Problem } from '../problems/problem.ts'
import type { Span } from '../span.ts'
import type { Name, TemplatePart, TextTemplate } from '../syntax.ts'
import { braceDepths, unopened } from './brackets.ts'
import { type Body, beginsItem, misspelt, noBody } from './clauses.ts'
import { expectations, misplaced, placeOf, unexpected } from './failures.ts'
import { endOf } from './lex.ts'
import { SingleTokenLookahead } from './lookahead.ts'
import { Identifier, keyword, LeftBrace, RightBrace, vocabulary } from './vocabulary.ts'

/** Thrown where brackets and conditions nest deeper than the language allows. */
export class TooDeep extends Error {}

/** How many problems of one declaration are told apart; where there are more, the first ones say enough. */
const problemLimit = 100

/** How deep expressions and types may nest. */
export const nestingLimit = 100

/** A text with holes whose expressions are read when the declaration itself is done. */
export interface PendingTemplate {
  readonly token: IToken
  readonly parts: TemplatePart[]
}

export abstract class BaseRules extends EmbeddedActionsParser {
  /** Everything found wrong so far, in the order of discovery. */
  problems: Problem[] = []
  templates: PendingTemplate[] = []
  protected mending = false
  /** Whether `A then B` may begin a sequence here: not in an `if` condition, nor in a `where`. */
  protected sequences = true
  protected nesting = 0
  private inside: Body = noBody
  private text = ''
  private documentation: readonly IToken[] = []
  private nextDocumentation = 0
  private depths: ReadonlyMap<IToken, number> = new Map()
  protected readonly note = (found: Problem): void => {
    this.problems.push(found)
  }

  constructor(options: { readonly validate: boolean }) {
    super(vocabulary, {
      maxLookahead: 1,
      recoveryEnabled: false,
      skipValidations: !options.validate,
      errorMessageProvider: expectations,
      ...(options.validate ? {} : { lookaheadStrategy: new SingleTokenLookahead() }),
    })
  }

  /** Prepares for reading `tokens`, which were lexed from `text`. */
  begin(text: string, tokens: IToken[], documentation: readonly IToken[], mending: boolean): void {
    this.input = tokens
    this.text = text
    this.documentation = documentation
    this.nextDocumentation = 0
    this.problems = mending ? [...unopened(tokens)] : []
    this.templates = []
    this.mending = mending
    this.sequences = true
    this.nesting = 0
    this.inside = noBody
    this.depths = mending ? braceDepths(tokens) : new Map()
  }

  protected nameOf(token: IToken): Name {
    return { text: token.image, span: this.spanOf(token) }
  }

  /** From the first character of `first` to the end of the token read last. */
  protected spanFrom(first: IToken): Span {
    if (this.RECORDING_PHASE) return nowhere
    const last = this.LA(0)
    return { start: first.startOffset, end: Math.max(endOf(last), endOf(first)) }
  }

  protected spanOf(token: IToken): Span {
    if (this.RECORDING_PHASE) return nowhere
    return { start: token.startOffset, end: endOf(token) }
  }

  /** The `///` lines directly before the next token. */
  protected takeDocumentation(): string | null {
    if (this.nextDocumentation >= this.documentation.length) return null
    const previous = this.LA(0)
    const after = previous.tokenType === EOF ? -1 : endOf(previous)
    const before = this.LA(1).startOffset
    const lines: string[] = []
    for (
      let line = this.documentation[this.nextDocumentation];
      line !== undefined && line.startOffset < before;
      line = this.documentation[++this.nextDocumentation]
    ) {
      if (line.startOffset >= after) lines.push(line.image.replace(/^\/\/\/ ?/, '').trimEnd())
    }
    return lines.length === 0 ? null : lines.join('\n')
  }

  /** Registers a text whose `{…}` holes hold expressions. */
  protected templateOf(token: IToken): TextTemplate {
    const parts: TemplatePart[] = []
    if (!this.RECORDING_PHASE) this.templates.push({ token, parts })
    return { parts, span: this.spanOf(token) }
  }

  /** True where `token` is the first on its line. */
  protected startsLine(token: IToken): boolean {
    for (let at = token.startOffset - 1; at >= 0; at--) {
      const character = this.text.charCodeAt(at)
      if (character === 10 || character === 13) return true
      if (character !== 32 && character !== 9) return false
    }
    return true
  }

  /** While mending: true where the next token is on a new line and begins an item rather than continuing an expression. */
  protected atNextItem(): boolean {
    return this.mending && this.startsLine(this.LA(1)) && beginsItem(this.inside, this.LA(1), this.LA(2))
  }

  /** `OR` for alternatives that give different members of one union. One per rule. */
  protected choose<T>(alternatives: IOrAlt<T>[]): T {
    return this.OR(alternatives)
  }

  /** Reports that `expected` should stand at the next token; one report per place. */
  protected reportUnexpected(expected: string): void {
    this.reportOnce(unexpected(this.LA(1), expected, placeOf(this.LA(1), this.LA(0))))
  }

  protected reportOnce(found: Problem): void {
    if (this.problems.length >= problemLimit) return
    if (!this.problems.some(known => known.span.start === found.span.start && known.severity === found.severity)) {
      this.problems.push(found)
    }
  }

  /** Reads one thing; while mending, a mistake in it is reported, what is left of it skipped, and `instead` stands for it. */
  protected mend<T>(read: () => T, instead: (span: Span) => T, body: Body = this.inside): T {
    if (!this.mending) return read()
    const { nesting, sequences, inside } = this
    const first = this.LA(1)
    try {
      return read()
    } catch (error) {
      if (!isFailure(error)) throw error
      this.nesting = nesting
      this.sequences = sequences
      this.inside = inside
      this.reportOnce(unexpected(error.token, error.message, placeOf(error.token, this.LA(0))))
      this.skipToItem(body, this.depths.get(first) ?? 0)
      return instead(first.tokenType === EOF ? placeOf(first, this.LA(0)) : this.spanFrom(first))
    }
  }

  /** `{`, items, `}`. */
  protected block<T>(body: Body, read: () => T | null): readonly T[] {
    const open = this.CONSUME(LeftBrace)
    const outside = this.inside
    this.inside = body
    const items: T[] = []
    const one = (): void => {
      const item = this.mend(read, () => null, body)
      if (item !== null) items.push(item)
    }
    this.MANY(one)
    while (this.mending && this.skipJunk(body)) this.MANY(one)
    this.inside = outside
    this.close(open, RightBrace)
    return items
  }

  /** The bracket that belongs to `open`; while mending, a missing one is reported where it was opened. */
  protected close(open: IToken, type: TokenType, expected = tokenLabel(type)): void {
    const next = this.LA(1)
    if (this.mending && next.tokenType !== type && (next.tokenType === EOF || this.atNextItem())) {
      const closing = open.image === '{' ? '}' : open.image === '(' ? ')' : ']'
      this.reportOnce(problem('W0104', this.spanOf(open), { open: open.image, close: closing }))
      return
    }
    this.CONSUME(type, { ERR_MSG: expected })
  }

  /** While mending: reads a misspelt first word of an item as the word it was meant to be. */
  protected respell(body: Body): boolean {
    const token = this.LA(1)
    if (!this.mending || token.tokenType !== Identifier) return false
    const word = nearest(token.image, body.words)
    if (word === null) return false
    this.reportOnce(misplaced(token, body.words, body.expected, this.spanOf(token)))
    for (const [text, type] of Object.entries(keyword)) {
      if (text !== word) continue
      token.tokenType = type
      token.tokenTypeIdx = type.tokenTypeIdx ?? 0
    }
    return true
  }

  /** Skips what begins no item; false at the end of the body. */
  private skipJunk(body: Body): boolean {
    const token = this.LA(1)
    if (token.tokenType === RightBrace || token.tokenType === EOF) return false
    if (this.respell(body)) return true
    this.reportUnexpected(body.expected)
    const depth = this.depths.get(token) ?? 0
    this.SKIP_TOKEN()
    this.skipToItem(body, depth)
    return true
  }

  /** Makes `body` what the next items are looked for in; gives what it was before. */
  protected enter(body: Body): Body {
    const outside = this.inside
    this.inside = body
    return outside
  }

  private skipToItem(body: Body, depth: number): void {
    for (let token = this.LA(1); token.tokenType !== EOF; token = this.LA(1)) {
      const here = this.depths.get(token) ?? 0
      if (token.tokenType === RightBrace && here < depth) return
      const first = this.startsLine(token)
      if ((here === depth || first) && beginsItem(body, token, this.LA(2))) return
      if (here === depth && first && misspelt(body, token, this.LA(2)) !== null) return
      this.SKIP_TOKEN()
    }
  }

  /** What is left when the declaration is read; reported and passed over. */
  protected skipRest(): void {
    if (this.LA(1).tokenType === EOF) return
    this.reportUnexpected('the end of the declaration')
    while (this.LA(1).tokenType !== EOF) this.SKIP_TOKEN()
  }
}

/** While the grammar records itself there are no tokens, and so no places. */
const nowhere: Span = { start: 0, end: 0 }

function isFailure(error: unknown): error is IRecognitionException {
  return error instanceof Error && isRecognitionException(error)
}
