/** The questions of a debugger, answered of any subject: by the server for tests, by the thread that holds the log for recorded events. */
import { type DebugMoment, type DebugStop, debugStops, momentOf } from './moment.ts'
import { type DebugSubject, findEvent, type Wanted } from './subject.ts'
import { type Watched, watch } from './watch.ts'

export type DebugQuestion =
  /** `policy` null: of every policy that decides the event. */
  | { readonly kind: 'moment'; readonly seq: number; readonly policy: string | null }
  | {
      readonly kind: 'find'
      readonly from: number
      readonly direction: 'forward' | 'back'
      readonly wanted: readonly Wanted[]
    }
  | { readonly kind: 'stops' }
  | { readonly kind: 'watch'; readonly seq: number; readonly policy: string; readonly expression: string }

/** By the kind of the question: a moment or null, a seq or null, places, or what was watched. */
export type DebugAnswer = DebugMoment | number | readonly DebugStop[] | Watched | null

export function answerDebug(subject: DebugSubject, question: DebugQuestion): DebugAnswer {
  switch (question.kind) {
    case 'moment':
      return momentOf(subject, question.seq, question.policy)
    case 'find':
      return findEvent(subject, question.from, question.direction, question.wanted)
    case 'stops':
      return debugStops(subject)
    case 'watch':
      return watch(subject, question.seq, question.policy, question.expression)
  }
}
