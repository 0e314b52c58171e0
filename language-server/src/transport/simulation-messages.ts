/**
 * Messages about simulation: between editor and server, and between the server and the thread that holds the log. Plain data, for
 * both ends of each.
 */
import type { Baselines, Line } from '@writ/engine'
import type { Range } from 'vscode-languageserver-types'
import type { DebugQuestion } from '../debug/answer.ts'
import type { EventPage, Which } from '../simulation/rows.ts'

/** Client to server: simulate over a log; without `path`, over the one that `writ.json` names (the first of several). */
export const attachRequest = 'writ/attachLog'
export interface AttachParams {
  /** Any file of the workspace. */
  readonly uri: string
  /** Absolute, or relative to the folder of `writ.json`, or the name of a log there. */
  readonly path?: string
}
export const detachRequest = 'writ/detachLog'

/** Server to client, whenever what `simulationRequest` gives has changed. */
export const simulationChangedNotification = 'writ/simulationChanged'

/** Client to server: what is known of the rules of a file. */
export const simulationRequest = 'writ/simulation'
export interface SimulationParams {
  readonly uri: string
}
export interface SimulationResult {
  readonly state: 'none' | 'reading' | 'running' | 'ready' | 'failed'
  /** What to show beside the state: the log's name and size, or why it failed. */
  readonly message: string
  readonly log: string | null
  readonly events: number
  /** The numbers are of an earlier text. */
  readonly stale: boolean
  /** What flips are counted against: `HEAD`; null where there is nothing to compare with. */
  readonly base: string | null
  readonly milliseconds: number
  readonly rules: readonly SimulatedRule[]
  readonly policies: readonly SimulatedPolicy[]
}
export interface SimulatedRule {
  /** Of its name. */
  readonly range: Range
  readonly policy: string
  readonly rule: string
  readonly matched: number
  readonly decided: number
  /** Null where there is no earlier version. */
  readonly flipped: number | null
}
export interface SimulatedPolicy {
  readonly range: Range
  readonly policy: string
  readonly permit: number
  readonly warn: number
  readonly hold: number
  readonly deny: number
  readonly byDefault: number
  readonly flipped: number | null
}

/** Client to server: events of a rule (of the whole policy where `rule` is null), page by page. */
export const eventsRequest = 'writ/simulationEvents'
export interface EventsParams {
  readonly uri: string
  readonly policy: string
  readonly rule: string | null
  readonly which: Which
  readonly offset: number
  readonly limit: number
  readonly filter: string
}
export type EventsResult = EventPage | null

/** Client to server: why an event was decided as it was. */
export const evidenceRequest = 'writ/simulationEvidence'
export interface EvidenceParams {
  readonly uri: string
  readonly policy: string
  readonly seq: number
  readonly width: number
}
export interface EvidenceResult {
  readonly lines: readonly Line[]
  readonly text: string
  readonly marks: readonly EvidenceMark[]
}
export interface EvidenceMark {
  readonly uri: string
  readonly range: Range
  readonly outcome: 'true' | 'false' | 'unknown' | null
  readonly value: string | null
}

/** Client to server: a test of the language that says what was decided; null where the events it rests on do not suffice. */
export const testTextRequest = 'writ/simulationTest'
export interface TestTextResult {
  readonly text: string
}

/** To the thread. Every question has an id; its answer has the same. */
export type ToThread =
  | { readonly kind: 'attach'; readonly path: string; readonly base: Texts | null; readonly program: ThreadProgram }
  | { readonly kind: 'program'; readonly revision: number; readonly program: ThreadProgram }
  | { readonly kind: 'events'; readonly id: number; readonly params: Omit<EventsParams, 'uri'> }
  | { readonly kind: 'evidence'; readonly id: number; readonly params: Omit<EvidenceParams, 'uri'> }
  | { readonly kind: 'test'; readonly id: number; readonly params: { readonly policy: string; readonly seq: number } }
  | { readonly kind: 'debug'; readonly id: number; readonly params: DebugQuestion }
export interface ThreadProgram {
  readonly files: Texts
  readonly baselines: Baselines | null
}
export type Texts = readonly { readonly path: string; readonly text: string }[]

export type FromThread =
  | { readonly kind: 'reading'; readonly bytes: number; readonly of: number }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'ready'
      /** Of the program that was run. */
      readonly revision: number
      readonly events: number
      readonly milliseconds: number
      readonly compared: boolean
      readonly policies: readonly ThreadPolicy[]
    }
  | { readonly kind: 'answer'; readonly id: number; readonly result: unknown }
export interface ThreadPolicy {
  readonly policy: string
  /** By index of `decisionWords`. */
  readonly kinds: readonly number[]
  readonly byDefault: number
  readonly flipped: number | null
  readonly rules: readonly {
    readonly rule: string
    readonly matched: number
    readonly decided: number
    readonly flipped: number | null
  }[]
}
