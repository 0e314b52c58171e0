/** Debugging for a client: of tests here, of recorded events in the thread that holds them (`askLog`). Places become the client's. */
import * as z from 'zod/mini'
import { answerDebug, type DebugAnswer, type DebugQuestion } from '../debug/answer.ts'
import type { DebugPlace } from '../debug/moment.ts'
import { type DebugSubject, testSubject } from '../debug/subject.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { debugRequest } from './debug-messages.ts'
import type { Session } from './session.ts'

const seqSchema = z.int().check(z.minimum(0))
const textSchema = z.string().check(z.maxLength(20_000))
const debugSchema = z.object({
  uri: z.string(),
  test: z.optional(z.string()),
  question: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('moment'), seq: seqSchema, policy: z.nullable(z.string()) }),
    z.object({
      kind: z.literal('find'),
      from: z.int().check(z.minimum(-1)),
      direction: z.enum(['forward', 'back']),
      wanted: z.array(z.object({ policy: z.string(), rule: z.nullable(z.string()) })).check(z.maxLength(1000)),
    }),
    z.object({ kind: z.literal('stops') }),
    z.object({ kind: z.literal('watch'), seq: seqSchema, policy: z.string(), expression: textSchema }),
  ]),
})

/** Answers a question of the log that is attached to the workspace of a snapshot; null where none is. */
export type AskLog = (snapshot: Snapshot, question: DebugQuestion) => Promise<unknown>

/** `askLog` null: this server has no logs. */
export function followDebug(session: Session, askLog: AskLog | null): void {
  let last: { readonly snapshot: Snapshot; readonly key: string; readonly subject: DebugSubject | null } | null = null
  const subjectOf = (snapshot: Snapshot, path: string, test: string): DebugSubject | null => {
    const key = `${path}\n${test}`
    if (last?.snapshot !== snapshot || last.key !== key)
      last = { snapshot, key, subject: testSubject(snapshot.files, snapshot.checked, path, test) }
    return last.subject
  }
  session.connection.onRequest(debugRequest, async (params: unknown) => {
    const { uri, test, question } = debugSchema.parse(params)
    const place = await session.placeOf(uri)
    if (!place) return null
    const { snapshot, path } = place
    if (test === undefined) return placed(snapshot, askLog ? await askLog(snapshot, question) : null)
    return session.guarded(() => {
      const subject = subjectOf(snapshot, path, test)
      return subject && placed(snapshot, answerDebug(subject, question))
    }, null)
  })
}

/** With URIs in the place of paths. What the thread gives is an answer too: it went from one end of our own to the other. */
function placed(snapshot: Snapshot, given: unknown): unknown {
  const answer = given as DebugAnswer
  if (answer === null || typeof answer !== 'object') return answer
  const at = ({ path, ...range }: DebugPlace) => ({ ...range, uri: snapshot.uris.get(path) ?? path })
  if (isList(answer)) return answer.map(stop => ({ ...stop, place: at(stop.place) }))
  if ('steps' in answer) return { ...answer, steps: answer.steps.map(step => ({ ...step, place: at(step.place) })) }
  return answer
}

function isList(answer: object): answer is Extract<DebugAnswer, readonly unknown[]> {
  return Array.isArray(answer)
}
