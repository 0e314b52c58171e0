/**
 * Requests wait here for the log: those that come while a batch is flushed are decided together, and each is answered once its own
 * decisions are durable. What waits is bounded; beyond that callers are told to come again.
 */
import type { Answered, DurableRun } from '@writ/ledger/node'

export interface Decided {
  /** Lines of JSON, without newlines. */
  readonly decisions: readonly string[]
  readonly findings: readonly Answered['findings'][number][]
  /** Places of the request's records in the stream. */
  readonly first: number
  readonly records: number
}

/** What of a durable run the queue needs. */
export type Deciding = Pick<DurableRun, 'records' | 'decide'>

interface Waiting {
  /** Whole lines, none of them empty. */
  readonly lines: Buffer
  readonly records: number
  readonly done: (decided: Decided) => void
  readonly fail: (error: unknown) => void
}

export class DecideQueue {
  readonly #run: Deciding
  readonly #mostBytes: number
  readonly #waiting: Waiting[] = []
  #bytes = 0
  #working: Promise<void> | null = null
  #failure: unknown = null

  constructor(run: Deciding, mostBytes: number) {
    this.#run = run
    this.#mostBytes = mostBytes
  }

  get pendingBytes(): number {
    return this.#bytes
  }

  /** What keeps the log from being written; null while all is well. */
  get failure(): unknown {
    return this.#failure
  }

  /** Null where too much waits already. Rejected where the log cannot be written. */
  submit(lines: Buffer, records: number): Promise<Decided> | null {
    if (this.#bytes > 0 && this.#bytes + lines.length > this.#mostBytes) return null
    this.#bytes += lines.length
    const decided = new Promise<Decided>((done, fail) => {
      this.#waiting.push({ lines, records, done, fail })
    })
    this.#working ??= this.#work()
    return decided
  }

  /** When all that was taken is answered. */
  async idle(): Promise<void> {
    while (this.#working !== null) await this.#working
  }

  async #work(): Promise<void> {
    // Whatever else came in this turn goes along.
    await new Promise(next => setImmediate(next))
    while (this.#waiting.length > 0) {
      const batch = this.#take()
      try {
        if (this.#failure !== null) throw this.#failure
        const first = this.#run.records
        const answered = this.#run.decide(Buffer.concat(batch.map(one => one.lines)))
        await answered.durable
        share(batch, answered, first)
      } catch (error) {
        this.#failure = error
        for (const { fail } of batch) fail(error)
      }
      this.#bytes -= batch.reduce((sum, one) => sum + one.lines.length, 0)
    }
    this.#working = null
  }

  #take(): readonly Waiting[] {
    let bytes = 0
    let count = 0
    for (const { lines } of this.#waiting) {
      if (count > 0 && bytes + lines.length > batchBytes) break
      bytes += lines.length
      count++
    }
    return this.#waiting.splice(0, count)
  }
}

const batchBytes = 4 << 20

/** Lines and findings name the record they are about. */
function share(batch: readonly Waiting[], answered: Answered, start: number): void {
  const lines = answered.lines.split('\n').slice(0, -1)
  let first = start
  let line = 0
  for (const { records, done } of batch) {
    const end = first + records
    const decisions: string[] = []
    while (line < lines.length && indexOf(lines[line] ?? '') < end) decisions.push(lines[line++] ?? '')
    const from = first
    done({
      decisions,
      findings: answered.findings.filter(({ index }) => index !== null && index >= from && index < end),
      first,
      records,
    })
    first = end
  }
}

/** Of the record that the line is about; lines that name none belong to the one before them. */
function indexOf(line: string): number {
  const read: unknown = JSON.parse(line)
  if (typeof read !== 'object' || read === null || !('event' in read)) return -1
  const { event } = read
  return typeof event === 'object' && event !== null && 'index' in event ? Number(event.index) : -1
}
