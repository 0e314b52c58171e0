/**
 * What lives on of the obligations of a run from one piece of its log to the next, as plain data. Events and instances are
 * numbered over the whole run. Which other passes live on is run/continuation.ts; how this is read and written settle.ts.
 */
import type { OpenChains } from './hash.ts'

export interface ObligationsContinuation {
  /** Opened so far. */
  readonly instances: number
  /** In the order of opening. */
  readonly pending: readonly PendingInstance[]
  /**
   * Requests for approval that ended, the newest of each name at least, in layers (ended-requests.ts): they tell whether an Approval
   * is late, or of something settled.
   */
  readonly ended: readonly (readonly EndedRequest[])[]
  readonly chains: OpenChains
}

export interface PendingInstance {
  readonly number: number
  readonly policy: number
  readonly rule: number
  /** The event it began with. */
  readonly seq: number
  /** Milliseconds; null: it has no deadline. */
  readonly due: number | null
  readonly stage: number
  /** Of a request: what approvals may call it, who approved its stage (and whom they stood for), and how many did. */
  readonly names: readonly string[]
  readonly people: readonly string[]
  readonly approvals: number
}

export interface EndedRequest {
  readonly number: number
  readonly policy: number
  readonly rule: number
  readonly stage: number
  /** Its deadline passed; else somebody approved or refused it. */
  readonly late: boolean
  readonly names: readonly string[]
}

/** Nothing has happened yet. */
export function nothingYet(chains: OpenChains): ObligationsContinuation {
  return { instances: 0, pending: [], ended: [], chains }
}
