/**
 * Explanations as data: a proof tree that a reader can follow and the independent checker (verify/) re-derives from the
 * plan and the log alone. Made lazily, for one decision, by evaluating it once more with tracing (explain/trace.ts).
 * Words for people are made from it in explain/sentences.ts.
 */
import type { DecisionWord } from '@writ/grammar'
import type { SourceSpan } from '../plan/expression.ts'
import type { StageIndex } from '../rollout/stages.ts'
import type { Value } from '../value/value.ts'

/** Three-valued truth. */
export type Truth = 'true' | 'false' | 'unknown'

export interface Explanation {
  readonly policy: number
  readonly seq: number
  readonly decision: DecisionWord
  /** Index of the rule that decided; -1 for the default. */
  readonly decidedBy: number
  /** Every rule of the policy, in order: why it matched or did not. */
  readonly rules: readonly RuleWitness[]
  /** The reason text: the deciding rule's `because` or text, filled in; else a generated sentence. */
  readonly reason: string
  /** Whether the decision counts; left out where no rollout has a say in that, and where the stages of the run are not known. */
  readonly standing?: StandingWitness
}
export interface StandingWitness {
  readonly counts: boolean
  /** Of the policy's own rollout, or null. */
  readonly rollout: {
    /** Index into `Plan.rollouts`. */
    readonly rollout: number
    readonly stage: StageIndex
    /** In a canary: that of the event, below 2^32; null where its key is unknown or absent. */
    readonly bucket: number | null
    /** Whether the policy is in force for the event by its stage. */
    readonly isIn: boolean
  } | null
  /** The policy that counts in its place. */
  readonly replacedBy: number | null
}
export interface RuleWitness {
  readonly rule: number
  /**
   * `not-concerned`: the rule does not speak of this contract. `matched-lasting`: only because its breaker is tripped.
   * `waived`: it would match but for an exception.
   */
  readonly outcome: 'matched' | 'matched-unknown' | 'matched-lasting' | 'waived' | 'not-matched' | 'not-concerned'
  /** Null where the rule has no `when` or is not concerned. */
  readonly condition: Witness | null
  /**
   * Where it matches (or would, but for an exception) only so: the newest event that tripped the breaker, and the last moment
   * of it (milliseconds).
   */
  readonly trip?: { readonly seq: number; readonly until: number }
  /** Exactly with `waived`: index into `Plan.exceptions`, and why it fits; null where it has no condition. */
  readonly waiver?: { readonly exception: number; readonly condition: Witness | null }
}

/** Evidence for one expression: its node's place, its value, and what the value rests on. */
export type Witness =
  /** A literal, `now`, or a field read: nothing below it. */
  | (Evidence & { readonly kind: 'literal' | 'now' | 'element' })
  | (Evidence & { readonly kind: 'field'; readonly seq: number; readonly path: readonly string[] })
  | (Evidence & { readonly kind: 'named'; readonly name: string; readonly of: Witness })
  /** `and`, `or`: only the decisive operands (all of a true `and`, the first false one of a false `and`, …) with their positions. */
  | (Evidence & {
      readonly kind: 'and' | 'or'
      readonly decisive: readonly { readonly position: number; readonly witness: Witness }[]
    })
  /** Every other operator, with all its evaluated operands in order; skipped ones (an untaken branch) are null. */
  | (Evidence & { readonly kind: 'operator'; readonly operands: readonly (Witness | null)[] })
  /** `any`/`all`: the element that decides, or all of them where it takes all. */
  | (Evidence & {
      readonly kind: 'quantified'
      readonly list: Witness
      readonly elements: readonly { readonly position: number; readonly witness: Witness }[]
    })
  /** A history form: which events it rests on. */
  | (Evidence & {
      readonly kind: 'history'
      readonly keys: readonly Witness[]
      /** Seqs of the events inside the range whose filter held, ascending; for a sequence, of the steps. */
      readonly events: readonly number[]
      /** Seqs whose filter was unknown. */
      readonly unknownEvents: readonly number[]
      /** How many events of the contract with this key stood in the range (for `last`, `first`: up to the one that counts). */
      readonly examined: number
      /** Event time range: from exclusive (null: the beginning), to inclusive. For `since`, `from` is the time of the reset. */
      readonly from: number | null
      readonly to: number
      /** Only of `since`: the event that began the range (or the one that leaves it unknown); null where there was none. */
      readonly reset?: number | null
      /** Optional: the newest events in range (at most four, ascending) whose filter did not hold. */
      readonly passedOver?: readonly number[]
      /** Where nothing was found: events that almost counted, closest first. Optional; the form holds without them. */
      readonly nearMisses?: readonly NearMiss[]
    })
interface Evidence {
  readonly span: SourceSpan
  readonly value: Value
}

/** An event that would have counted in a history form but for one thing. */
export interface NearMiss {
  readonly seq: number
  readonly missedBy: /** In range and its filter holds, but it has another key. */
    | 'key'
    /** Same key and its filter holds, but it happened before the range. */
    | 'range'
    /** In range with the same key, but one of the several conditions of its filter does not hold. */
    | 'filter'
  /** For 'filter': the place of that condition among the operands of the filter's `and`; else 0. */
  readonly position: number
}
