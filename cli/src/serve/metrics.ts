/** Figures of `writ serve` in the text form of Prometheus. Labels come from the program and from fixed lists, never from callers. */

export class Metrics {
  readonly #decisions = new Map<string, number>()
  readonly #responses = new Map<string, number>()
  readonly #waited: number[] = buckets.map(() => 0)
  #waits = 0
  #waitedSeconds = 0
  #records = 0

  decided(policy: string, decision: string): void {
    add(this.#decisions, labels({ policy, decision }))
  }
  records(count: number): void {
    this.#records += count
  }
  /** `path`: one of those that are served, or `other`. */
  responded(path: string, status: number): void {
    add(this.#responses, labels({ path, status: String(status) }))
  }
  /** From the whole request to the flush of its decisions. */
  waited(seconds: number): void {
    this.#waits++
    this.#waitedSeconds += seconds
    for (const [place, limit] of buckets.entries())
      if (seconds <= limit) this.#waited[place] = (this.#waited[place] ?? 0) + 1
  }

  text(now: { readonly entries: number; readonly anchored: number; readonly pendingBytes: number }): string {
    const lines = [
      ...family('writ_decisions_total', 'counter', 'Decisions that are in the log.', this.#decisions),
      ...family('writ_http_responses_total', 'counter', 'Responses by path and status.', this.#responses),
      ...single('writ_records_total', 'counter', 'Records that were decided.', this.#records),
      ...single('writ_log_entries', 'gauge', 'Entries of the log.', now.entries),
      ...single('writ_log_anchored_entries', 'gauge', 'Entries under its checkpoint.', now.anchored),
      ...single('writ_pending_bytes', 'gauge', 'Bytes of requests that wait for the log.', now.pendingBytes),
      ...head('writ_durable_seconds', 'histogram', 'From a whole request to the flush of its decisions.'),
      ...buckets.map((limit, place) => `writ_durable_seconds_bucket{le="${limit}"} ${this.#waited[place] ?? 0}`),
      `writ_durable_seconds_bucket{le="+Inf"} ${this.#waits}`,
      `writ_durable_seconds_sum ${this.#waitedSeconds}`,
      `writ_durable_seconds_count ${this.#waits}`,
    ]
    return `${lines.join('\n')}\n`
  }
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
function labels(values: Readonly<Record<string, string>>): string {
  const escaped = (value: string): string =>
    value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
  return `{${Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')}}`
}
function head(name: string, type: string, help: string): readonly string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`]
}
function single(name: string, type: string, help: string, value: number): readonly string[] {
  return [...head(name, type, help), `${name} ${value}`]
}
function family(name: string, type: string, help: string, counts: ReadonlyMap<string, number>): readonly string[] {
  return [...head(name, type, help), ...[...counts].sort().map(([key, count]) => `${name}${key} ${count}`)]
}
