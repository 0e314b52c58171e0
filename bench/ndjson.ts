/**
 * NDJSON to columns: a million events of 20 members from a file, 5 fields read and held against their contract; plain, gzip and zstd.
 * The peer is JSON.parse of every line found by scanning the same bytes, in the same process. Prints JSON lines; bench/run.ts
 * collects them.
 */
import { once } from 'node:events'
import {
  closeSync,
  createReadStream,
  createWriteStream,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished, pipeline } from 'node:stream/promises'
import { createGzip, createZstdCompress } from 'node:zlib'
import { check, type Plan } from '@writ/engine'
import { parse } from '@writ/grammar'
import { openEvents } from '@writ/ledger/node'
import { random } from './requests.ts'

const events = Number(process.env.WRIT_BENCH_EVENTS ?? 1_000_000)
const runs = Number(process.env.WRIT_BENCH_RUNS ?? 3)
const fields = ['at', 'actor', 'action', 'amount', 'country']
const plan = planOf()
const columns = [new Set(fields)]
const folder = mkdtempSync(join(tmpdir(), 'writ-bench-'))
try {
  const plain = join(folder, 'events.ndjson')
  await writeEvents(plain)
  await pipeline(createReadStream(plain), createGzip({ level: 6 }), createWriteStream(`${plain}.gz`))
  await pipeline(createReadStream(plain), createZstdCompress(), createWriteStream(`${plain}.zst`))
  const bytes = statSync(plain).size
  const times = { generated: [] as number[], interpreted: [] as number[], gz: [] as number[], zstd: [] as number[] }
  const peer: number[] = []
  for (let run = 0; run < runs; run++) {
    peer.push(await timed(async () => parseAll(plain)))
    times.generated.push(await timed(() => open(plain)))
    times.interpreted.push(await timed(() => open(plain, false)))
    times.gz.push(await timed(() => open(`${plain}.gz`)))
    times.zstd.push(await timed(() => open(`${plain}.zst`)))
  }
  const theirs = events / median(peer)
  report('NDJSON to columns, 5 fields', median(times.generated), 1.2)
  report('NDJSON to columns, 5 fields, without code generation', median(times.interpreted), null)
  report('NDJSON.gz to columns, 5 fields', median(times.gz), null)
  report('NDJSON.zst to columns, 5 fields', median(times.zstd), 1)

  function report(name: string, seconds: number, goal: number | null): void {
    console.log(
      JSON.stringify({
        name,
        value: round(events / seconds / 1e6),
        unit: 'M events/s',
        goal,
        megabytesPerSecond: Math.round(bytes / seconds / 1e6),
        peer: { name: 'JSON.parse of every line', value: round(theirs / 1e6) },
        ratio: round(events / seconds / theirs),
      }),
    )
  }
} finally {
  rmSync(folder, { recursive: true })
}

async function open(path: string, codeGeneration = true): Promise<void> {
  const opened = await openEvents(plan, path, { columns, codeGeneration })
  if (opened.problem !== null || opened.log.contractOf.length !== events || opened.findings.length > 0) {
    throw new Error(`${path} was not read as it was written: ${opened.problem?.message ?? opened.findings[0]?.message}`)
  }
}

/** Finds lines in blocks of a megabyte and parses each; the fields are read, so that nothing can be left out. */
function parseAll(path: string): void {
  const file = openSync(path, 'r')
  const block = Buffer.allocUnsafe(1 << 21)
  let held = 0
  let count = 0
  let touched = 0
  for (;;) {
    const read = readSync(file, block, held, 1 << 20, null)
    if (read === 0) break
    const end = held + read
    let from = 0
    for (let newline = block.indexOf(10, from); newline >= 0 && newline < end; newline = block.indexOf(10, from)) {
      const event = JSON.parse(block.toString('utf8', from, newline))
      for (const name of fields) if (event[name] !== undefined) touched++
      count++
      from = newline + 1
    }
    block.copyWithin(0, from, end)
    held = end - from
  }
  closeSync(file)
  if (count !== events || touched !== events * fields.length) throw new Error('the peer read something else')
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
function round(value: number): number {
  return Math.round(value * 100) / 100
}

async function writeEvents(path: string): Promise<void> {
  const out = createWriteStream(path, { highWaterMark: 1 << 22 })
  const next = random()
  let block = ''
  for (let i = 0; i < events; i++) {
    block += `${event(i, next)}\n`
    if (block.length > 1 << 20) {
      if (!out.write(block)) await once(out, 'drain')
      block = ''
    }
  }
  out.end(block)
  await finished(out)
}

function event(i: number, next: (below: number) => number): string {
  const at = new Date(Date.UTC(2026, 0, 1) + i * 137).toISOString()
  return (
    `{"id":"evt-${String(i).padStart(8, '0')}","at":"${at}","actor":"user-${next(10_000)}","action":"action-${next(100)}",` +
    `"resource":"doc/${next(100_000)}/page/${next(50)}","amount":${next(100_000) / 100},"currency":"EUR",` +
    `"country":"${['CH', 'DE', 'FR', 'IT', 'AT', 'ES'][next(6)]}","channel":"api","risk":0.${100 + next(900)},` +
    `"attempts":${next(5)},"internal":${next(2) === 0},"device":{"os":"linux","version":"6.${next(12)}"},` +
    `"tags":["a","b${next(9)}"],"session":"s-${next(1_000_000)}","ip":"10.${next(255)}.${next(255)}.${next(255)}",` +
    `"agent":"Mozilla/5.0 (X11; Linux x86_64)","status":${200 + next(4)},"latency":${next(2000)},"trace":"${i.toString(16).padStart(32, '0')}"}`
  )
}

function planOf(): Plan {
  const text = `module bench
contract Request version 1.0.0 {
  at : Time time
  actor : String
  action : String
  amount : Decimal
  country : String
}`
  const { plan, problems } = check([parse('bench.writ', text)])
  if (plan === null) throw new Error(`the contract has a problem: ${problems[0]?.message}`)
  return plan
}
