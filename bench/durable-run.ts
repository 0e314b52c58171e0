/**
 * `writ run`: decisions per second that are acknowledged after a flush to disk, in batches of 256: 100 rules over requests of 20
 * fields, every decision a record in the log. The peer writes the same lines to a file with one fdatasync per batch, in the same
 * process and minute: what the disk allows when nothing is decided. Prints JSON lines; bench/run.ts collects them.
 */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDurableRun } from '../ledger/src/node/audit/durable-run.ts'
import { createKeyFile } from '../ledger/src/node/audit/keys.ts'
import { defaultSource } from '../ledger/src/node/file-sources.ts'
import { print } from './measure.ts'
import { indexedRules, planOf } from './requests.ts'

const events = Number(process.env.WRIT_BENCH_EVENTS ?? 100_000)
const plan = planOf(indexedRules(100, 20))
const folder = mkdtempSync(join(tmpdir(), 'writ-bench-'))
const countries = ['CH', 'DE', 'FR', 'IT']
try {
  for (const batch of [256, 4096]) {
    const pieces = piecesOf(batch)
    const value = await decided(pieces, batch)
    const peer = flushed(pieces)
    print({
      name: `durable run, batches of ${batch}`,
      value,
      goal: batch === 256 ? 100_000 : null,
      peer: { name: 'append and fdatasync of the events alone', value: peer },
    })
  }
} finally {
  rmSync(folder, { recursive: true })
}

async function decided(pieces: readonly Uint8Array[], batch: number): Promise<number> {
  const name = `log-${batch}`
  const opened = openDurableRun({
    plan,
    source: defaultSource(plan, 'ndjson'),
    stream: 'stdin',
    run: '0'.repeat(64),
    folder: join(folder, name),
    shown: name,
    key: createKeyFile(join(folder, `${name}.key`), 'bench', 'signature'),
    codeGeneration: true,
    clock: () => Date.now(),
    checkpointEntries: 10_000,
    checkpointMilliseconds: 10_000,
  })
  if (!opened.ok) throw new Error(opened.problem.message)
  const { run } = opened
  const started = performance.now()
  let decisions = 0
  let answered: Promise<void> = Promise.resolve()
  // As the command does it: one batch is decided while the one before becomes durable.
  for (const piece of pieces) {
    const { durable, decisions: made } = run.decide(piece)
    await answered
    answered = durable
    decisions += made
  }
  await answered
  const seconds = (performance.now() - started) / 1000
  await run.close()
  return decisions / seconds
}

function flushed(pieces: readonly Uint8Array[]): number {
  const file = openSync(join(folder, 'peer'), 'w')
  const started = performance.now()
  for (const piece of pieces) {
    writeSync(file, piece)
    fdatasyncSync(file)
  }
  const seconds = (performance.now() - started) / 1000
  closeSync(file)
  return events / seconds
}

function piecesOf(batch: number): readonly Uint8Array[] {
  const encoder = new TextEncoder()
  const pieces: Uint8Array[] = []
  const extras = Object.fromEntries(Array.from({ length: 12 }, (_, place) => [`extra${place}`, `value ${place}`]))
  for (let first = 0; first < events; first += batch) {
    const lines: string[] = []
    for (let place = first; place < Math.min(events, first + batch); place++) {
      const at = new Date(1.78e12 + place * 10).toISOString()
      const country = countries[place % countries.length]
      const own = {
        id: `r${place}`,
        at,
        action: `action-${place % 20}`,
        country,
        amount: 500 + (place % 700),
        risk: 0.5,
      }
      lines.push(JSON.stringify({ ...own, attempts: place % 4, internal: false, ...extras }))
    }
    pieces.push(encoder.encode(`${lines.join('\n')}\n`))
  }
  return pieces
}
