/** Expressions: operators in a row (fold.ts makes the tree), and the values between them. */
import { EOF, type IToken, type ParserMethod } from 'chevrotain'
import { problem } from '../problems/index.ts'
import type { CallArgument, Expression } from '../syntax.ts'
import { nestingLimit, TooDeep } from './base-rules.ts'
import { isA } from './clauses.ts'
import { fold, type Part } from './fold.ts'
import { aggregateNamed } from './history-rules.ts'
import { endOf } from './lex.ts'
import { literalOf } from './literals.ts'
import { ValueRules } from './value-rules.ts'
import {
  AnyWord,
  Assign,
  Colon,
  Comma,
  Dot,
  Infix,
  keyword,
  LeftBrace,
  LeftBracket,
  LeftParenthesis,
  Literal,
  Negatable,
  NumberLiteral,
  Prefix,
  RightParenthesis,
  VersionLiteral,
  Word,
} from './vocabulary.ts'

export abstract class ExpressionRules extends ValueRules {
  protected override readonly expression: ParserMethod<[], Expression> = this.RULE('expression', (): Expression => {
    const parts: Part[] = []
    this.SUBRULE(this.operand, { ARGS: [parts] })
    this.MANY({
      GATE: () => this.LA(2).tokenType !== Assign,
      DEF: () => {
        this.SUBRULE(this.operation, { ARGS: [parts] })
      },
    })
    const [only] = parts
    return parts.length === 1 && only?.kind === 'operand' ? only.value : fold(parts, this.note)
  })

  /** One operator with what follows it, appended to `parts`. */
  private readonly operation: ParserMethod<[Part[]?], void> = this.RULE('operator', (parts: Part[] = []): void => {
    this.OR([
      {
        ALT: () => {
          const first = this.CONSUME(keyword.is)
          const negated = this.OR2([
            { ALT: () => this.CONSUME(keyword.present) },
            { ALT: () => this.CONSUME(keyword.absent) },
          ])
          parts.push({ kind: 'presence', negated: negated.image === 'absent', span: this.spanFrom(first) })
        },
      },
      {
        ALT: () => {
          const first = this.CONSUME(keyword.not)
          const operator = this.CONSUME(Negatable).image
          parts.push({ kind: 'infix', operator, negated: true, span: this.spanFrom(first) })
          this.SUBRULE(this.operand, { ARGS: [parts] })
        },
      },
      {
        ALT: () => {
          const token = this.CONSUME(Infix)
          parts.push({ kind: 'infix', operator: this.operatorOf(token), negated: false, span: this.spanOf(token) })
          this.SUBRULE2(this.operand, { ARGS: [parts] })
        },
      },
    ])
  })

  private readonly operand: ParserMethod<[Part[]?], void> = this.RULE('operand', (parts: Part[] = []): void => {
    this.MANY(() => {
      parts.push(this.prefix(this.CONSUME(Prefix)))
    })
    parts.push({ kind: 'operand', value: this.SUBRULE(this.postfix) })
  })

  /** A value and the members taken from it: `r.address.city`, `items.0`. */
  protected override readonly postfix: ParserMethod<[], Expression> = this.RULE('postfix', (): Expression => {
    if (++this.nesting > nestingLimit) throw new TooDeep()
    if (this.mending && !this.atValue()) {
      this.reportUnexpected('a value')
      this.nesting--
      const end = endOf(this.LA(0))
      return { kind: 'missing', span: { start: end, end } }
    }
    let value = this.choose(this.values)
    this.MANY(() => {
      this.CONSUME(Dot)
      const member = this.OR2([
        { ALT: () => this.CONSUME(AnyWord) },
        { ALT: () => this.CONSUME(NumberLiteral) },
        { ALT: () => this.CONSUME(VersionLiteral) },
      ])
      if (!this.RECORDING_PHASE) value = this.membersOf(value, member)
    })
    this.nesting--
    return value
  })
  /** Made once: this is where most of the time goes. */
  private readonly values: { ALT: () => Expression }[] = [
    { ALT: () => this.SUBRULE(this.word) },
    { ALT: () => literalOf(this.CONSUME(Literal), this.note) },
    { ALT: () => this.SUBRULE(this.parenthesised) },
    { ALT: () => this.SUBRULE(this.list) },
    { ALT: () => this.SUBRULE(this.record) },
    { ALT: () => this.SUBRULE(this.condition) },
    { ALT: () => this.SUBRULE(this.quantified) },
    { ALT: () => this.SUBRULE(this.existence) },
    { ALT: () => ({ kind: 'it', span: this.spanOf(this.CONSUME(keyword.it)) }) },
    { ALT: () => ({ kind: 'now', span: this.spanOf(this.CONSUME(keyword.now)) }) },
  ]

  /** A name, a call, an aggregate or a sequence: everything that begins with a name. */
  private readonly word: ParserMethod<[], Expression> = this.RULE(
    'word',
    (): Expression =>
      this.choose<Expression>([
        { GATE: () => this.atSequence(), ALT: () => this.SUBRULE(this.sequence) },
        { GATE: () => this.LA(2).tokenType === LeftParenthesis, ALT: () => this.SUBRULE(this.call) },
        { GATE: () => this.LA(2).tokenType === keyword.of, ALT: () => this.SUBRULE(this.bareAggregate) },
        {
          ALT: () => {
            const name = this.nameOf(this.CONSUME(Word))
            return { kind: 'name', name, span: name.span }
          },
        },
      ]),
  )

  private readonly bareAggregate: ParserMethod<[], Expression> = this.RULE('bareAggregate', (): Expression => {
    const first = this.CONSUME(Word)
    const of = this.CONSUME(keyword.of)
    const name = aggregateNamed(first.image)
    if (!this.RECORDING_PHASE && name === null) this.note(this.notAnAggregate(first, of))
    return this.aggregate(first, name ?? 'count', [], null)
  })

  private readonly call: ParserMethod<[], Expression> = this.RULE('call', (): Expression => {
    const first = this.CONSUME(Word)
    const open = this.CONSUME(LeftParenthesis)
    const given: CallArgument[] = []
    let against: Expression | null = null
    let more = true
    this.MANY({
      GATE: () => more,
      DEF: () => {
        given.push(this.withSequences(() => this.SUBRULE(this.argument)))
        this.OPTION(() => {
          this.CONSUME(keyword.against)
          const name = this.nameOf(this.CONSUME2(Word))
          against = { kind: 'name', name, span: name.span }
        })
        more = this.OPTION2(() => this.CONSUME(Comma)) !== undefined
      },
    })
    this.close(open, RightParenthesis, '`,` or `)`')
    const span = this.spanFrom(first)
    const name = aggregateNamed(first.image)
    const of = this.OPTION3(() => {
      const token = this.CONSUME(keyword.of)
      if (!this.RECORDING_PHASE && name === null) this.note(this.notAnAggregate(first, token))
      return this.aggregate(first, name ?? 'last', given, against)
    })
    if (of !== undefined) return of
    if (!this.RECORDING_PHASE && name !== null && this.lacksOf(name, given)) {
      const example = name === 'count' ? 'count' : `${name}(…)`
      this.note(problem('W0111', span, { function: name, example }))
    }
    return { kind: 'call', function: this.nameOf(first), arguments: given, span }
  })

  private readonly argument: ParserMethod<[], CallArgument> = this.RULE('argument', (): CallArgument => {
    const first = this.LA(1)
    const label = this.OPTION({
      GATE: () => this.LA(2).tokenType === Colon,
      DEF: () => {
        const name = this.nameOf(this.CONSUME(AnyWord))
        this.CONSUME(Colon)
        return name
      },
    })
    const value = this.SUBRULE(this.expression)
    return { label: label ?? null, value, span: this.spanFrom(first) }
  })

  /** `.0.1` lexes as one number; `items.0.1` still means two members. */
  private membersOf(object: Expression, token: IToken): Expression {
    let value = object
    let start = token.startOffset
    for (const text of token.image.split('.')) {
      const span = { start, end: start + text.length }
      value = {
        kind: 'member',
        object: value,
        member: { text, span },
        span: { start: object.span.start, end: span.end },
      }
      start = span.end + 1
    }
    return value
  }

  private prefix(token: IToken): Part {
    const span = this.spanOf(token)
    if (token.image === '!') this.note(foreignOperator('!', 'not', span, 'not '))
    return { kind: 'prefix', operator: token.image === '-' ? '-' : 'not', span }
  }

  /** The operator as Writ spells it; spellings of other languages are reported. */
  private operatorOf(token: IToken): string {
    const span = this.spanOf(token)
    const spelling = foreignSpellings[token.image]
    if (spelling !== undefined) {
      this.note(foreignOperator(token.image, spelling, span))
      return spelling
    }
    if (token.image === '=') {
      this.note(problem('W0106', span, {}, { fixes: [{ title: 'Compare with ==', edits: [{ span, text: '==' }] }] }))
      return '=='
    }
    return token.image
  }

  private notAnAggregate(name: IToken, of: IToken) {
    const known = '`count of EVENT`, `sum(…) of EVENT` or another aggregate'
    const span = { start: name.startOffset, end: endOf(of) }
    return problem('W0101', span, { found: `\`${name.image} of\``, expected: known })
  }

  /** `min` and `max` are functions of one event too; there only what follows tells that a window was meant. */
  private lacksOf(name: string, given: readonly CallArgument[]): boolean {
    if (name !== 'min' && name !== 'max') return true
    // As functions they take two or more, and `by key = min(a, b) over 1h` is fine.
    if (given.length > 1) return false
    const next = this.LA(1).tokenType
    return next === keyword.by || next === keyword.over || next === keyword.per || next === keyword.since
  }

  private atValue(): boolean {
    const { tokenType } = this.LA(1)
    if (tokenType === EOF || this.atNextItem()) return false
    return valueStarts.has(tokenType) || isA(tokenType, Word) || isA(tokenType, Literal)
  }
}

const valueStarts = new Set([
  LeftParenthesis,
  LeftBracket,
  LeftBrace,
  keyword.if,
  keyword.any,
  keyword.all,
  keyword.exists,
  keyword.no,
  keyword.it,
  keyword.now,
])

const foreignSpellings: Readonly<Record<string, string>> = {
  '&&': 'and',
  '||': 'or',
  '===': '==',
  '!==': '!=',
  '<>': '!=',
}

function foreignOperator(found: string, suggestion: string, span: { start: number; end: number }, text = suggestion) {
  return problem(
    'W0107',
    span,
    { found, suggestion },
    { fixes: [{ title: `Write ${suggestion}`, edits: [{ span, text }] }] },
  )
}
