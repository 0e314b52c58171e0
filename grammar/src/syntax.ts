/**
 * The syntax tree of a `.writ` file: plain readonly data, one discriminated union per syntactic category.
 *
 * INVARIANT: every span is relative to the start of its top-level declaration, so that a declaration whose text
 * did not change can be reused when text above it moves. `PlacedDeclaration.start` gives the place in the file.
 * Trees are total: where the text is broken, a list is shorter or an expression is `{ kind: 'missing' }`, never undefined.
 * Meaning (names, types) lives in the engine, in side tables; nothing here knows it.
 */
import type { Problem } from './problems/problem.ts'
import type { Span } from './span.ts'

export type { Span } from './span.ts'

interface Node {
  readonly span: Span
}

/** An identifier as written. */
export interface Name extends Node {
  readonly text: string
}

/** What `parse` gives for one file. Never partial: broken declarations are there as `broken`. */
export interface SourceFile {
  readonly path: string
  readonly text: string
  readonly declarations: readonly PlacedDeclaration[]
}

/** One top-level declaration with its place; reused as a whole when its text is unchanged. */
export interface PlacedDeclaration {
  /** Offset in the file of the first character of the declaration, its `///` documentation included. */
  readonly start: number
  readonly end: number
  readonly text: string
  readonly syntax: Declaration
  /** Spans relative to `start`. */
  readonly problems: readonly Problem[]
}

export type Declaration =
  | ModuleDeclaration
  | UseDeclaration
  | TypeDeclaration
  | ContractDeclaration
  | SourceDeclaration
  | SampleDeclaration
  | RoleDeclaration
  | TableDeclaration
  | DefineDeclaration
  | PolicyDeclaration
  | LayersDeclaration
  | RolloutDeclaration
  | ExceptionDeclaration
  | IndicatorDeclaration
  | ObjectiveDeclaration
  | SinkDeclaration
  | TestDeclaration
  | PropertyDeclaration
  | BrokenDeclaration

interface Documented extends Node {
  /** Text of the `///` lines, joined by newlines, without the slashes. */
  readonly documentation: string | null
}

/** `module refunds` or `module acme.refunds`. */
export interface ModuleDeclaration extends Documented {
  readonly kind: 'module'
  readonly name: Name
}

/** `use events { RefundRequested, RefundIssued as Issued }`. */
export interface UseDeclaration extends Documented {
  readonly kind: 'use'
  readonly module: Name
  readonly names: readonly UsedName[]
}
export interface UsedName extends Node {
  readonly name: Name
  readonly alias: Name | null
}

/** `type Channel = enum { chat, email }`. */
export interface TypeDeclaration extends Documented {
  readonly kind: 'type'
  readonly name: Name
  readonly type: TypeExpression
}

export type TypeExpression =
  | NamedType
  | (Node & { readonly kind: 'enum'; readonly members: readonly Name[] })
  | (Node & { readonly kind: 'record-type'; readonly fields: readonly FieldSyntax[] })
  | (Node & { readonly kind: 'list-type'; readonly element: TypeExpression })
  | (Node & { readonly kind: 'optional-type'; readonly inner: TypeExpression })
  /** `Decimal in 0 .. 1`, bounds inclusive. */
  | (Node & {
      readonly kind: 'range-type'
      readonly base: TypeExpression
      readonly low: Expression
      readonly high: Expression
    })
  /** `String matches "[A-Z]{2}[0-9]+"`, the whole value. */
  | (Node & { readonly kind: 'pattern-type'; readonly base: TypeExpression; readonly pattern: string })
  | (Node & { readonly kind: 'missing-type' })

/** `String`, `Channel`, or `Money<EUR>` with its currency as the argument. */
export interface NamedType extends Node {
  readonly kind: 'named-type'
  readonly name: Name
  readonly argument: Name | null
}

export interface FieldSyntax extends Documented {
  readonly name: Name
  readonly type: TypeExpression
  /** `key`, `time`, `secret`, `personal(identifier)`, or an author's privacy class, in source order. */
  readonly modifiers: readonly FieldModifier[]
}
export interface FieldModifier extends Node {
  readonly name: Name
  readonly argument: Name | null
}

/** `2.1.0` */
export interface VersionSyntax extends Node {
  readonly text: string
}

export interface ContractDeclaration extends Documented {
  readonly kind: 'contract'
  readonly name: Name
  readonly version: VersionSyntax | null
  readonly fields: readonly FieldSyntax[]
  readonly items: readonly ContractItem[]
}
export type ContractItem =
  | (Node & { readonly kind: 'owner'; readonly owner: string })
  | (Node & { readonly kind: 'compatibility'; readonly mode: Name; readonly transitive: boolean })
  | CheckItem
  /** `quality completeness(risk) >= 99% over 1d` */
  | (Node & { readonly kind: 'quality'; readonly condition: Expression; readonly over: Expression })
  | (Node & { readonly kind: 'freshness'; readonly duration: Expression })
  | (Node & { readonly kind: 'retention'; readonly duration: Expression })
/** `check amount > 0 USD else reject "a refund is positive"`; without `else`, reject. */
export interface CheckItem extends Node {
  readonly kind: 'check'
  readonly condition: Expression
  readonly otherwise: 'reject' | 'warn'
  readonly message: string | null
}

/**
 * `source runs { format chat  files "runs/*.json"  time order  lateness 5m record  map ToolCall when … { tool = function } }`.
 * The expressions of `map` speak of the raw record: a bare name is a top-level member of it (see docs/language.md).
 */
export interface SourceDeclaration extends Documented {
  readonly kind: 'source'
  readonly name: Name
  readonly items: readonly SourceItem[]
}
export type SourceItem =
  | (Node & { readonly kind: 'format'; readonly format: Name })
  | (Node & { readonly kind: 'files'; readonly patterns: readonly string[] })
  /** `time at as iso8601`, `time at as seconds`, `time at as milliseconds`, or `time order`. */
  | (Node & { readonly kind: 'time'; readonly path: Expression; readonly unit: Name | null })
  | (Node & { readonly kind: 'lateness'; readonly duration: Expression; readonly mode: Name | null })
  | MapItem
export interface MapItem extends Node {
  readonly kind: 'map'
  readonly contract: Name
  readonly when: Expression | null
  /** Fields that are not listed are read from the raw member of the same name. */
  readonly fields: readonly FieldValue[]
}

/** `agent: r.agent` in records and steps, `amount = args.amount` in `map`. */
export interface FieldValue extends Node {
  readonly name: Name
  readonly value: Expression
}

/** `sample RefundRequested { id: "r1" }`: fills what test steps leave out. */
export interface SampleDeclaration extends Documented {
  readonly kind: 'sample'
  readonly contract: Name
  readonly fields: readonly FieldValue[]
}

/** `role SupportLead { members "ana", "bo"  delegate "ana" to "zoe" }` or `role Lead { from table leads }`. */
export interface RoleDeclaration extends Documented {
  readonly kind: 'role'
  readonly name: Name
  readonly members: readonly Expression[]
  readonly delegations: readonly DelegationSyntax[]
  readonly table: Name | null
}
/** `delegate "ana" to "zoe" from 2026-11-20 until 2026-12-01`: who acts for whom, and when. */
export interface DelegationSyntax extends Node {
  readonly member: Expression
  readonly deputy: Expression
  readonly from: Expression | null
  readonly until: Expression | null
}

/** `table manager_of by employee from EmployeeChanged { manager: manager }`. */
export interface TableDeclaration extends Documented {
  readonly kind: 'table'
  readonly name: Name
  readonly keys: readonly Name[]
  readonly contract: Name
  readonly where: Expression | null
  readonly fields: readonly FieldValue[]
}

/** `define small(amount: Money): Bool = amount <= 50 USD`; without parameters a named value. */
export interface DefineDeclaration extends Documented {
  readonly kind: 'define'
  readonly name: Name
  readonly parameters: readonly Parameter[]
  readonly result: TypeExpression | null
  readonly body: Expression
}
export interface Parameter extends Node {
  readonly name: Name
  readonly type: TypeExpression
}

export interface PolicyDeclaration extends Documented {
  readonly kind: 'policy'
  readonly name: Name
  readonly version: VersionSyntax | null
  readonly items: readonly PolicyItem[]
}
export type DecisionWord = 'permit' | 'warn' | 'hold' | 'deny'
export type PolicyItem =
  | (Node & { readonly kind: 'owner'; readonly owner: string })
  /** `on SendMoney, ScheduleTransaction as r`: what all the contracts have in common is reachable through `r`. */
  | (Node & { readonly kind: 'on'; readonly contracts: readonly Name[]; readonly alias: Name | null })
  | (Node & { readonly kind: 'combine'; readonly mode: Name })
  | (Node & { readonly kind: 'default'; readonly decision: DecisionWord; readonly because: TextTemplate | null })
  | (Node & { readonly kind: 'layer'; readonly layer: Name })
  | (Node & { readonly kind: 'mode'; readonly mode: Name })
  | LetItem
  | RuleItem
export interface LetItem extends Documented {
  readonly kind: 'let'
  readonly name: Name
  readonly value: Expression
}
export interface RuleItem extends Documented {
  readonly kind: 'rule'
  readonly name: Name
  readonly title: string | null
  /** `after RefundIssued as i [where …]`: an expectation starts at this event. */
  readonly after: EventPattern | null
  /** Null: the rule matches every event of its policy. */
  readonly when: Expression | null
  readonly effect: RuleEffect
  readonly because: TextTemplate | null
  readonly then: readonly ObligationSyntax[]
}
export type RuleEffect = DecideEffect | ApprovalEffect | ExpectEffect | (Node & { readonly kind: 'missing-effect' })
/** `deny "text" for 15m by agent`. */
export interface DecideEffect extends Node {
  readonly kind: 'decide'
  readonly decision: DecisionWord
  readonly text: TextTemplate | null
  readonly lasting: LastingSyntax | null
}
/** `for 15m by agent`, `for 15m by all` (`everyone`); without `by` neither. */
export interface LastingSyntax {
  readonly duration: Expression
  readonly keys: readonly KeySyntax[]
  readonly everyone: boolean
}
/** `require approval from SupportLead within 30m else approval from 2 of RiskOfficer within 2h else deny "…"`. */
export interface ApprovalEffect extends Node {
  readonly kind: 'require-approval'
  readonly stages: readonly ApprovalStage[]
  readonly otherwise: DecideEffect | null
}
export interface ApprovalStage extends Node {
  readonly role: Name
  /** How many different people; 1 where the text names no number. */
  readonly quorum: number
  readonly within: Expression | null
}
/** `expect BankConfirmation as b where … within 2d else warn then open_case {…}`. */
export interface ExpectEffect extends Node {
  readonly kind: 'expect'
  readonly event: EventPattern
  readonly within: Expression | null
  /** `unless EVENT [where …]`: what cancels it. */
  readonly unless: EventPattern | null
  readonly otherwise: DecideEffect | null
}
export interface EventPattern extends Node {
  /** `decisions of POLICY` and `outcomes of POLICY.RULE`, of indicators; null: events of a contract. */
  readonly stream: 'decisions' | 'outcomes' | null
  /** The contract, or the policy of the stream. */
  readonly contract: Name
  readonly rule: Name | null
  readonly alias: Name | null
  readonly where: Expression | null
}
/** `then notify pager { agent: r.agent }`: verb, sink (or null), payload. */
export interface ObligationSyntax extends Node {
  readonly verb: Name
  readonly target: Name | null
  readonly fields: readonly FieldValue[]
}

/** `layers global > region > team`. */
export interface LayersDeclaration extends Documented {
  readonly kind: 'layers'
  readonly names: readonly Name[]
}

/** `rollout careful of refund_guardrails version 3.3.0 { shadow for 7d  canary 10% by customer for 3d  promote when … }`. */
export interface RolloutDeclaration extends Documented {
  readonly kind: 'rollout'
  readonly name: Name
  readonly policy: Name
  readonly version: VersionSyntax | null
  readonly items: readonly RolloutItem[]
}
export type RolloutItem =
  | (Node & { readonly kind: 'owner'; readonly owner: string })
  /** `replaces old_guardrails`: the policy that does not count where the new one does. */
  | (Node & { readonly kind: 'replaces'; readonly policy: Name })
  | (Node & { readonly kind: 'from'; readonly time: Expression })
  | (Node & { readonly kind: 'until'; readonly time: Expression })
  | (Node & { readonly kind: 'shadow'; readonly duration: Expression | null })
  | (Node & {
      readonly kind: 'canary'
      readonly share: Expression
      readonly keys: readonly Name[]
      readonly duration: Expression | null
    })
  | (Node & { readonly kind: 'promote'; readonly condition: Expression })
  | (Node & { readonly kind: 'rollback'; readonly condition: Expression })
/** `exception holiday { rule refund_guardrails.velocity  when agent == "a1"  granted by "ana"  until 2026-12-31 }`. */
export interface ExceptionDeclaration extends Documented {
  readonly kind: 'exception'
  readonly name: Name
  readonly items: readonly ExceptionItem[]
}
export type ExceptionItem =
  | (Node & { readonly kind: 'rule'; readonly policy: Name; readonly rule: Name })
  /** Bare names are fields of the event. */
  | (Node & { readonly kind: 'when'; readonly condition: Expression })
  | (Node & { readonly kind: 'granted'; readonly by: Expression })
  | (Node & { readonly kind: 'from'; readonly time: Expression })
  | (Node & { readonly kind: 'until'; readonly time: Expression })
  | (Node & { readonly kind: 'because'; readonly text: string })
/** `indicator settled = share(fulfilled) of outcomes of settlement.confirmed over 30d`. */
export interface IndicatorDeclaration extends Documented {
  readonly kind: 'indicator'
  readonly name: Name
  readonly value: Expression
}
/** `objective settled_in_time of settled { target >= 99% over 30d  warn when burn > 14 over 1h and burn > 14 over 5m }`. */
export interface ObjectiveDeclaration extends Documented {
  readonly kind: 'objective'
  readonly name: Name
  readonly indicator: Name
  readonly items: readonly ObjectiveItem[]
}
export type ObjectiveItem =
  | (Node & { readonly kind: 'owner'; readonly owner: string })
  /** Without a range that of the indicator. */
  | (Node & {
      readonly kind: 'target'
      readonly operator: BoundOperator
      readonly value: Expression
      readonly range: RangeSyntax | null
    })
  | (Node & { readonly kind: 'warn'; readonly text: string | null; readonly conditions: readonly BudgetCondition[] })
export type BoundOperator = '>=' | '>' | '<=' | '<'
/** `burn > 14 over 1h` or `remaining < 20%`. */
export interface BudgetCondition extends Node {
  readonly measure: Name
  readonly operator: BoundOperator
  readonly limit: Expression
  readonly over: Expression | null
}
/** `sink pager { accepts personal(identifier) }`. */
export interface SinkDeclaration extends Documented {
  readonly kind: 'sink'
  readonly name: Name
  readonly accepts: readonly FieldModifier[]
}
/** `property no_big_permits "title" { for all RefundRequested as r where r.amount > 500 USD  never permit }`. */
export interface PropertyDeclaration extends Documented {
  readonly kind: 'property'
  readonly name: Name
  readonly title: string | null
  readonly items: readonly PropertyItem[]
}
export type PropertyItem =
  | (Node & {
      readonly kind: 'for'
      readonly contracts: readonly Name[]
      readonly alias: Name | null
      readonly where: Expression | null
    })
  /** `never permit or warn by refunds`; `by` names a policy, a rule, or a rule of a policy. */
  | (Node & {
      readonly kind: 'claim'
      readonly always: boolean
      readonly decisions: readonly DecisionWord[]
      readonly by: Name | null
    })

export interface TestDeclaration extends Documented {
  readonly kind: 'test'
  readonly title: string
  readonly titleSpan: Span
  readonly steps: readonly TestStep[]
}
export type TestStep =
  | (Node & {
      readonly kind: 'given'
      readonly contract: Name
      readonly fields: readonly FieldValue[]
      readonly at: TimeSyntax | null
    })
  | (Node & { readonly kind: 'at'; readonly at: TimeSyntax })
  | (Node & {
      readonly kind: 'approve'
      readonly person: Expression
      readonly role: Name
      readonly at: TimeSyntax | null
    })
  | (Node & {
      readonly kind: 'expect-decision'
      readonly decision: DecisionWord
      readonly rule: Name | null
      readonly at: TimeSyntax | null
    })
  | (Node & { readonly kind: 'expect-approval'; readonly role: Name; readonly at: TimeSyntax | null })
  | (Node & {
      readonly kind: 'expect-status'
      readonly status: 'fulfilled' | 'breached' | 'pending' | 'cancelled'
      readonly rule: Name
      readonly at: TimeSyntax | null
    })
  | (Node & {
      readonly kind: 'expect-obligation'
      readonly obligation: ObligationSyntax
      readonly at: TimeSyntax | null
    })
  | (Node & { readonly kind: 'expect-problem'; readonly code: Name; readonly at: TimeSyntax | null })
  | (Node & { readonly kind: 'expect-value'; readonly value: Expression; readonly at: TimeSyntax | null })

/** `09:00`, `09:00:07.250`, or `2026-11-20T09:00:00Z`. */
export interface TimeSyntax extends Node {
  readonly text: string
}

/** A declaration the parser could not make sense of; its problems say why. Its text is kept by the formatter. */
export interface BrokenDeclaration extends Documented {
  readonly kind: 'broken'
}

/** A text with `{expression}` holes: `"{r.amount} is above 50 USD"`. `{{` and `}}` are literal braces. */
export interface TextTemplate extends Node {
  readonly parts: readonly TemplatePart[]
}
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'hole'; readonly value: Expression }

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>='
export type TextOperator = 'contains' | 'starts_with' | 'ends_with' | 'like' | 'matches'
export type AggregateFunction =
  | 'count'
  | 'sum'
  | 'avg'
  | 'min'
  | 'max'
  | 'distinct'
  | 'share'
  | 'quantile'
  | 'last'
  | 'first'
  | 'drift'

export type Expression =
  | LiteralExpression
  | (Node & { readonly kind: 'name'; readonly name: Name })
  /** `r.amount` */
  | (Node & { readonly kind: 'member'; readonly object: Expression; readonly member: Name })
  | (Node & { readonly kind: 'it' })
  | (Node & { readonly kind: 'now' })
  | (Node & { readonly kind: 'not'; readonly operand: Expression })
  | (Node & { readonly kind: 'negate'; readonly operand: Expression })
  /** Flat: `a and b and c` is one node with three operands. */
  | (Node & { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[] })
  | (Node & {
      readonly kind: 'compare'
      readonly operator: ComparisonOperator
      readonly left: Expression
      readonly right: Expression
    })
  | (Node & {
      readonly kind: 'text-test'
      readonly operator: TextOperator
      readonly negated: boolean
      readonly left: Expression
      readonly right: Expression
    })
  /** `x in [a, b]`, `x not in [a, b]` or `x in list_valued_expression`. */
  | (Node & {
      readonly kind: 'in-list'
      readonly negated: boolean
      readonly item: Expression
      readonly list: Expression
    })
  /** `x in low .. high`, inclusive. */
  | (Node & {
      readonly kind: 'in-range'
      readonly negated: boolean
      readonly item: Expression
      readonly low: Expression
      readonly high: Expression
    })
  /** `x is present`, `x is absent` (negated). */
  | (Node & { readonly kind: 'present'; readonly negated: boolean; readonly operand: Expression })
  | (Node & {
      readonly kind: 'arithmetic'
      readonly operator: '+' | '-' | '*' | '/'
      readonly left: Expression
      readonly right: Expression
    })
  /** `x ?? y` */
  | (Node & { readonly kind: 'default'; readonly value: Expression; readonly otherwise: Expression })
  | (Node & {
      readonly kind: 'if'
      readonly condition: Expression
      readonly then: Expression
      readonly otherwise: Expression
    })
  | (Node & { readonly kind: 'call'; readonly function: Name; readonly arguments: readonly CallArgument[] })
  | (Node & { readonly kind: 'list'; readonly items: readonly Expression[] })
  | (Node & { readonly kind: 'record'; readonly fields: readonly FieldValue[] })
  /** `any x in r.recipients where x ends_with "@evil.example"`, `all x in …`. */
  | (Node & {
      readonly kind: 'quantified'
      readonly quantifier: 'any' | 'all'
      readonly variable: Name
      readonly list: Expression
      readonly where: Expression
    })
  | AggregateExpression
  | ExistsExpression
  | SequenceExpression
  | (Node & { readonly kind: 'missing' })

/** `mask(x, keep: 4)` */
export interface CallArgument extends Node {
  readonly label: Name | null
  readonly value: Expression
}

export type LiteralExpression = Node & {
  readonly kind: 'literal'
  readonly literal:
    | { readonly kind: 'bool'; readonly value: boolean }
    | { readonly kind: 'string'; readonly value: string }
    /** Digits as written without `_`, e.g. `1200.50`; an Int when there is no point. */
    | { readonly kind: 'number'; readonly text: string }
    /** `95%` gives `95`. */
    | { readonly kind: 'percent'; readonly text: string }
    /** `50 USD` */
    | { readonly kind: 'money'; readonly text: string; readonly currency: string }
    /** `90s`, `1h30m`: milliseconds. */
    | { readonly kind: 'duration'; readonly milliseconds: number; readonly text: string }
    /** `2026-11-20` (midnight UTC) or `2026-11-20T09:00:00Z`. */
    | { readonly kind: 'time'; readonly text: string }
    /** `2.1.0` */
    | { readonly kind: 'version'; readonly text: string }
}

/** `by customer` (value null: the field of the same name on the current event) or `by customer = r.payer`. */
export interface KeySyntax extends Node {
  readonly name: Name
  readonly value: Expression | null
}
/** How a history form is cut: whose events, and how far back. */
export interface WindowSyntax extends Node {
  /** Empty with `everyone` true for `by all`; empty with `everyone` false where the text has no `by`. */
  readonly keys: readonly KeySyntax[]
  readonly everyone: boolean
  readonly range: RangeSyntax | null
  readonly beforeThis: boolean
}
export type RangeSyntax =
  | (Node & { readonly kind: 'over'; readonly duration: Expression })
  | (Node & { readonly kind: 'per'; readonly unit: 'hour' | 'day' | 'week' | 'month'; readonly zone: string | null })
  | (Node & { readonly kind: 'since'; readonly event: EventPattern })

/** `sum(amount) of RefundIssued as x where … by customer over 24h before this`. */
export interface AggregateExpression extends Node {
  readonly kind: 'aggregate'
  readonly function: AggregateFunction
  /** Null for `count`. */
  readonly value: Expression | null
  /** `95%` of `quantile(e, 95%)`; the baseline's name of `drift(e against b)`. */
  readonly parameter: Expression | null
  /** `ks` of `drift(e against b, ks)`. */
  readonly option: Expression | null
  readonly event: EventPattern
  readonly window: WindowSyntax
}
/** `exists ToolResult where … by run over 1d`, `no …` (negated). */
export interface ExistsExpression extends Node {
  readonly kind: 'exists'
  readonly negated: boolean
  readonly event: EventPattern
  readonly window: WindowSyntax
}
/** `ReadFile then SendEmail by run over 1h`: true when the steps happened in this order. */
export interface SequenceExpression extends Node {
  readonly kind: 'sequence'
  readonly steps: readonly EventPattern[]
  readonly window: WindowSyntax
}
