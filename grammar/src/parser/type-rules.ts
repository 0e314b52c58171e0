/** Type expressions and the fields of contracts and records. */
import type { ParserMethod } from 'chevrotain'
import { problem } from '../problems/index.ts'
import type { Expression, FieldModifier, FieldSyntax, Name, TypeExpression, VersionSyntax } from '../syntax.ts'
import { nestingLimit, TooDeep } from './base-rules.ts'
import { contractBody } from './clauses.ts'
import { ExpressionRules } from './expression-rules.ts'
import { checkVersion, textOf } from './literals.ts'
import {
  AnyWord,
  Colon,
  Comma,
  Dot,
  Greater,
  keyword,
  LeftBrace,
  LeftParenthesis,
  Less,
  Minus,
  NumberLiteral,
  Question,
  Range,
  RightBrace,
  RightParenthesis,
  Text,
  VersionLiteral,
  Word,
} from './vocabulary.ts'

export abstract class TypeRules extends ExpressionRules {
  protected readonly typeExpression: ParserMethod<[], TypeExpression> = this.RULE(
    'typeExpression',
    (): TypeExpression => {
      if (++this.nesting > nestingLimit) throw new TooDeep()
      const first = this.LA(1)
      let type = this.choose<TypeExpression>([
        { GATE: () => this.LA(2).tokenType === LeftBrace, ALT: () => this.SUBRULE(this.enumType) },
        { ALT: () => this.SUBRULE(this.recordType) },
        { ALT: () => this.SUBRULE(this.namedType) },
      ])
      this.MANY({
        GATE: () => this.LA(2).tokenType !== Colon,
        DEF: () =>
          this.OR2([
            {
              ALT: () => {
                this.CONSUME(Question)
                type = { kind: 'optional-type', inner: type, span: this.spanFrom(first) }
              },
            },
            {
              ALT: () => {
                this.CONSUME(keyword.in)
                const low = this.SUBRULE(this.bound)
                this.CONSUME(Range)
                const high = this.SUBRULE2(this.bound)
                type = { kind: 'range-type', base: type, low, high, span: this.spanFrom(first) }
              },
            },
            {
              ALT: () => {
                this.CONSUME(keyword.matches)
                const token = this.CONSUME(Text)
                if (!this.RECORDING_PHASE) {
                  type = {
                    kind: 'pattern-type',
                    base: type,
                    pattern: textOf(token, this.note),
                    span: this.spanFrom(first),
                  }
                }
              },
            },
          ]),
      })
      this.nesting--
      return type
    },
  )

  /** `name : Type modifiers` */
  protected readonly field: ParserMethod<[], FieldSyntax> = this.RULE('field', (): FieldSyntax => {
    const documentation = this.takeDocumentation()
    const first = this.CONSUME(AnyWord)
    this.CONSUME(Colon)
    const type = this.SUBRULE(this.typeExpression)
    const modifiers: FieldModifier[] = []
    this.MANY({
      GATE: () => this.atModifier(),
      DEF: () => {
        modifiers.push(this.SUBRULE(this.modifier))
      },
    })
    return { name: this.nameOf(first), type, modifiers, documentation, span: this.spanFrom(first) }
  })

  /** `key`, `personal(identifier)` */
  protected readonly modifier: ParserMethod<[], FieldModifier> = this.RULE('modifier', (): FieldModifier => {
    const first = this.CONSUME(Word)
    const argument = this.OPTION(() => {
      const open = this.CONSUME(LeftParenthesis)
      const word = this.OPTION2(() => this.nameOf(this.CONSUME2(Word)))
      this.close(open, RightParenthesis)
      return word
    })
    return { name: this.nameOf(first), argument: argument ?? null, span: this.spanFrom(first) }
  })

  /** `version 2.1.0` */
  protected readonly version: ParserMethod<[], VersionSyntax> = this.RULE('version', (): VersionSyntax => {
    this.CONSUME(keyword.version)
    const token = this.OR([{ ALT: () => this.CONSUME(VersionLiteral) }, { ALT: () => this.CONSUME(NumberLiteral) }])
    const span = this.spanOf(token)
    if (token.tokenType === VersionLiteral) checkVersion(token, this.note)
    if (token.tokenType !== NumberLiteral) return { text: token.image, span }
    const text = token.image.includes('.') ? `${token.image}.0` : `${token.image}.0.0`
    const fixes = [{ title: `Write ${text}`, edits: [{ span, text }] }]
    const advice = 'A version has three parts, such as `2.1.0`.'
    this.note(problem('W0114', span, { text: token.image, kind: 'a version', advice }, { fixes }))
    return { text, span }
  })

  /** `acme.refunds`: one name with its dots. */
  protected dottedName(): Name {
    const first = this.CONSUME(Word)
    let text = first.image
    this.MANY(() => {
      this.CONSUME(Dot)
      text += `.${this.CONSUME(AnyWord).image}`
    })
    return { text, span: this.spanFrom(first) }
  }

  private readonly enumType: ParserMethod<[], TypeExpression> = this.RULE('enumType', (): TypeExpression => {
    const first = this.CONSUME(keyword.enum)
    const open = this.CONSUME(LeftBrace)
    const members: Name[] = []
    let more = true
    this.MANY({
      GATE: () => more,
      DEF: () => {
        members.push(this.nameOf(this.CONSUME(Word)))
        more = this.OPTION(() => this.CONSUME(Comma)) !== undefined
      },
    })
    this.close(open, RightBrace, '`,` or `}`')
    return { kind: 'enum', members, span: this.spanFrom(first) }
  })

  private readonly recordType: ParserMethod<[], TypeExpression> = this.RULE('recordType', (): TypeExpression => {
    const open = this.CONSUME(LeftBrace)
    const fields: FieldSyntax[] = []
    this.MANY(() => {
      fields.push(this.SUBRULE(this.field))
      this.OPTION(() => this.CONSUME(Comma))
    })
    this.close(open, RightBrace, '`,` or `}`')
    return { kind: 'record-type', fields, span: this.spanFrom(open) }
  })

  private readonly namedType: ParserMethod<[], TypeExpression> = this.RULE('namedType', (): TypeExpression => {
    const first = this.CONSUME(Word)
    const name = this.nameOf(first)
    const argument = this.OPTION(() => {
      const open = this.CONSUME(Less)
      const inner = this.choose<Name | TypeExpression>([
        { GATE: () => first.image !== 'List', ALT: () => this.nameOf(this.CONSUME2(Word)) },
        { ALT: () => this.SUBRULE(this.typeExpression) },
      ])
      this.close(open, Greater)
      return inner
    })
    const span = this.spanFrom(first)
    if (argument === undefined) return { kind: 'named-type', name, argument: null, span }
    if ('kind' in argument) return { kind: 'list-type', element: argument, span }
    return { kind: 'named-type', name, argument, span }
  })

  /** A bound of a range: a value, perhaps negative. */
  private readonly bound: ParserMethod<[], Expression> = this.RULE('bound', (): Expression => {
    const minus = this.OPTION(() => this.CONSUME(Minus))
    const value = this.SUBRULE(this.postfix)
    if (minus === undefined) return value
    return { kind: 'negate', operand: value, span: this.spanFrom(minus) }
  })

  /** Modifiers stand on the line of their field, so that a field without its colon is not taken for two of them. */
  private atModifier(): boolean {
    const next = this.LA(1)
    if (this.LA(2).tokenType === Colon || contractBody.words.includes(next.image)) return false
    return !this.startsLine(next)
  }
}
