/** Policies: what they concern, how they combine, their `let`s and rules, and what rules do. */
import type { ParserMethod } from 'chevrotain'
import { problem } from '../problems/index.ts'
import type {
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
import { decisionOf, EffectRules } from './effect-rules.ts'
import { textOf } from './literals.ts'
import { Assign, Comma, DecisionWordToken, keyword, Text, Word } from './vocabulary.ts'

export abstract class PolicyRules extends EffectRules {
  protected readonly policy: ParserMethod<[], PolicyDeclaration> = this.RULE('policy', (): PolicyDeclaration => {
    const documentation = this.takeDocumentation()
    const first = this.CONSUME(keyword.policy)
    const name = this.nameOf(this.CONSUME(Word))
    const version = this.OPTION(() => this.SUBRULE(this.version))
    const items = this.block(policyBody, () => this.SUBRULE(this.policyItem))
    return { kind: 'policy', name, version: version ?? null, items, documentation, span: this.spanFrom(first) }
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

  private withoutEffect(name: Name): RuleEffect {
    if (!this.RECORDING_PHASE) this.reportOnce(problem('W0117', name.span, { rule: name.text }))
    return { kind: 'missing-effect', span: name.span }
  }
}
