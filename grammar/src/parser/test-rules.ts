/** Tests: steps in event time and what is expected of them. */
import type { ParserMethod } from 'chevrotain'
import { problem } from '../problems/index.ts'
import type { Name, TestDeclaration, TestStep, TimeSyntax } from '../syntax.ts'
import { isA, testBody } from './clauses.ts'
import { decisionOf } from './effect-rules.ts'
import { GovernanceRules } from './governance-rules.ts'
import { textOf, timeAdvice } from './literals.ts'
import { Clock, DecisionWordToken, Dot, keyword, Text, TimeLiteral, Word } from './vocabulary.ts'

export abstract class TestRules extends GovernanceRules {
  protected readonly test: ParserMethod<[], TestDeclaration> = this.RULE('test', (): TestDeclaration => {
    const documentation = this.takeDocumentation()
    const first = this.CONSUME(keyword.test)
    const token = this.CONSUME(Text)
    const title = this.ACTION(() => textOf(token, this.note))
    const steps = this.block(testBody, () => this.SUBRULE(this.testStep))
    return { kind: 'test', title, titleSpan: this.spanOf(token), steps, documentation, span: this.spanFrom(first) }
  })

  private readonly testStep: ParserMethod<[], TestStep> = this.RULE('testStep', (): TestStep => {
    const first = this.LA(1)
    return this.choose<TestStep>([
      {
        ALT: () => {
          this.CONSUME(keyword.given)
          const contract = this.nameOf(this.CONSUME(Word))
          const fields = this.OPTION(() => this.SUBRULE(this.recordFields))
          const at = this.OPTION2({ GATE: () => !this.startsLine(this.LA(1)), DEF: () => this.SUBRULE(this.at) })
          return { kind: 'given', contract, fields: fields ?? [], at: at ?? null, span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.approve)
          this.CONSUME(keyword.by)
          const person = this.withoutSequences(() => this.SUBRULE(this.postfix))
          this.CONSUME(keyword.as)
          const role = this.nameOf(this.CONSUME2(Word))
          const at = this.OPTION3({ GATE: () => !this.startsLine(this.LA(1)), DEF: () => this.SUBRULE2(this.at) })
          return { kind: 'approve', person, role, at: at ?? null, span: this.spanFrom(first) }
        },
      },
      { ALT: () => this.SUBRULE(this.expected) },
      {
        ALT: () => {
          const at = this.SUBRULE3(this.at)
          const step = this.OPTION4({
            // `at 09:31 expect …` on one line is one step; on the next line `expect` speaks for itself.
            GATE: () => !this.startsLine(this.LA(1)),
            DEF: () => this.SUBRULE2(this.expected),
          })
          if (step === undefined || this.RECORDING_PHASE) return { kind: 'at', at, span: this.spanFrom(first) }
          return { ...step, at, span: this.spanFrom(first) }
        },
      },
    ])
  })

  /** `at TIME` */
  private readonly at: ParserMethod<[], TimeSyntax> = this.RULE('timeOfStep', (): TimeSyntax => {
    this.CONSUME(keyword.at)
    const token = this.OR([{ ALT: () => this.CONSUME(Clock) }, { ALT: () => this.CONSUME(TimeLiteral) }])
    const span = this.spanOf(token)
    if (!this.RECORDING_PHASE) {
      const text = token.image
      const advice = timeAdvice(token.tokenType === Clock ? `2000-01-01T${text}Z` : text)
      if (advice !== null) this.note(problem('W0114', span, { text, kind: 'a time', advice }))
    }
    return { text: token.image, span }
  })

  /** `settle`, or `refunds.settle` where two policies have a rule of that name. */
  private readonly ruleName: ParserMethod<[], Name> = this.RULE('ruleName', (): Name => this.dottedName())

  private readonly expected: ParserMethod<[], TestStep> = this.RULE('testExpectation', (): TestStep => {
    const first = this.CONSUME(keyword.expect)
    const at = null
    return this.choose<TestStep>([
      {
        GATE: () => this.LA(2).tokenType !== Dot,
        ALT: () => {
          const decision = decisionOf(this.CONSUME(DecisionWordToken))
          const rule = this.OPTION(() => {
            this.CONSUME(keyword.by)
            return this.SUBRULE(this.ruleName)
          })
          return { kind: 'expect-decision', decision, rule: rule ?? null, at, span: this.spanFrom(first) }
        },
      },
      {
        GATE: () => this.LA(2).tokenType === keyword.from,
        ALT: () => {
          this.CONSUME(keyword.approval)
          this.CONSUME(keyword.from)
          const role = this.nameOf(this.CONSUME2(Word))
          return { kind: 'expect-approval', role, at, span: this.spanFrom(first) }
        },
      },
      {
        GATE: () => this.atStatus(),
        ALT: () => {
          const status = this.OR2([
            { ALT: () => this.status('fulfilled') },
            { ALT: () => this.status('breached') },
            { ALT: () => this.status('pending') },
            { ALT: () => this.status('cancelled') },
          ])
          const rule = this.SUBRULE2(this.ruleName)
          return { kind: 'expect-status', status, rule, at, span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.then)
          return {
            kind: 'expect-obligation',
            obligation: this.SUBRULE(this.obligation),
            at,
            span: this.spanFrom(first),
          }
        },
      },
      {
        GATE: () => this.atStatus(),
        ALT: () => {
          this.CONSUME(keyword.problem)
          const code = this.nameOf(this.CONSUME4(Word))
          return { kind: 'expect-problem', code, at, span: this.spanFrom(first) }
        },
      },
      { ALT: () => ({ kind: 'expect-value', value: this.SUBRULE(this.expression), at, span: this.spanFrom(first) }) },
    ])
  })

  private status<T extends 'fulfilled' | 'breached' | 'pending' | 'cancelled'>(word: T): T {
    this.CONSUME(keyword[word])
    return word
  }

  /** True where the next word is followed by a name on its line, as `fulfilled RULE` and `problem CODE` are. */
  private atStatus(): boolean {
    const next = this.LA(2)
    return isWord(next.tokenType) && !this.startsLine(next) && !stepWords.has(next.tokenType)
  }
}

function isWord(type: Parameters<typeof isA>[0]): boolean {
  return isA(type, Word)
}

const stepWords = new Set([keyword.given, keyword.at, keyword.expect, keyword.approve])
