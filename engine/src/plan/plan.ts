/**
 * A checked program, ready to be evaluated, explained, drawn or compared: plain data, no functions, so that it can be hashed,
 * sent to a worker, and read by a checker that shares no code with the engine.
 */
import type { DecisionWord } from '@writ/grammar'
import type { Rational } from '../value/rational.ts'
import type { FieldType } from '../value/type.ts'
import type { Expr, Pattern, SourceSpan } from './expression.ts'
import type { PlanIndicator, PlanObjective, PlanQuality } from './measure.ts'

export interface Plan {
  /** Workspace-relative paths; `SourceSpan.file` indexes it. */
  readonly files: readonly PlanFile[]
  readonly contracts: readonly PlanContract[]
  readonly sources: readonly PlanSource[]
  readonly roles: readonly PlanRole[]
  readonly policies: readonly PlanPolicy[]
  /** The highest first. */
  readonly layers: readonly string[]
  readonly exceptions: readonly PlanException[]
  readonly rollouts: readonly PlanRollout[]
  readonly sinks: readonly PlanSink[]
  readonly indicators: readonly PlanIndicator[]
  readonly objectives: readonly PlanObjective[]
  readonly tests: readonly PlanTest[]
  readonly properties: readonly PlanProperty[]
}

export interface PlanFile {
  readonly path: string
  readonly text: string
}

export interface PlanContract {
  readonly name: string
  readonly module: string
  readonly version: string
  readonly fields: readonly FieldType[]
  /** Name of the field marked `time`, if any. */
  readonly timeField: string | null
  /** Name of the field marked `requester`, if any: who must not approve. */
  readonly requesterField: string | null
  /** Names of the fields marked `key`. */
  readonly keyFields: readonly string[]
  /** Conditions on the event alone (no history); `reject` takes the event out of the log with a finding, `warn` only reports. */
  readonly checks: readonly PlanCheck[]
  readonly quality: readonly PlanQuality[]
  /** The longest time without an event, of `freshness 5m`; null: the contract does not say. */
  readonly freshnessMilliseconds: number | null
  /** How long its events are kept, of `retention 400d`; null: the contract does not say. */
  readonly retentionMilliseconds: number | null
  readonly span: SourceSpan
}
export interface PlanCheck {
  readonly condition: Expr
  readonly otherwise: 'reject' | 'warn'
  readonly message: string | null
}

/** How raw records become events. Decoding is the ledger's. */
export interface PlanSource {
  readonly name: string
  readonly format: SourceFormat
  /** Globs relative to the folder of events; empty: every file. */
  readonly files: readonly string[]
  readonly time: /** Path in the raw record; milliseconds and seconds may have a fraction (cut to milliseconds). */
    | { readonly kind: 'path'; readonly path: readonly string[]; readonly unit: 'iso8601' | 'seconds' | 'milliseconds' }
    /** No time in the records: second k after 1970-01-01T00:00:00Z for the k-th record of its file (k from 0). */
    | { readonly kind: 'order' }
    /** The field of the contract that is marked `time`. */
    | { readonly kind: 'contract' }
  readonly latenessMilliseconds: number
  readonly lateMode: 'record' | 'reject' | 'revise'
  /** Tried in order; the first whose condition holds makes the event. A record that none takes is skipped and counted. */
  readonly maps: readonly PlanMap[]
  readonly span: SourceSpan
}
export type SourceFormat = 'ndjson' | 'json' | 'csv' | 'chat' | 'cloudtrail'

export interface PlanMap {
  readonly contract: number
  readonly when: RawCondition | null
  /** One per field of the contract. */
  readonly fields: readonly { readonly field: string; readonly value: RawExpr }[]
}

/** Values of `map`: read from the raw record, converted to the field's type by the decoder. */
export type RawExpr =
  | { readonly kind: 'path'; readonly path: readonly string[] }
  | {
      readonly kind: 'literal'
      readonly value: string | number | boolean /** Exact text of a number. */
      readonly text: string
    }
  /** First of the two that is there. */
  | { readonly kind: 'default'; readonly value: RawExpr; readonly otherwise: RawExpr }
  /** `text(path)`: a string as it is, anything else as compact JSON. */
  | { readonly kind: 'text'; readonly value: RawExpr }
  /** `money(path, "EUR")` or `money(path, path)`. */
  | { readonly kind: 'money'; readonly amount: RawExpr; readonly currency: RawExpr }
  /** `json(p).a.b`: the value at `path` (may be empty) inside the JSON that the text `value` holds; missing where it is none. */
  | { readonly kind: 'json'; readonly value: RawExpr; readonly path: readonly string[] }
  /** `seconds(path)` and `milliseconds(path)` for Duration and Time fields given as numbers. */
  | { readonly kind: 'scaled'; readonly value: RawExpr; readonly milliseconds: 1 | 1000 }
  /** `file_path`, `file_name`, `record_index`: of the record itself. */
  | { readonly kind: 'place'; readonly of: 'file_path' | 'file_name' | 'record_index' }
  | { readonly kind: 'missing' }
export type RawCondition =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly RawCondition[] }
  | { readonly kind: 'not'; readonly operand: RawCondition }
  | { readonly kind: 'equals'; readonly left: RawExpr; readonly right: RawExpr }
  | { readonly kind: 'in'; readonly item: RawExpr; readonly list: readonly RawExpr[] }
  | { readonly kind: 'like'; readonly value: RawExpr; readonly glob: string }
  | { readonly kind: 'present'; readonly value: RawExpr }

export interface PlanRole {
  readonly name: string
  readonly members: readonly string[]
  /** Whoever has a row in a table holds the role too; null: nobody does by that. */
  readonly rows: PlanRoleRows | null
  /** Who acts for which member, and when (milliseconds, both ends inclusive; null: always); in text order. */
  readonly delegations: readonly {
    readonly member: string
    readonly deputy: string
    readonly from: number | null
    readonly until: number | null
  }[]
}

/** An accepted event of `contract` for which `where` (on the event alone, variable 0) is true makes a row of the person in `key`. */
export interface PlanRoleRows {
  readonly contract: number
  readonly key: string
  readonly where: Expr | null
}

export interface PlanPolicy {
  readonly name: string
  readonly module: string
  readonly version: string
  readonly owner: string | null
  /** In shadow it decides and is reported, and never counts in what holds for an event (run/effective.ts). */
  readonly mode: 'enforce' | 'shadow'
  /** One of `Plan.layers`; null: below all of them. */
  readonly layer: string | null
  /** Events this policy decides about: indices into `Plan.contracts`. */
  readonly contracts: readonly number[]
  readonly combine: 'strictest' | 'first' | 'permit_overrides'
  readonly default: { readonly decision: DecisionWord; readonly because: Template | null; readonly span: SourceSpan }
  readonly lets: readonly { readonly name: string; readonly value: Expr }[]
  readonly rules: readonly PlanRule[]
  readonly span: SourceSpan
}

export interface PlanRule {
  readonly name: string
  readonly title: string | null
  readonly documentation: string | null
  /** The contracts of the policy that this rule speaks of; on others it never matches. */
  readonly contracts: readonly number[]
  /** Null: always. */
  readonly when: Expr | null
  /** A rule with `require approval` decides hold. */
  readonly decision: DecisionWord
  /** The text of the decision, or of `because`; both may be given. */
  readonly text: Template | null
  readonly because: Template | null
  readonly approval: PlanApproval | null
  /** Null: the rule matches only by its own condition. */
  readonly lasting: PlanLasting | null
  /**
   * Of `after … expect …`: then the rule decides nothing (`contracts` is empty), and `decision`, `text` and `obligations` are
   * what follows where the expectation is breached; they speak of the opening event as variable 0.
   */
  readonly expectation: PlanExpectation | null
  readonly obligations: readonly PlanObligation[]
  readonly span: SourceSpan
}
/** A breaker, `for 15m by agent`: after a match by its own condition the rule goes on matching events with the same keys. */
export interface PlanLasting {
  readonly milliseconds: number
  /** Values of the current event, single values each; empty: everyone. */
  readonly keys: readonly { readonly name: string; readonly value: Expr }[]
}
export interface PlanApproval {
  readonly stages: readonly {
    readonly role: string
    readonly quorum: number
    readonly withinMilliseconds: number | null
  }[]
  readonly otherwise: { readonly decision: DecisionWord; readonly text: Template | null } | null
}
/** An instance begins with each event of `opens`, and waits for an event of `awaited`. */
export interface PlanExpectation {
  /** Variable 0; its `where` may ask history. */
  readonly opens: Pattern
  /** Its `where` speaks of the opening event as variable 0, of its own, and of `now`, the time of its own; never of history. */
  readonly awaited: Pattern
  /** What cancels it while it is pending, of the same form; null: nothing does. */
  readonly cancels: Pattern | null
  readonly withinMilliseconds: number
}
export interface PlanObligation {
  readonly verb: string
  readonly sink: string | null
  readonly fields: readonly { readonly name: string; readonly value: Expr }[]
}
/** A rule does not match an event that it fits; every such use is recorded. */
export interface PlanException {
  readonly name: string
  readonly module: string
  readonly documentation: string | null
  /** Index into `Plan.policies`, and of the rule there. */
  readonly policy: number
  readonly rule: number
  /** On the event alone (variable 0); unknown: not waived. Null: every event. */
  readonly when: Expr | null
  /** Milliseconds, both ends inclusive; null: from the beginning. */
  readonly from: number | null
  readonly until: number
  readonly grantedBy: string
  readonly because: string | null
  readonly span: SourceSpan
}
/**
 * How a policy comes into force, by stages in event time. It counts in what holds for an event according to the stage; what it
 * decides does not change.
 */
export interface PlanRollout {
  readonly name: string
  readonly module: string
  readonly documentation: string | null
  readonly owner: string | null
  /** Index into `Plan.policies`; one rollout at most is of a policy. */
  readonly policy: number
  /** The policy that does not count at events where the new one does; null: both count. */
  readonly replaces: number | null
  /** Milliseconds: the first moment of the first stage; null: with the first event that the policy decides. */
  readonly from: number | null
  /** The last moment: what is not in force by then is rolled back; null: the stages end by themselves. */
  readonly until: number | null
  /** Behind the last one the policy is in force. */
  readonly stages: readonly RolloutStage[]
  /** What has to hold before a stage is left for the next; null: that it has lasted its time. */
  readonly promote: PlanGate | null
  readonly rollback: PlanGate | null
  readonly span: SourceSpan
}
export type RolloutStage =
  /** It lasts this long at least; null: for no certain time. */
  | { readonly kind: 'shadow'; readonly milliseconds: number | null }
  /** In force for this share (of 1) of the values of these fields. */
  | {
      readonly kind: 'canary'
      readonly share: Rational
      readonly keys: readonly string[]
      readonly milliseconds: number | null
    }
/** A condition over numbers measured over decisions; these stand in it as elements with the variables of `measures`. */
export interface PlanGate {
  readonly condition: Expr
  readonly measures: readonly PlanMeasure[]
}
export type PlanMeasure = DecisionMeasure | IndicatorMeasure
/** `share(deny) of decisions over 1d`: over the decisions of a policy. */
export interface DecisionMeasure {
  readonly kind: 'decisions'
  readonly variable: number
  readonly function: 'count' | 'share'
  /** Index into `Plan.policies`. */
  readonly policy: number
  /** On one decision (variable 0), whose members are those of rollout/decision-facts.ts; null: every one. */
  readonly where: Expr | null
  /** Of `share`. */
  readonly value: Expr | null
  /** Decisions with a time in (t - D, t]; null: those since the current stage began. */
  readonly overMilliseconds: number | null
  readonly span: SourceSpan
}
/** A count or a share that an indicator without a key is, by its name. */
export interface IndicatorMeasure {
  readonly kind: 'indicator'
  readonly variable: number
  /** Index into `Plan.indicators`. */
  readonly indicator: number
  readonly span: SourceSpan
}
/** Where values may go: an obligation with this sink (or verb), or the texts of decisions where it is `reasons`. */
export interface PlanSink {
  readonly name: string
  readonly module: string
  /** Privacy classes, as written; the name alone stands for all with an argument. */
  readonly accepts: readonly string[]
  readonly span: SourceSpan
}
/** A statement about every accepted event of its contracts, in every log; property/ proves or refutes it. */
export interface PlanProperty {
  readonly name: string
  readonly module: string
  readonly title: string | null
  readonly documentation: string | null
  /** Indices into `Plan.contracts`. */
  readonly contracts: readonly number[]
  /** It speaks of the events for which this is true (unknown is not); may ask history. Null: of all. */
  readonly where: Expr | null
  /** All of them have to hold. */
  readonly claims: readonly PlanClaim[]
  readonly span: SourceSpan
}
export interface PlanClaim {
  /** True: the decision is one of these; false: it is none of these. */
  readonly always: boolean
  readonly decisions: readonly DecisionWord[]
  /** Whose decision (index into `Plan.policies`), and where a rule is named, decided by it; null: what holds for the event. */
  readonly by: { readonly policy: number; readonly rule: number | null } | null
  readonly span: SourceSpan
}
/** Text with values: literal strings and expressions in turn. */
export type Template = readonly (string | Expr)[]

export interface PlanTest {
  readonly title: string
  readonly module: string
  readonly steps: readonly PlanStep[]
  readonly span: SourceSpan
}
export type PlanStep =
  /** Values are constants. `at` in milliseconds; a clock time is of the day 2000-01-01 (UTC). */
  | {
      readonly kind: 'given'
      readonly contract: number
      readonly fields: readonly { readonly name: string; readonly value: Expr }[]
      readonly at: number
      readonly span: SourceSpan
    }
  | { readonly kind: 'at'; readonly at: number; readonly span: SourceSpan }
  /** An Approval of the event given last, bound to its digest. */
  | {
      readonly kind: 'approve'
      readonly person: string
      readonly role: string
      readonly at: number
      readonly span: SourceSpan
    }
  | {
      readonly kind: 'expect-decision'
      readonly decision: DecisionWord
      readonly rule: string | null
      readonly span: SourceSpan
    }
  | { readonly kind: 'expect-approval'; readonly role: string; readonly span: SourceSpan }
  /** Of the instance of the rule (`rule` or `policy.rule`) that was opened last. */
  | {
      readonly kind: 'expect-status'
      readonly status: 'fulfilled' | 'breached' | 'pending' | 'cancelled'
      readonly rule: string
      readonly span: SourceSpan
    }
  | {
      readonly kind: 'expect-obligation'
      readonly verb: string
      readonly sink: string | null
      readonly fields: readonly { readonly name: string; readonly value: Expr }[]
      readonly span: SourceSpan
    }
  | { readonly kind: 'expect-problem'; readonly code: string; readonly span: SourceSpan }
  /** Evaluated at the event given last, which `given` names through the policy's alias or `it`. */
  | { readonly kind: 'expect-value'; readonly value: Expr; readonly span: SourceSpan }
