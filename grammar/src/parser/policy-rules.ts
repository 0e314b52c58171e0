/** Policies: what they concern, how they combine, their `let`s and rules, and what rules do. */
import type { IToken, ParserMethod } from 'chevrotain'
import { problem } from '../problems/index.ts'
import type {
  ApprovalStage,
  DecideEffect,
  DecisionWord,
  Expression,
  LetItem,
  Name,
  ObligationSyntax,
  PolicyDeclaration,
  PolicyItem,
  RuleEffect,
  RuleItem,
} from '../syntax.ts'
import { insideRule, policyBody, ruleBody } from './clauses.ts'
import { ContractRules } from './contract-rules.ts'
import { literalOf, textOf } from './literals.ts'
import { Assign, Comma, DecisionWordToken, keyword, NumberLiteral, Text, Word } from './vocabulary.ts'

export abstract class PolicyRules extends ContractRules {
  protected readonly policy: ParserMethod<[], PolicyDeclaration> = this.RULE('policy', (): PolicyDeclaration => {
    const documentation = this.takeDocumentation()
    const first = this.CONSUME(keyword.policy)
    const name = this.nameOf(this.CONSUME(Word))
    const version = this.OPTION(() => this.SUBRULE(this.version))
    const items = this.block(policyBody, () => this.SUBRULE(this.policyItem))
    return { kind: 'policy', name, version: version ?? null, items, documentation, span: this.spanFrom(first) }
  })

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

  private readonly policyItem: ParserMethod<[], PolicyItem> = this.RULE('policyItem', (): PolicyItem => {
    const first = this.LA(1)
    return this.choose<PolicyItem>([
      { ALT: () => this.SUBRULE(this.rule) },
      { ALT: () => this.SUBRULE(this.letItem) },
      {
        ALT: () => {
          this.CONSUME(keyword.owner)
          const token = this.CONSUME(Text)
          return { kind: 'owner', owner: this.ACTION(() => textOf(token, this.note)), span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.on)
          const contracts: Name[] = []
          this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => contracts.push(this.nameOf(this.CONSUME(Word))) })
          const alias = this.OPTION(() => {
            this.CONSUME(keyword.as)
            return this.nameOf(this.CONSUME2(Word))
          })
          return { kind: 'on', contracts, alias: alias ?? null, span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.combine)
          return { kind: 'combine', mode: this.nameOf(this.CONSUME3(Word)), span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.default)
          const decision = decisionOf(this.CONSUME(DecisionWordToken))
          const because = this.OPTION2(() => {
            this.CONSUME(keyword.because)
            return this.templateOf(this.CONSUME2(Text))
          })
          return { kind: 'default', decision, because: because ?? null, span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.layer)
          return { kind: 'layer', layer: this.nameOf(this.CONSUME4(Word)), span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.mode)
          return { kind: 'mode', mode: this.nameOf(this.CONSUME5(Word)), span: this.spanFrom(first) }
        },
      },
    ])
  })

  private readonly letItem: ParserMethod<[], LetItem> = this.RULE('letItem', (): LetItem => {
    const documentation = this.takeDocumentation()
    const first = this.CONSUME(keyword.let)
    const name = this.nameOf(this.CONSUME(Word))
    this.CONSUME(Assign)
    const value = this.mend<Expression>(
      () => this.SUBRULE(this.expression),
      span => ({ kind: 'missing', span }),
    )
    return { kind: 'let', name, value, documentation, span: this.spanFrom(first) }
  })

  private readonly rule: ParserMethod<[], RuleItem> = this.RULE('rule', (): RuleItem => {
    const documentation = this.takeDocumentation()
    const first = this.CONSUME(keyword.rule)
    const name = this.nameOf(this.CONSUME(Word))
    const title = this.OPTION(() => {
      const token = this.CONSUME(Text)
      return this.ACTION(() => textOf(token, this.note))
    })
    const inside = this.enter(insideRule)
    const after = this.OPTION2(() => {
      this.CONSUME(keyword.after)
      return this.SUBRULE(this.eventPattern)
    })
    const when = this.OPTION3(() => {
      this.CONSUME(keyword.when)
      return this.mend<Expression>(
        () => this.SUBRULE(this.expression),
        span => ({ kind: 'missing', span }),
      )
    })
    this.respell(ruleBody)
    const then: ObligationSyntax[] = []
    const written = this.OPTION4(() => this.SUBRULE(this.effect, { ARGS: [then] }))
    const because = this.OPTION5(() => {
      this.CONSUME(keyword.because)
      return this.templateOf(this.CONSUME2(Text))
    })
    this.MANY(() => {
      this.CONSUME(keyword.then)
      then.push(this.SUBRULE(this.obligation))
    })
    this.enter(inside)
    const effect = written ?? this.withoutEffect(name)
    return {
      kind: 'rule',
      name,
      title: title ?? null,
      after: after ?? null,
      when: when ?? null,
      effect,
      because: because ?? null,
      then,
      documentation,
      span: this.spanFrom(first),
    }
  })

  /** What a rule does. Obligations of an expectation's `else` go to `then`. */
  private readonly effect: ParserMethod<[ObligationSyntax[]?], RuleEffect> = this.RULE(
    'effect',
    (then: ObligationSyntax[] = []): RuleEffect =>
      this.choose<RuleEffect>([
        { ALT: () => this.SUBRULE(this.decide) },
        { ALT: () => this.SUBRULE(this.approval) },
        { ALT: () => this.SUBRULE(this.expectation, { ARGS: [then] }) },
      ]),
  )

  /** `deny ["text"] [for DURATION by KEYS]` */
  private readonly decide: ParserMethod<[], DecideEffect> = this.RULE('decide', (): DecideEffect => {
    const first = this.CONSUME(DecisionWordToken)
    const text = this.OPTION(() => this.templateOf(this.CONSUME(Text)))
    const lasting = this.OPTION2(() => {
      this.CONSUME(keyword.for)
      const duration = this.SUBRULE(this.duration)
      const keys = this.OPTION3(() => {
        this.CONSUME(keyword.by)
        return this.SUBRULE(this.keyList)
      })
      return { duration, keys: keys ?? [] }
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

  /** `expect EVENT [as x] [where …] [within D] [else DECISION] [then …]` */
  private readonly expectation: ParserMethod<[ObligationSyntax[]?], RuleEffect> = this.RULE(
    'expectation',
    (then: ObligationSyntax[] = []): RuleEffect => {
      const first = this.CONSUME(keyword.expect)
      const event = this.SUBRULE(this.eventPattern)
      const within = this.OPTION(() => {
        this.CONSUME(keyword.within)
        return this.SUBRULE(this.duration)
      })
      const otherwise = this.OPTION2(() => {
        this.CONSUME(keyword.else)
        return this.SUBRULE(this.decide)
      })
      this.MANY(() => {
        this.CONSUME(keyword.then)
        then.push(this.SUBRULE(this.obligation))
      })
      return { kind: 'expect', event, within: within ?? null, otherwise: otherwise ?? null, span: this.spanFrom(first) }
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

  private withoutEffect(name: Name): RuleEffect {
    if (!this.RECORDING_PHASE) this.reportOnce(problem('W0117', name.span, { rule: name.text }))
    return { kind: 'missing-effect', span: name.span }
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
