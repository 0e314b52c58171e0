/**
 * The store: importing NDJSON with indexes, making it searchable, and the questions of a list view: a page, a search, a histogram over
 * everything. The peer of the import is JSON.parse of the same lines with a count, in the same process; the peer of the questions is one such scan.
 * WRIT_BENCH_EVENTS sets how many events, WRIT_BENCH_FOLDER where the files are. Prints JSON lines; bench/run.ts collects them.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Filter, importInto, noFilter, openStore, type StoreReader } from '@writ/ledger/store'
import { random } from './requests.ts'

const events = Number(process.env.WRIT_BENCH_EVENTS ?? 200_000)
const folder = mkdtempSync(join(process.env.WRIT_BENCH_FOLDER ?? tmpdir(), 'writ-bench-'))
const next = random(7)
const file = join(folder, 'events.ndjson')
const store = join(folder, 'events.store')
const size = events >= 1e6 ? `${events / 1e6} M` : `${events / 1000} k`

try {
  generate()
  const scanned = scan()
  const memory = process.resourceUsage().maxRSS
  const indexed = await fill(false)
  const sources = statSync(file).size
  const bare = statSync(store).size
  const imported = process.resourceUsage().maxRSS
  const searchable = await fill(true)
  rate(`import of ${size} events into the store, with indexes`, indexed, 100_000, events / scanned, {
    sizeOfSource: Number((bare / sources).toFixed(2)),
    peakMb: Math.round(imported / 1024),
    beforeMb: Math.round(memory / 1024),
  })
  rate(`making ${size} events searchable`, searchable, null, events / scanned, {
    sizeOfSource: Number((statSync(store).size / sources).toFixed(2)),
  })
  const opened = openStore(store)
  if (!opened.ok) throw new Error(opened.problem.message)
  questions(opened.reader, scanned * 1000)
  opened.reader.close()
} finally {
  rmSync(folder, { recursive: true })
}

function questions(reader: StoreReader, scan: number): void {
  const { from, to } = reader.summary()
  const first = from ?? 0
  const length = (to ?? 0) - first
  const at = (): { readonly time: number; readonly id: number } => ({
    time: first + next(1000) * (length / 1000),
    id: 0,
  })
  const page = (filter: Filter): void => {
    reader.page({ filter, after: at(), newestFirst: true, limit: 100 })
  }
  asked(`page of 100 anywhere in ${size}`, 5, scan, () => page(noFilter))
  asked('page of 100 of one actor that were denied or held', 5, scan, () =>
    page({
      kind: 'all',
      of: [
        { kind: 'is', field: 'actor', values: [`user:${String(next(20_000)).padStart(6, '0')}`] },
        { kind: 'outcome', values: ['deny', 'hold'] },
      ],
    }),
  )
  asked('search of an address, first 100', 20, scan, () =>
    page({ kind: 'words', text: `10.${next(256)}.${next(256)}.${next(256)}` }),
  )
  asked('search of two rare words, first 100', 20, scan, () =>
    page({ kind: 'words', text: `case-${next(5000)} ref-${next(300)}` }),
  )
  asked('histogram of everything by decision', 80, scan, () =>
    reader.histogram({ filter: noFilter, from: null, to: null, spans: 1 + next(400) }),
  )
  asked('histogram of the minutes of a day', 80, scan, () => {
    const start = Math.floor(first + next(1000) * (length / 1000))
    return reader.histogram({ filter: noFilter, from: start, to: start + 86_400_000_000, spans: 1500 })
  })
  asked('facets: the ten most frequent actions', 20, scan, () => reader.facets('action', noFilter, 10))
  asked('one event with its record', 5, scan, () => reader.detail(1 + next(events)))
  asked('what belongs to one event', 20, scan, () => reader.chain(1 + next(events), 100))
}

async function fill(search: boolean): Promise<number> {
  const started = performance.now()
  const { problem } = await importInto({ sources: [{ name: 'events', path: file }], store, shown: 'store', search })
  if (problem !== null) throw new Error(problem.message)
  return (events / (performance.now() - started)) * 1000
}

function asked(name: string, goal: number, scan: number, ask: () => unknown): void {
  const times: number[] = []
  for (let round = -20; round < 200; round++) {
    const started = performance.now()
    ask()
    if (round >= 0) times.push(performance.now() - started)
  }
  times.sort((a, b) => a - b)
  const value = Number((times[190] ?? 0).toPrecision(3))
  const p50 = Number((times[100] ?? 0).toPrecision(3))
  const peer = { name: 'JSON.parse of everything', value: Number(scan.toPrecision(3)) }
  console.log(JSON.stringify({ name: `${name}, p95`, value, unit: 'ms', goal, peer, p50 }))
}

function rate(
  name: string,
  value: number,
  goal: number | null,
  peer: number,
  notes: Readonly<Record<string, number>>,
): void {
  const thousands = (perSecond: number): number => Number((perSecond / 1000).toPrecision(3))
  const unit = 'k events/s'
  const told = { name: 'JSON.parse and a count', value: thousands(peer) }
  console.log(
    JSON.stringify({ name, value: thousands(value), unit, goal: goal && thousands(goal), peer: told, ...notes }),
  )
}

/** Seconds of reading all lines and counting decisions. */
function scan(): number {
  const started = performance.now()
  const counts = new Map<unknown, number>()
  const input = openSync(file, 'r')
  const room = Buffer.allocUnsafe(1 << 22)
  for (let held = 0; ; ) {
    const count = readSync(input, room, held, room.length - held, null)
    if (count === 0) break
    const end = held + count
    let from = 0
    for (let at = room.indexOf(10, from); at >= 0 && at < end; at = room.indexOf(10, from)) {
      const { decision } = JSON.parse(room.toString('utf8', from, at))
      counts.set(decision, (counts.get(decision) ?? 0) + 1)
      from = at + 1
    }
    room.copyWithin(0, from, end)
    held = end - from
  }
  closeSync(input)
  return (performance.now() - started) / 1000
}

/** Thirty days of calls of 48 actions by 20,000 actors, about 450 bytes each. */
function generate(): void {
  const decisions = ['permit', 'permit', 'permit', 'permit', 'permit', 'permit', 'warn', 'hold', 'deny', 'deny']
  const words = 'shipment hospital invoice payment customer refund order account transfer limit review region'.split(
    ' ',
  )
  const word = (): string | undefined => words[next(words.length)]
  const output = openSync(file, 'w')
  let lines: string[] = []
  for (let place = 0; place < events; place++) {
    const time = new Date(1.77e12 + Math.floor((place * 30 * 86_400_000) / events) + next(1000)).toISOString()
    const action = next(48)
    lines.push(
      JSON.stringify({
        ts: time,
        actor: `user:${String(next(20_000)).padStart(6, '0')}`,
        action: `svc${action % 8}:Action${action}`,
        resource: `arn:demo:${next(1000)}:item/${next(90_000_000)}`,
        decision: decisions[next(10)],
        rule: `rule-${next(300)}`,
        trace_id: `${next(2 ** 30).toString(16)}-${place >> 2}`,
        payload: {
          ip: `10.${next(256)}.${next(256)}.${next(256)}`,
          note: `${Array.from({ length: 16 }, word).join(' ')} case-${next(5000)} ref-${next(300)}`,
          size: next(1_000_000),
          tags: [word(), word()],
          agent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
        },
      }),
    )
    if (lines.length < 4096 && place < events - 1) continue
    writeSync(output, `${lines.join('\n')}\n`)
    lines = []
  }
  closeSync(output)
}
