/** Values that hold expressions: parentheses, lists, records, `if`, `any` and `all`. */
import type { IToken, ParserMethod } from 'chevrotain'
import { problem } from '../problems/index.ts'
import type { Problem } from '../problems/problem.ts'
import type { Expression, FieldValue } from '../syntax.ts'
import { HistoryRules } from './history-rules.ts'
import {
  AnyWord,
  Assign,
  Colon,
  Comma,
  keyword,
  LeftBrace,
  LeftBracket,
  LeftParenthesis,
  RightBrace,
  RightBracket,
  RightParenthesis,
  Word,
} from './vocabulary.ts'

export abstract class ValueRules extends HistoryRules {
  protected readonly parenthesised: ParserMethod<[], Expression> = this.RULE('parenthesised', (): Expression => {
    const open = this.CONSUME(LeftParenthesis)
    const value = this.withSequences(() => this.SUBRULE(this.expression))
    this.close(open, RightParenthesis, 'an operator or `)`')
    return { ...value, span: this.spanFrom(open) }
  })

  protected readonly list: ParserMethod<[], Expression> = this.RULE('list', (): Expression => {
    const open = this.CONSUME(LeftBracket)
    const items: Expression[] = []
    let more = true
    this.MANY({
      GATE: () => more,
      DEF: () => {
        items.push(this.withSequences(() => this.SUBRULE(this.expression)))
        more = this.OPTION(() => this.CONSUME(Comma)) !== undefined
      },
    })
    this.close(open, RightBracket, '`,` or `]`')
    return { kind: 'list', items, span: this.spanFrom(open) }
  })

  protected readonly record: ParserMethod<[], Expression> = this.RULE('record', (): Expression => {
    const first = this.LA(1)
    const fields = this.SUBRULE(this.recordFields)
    return { kind: 'record', fields, span: this.spanFrom(first) }
  })

  /** `{ name: value, … }`, of record values, steps and obligations. */
  protected readonly recordFields: ParserMethod<[], readonly FieldValue[]> = this.RULE(
    'recordFields',
    (): readonly FieldValue[] => {
      const open = this.CONSUME(LeftBrace)
      const fields: FieldValue[] = []
      let more = true
      this.MANY({
        GATE: () => more,
        DEF: () => {
          const first = this.CONSUME(AnyWord)
          this.OR([
            { ALT: () => this.CONSUME(Colon) },
            { ALT: () => this.note(this.wrongSign(this.CONSUME(Assign), ':')) },
          ])
          const value = this.withSequences(() => this.SUBRULE(this.expression))
          fields.push({ name: this.nameOf(first), value, span: this.spanFrom(first) })
          more = this.OPTION(() => this.CONSUME(Comma)) !== undefined
        },
      })
      this.close(open, RightBrace, '`,` or `}`')
      return fields
    },
  )

  protected readonly condition: ParserMethod<[], Expression> = this.RULE('condition', (): Expression => {
    const first = this.CONSUME(keyword.if)
    const condition = this.withoutSequences(() => this.SUBRULE(this.expression))
    this.CONSUME(keyword.then)
    const then = this.SUBRULE2(this.expression)
    this.CONSUME(keyword.else)
    const otherwise = this.SUBRULE3(this.expression)
    return { kind: 'if', condition, then, otherwise, span: this.spanFrom(first) }
  })

  protected readonly quantified: ParserMethod<[], Expression> = this.RULE('quantified', (): Expression => {
    const first = this.OR([{ ALT: () => this.CONSUME(keyword.any) }, { ALT: () => this.CONSUME(keyword.all) }])
    const variable = this.nameOf(this.CONSUME(Word))
    this.CONSUME(keyword.in)
    const list = this.withoutSequences(() => this.SUBRULE(this.expression))
    this.CONSUME(keyword.where)
    const where = this.SUBRULE2(this.expression)
    const quantifier = first.image === 'all' ? 'all' : 'any'
    return { kind: 'quantified', quantifier, variable, list, where, span: this.spanFrom(first) }
  })

  protected wrongSign(token: IToken, expected: ':' | '='): Problem {
    const span = this.spanOf(token)
    const text = expected === ':' ? ':' : ' ='
    const fixes = [{ title: `Write ${expected}`, edits: [{ span, text }] }]
    return problem('W0118', span, { expected, found: token.image }, { fixes })
  }
}
