/** Declarations about policies rather than events: roles, tables, layers, rollouts, exceptions, indicators, objectives, sinks, properties. */
import type { ParserMethod, TokenType } from 'chevrotain'
import type {
  BoundOperator,
  BudgetCondition,
  DecisionWord,
  DelegationSyntax,
  ExceptionDeclaration,
  ExceptionItem,
  Expression,
  FieldModifier,
  IndicatorDeclaration,
  LayersDeclaration,
  Name,
  ObjectiveDeclaration,
  ObjectiveItem,
  PropertyDeclaration,
  PropertyItem,
  RoleDeclaration,
  RolloutDeclaration,
  RolloutItem,
  SinkDeclaration,
  TableDeclaration,
} from '../syntax.ts'
import { exceptionBody, objectiveBody, propertyBody, roleBody, rolloutBody, sinkBody } from './clauses.ts'
import { decisionOf } from './effect-rules.ts'
import { textOf } from './literals.ts'
import { PolicyRules } from './policy-rules.ts'
import {
  Assign,
  Comma,
  DecisionWordToken,
  Dot,
  Greater,
  GreaterOrEqual,
  keyword,
  Less,
  LessOrEqual,
  Text,
  Word,
} from './vocabulary.ts'

export abstract class GovernanceRules extends PolicyRules {
  protected readonly role: ParserMethod<[], RoleDeclaration> = this.RULE('role', (): RoleDeclaration => {
    const documentation = this.takeDocumentation()
    const first = this.CONSUME(keyword.role)
    const name = this.nameOf(this.CONSUME(Word))
    const members: Expression[] = []
    const delegations: DelegationSyntax[] = []
    let table: Name | null = null
    this.block(roleBody, () => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(keyword.members)
            this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => members.push(this.SUBRULE(this.expression)) })
          },
        },
        { ALT: () => delegations.push(this.SUBRULE(this.delegation)) },
        {
          ALT: () => {
            this.CONSUME(keyword.from)
            this.CONSUME(keyword.table)
            table = this.nameOf(this.CONSUME2(Word))
          },
        },
      ])
      return null
    })
    return { kind: 'role', name, members, delegations, table, documentation, span: this.spanFrom(first) }
  })

  /** `delegate "ana" to "zoe" [from TIME] [until TIME]` */
  private readonly delegation: ParserMethod<[], DelegationSyntax> = this.RULE('delegation', (): DelegationSyntax => {
    const first = this.CONSUME(keyword.delegate)
    const member = this.SUBRULE(this.expression)
    this.CONSUME(keyword.to)
    const deputy = this.SUBRULE2(this.expression)
    const from = this.OPTION({
      GATE: () => this.LA(2).tokenType !== keyword.table,
      DEF: () => {
        this.CONSUME(keyword.from)
        return this.SUBRULE3(this.expression)
      },
    })
    const until = this.OPTION2(() => {
      this.CONSUME(keyword.until)
      return this.SUBRULE4(this.expression)
    })
    return { member, deputy, from: from ?? null, until: until ?? null, span: this.spanFrom(first) }
  })

  /** `table NAME by KEY, … from CONTRACT [where …] { field: value }` */
  protected readonly table: ParserMethod<[], TableDeclaration> = this.RULE('table', (): TableDeclaration => {
    const documentation = this.takeDocumentation()
    const first = this.CONSUME(keyword.table)
    const name = this.nameOf(this.CONSUME(Word))
    const keys: Name[] = []
    this.CONSUME(keyword.by)
    this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => keys.push(this.nameOf(this.CONSUME2(Word))) })
    this.CONSUME(keyword.from)
    const contract = this.nameOf(this.CONSUME3(Word))
    const where = this.OPTION(() => {
      this.CONSUME(keyword.where)
      return this.SUBRULE(this.expression)
    })
    const fields = this.SUBRULE(this.recordFields)
    return {
      kind: 'table',
      name,
      keys,
      contract,
      where: where ?? null,
      fields,
      documentation,
      span: this.spanFrom(first),
    }
  })

  /** `layers global > region > team` */
  protected readonly layers: ParserMethod<[], LayersDeclaration> = this.RULE('layers', (): LayersDeclaration => {
    const documentation = this.takeDocumentation()
    const first = this.CONSUME(keyword.layers)
    const names: Name[] = []
    this.AT_LEAST_ONE_SEP({ SEP: Greater, DEF: () => names.push(this.nameOf(this.CONSUME(Word))) })
    return { kind: 'layers', names, documentation, span: this.spanFrom(first) }
  })

  /** `rollout NAME of POLICY [version V] { clauses }` */
  protected readonly rollout: ParserMethod<[], RolloutDeclaration> = this.RULE('rollout', (): RolloutDeclaration => {
    const documentation = this.takeDocumentation()
    const first = this.CONSUME(keyword.rollout)
    const name = this.nameOf(this.CONSUME(Word))
    this.CONSUME(keyword.of)
    const policy = this.nameOf(this.CONSUME2(Word))
    const version = this.OPTION(() => this.SUBRULE(this.version))
    const items = this.block(rolloutBody, () => this.SUBRULE(this.rolloutItem))
    return {
      kind: 'rollout',
      name,
      policy,
      version: version ?? null,
      items,
      documentation,
      span: this.spanFrom(first),
    }
  })

  private readonly rolloutItem: ParserMethod<[], RolloutItem> = this.RULE('rolloutItem', (): RolloutItem => {
    const first = this.LA(1)
    return this.choose<RolloutItem>([
      {
        ALT: () => {
          this.CONSUME(keyword.owner)
          const token = this.CONSUME(Text)
          return { kind: 'owner', owner: this.ACTION(() => textOf(token, this.note)), span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.replaces)
          const policy = this.nameOf(this.CONSUME(Word))
          return { kind: 'replaces', policy, span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.from)
          const time = this.SUBRULE(this.expression)
          return { kind: 'from', time, span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.until)
          const time = this.SUBRULE2(this.expression)
          return { kind: 'until', time, span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.shadow)
          const duration = this.OPTION(() => {
            this.CONSUME(keyword.for)
            return this.SUBRULE3(this.expression)
          })
          return { kind: 'shadow', duration: duration ?? null, span: this.spanFrom(first) }
        },
      },
      { ALT: () => this.SUBRULE(this.canary) },
      {
        ALT: () => {
          this.CONSUME(keyword.promote)
          this.CONSUME(keyword.when)
          const condition = this.SUBRULE4(this.expression)
          return { kind: 'promote', condition, span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.rollback)
          this.CONSUME2(keyword.when)
          const condition = this.SUBRULE5(this.expression)
          return { kind: 'rollback', condition, span: this.spanFrom(first) }
        },
      },
    ])
  })

  /** `canary 10% by customer [for 3d]` */
  private readonly canary: ParserMethod<[], RolloutItem> = this.RULE('canary', (): RolloutItem => {
    const first = this.CONSUME(keyword.canary)
    const share = this.SUBRULE(this.expression)
    const keys: Name[] = []
    this.CONSUME(keyword.by)
    this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => keys.push(this.nameOf(this.CONSUME(Word))) })
    const duration = this.OPTION(() => {
      this.CONSUME(keyword.for)
      return this.SUBRULE2(this.expression)
    })
    return { kind: 'canary', share, keys, duration: duration ?? null, span: this.spanFrom(first) }
  })

  protected readonly exception: ParserMethod<[], ExceptionDeclaration> = this.RULE(
    'exception',
    (): ExceptionDeclaration => {
      const documentation = this.takeDocumentation()
      const first = this.CONSUME(keyword.exception)
      const name = this.nameOf(this.CONSUME(Word))
      const items = this.block(exceptionBody, () => this.SUBRULE(this.exceptionItem))
      return { kind: 'exception', name, items, documentation, span: this.spanFrom(first) }
    },
  )

  private readonly exceptionItem: ParserMethod<[], ExceptionItem> = this.RULE('exceptionItem', (): ExceptionItem => {
    const first = this.LA(1)
    return this.choose<ExceptionItem>([
      {
        ALT: () => {
          this.CONSUME(keyword.rule)
          const policy = this.nameOf(this.CONSUME(Word))
          this.CONSUME(Dot)
          const rule = this.nameOf(this.CONSUME2(Word))
          return { kind: 'rule', policy, rule, span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.when)
          const condition = this.SUBRULE(this.expression)
          return { kind: 'when', condition, span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.granted)
          this.CONSUME(keyword.by)
          const by = this.SUBRULE2(this.expression)
          return { kind: 'granted', by, span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.from)
          const time = this.SUBRULE3(this.expression)
          return { kind: 'from', time, span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.until)
          const time = this.SUBRULE4(this.expression)
          return { kind: 'until', time, span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.because)
          const token = this.CONSUME(Text)
          return { kind: 'because', text: this.ACTION(() => textOf(token, this.note)), span: this.spanFrom(first) }
        },
      },
    ])
  })

  /** `indicator NAME = EXPRESSION` */
  protected readonly indicator: ParserMethod<[], IndicatorDeclaration> = this.RULE(
    'indicator',
    (): IndicatorDeclaration => {
      const documentation = this.takeDocumentation()
      const first = this.CONSUME(keyword.indicator)
      const name = this.nameOf(this.CONSUME(Word))
      this.CONSUME(Assign)
      const value = this.SUBRULE(this.expression)
      return { kind: 'indicator', name, value, documentation, span: this.spanFrom(first) }
    },
  )

  /** `objective NAME of INDICATOR { target … warn when … }` */
  protected readonly objective: ParserMethod<[], ObjectiveDeclaration> = this.RULE(
    'objective',
    (): ObjectiveDeclaration => {
      const documentation = this.takeDocumentation()
      const first = this.CONSUME(keyword.objective)
      const name = this.nameOf(this.CONSUME(Word))
      this.CONSUME(keyword.of)
      const indicator = this.nameOf(this.CONSUME2(Word))
      const items = this.block(objectiveBody, () => this.SUBRULE(this.objectiveItem))
      return { kind: 'objective', name, indicator, items, documentation, span: this.spanFrom(first) }
    },
  )

  private readonly objectiveItem: ParserMethod<[], ObjectiveItem> = this.RULE('objectiveItem', (): ObjectiveItem => {
    const first = this.LA(1)
    return this.choose<ObjectiveItem>([
      {
        ALT: () => {
          this.CONSUME(keyword.owner)
          const token = this.CONSUME(Text)
          return { kind: 'owner', owner: this.ACTION(() => textOf(token, this.note)), span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.target)
          const operator = this.SUBRULE(this.boundOperator)
          const value = this.withoutSequences(() => this.SUBRULE(this.postfix))
          const range = this.OPTION(() => this.SUBRULE(this.range))
          return { kind: 'target', operator, value, range: range ?? null, span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.warn)
          const text = this.OPTION2(() => {
            const token = this.CONSUME2(Text)
            return this.ACTION(() => textOf(token, this.note))
          })
          this.CONSUME(keyword.when)
          const conditions: BudgetCondition[] = []
          this.AT_LEAST_ONE_SEP({
            SEP: keyword.and,
            DEF: () => conditions.push(this.SUBRULE(this.budgetCondition)),
          })
          return { kind: 'warn', text: text ?? null, conditions, span: this.spanFrom(first) }
        },
      },
    ])
  })

  /** `burn > 14 over 1h`, `remaining < 20%` */
  private readonly budgetCondition: ParserMethod<[], BudgetCondition> = this.RULE(
    'budgetCondition',
    (): BudgetCondition => {
      const first = this.CONSUME(Word)
      const operator = this.SUBRULE(this.boundOperator)
      const limit = this.withoutSequences(() => this.SUBRULE(this.postfix))
      const over = this.OPTION(() => {
        this.CONSUME(keyword.over)
        return this.SUBRULE(this.duration)
      })
      return { measure: this.nameOf(first), operator, limit, over: over ?? null, span: this.spanFrom(first) }
    },
  )

  private readonly boundOperator: ParserMethod<[], BoundOperator> = this.RULE(
    'boundOperator',
    (): BoundOperator =>
      this.choose<BoundOperator>([
        { ALT: () => this.comparison('>=', GreaterOrEqual) },
        { ALT: () => this.comparison('>', Greater) },
        { ALT: () => this.comparison('<=', LessOrEqual) },
        { ALT: () => this.comparison('<', Less) },
      ]),
  )

  private comparison(operator: BoundOperator, type: TokenType): BoundOperator {
    this.CONSUME(type)
    return operator
  }

  /** `sink NAME { accepts CLASS, … }` */
  protected readonly sink: ParserMethod<[], SinkDeclaration> = this.RULE('sink', (): SinkDeclaration => {
    const documentation = this.takeDocumentation()
    const first = this.CONSUME(keyword.sink)
    const name = this.nameOf(this.CONSUME(Word))
    const accepts: FieldModifier[] = []
    this.block(sinkBody, () => {
      this.CONSUME(keyword.accepts)
      this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => accepts.push(this.SUBRULE(this.modifier)) })
      return null
    })
    return { kind: 'sink', name, accepts, documentation, span: this.spanFrom(first) }
  })

  protected readonly property: ParserMethod<[], PropertyDeclaration> = this.RULE(
    'property',
    (): PropertyDeclaration => {
      const documentation = this.takeDocumentation()
      const first = this.CONSUME(keyword.property)
      const name = this.nameOf(this.CONSUME(Word))
      const token = this.OPTION(() => this.CONSUME(Text))
      const title = token === undefined ? null : this.ACTION(() => textOf(token, this.note))
      const items = this.block(propertyBody, () => this.SUBRULE(this.propertyItem))
      return { kind: 'property', name, title, items, documentation, span: this.spanFrom(first) }
    },
  )

  private readonly propertyItem: ParserMethod<[], PropertyItem> = this.RULE('propertyItem', (): PropertyItem => {
    const first = this.LA(1)
    return this.choose<PropertyItem>([
      {
        ALT: () => {
          this.CONSUME(keyword.for)
          this.CONSUME(keyword.all)
          const contracts: Name[] = []
          this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => contracts.push(this.nameOf(this.CONSUME(Word))) })
          const alias = this.OPTION(() => {
            this.CONSUME(keyword.as)
            return this.nameOf(this.CONSUME2(Word))
          })
          const where = this.OPTION2(() => {
            this.CONSUME(keyword.where)
            return this.SUBRULE(this.expression)
          })
          return { kind: 'for', contracts, alias: alias ?? null, where: where ?? null, span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.never)
          return { kind: 'claim', always: false, ...this.SUBRULE(this.claimed), span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.always)
          return { kind: 'claim', always: true, ...this.SUBRULE2(this.claimed), span: this.spanFrom(first) }
        },
      },
    ])
  })

  /** `permit or warn [by NAME]` */
  private readonly claimed: ParserMethod<[], Claimed> = this.RULE('claimed', (): Claimed => {
    const decisions: DecisionWord[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: keyword.or,
      DEF: () => decisions.push(decisionOf(this.CONSUME(DecisionWordToken))),
    })
    const by = this.OPTION(() => {
      this.CONSUME(keyword.by)
      return this.SUBRULE(this.claimedBy)
    })
    return { decisions, by: by ?? null }
  })

  private readonly claimedBy: ParserMethod<[], Name> = this.RULE('claimedBy', (): Name => this.dottedName())
}

type Claimed = Pick<Extract<PropertyItem, { readonly kind: 'claim' }>, 'decisions' | 'by'>
