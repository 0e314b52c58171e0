/**
 * Transcripts of tool-calling agents as flat records: `message`, `call` and `result`, in order (docs/language.md, "Sources"). Takes the
 * shapes of OpenAI chat completions (arguments as text), of Anthropic (content blocks) and of agent benchmarks (calls as
 * objects, the transcript under `messages`, `traj` or another array of messages).
 */
import { isList, isObject, type Json, type JsonObject, parseJson } from '../raw/json.ts'
import type { RecordSink } from './format-reader.ts'

interface Call {
  readonly tool: Json
  readonly args: Json
  readonly id: Json
  answered: boolean
}

/** One per file: counts transcripts and records through it. */
export class ChatExpander implements RecordSink {
  readonly #sink: RecordSink
  #runIndex = 0
  /** Of a file that is an array of messages: the one transcript that they are. */
  #loose: Transcript | null = null

  constructor(sink: RecordSink) {
    this.#sink = sink
  }

  record(raw: Json, line: number | null): void {
    if (isObject(raw) && typeof member(raw, 'role') === 'string' && messagesName(raw) === null) {
      this.#loose ??= new Transcript({}, this.#runIndex++, this.#sink)
      this.#loose.message(raw, line)
      return
    }
    const name = isObject(raw) ? messagesName(raw) : null
    if (!isObject(raw) || name === null) {
      const reason = 'a transcript is an object with an array of messages (messages, traj), and this is none'
      this.#sink.note('W2029', line, { format: 'chat', reason })
      return
    }
    const messages = member(raw, name)
    const run = Object.fromEntries(Object.entries(raw).filter(([other]) => other !== name))
    const transcript = new Transcript(run, this.#runIndex++, this.#sink)
    for (const message of isList(messages) ? messages : []) transcript.message(message, line)
  }
  broken: RecordSink['broken'] = (code, line, words) => this.#sink.broken(code, line, words)
  note: RecordSink['note'] = (code, line, words) => this.#sink.note(code, line, words)
}

/** The member that holds the messages of a transcript. */
export function messagesName(transcript: JsonObject): string | null {
  for (const name of ['messages', 'traj']) if (isList(member(transcript, name))) return name
  const named = Object.entries(transcript).find(
    ([, value]) =>
      isList(value) && value.length > 0 && value.every(one => isObject(one) && typeof member(one, 'role') === 'string'),
  )
  return named?.[0] ?? null
}

class Transcript {
  readonly #run: JsonObject
  readonly #runIndex: number
  readonly #sink: RecordSink
  readonly #calls: Call[] = []
  #step = 0

  constructor(run: JsonObject, runIndex: number, sink: RecordSink) {
    this.#run = run
    this.#runIndex = runIndex
    this.#sink = sink
  }

  message(message: Json, line: number | null): void {
    const step = this.#step++
    const emit = (members: JsonObject): void =>
      this.#sink.record({ ...members, step, run: this.#run, run_index: this.#runIndex }, line)
    if (!isObject(message)) {
      this.#sink.broken('W2021', line, { found: 'no message' })
      return
    }
    const role = member(message, 'role') ?? null
    const content = member(message, 'content') ?? null
    const blocks = isList(content) ? content.filter(isObject) : []
    const calls = [
      ...listOf(member(message, 'tool_calls')),
      ...blocks.filter(block => member(block, 'type') === 'tool_use'),
    ]
    const results = blocks.filter(block => member(block, 'type') === 'tool_result')
    if (role === 'tool' || role === 'function') {
      emit(this.#result(message, line))
      return
    }
    const text = textOf(content)
    // A message that is only calls or results says nothing itself.
    if (text !== null || (calls.length === 0 && results.length === 0)) emit({ kind: 'message', role, content: text })
    for (const call of calls) if (isObject(call)) emit(this.#call(call, line))
    for (const result of results) emit(this.#result(result, line))
  }

  #call(call: JsonObject, line: number | null): JsonObject {
    const { tool, args, id } = this.#readCall(call, line)
    this.#calls.push({ tool, args, id, answered: false })
    return { kind: 'call', tool, args, call_id: id }
  }

  #result(message: JsonObject, line: number | null): JsonObject {
    const id = member(message, 'tool_call_id') ?? member(message, 'tool_use_id') ?? null
    const own = member(message, 'tool_call')
    const name = member(message, 'name')
    const call =
      this.#calls.findLast(made => id !== null && made.id === id) ??
      (isObject(own) ? { ...this.#readCall(own, line), answered: false } : undefined) ??
      this.#calls.find(made => id === null && !made.answered && (name === undefined || made.tool === name))
    if (call !== undefined) call.answered = true
    const failed = member(message, 'is_error') === true
    const content = textOf(member(message, 'content') ?? null)
    return {
      kind: 'result',
      tool: call?.tool ?? name ?? null,
      args: call?.args ?? null,
      call_id: id ?? call?.id ?? null,
      content,
      error: member(message, 'error') ?? (failed ? content : null),
    }
  }

  #readCall(call: JsonObject, line: number | null): { readonly tool: Json; readonly args: Json; readonly id: Json } {
    const named = member(call, 'function')
    const inner = isObject(named) ? named : call
    const tool = (isObject(named) ? member(named, 'name') : (named ?? member(call, 'name'))) ?? null
    const args = member(inner, 'args') ?? member(inner, 'arguments') ?? member(inner, 'input') ?? null
    const id = member(call, 'id') ?? null
    if (typeof args !== 'string') return { tool, args, id }
    const parsed = parseJson(args)
    if ('value' in parsed) return { tool, args: parsed.value, id }
    const reason = parsed.problem === 'syntax' ? parsed.reason : 'nested too deeply'
    this.#sink.note('W2028', line, { tool: typeof tool === 'string' ? tool : 'a tool', reason })
    return { tool, args, id }
  }
}

/** Text of a message: as it is, or the texts of its parts, one per line. */
function textOf(content: Json): Json {
  if (!isList(content)) return content
  const texts = content.flatMap(part => {
    if (typeof part === 'string') return [part]
    const text = isObject(part) ? (member(part, 'text') ?? member(part, 'content')) : undefined
    return typeof text === 'string' && isObject(part) && member(part, 'type') !== 'tool_result' ? [text] : []
  })
  return texts.length === 0 ? null : texts.join('\n')
}

function listOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : []
}

function member(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}
