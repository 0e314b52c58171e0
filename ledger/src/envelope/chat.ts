/** Transcripts of tool-calling agents: one record is a transcript, its events are messages, calls and results (formats/chat.ts). */
import { ChatExpander } from '../formats/chat.ts'
import { at, isObject, type Json, type JsonObject } from '../raw/json.ts'
import { envelope, type Importer, type Part } from './envelope.ts'
import { firstText, scalar, text } from './members.ts'
import { microseconds } from './times.ts'

/** More are left out: no transcript may take all memory. */
export const mostParts = 100_000

/** For one file: messages that stand alone in it are one transcript. */
export function chat(): Importer {
  let parts: Part[] = []
  let why: string | null = null
  const expander = new ChatExpander({
    record: raw => {
      if (parts.length < mostParts && isObject(raw)) parts.push(partOf(raw))
    },
    broken: () => {},
    note: code => {
      // A call whose arguments are no JSON (W2028) keeps them as text.
      if (code === 'W2029') why = 'a transcript is an object with an array of messages (messages, traj)'
    },
  })
  return {
    parts: raw => {
      parts = []
      why = null
      expander.record(raw, null)
      return parts.length > 0 ? parts : (why ?? 'the transcript has no messages')
    },
  }
}

function partOf(record: JsonObject): Part {
  const run: Json = record.run ?? {}
  const { run: _, run_index: __, ...about } = record
  const kind = text(record, 'kind')
  const common = { time: firstTime(run), chain: firstText(run, chainPaths), actor: firstText(run, actorPaths) }
  const tool = text(record, 'tool')
  if (kind === 'message')
    return {
      about,
      envelope: envelope({
        ...common,
        kind: 'message',
        actor: text(record, 'role') ?? common.actor,
        action: 'message',
      }),
    }
  const failed = kind === 'result' && record.error !== null && record.error !== undefined
  return {
    about,
    envelope: envelope({
      ...common,
      kind: kind === 'result' ? 'result' : 'action',
      action: tool,
      object: firstArgument(record.args),
      outcome: failed ? 'error' : 'none',
    }),
  }
}

const chainPaths = [
  ['id'],
  ['conversation_id'],
  ['session_id'],
  ['thread_id'],
  ['trace_id'],
  ['info', 'task', 'user_id'],
]
const actorPaths = [['agent'], ['model'], ['pipeline_name'], ['agent_name']]

function firstTime(run: Json): number | null {
  for (const name of ['time', 'timestamp', 'created_at', 'created', 'started_at', 'evaluation_timestamp']) {
    const time = microseconds(at(run, [name]))
    if (time !== null) return time
  }
  return null
}

/** What a call is about is mostly its first argument that is a text. */
function firstArgument(args: Json | undefined): string | null {
  if (!isObject(args)) return null
  for (const value of Object.values(args)) {
    const found = typeof value === 'string' ? scalar(value) : null
    if (found !== null) return found
  }
  return null
}
