/** What `writ serve` answers: decide, approve, health, metrics. How requests get here is http-edge.ts. */
import type { PlanSource } from '@writ/engine'
import type { DurableRun } from '@writ/ledger/node'
import { approvalRecord, approvalSchema } from '../approval-record.ts'
import type { Decided, DecideQueue } from './decide-queue.ts'
import { type Call, errorReply, type Reply } from './http-edge.ts'
import type { Metrics } from './metrics.ts'

export const methods: ReadonlyMap<string, 'GET' | 'POST'> = new Map([
  ['/decide', 'POST'],
  ['/approve', 'POST'],
  ['/health', 'GET'],
  ['/metrics', 'GET'],
])

export interface Served {
  readonly run: DurableRun
  readonly queue: DecideQueue
  readonly metrics: Metrics
  readonly source: PlanSource
  /** Whether the program has approvals. */
  readonly approves: boolean
  readonly clock: () => number
  /** Whether no more is taken. */
  readonly ending: () => boolean
}

export async function handle(served: Served, call: Call): Promise<Reply> {
  switch (call.path) {
    case '/health':
      return health(served)
    case '/metrics':
      return {
        status: 200,
        type: 'text/plain; version=0.0.4',
        body: served.metrics.text({
          entries: served.run.entries,
          anchored: served.run.anchored,
          pendingBytes: served.queue.pendingBytes,
        }),
      }
    case '/approve':
      return approve(served, call)
    default:
      return decide(served, call)
  }
}

function health({ run, queue, ending }: Served): Reply {
  const status = queue.failure !== null ? 'failed' : ending() ? 'ending' : 'ok'
  const body = { status, entries: run.entries, anchored: run.anchored }
  return { status: status === 'ok' ? 200 : 503, type: 'application/json', body: `${JSON.stringify(body)}\n` }
}

async function decide(served: Served, call: Call): Promise<Reply> {
  if (call.type !== 'application/json' && call.type !== 'application/x-ndjson')
    return errorReply(415, call.id, 'the content type is application/json (one event) or application/x-ndjson')
  const text = textOf(call.body)
  if (text === null) return errorReply(400, call.id, 'the body is not UTF-8')
  // Line ends stand between the values of JSON, never inside of them.
  const lines = call.type === 'application/json' ? [text.replaceAll(/[\r\n]+/g, ' ')] : text.split('\n')
  const records = lines.filter(line => line.trim() !== '')
  if (records.length === 0) return errorReply(400, call.id, 'the body has no event')
  const wrong = records.findIndex(line => !isEvent(line))
  if (wrong >= 0)
    return errorReply(400, call.id, `event ${wrong + 1} of the body is no JSON object with an event; none was decided`)
  return await submitted(served, call, records)
}

async function approve(served: Served, call: Call): Promise<Reply> {
  if (!served.approves) return errorReply(409, call.id, 'no rule of these policies requires an approval')
  if (call.type !== 'application/json') return errorReply(415, call.id, 'the content type is application/json')
  const text = textOf(call.body)
  const body = approvalSchema.safeParse(text === null ? null : jsonOf(text))
  if (!body.success) {
    const [issue] = body.error.issues
    return errorReply(400, call.id, `${issue?.path.join('.') || 'the body'}: ${issue?.message ?? 'is no approval'}`)
  }
  return submitted(served, call, [approvalRecord(served.source, body.data, served.clock())])
}

async function submitted(served: Served, call: Call, records: readonly string[]): Promise<Reply> {
  const { queue, metrics, ending } = served
  if (ending() || queue.failure !== null)
    return { ...errorReply(503, call.id, 'no more is taken'), headers: { 'retry-after': '5', connection: 'close' } }
  const began = performance.now()
  const waiting = queue.submit(Buffer.from(records.map(record => `${record}\n`).join('')), records.length)
  if (waiting === null)
    return { ...errorReply(503, call.id, 'too much waits already; come again'), headers: { 'retry-after': '1' } }
  let decided: Decided
  try {
    decided = await waiting
  } catch {
    return errorReply(503, call.id, 'the log cannot be written; whether this is in it, its next reader will tell')
  }
  metrics.waited((performance.now() - began) / 1000)
  metrics.records(decided.records)
  const findings = decided.findings.map(({ code, message, index, path }) => ({ code, message, index, path }))
  for (const line of decided.decisions) count(metrics, line)
  if (call.type === 'application/x-ndjson') {
    const lines = [...decided.decisions, ...findings.map(finding => JSON.stringify({ finding }))]
    return { status: 200, type: 'application/x-ndjson', body: lines.map(line => `${line}\n`).join('') }
  }
  const head = `{"requestId":${JSON.stringify(call.id)},"index":${decided.first}`
  const body = `${head},"decisions":[${decided.decisions.join(',')}],"findings":${JSON.stringify(findings)}}\n`
  return { status: 200, type: 'application/json', body }
}

function count(metrics: Metrics, line: string): void {
  const read = jsonOf(line)
  if (typeof read !== 'object' || read === null || !('policy' in read) || !('decision' in read)) return
  metrics.decided(String(read.policy), String(read.decision))
}

function textOf(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null // no UTF-8
  }
}

/** An object, and no tick of the clock: the server has its own. */
function isEvent(text: string): boolean {
  const value = jsonOf(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return !('tick' in value && Object.keys(value).length === 1)
}

/** Null where it is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // no JSON, or nested deeper than the stack
  }
}
