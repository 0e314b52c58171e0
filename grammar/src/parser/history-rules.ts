/** The history forms: aggregates, `exists` and `no`, sequences, and the windows that bound them. */
import type { IToken, ParserMethod } from 'chevrotain'
import { aggregateFunctions } from '../keywords.ts'
import { problem } from '../problems/index.ts'
import type {
  AggregateExpression,
  AggregateFunction,
  CallArgument,
  EventPattern,
  Expression,
  KeySyntax,
  RangeSyntax,
  WindowSyntax,
} from '../syntax.ts'
import { BaseRules } from './base-rules.ts'
import { endOf } from './lex.ts'
import { Assign, Comma, Dot, keyword, Text, Word } from './vocabulary.ts'

type CalendarUnit = 'hour' | 'day' | 'week' | 'month'
type Subject = Pick<EventPattern, 'stream' | 'contract' | 'rule'>
type Alternatives<T> = { ALT: () => T }[]

export abstract class HistoryRules extends BaseRules {
  protected abstract readonly expression: ParserMethod<[], Expression>
  protected abstract readonly postfix: ParserMethod<[], Expression>

  /** `EVENT [as x] [where condition]`; instead of the event also `decisions of POLICY` or `outcomes of POLICY.RULE` */
  protected readonly eventPattern: ParserMethod<[], EventPattern> = this.RULE('eventPattern', (): EventPattern => {
    const first = this.LA(1)
    const { stream, contract, rule } = this.SUBRULE(this.subject)
    const alias = this.OPTION(() => {
      this.CONSUME(keyword.as)
      return this.nameOf(this.CONSUME(Word))
    })
    const where = this.OPTION2(() => {
      this.CONSUME(keyword.where)
      return this.withoutSequences(() => this.SUBRULE(this.expression))
    })
    return { stream, contract, rule, alias: alias ?? null, where: where ?? null, span: this.spanFrom(first) }
  })

  private readonly subject: ParserMethod<[], Subject> = this.RULE('subject', (): Subject => {
    return this.choose<Subject>([
      {
        GATE: () => this.LA(2).tokenType === keyword.of,
        ALT: () => {
          this.CONSUME(keyword.decisions)
          this.CONSUME(keyword.of)
          return { stream: 'decisions', contract: this.nameOf(this.CONSUME(Word)), rule: null }
        },
      },
      {
        GATE: () => this.LA(2).tokenType === keyword.of,
        ALT: () => {
          this.CONSUME(keyword.outcomes)
          this.CONSUME2(keyword.of)
          const contract = this.nameOf(this.CONSUME2(Word))
          this.CONSUME(Dot)
          return { stream: 'outcomes', contract, rule: this.nameOf(this.CONSUME3(Word)) }
        },
      },
      { ALT: () => ({ stream: null, contract: this.nameOf(this.CONSUME4(Word)), rule: null }) },
    ])
  })

  /** `by KEY, … (over D | per UNIT | since EVENT) [before this]` */
  protected readonly window: ParserMethod<[], WindowSyntax> = this.RULE('window', (): WindowSyntax => {
    const first = this.LA(1)
    let everyone = false
    const keys = this.OPTION(() => {
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
    const range = this.OPTION2(() => this.SUBRULE(this.range))
    const before = this.OPTION3(() => {
      this.CONSUME(keyword.before)
      this.CONSUME(keyword.this)
      return true
    })
    const last = this.LA(0)
    const start = first.startOffset <= last.startOffset ? first.startOffset : endOf(last)
    return {
      keys: keys ?? [],
      everyone,
      range: range ?? null,
      beforeThis: before === true,
      span: { start, end: endOf(last) },
    }
  })

  protected readonly keyList: ParserMethod<[], readonly KeySyntax[]> = this.RULE(
    'keyList',
    (): readonly KeySyntax[] => {
      const keys: KeySyntax[] = []
      this.AT_LEAST_ONE_SEP({
        SEP: Comma,
        DEF: () => {
          const first = this.CONSUME(Word)
          const value = this.OPTION(() => {
            this.CONSUME(Assign)
            return this.withoutSequences(() => this.SUBRULE(this.postfix))
          })
          keys.push({ name: this.nameOf(first), value: value ?? null, span: this.spanFrom(first) })
        },
      })
      return keys
    },
  )

  protected readonly range: ParserMethod<[], RangeSyntax> = this.RULE('range', (): RangeSyntax => {
    const first = this.LA(1)
    return this.choose<RangeSyntax>([
      {
        ALT: () => {
          this.CONSUME(keyword.over)
          const duration = this.SUBRULE(this.duration)
          return { kind: 'over', duration, span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.per)
          const unit = this.OR2<Alternatives<CalendarUnit>>([
            { ALT: () => this.take('hour', keyword.hour) },
            { ALT: () => this.take('day', keyword.day) },
            { ALT: () => this.take('week', keyword.week) },
            { ALT: () => this.take('month', keyword.month) },
          ])
          const zone = this.OPTION({
            GATE: () => this.LA(2).tokenType === Text,
            DEF: () => {
              this.CONSUME(keyword.in)
              return this.CONSUME(Text).image.slice(1, -1)
            },
          })
          return { kind: 'per', unit, zone: zone ?? null, span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.since)
          const event = this.SUBRULE(this.eventPattern)
          return { kind: 'since', event, span: this.spanFrom(first) }
        },
      },
    ])
  })

  /** A duration, or a name that stands for one. A bare number is reported: it has no unit. */
  protected readonly duration: ParserMethod<[], Expression> = this.RULE('duration', (): Expression => {
    const value = this.withoutSequences(() => this.SUBRULE(this.postfix))
    if (!this.RECORDING_PHASE && value.kind === 'literal' && value.literal.kind === 'number') {
      const at = { start: value.span.end, end: value.span.end }
      const number = this.LA(0).image
      const units = [
        ['s', 'seconds'],
        ['m', 'minutes'],
        ['h', 'hours'],
        ['d', 'days'],
      ]
      const fixes = units.map(([unit, name]) => ({
        title: `${number} ${name}`,
        edits: [{ span: at, text: unit ?? '' }],
      }))
      this.note(problem('W0109', value.span, { number }, { fixes }))
    }
    return value
  })

  /** `exists EVENT …`, `no EVENT …` */
  protected readonly existence: ParserMethod<[], Expression> = this.RULE('existence', (): Expression => {
    const first = this.LA(1)
    const negated = this.OR([
      { ALT: () => this.take(false, keyword.exists) },
      { ALT: () => this.take(true, keyword.no) },
    ])
    const event = this.SUBRULE(this.eventPattern)
    const window = this.SUBRULE(this.window)
    return { kind: 'exists', negated, event, window, span: this.spanFrom(first) }
  })

  /** `A [where …] then B [where …] by KEY over D` */
  protected readonly sequence: ParserMethod<[], Expression> = this.RULE('sequence', (): Expression => {
    const first = this.LA(1)
    const steps: EventPattern[] = []
    this.AT_LEAST_ONE_SEP({ SEP: keyword.then, DEF: () => steps.push(this.SUBRULE(this.eventPattern)) })
    const window = this.SUBRULE(this.window)
    const span = this.spanFrom(first)
    const [only] = steps
    if (!this.RECORDING_PHASE && steps.length === 1 && only !== undefined) {
      const at = { start: only.contract.span.start, end: only.contract.span.start }
      const fixes = [{ title: 'Ask whether it exists', edits: [{ span: at, text: 'exists ' }] }]
      const found = `\`${only.contract.text} where\``
      this.note(
        problem(
          'W0101',
          only.contract.span,
          { found, expected: '`exists`, `no` or `count of` before the event' },
          { fixes },
        ),
      )
    }
    return { kind: 'sequence', steps, window, span }
  })

  /** True where the next tokens begin a sequence: a name, then `then`, `where` or `as`. */
  protected atSequence(): boolean {
    if (!this.sequences) return false
    const second = this.LA(2).tokenType
    if (second === keyword.where) return true
    if (second === keyword.then) return afterEvent.has(this.LA(4).tokenType)
    return second === keyword.as && (this.LA(4).tokenType === keyword.where || this.LA(4).tokenType === keyword.then)
  }

  /** What stands after `of`, and the aggregate it makes with the function named before. */
  protected aggregate(
    first: IToken,
    name: AggregateFunction,
    given: readonly CallArgument[],
    against: Expression | null,
  ): Expression {
    const event = this.SUBRULE(this.eventPattern)
    const window = this.SUBRULE(this.window)
    if (this.RECORDING_PHASE) return missing
    const [value, parameter, extra] = given
    const span = this.spanFrom(first)
    if (extra !== undefined)
      this.note(problem('W0101', extra.value.span, { found: 'a further argument', expected: '`)`' }))
    if (value === undefined && name !== 'count') {
      const expected = name === 'share' ? '`(condition)`' : '`(value)`'
      this.note(
        problem('W0101', this.spanOf(first), {
          found: `\`${name}\` alone`,
          expected: `\`${name}\` with its ${expected}`,
        }),
      )
    }
    if (value !== undefined && name === 'count') {
      this.note(
        problem('W0101', value.value.span, { found: 'a value', expected: '`count of EVENT`, which counts events' }),
      )
    }
    const aggregate: AggregateExpression = {
      kind: 'aggregate',
      function: name,
      value: name === 'count' ? null : (value?.value ?? { kind: 'missing', span: this.spanOf(first) }),
      parameter: against ?? parameter?.value ?? null,
      option: against === null ? null : (parameter?.value ?? null),
      event,
      window,
      span,
    }
    return aggregate
  }

  protected withoutSequences<T>(read: () => T): T {
    const before = this.sequences
    this.sequences = false
    const value = read()
    this.sequences = before
    return value
  }

  protected withSequences<T>(read: () => T): T {
    const before = this.sequences
    this.sequences = true
    const value = read()
    this.sequences = before
    return value
  }

  private take<T>(value: T, type: Parameters<typeof this.CONSUME>[0]): T {
    this.CONSUME(type)
    return value
  }
}

/** The aggregate that a name stands for; null for other names. */
export function aggregateNamed(name: string): AggregateFunction | null {
  return aggregateFunctions.find(known => known === name) ?? null
}

/** Stands for a tree while the grammar records itself. */
export const missing: Expression = { kind: 'missing', span: { start: 0, end: 0 } }

const afterEvent = new Set([
  keyword.then,
  keyword.where,
  keyword.as,
  keyword.by,
  keyword.over,
  keyword.per,
  keyword.since,
  keyword.before,
])
