/**
 * What lives on after an event or a decision: instances of expectations and of requests for approval, from pending to their
 * end, as columns. Both evaluators give it (reference/obligations.ts and settle.ts), equal in every field. Texts and payloads of
 * what follows are not here: they are made from plan and log when somebody asks.
 */

/** Codes of `Instances.status`. */
export const instanceStatuses = ['pending', 'fulfilled', 'breached', 'cancelled'] as const
export type InstanceStatus = (typeof instanceStatuses)[number]

/** Codes of `Transitions.kind`. */
export const transitionKinds = ['opened', 'escalated', 'fulfilled', 'breached', 'cancelled'] as const
export type TransitionKind = (typeof transitionKinds)[number]

/** Codes of `ApprovalEffects.effect`: what an Approval did. All but `counted` and `rejected` have no effect. */
export const approvalEffects = [
  /** One more of the people who have to agree. */
  'counted',
  /** Refused by somebody entitled: the request is breached at once. */
  'rejected',
  /** After the deadline, or for a stage that is over. */
  'late',
  /** The same person already approved this stage. */
  'duplicate',
  /** The person does not hold the role, or names another. */
  'foreign',
  /** The person is the one who asks, or that cannot be ruled out. */
  'self',
  /** Bound to another request than the one that is pending. */
  'altered',
  /** The request was already approved or refused. */
  'settled',
  /** No such request. */
  'unmatched',
  /** It breaks its contract, so that one cannot tell what it says. */
  'unreadable',
] as const
export type ApprovalEffect = (typeof approvalEffects)[number]

/** In the order of opening: by opening event, then policy, then rule. Times are milliseconds since the epoch. */
export interface Instances {
  readonly size: number
  readonly policy: Uint16Array
  /** The expectation, or the rule that requires an approval. */
  readonly rule: Uint16Array
  /** The event it began with: the opening event, or the request. */
  readonly openedSeq: Int32Array
  /** The last moment at which the current (or last) stage could be met; Infinity where there is no deadline. */
  readonly due: Float64Array
  /** Of approvals, the stage it stands at or ended in; 0 for expectations. */
  readonly stage: Uint8Array
  readonly status: Uint8Array
  /** When it ended: the time of the event that settled it, or the due time; NaN while pending. */
  readonly settledAt: Float64Array
  /** The event that fulfilled it, or the Approval that refused it; -1 where there is none. */
  readonly settledBy: Int32Array
  /** Time of the first event (or of the closing of the log) that showed it had ended: later than `settledAt` for deadlines; NaN while pending. */
  readonly noticedAt: Float64Array
}

/** Every change of an instance, in the order in which they happen. */
export interface Transitions {
  readonly size: number
  readonly instance: Int32Array
  readonly kind: Uint8Array
  readonly at: Float64Array
  /** The event that did it; -1 where the deadline did. */
  readonly by: Int32Array
}

/** What each accepted Approval did, in the order of the log. */
export interface ApprovalEffects {
  readonly size: number
  readonly seq: Int32Array
  readonly effect: Uint8Array
  /** The request it was held against; -1 where there is none. */
  readonly instance: Int32Array
  /** The stage of that request at this moment; 0 without one. */
  readonly stage: Uint8Array
}

export interface Obligations {
  readonly instances: Instances
  readonly transitions: Transitions
  readonly approvals: ApprovalEffects
  /** When the log was closed; null: it ends open, and what is pending stays so. */
  readonly closedAt: number | null
}

/** How far time goes beyond the last event. */
export type Ending =
  /** Not at all. */
  | null
  /** The log is closed: deadlines up to and including this time pass. */
  | { readonly closedAt: number }
  /** It is this time now, and more may happen in this moment: deadlines before it pass. */
  | { readonly reached: number }

/** No obligations at all. */
export const noObligations: Obligations = {
  instances: {
    size: 0,
    policy: new Uint16Array(0),
    rule: new Uint16Array(0),
    openedSeq: new Int32Array(0),
    due: new Float64Array(0),
    stage: new Uint8Array(0),
    status: new Uint8Array(0),
    settledAt: new Float64Array(0),
    settledBy: new Int32Array(0),
    noticedAt: new Float64Array(0),
  },
  transitions: {
    size: 0,
    instance: new Int32Array(0),
    kind: new Uint8Array(0),
    at: new Float64Array(0),
    by: new Int32Array(0),
  },
  approvals: {
    size: 0,
    seq: new Int32Array(0),
    effect: new Uint8Array(0),
    instance: new Int32Array(0),
    stage: new Uint8Array(0),
  },
  closedAt: null,
}
