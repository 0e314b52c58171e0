/** What rules do: decide, ask for approval, expect something, and the obligations that follow. */
import type { IToken, ParserMethod } from 'chevrotain'
import { problem } from '../problems/index.ts'
import type { ApprovalStage, DecideEffect, DecisionWord, ObligationSyntax, RuleEffect } from '../syntax.ts'
import { ContractRules } from './contract-rules.ts'
import { literalOf } from './literals.ts'
import { DecisionWordToken, keyword, NumberLiteral, Text, Word } from './vocabulary.ts'

export abstract class EffectRules extends ContractRules {
  /** `verb [sink] { field: value }` after `then`. */
  protected readonly obligation: ParserMethod<[], ObligationSyntax> = this.RULE('obligation', (): ObligationSyntax => {
    const first = this.CONSUME(Word)
    const target = this.OPTION({
      GATE: () => !this.startsLine(this.LA(1)),
      DEF: () => this.nameOf(this.CONSUME2(Word)),
    })
    const fields = this.OPTION2(() => this.SUBRULE(this.recordFields))
    return { verb: this.nameOf(first), target: target ?? null, fields: fields ?? [], span: this.spanFrom(first) }
  })

  /** What a rule does. Obligations of an expectation's `else` go to `then`. */
  protected readonly effect: ParserMethod<[ObligationSyntax[]?], RuleEffect> = this.RULE(
    'effect',
    (then: ObligationSyntax[] = []): RuleEffect =>
      this.choose<RuleEffect>([
        { ALT: () => this.SUBRULE(this.decide) },
        { ALT: () => this.SUBRULE(this.approval) },
        { ALT: () => this.SUBRULE(this.expectation, { ARGS: [then] }) },
      ]),
  )

  /** `deny ["text"] [for DURATION by KEYS | by all]` */
  private readonly decide: ParserMethod<[], DecideEffect> = this.RULE('decide', (): DecideEffect => {
    const first = this.CONSUME(DecisionWordToken)
    const text = this.OPTION(() => this.templateOf(this.CONSUME(Text)))
    const lasting = this.OPTION2(() => {
      this.CONSUME(keyword.for)
      const duration = this.SUBRULE(this.duration)
      let everyone = false
      const keys = this.OPTION3(() => {
        this.CONSUME(keyword.by)
        return this.OR([
          {
            ALT: () => {
              this.CONSUME(keyword.all)
              everyone = true
              return []
            },
          },
          { ALT: () => this.SUBRULE(this.keyList) },
        ])
      })
      return { duration, keys: keys ?? [], everyone }
    })
    const decision = decisionOf(first)
    return { kind: 'decide', decision, text: text ?? null, lasting: lasting ?? null, span: this.spanFrom(first) }
  })

  /** `require approval from [N of] ROLE [within D] [else approval …]* [else deny "…"]` */
  private readonly approval: ParserMethod<[], RuleEffect> = this.RULE('approval', (): RuleEffect => {
    const first = this.CONSUME(keyword.require)
    const stages: ApprovalStage[] = [this.SUBRULE(this.approvalStage)]
    let otherwise: DecideEffect | null = null
    this.MANY({
      GATE: () => otherwise === null,
      DEF: () => {
        this.CONSUME(keyword.else)
        this.OR([
          {
            ALT: () => {
              this.OPTION(() => this.CONSUME2(keyword.require))
              stages.push(this.SUBRULE2(this.approvalStage))
            },
          },
          {
            ALT: () => {
              otherwise = this.SUBRULE(this.decide)
            },
          },
        ])
      },
    })
    return { kind: 'require-approval', stages, otherwise, span: this.spanFrom(first) }
  })

  private readonly approvalStage: ParserMethod<[], ApprovalStage> = this.RULE('approvalStage', (): ApprovalStage => {
    const first = this.CONSUME(keyword.approval)
    this.CONSUME(keyword.from)
    const quorum = this.OPTION(() => {
      const token = this.CONSUME(NumberLiteral)
      this.CONSUME(keyword.of)
      return token
    })
    const role = this.nameOf(this.CONSUME(Word))
    const within = this.OPTION2(() => {
      this.CONSUME(keyword.within)
      return this.SUBRULE(this.duration)
    })
    return { role, quorum: this.quorumOf(quorum), within: within ?? null, span: this.spanFrom(first) }
  })

  /** `expect EVENT [as x] [where …] [within D] [unless EVENT [as y] [where …]] [else DECISION] [then …]` */
  private readonly expectation: ParserMethod<[ObligationSyntax[]?], RuleEffect> = this.RULE(
    'expectation',
    (then: ObligationSyntax[] = []): RuleEffect => {
      const first = this.CONSUME(keyword.expect)
      const event = this.SUBRULE(this.eventPattern)
      const within = this.OPTION(() => {
        this.CONSUME(keyword.within)
        return this.SUBRULE(this.duration)
      })
      const unless = this.OPTION3(() => {
        this.CONSUME(keyword.unless)
        return this.SUBRULE2(this.eventPattern)
      })
      const otherwise = this.OPTION2(() => {
        this.CONSUME(keyword.else)
        return this.SUBRULE(this.decide)
      })
      this.MANY(() => {
        this.CONSUME(keyword.then)
        then.push(this.SUBRULE(this.obligation))
      })
      const span = this.spanFrom(first)
      return {
        kind: 'expect',
        event,
        within: within ?? null,
        unless: unless ?? null,
        otherwise: otherwise ?? null,
        span,
      }
    },
  )

  private quorumOf(token: IToken | undefined): number {
    if (token === undefined || this.RECORDING_PHASE) return 1
    const { literal, span } = literalOf(token, this.note)
    const number = literal.kind === 'number' ? Number(literal.text) : 0
    if (Number.isSafeInteger(number) && number >= 1) return number
    const advice = 'How many people must approve is a whole number of 1 or more.'
    this.note(problem('W0114', span, { text: token.image, kind: 'a number of people', advice }))
    return 1
  }
}

/** The decision a token of category DecisionWord names; by its type, since its text may be misspelt. */
export function decisionOf({ tokenType }: IToken): DecisionWord {
  switch (tokenType) {
    case keyword.permit:
      return 'permit'
    case keyword.warn:
      return 'warn'
    case keyword.hold:
      return 'hold'
    default:
      return 'deny'
  }
}
