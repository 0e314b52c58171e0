/** A stream decided piece by piece is decided as one run over all of it: any pieces, restarts anywhere, records out of order. */
import { createHash } from 'node:crypto'
import { decisionWords, type Evaluation, evaluate, LogBuilder, type Plan } from '@writ/engine'
import { describe, expect, test } from 'vitest'
import { random } from '../../bench/requests.ts'
import { hashDecisions } from '../../engine/src/run/hash.ts'
import { canonicalJson } from '../../ledger/src/audit/canonical-json.ts'
import { parseRecord } from '../../ledger/src/audit/record.ts'
import { RecordWriter } from '../../ledger/src/audit/record-writer.ts'
import { DecidingSession, type SessionState } from '../../ledger/src/audit/session.ts'
import { SourceReader } from '../../ledger/src/decode/source-reader.ts'
import { FindingLog } from '../../ledger/src/findings.ts'
import { sha256, sha256Hex } from '../../ledger/src/node/audit/hashing.ts'
import { defaultSource } from '../../ledger/src/node/file-sources.ts'
import { bytesOf, plan, streamLines } from './workload.ts'

const payments = plan()
const source = defaultSource(payments, 'ndjson')
const seeds = [1, 2, 3]

/** One run over all of the stream, without a session. */
function whole(lines: readonly string[], program: Plan = payments): Evaluation {
  const builder = new LogBuilder(program.contracts)
  const file = new SourceReader(source, program.contracts, builder, new FindingLog()).file('stream')
  file.feed(bytesOf(lines))
  file.end(false)
  return evaluate(program, builder.build())
}

/** The decisions of a session, in the words of one run: `cuts` are the numbers of lines per piece; a restart after each where asked. */
function pieceByPiece(lines: readonly string[], cuts: () => number, restart: boolean, codeGeneration = true) {
  const options = { plan: payments, source, stream: 'stream', codeGeneration }
  let session = new DecidingSession(options)
  const writer = new RecordWriter({
    plan: payments,
    program: '0'.repeat(64),
    run: '1'.repeat(64),
    stream: 'stream',
    sha256,
    sha256Hex,
    random: size => new Uint8Array(size),
  })
  const rows: { readonly index: number; readonly text: string }[] = []
  const entries: string[] = []
  let findings = 0
  let kept = 0
  for (let at = 0; at < lines.length; ) {
    const size = cuts()
    const [piece] = session.decide(bytesOf(lines.slice(at, at + size)))
    if (piece === undefined) throw new Error('nothing was decided')
    at += size
    for (const count of piece.findingCounts.values()) findings += count
    for (const record of writer.write(piece, 0, entries.length))
      entries.push(new TextDecoder().decode(record.framed.subarray(2)))
    const { decisions } = piece.result
    for (let place = piece.result.firstDecision; place < decisions.size; place++) {
      const seq = decisions.seq[place] ?? 0
      const index = piece.log.batches[piece.log.contractOf[seq] ?? 0]?.index[piece.log.rowOf[seq] ?? 0] ?? -1
      const set = decisions.matchSets[decisions.matched[place] ?? 0]
      rows.push({
        index,
        text: JSON.stringify([decisions.policy[place], decisions.decision[place], decisions.decidedBy[place], set]),
      })
    }
    kept = Math.max(kept, session.kept)
    if (restart) {
      const state: SessionState = session.state
      session = new DecidingSession({ ...options, state })
    }
  }
  return { rows, entries, findings, kept }
}

/** The same form, of one run. */
function rowsOf(lines: readonly string[]): readonly { readonly index: number; readonly text: string }[] {
  const builder = new LogBuilder(payments.contracts)
  const file = new SourceReader(source, payments.contracts, builder, new FindingLog()).file('stream')
  file.feed(bytesOf(lines))
  file.end(false)
  const log = builder.build()
  const { decisions } = evaluate(payments, log)
  return Array.from({ length: decisions.size }, (_, place) => {
    const seq = decisions.seq[place] ?? 0
    const index = log.batches[log.contractOf[seq] ?? 0]?.index[log.rowOf[seq] ?? 0] ?? -1
    const set = decisions.matchSets[decisions.matched[place] ?? 0]
    return {
      index,
      text: JSON.stringify([decisions.policy[place], decisions.decision[place], decisions.decidedBy[place], set]),
    }
  })
}

describe.each(seeds)('streams of seed %i', seed => {
  const lines = streamLines(400, seed)
  const expected = rowsOf(lines)

  test('have something to decide', () => {
    const words = new Set(expected.map(row => decisionWords[JSON.parse(row.text)[1]]))
    expect([...words].sort()).toEqual(['deny', 'hold', 'permit', 'warn'])
  })

  test.each([7, 64, 1000])('pieces of %i lines', size => {
    expect(pieceByPiece(lines, () => size, false).rows).toEqual(expected)
  })

  test('line by line', () => {
    const few = lines.slice(0, 60)
    expect(pieceByPiece(few, () => 1, true).rows).toEqual(rowsOf(few))
  })

  test('pieces of any size with a restart after each, without generated code', () => {
    const next = random(seed)
    expect(pieceByPiece(lines, () => 1 + next(40), true, false).rows).toEqual(expected)
  })

  test('the rolling hash of what was decided is that of the whole run', () => {
    const run = whole(lines)
    const { rows } = pieceByPiece(lines, () => 33, true)
    const sets: { rules: number[]; unknown: number[] }[] = []
    const numbers = new Map<string, number>()
    const parsed = rows.map(row => JSON.parse(row.text))
    const matched = parsed.map(([policy, , , set]) => {
      const key = JSON.stringify([policy, set])
      const number = numbers.get(key) ?? sets.push(set) - 1
      numbers.set(key, number)
      return number
    })
    const decided = {
      size: rows.length,
      seq: run.decisions.seq,
      policy: Uint16Array.from(parsed, row => row[0]),
      decision: Uint8Array.from(parsed, row => row[1]),
      decidedBy: Int16Array.from(parsed, row => row[2]),
      matched: Int32Array.from(matched),
      matchSets: sets,
    }
    expect(hashDecisions(decided)).toBe(run.hash)
  })

  test('records out of order: pieces and restarts make no difference', () => {
    const disorder = streamLines(400, seed, 5)
    const once = pieceByPiece(disorder, () => 1000, false)
    expect(pieceByPiece(disorder, () => 5, true).rows).toEqual(once.rows)
    expect(pieceByPiece(disorder, () => 23, true).findings).toBe(once.findings)
  })
})

test('records are canonical JSON of the published form, and hold no sensitive value', () => {
  const { entries } = pieceByPiece(streamLines(300, 9), () => 50, false)
  expect(entries.length).toBeGreaterThan(200)
  for (const entry of entries) {
    expect(canonicalJson(JSON.parse(entry))).toBe(entry)
    expect(parseRecord(new TextEncoder().encode(entry))).toBeDefined()
  }
  expect(entries.join('')).not.toMatch(/confidential|hidden/)
})

test('a record of 65,535 bytes and more is cut at its largest parts, the same way each time', () => {
  const text = 'long '.repeat(20_000)
  const program = plan(`module m
contract E version 1.0.0 { id : String key  a : String  b : String }
policy p version 1.0.0 { on E as e  default permit  rule r when e.a == e.b deny "{e.b}" }
`)
  const session = new DecidingSession({
    plan: program,
    source: defaultSource(program, 'ndjson'),
    stream: 's',
    codeGeneration: false,
  })
  const order = { ...defaultSource(program, 'ndjson'), time: { kind: 'order' } as const }
  const ordered = new DecidingSession({ plan: program, source: order, stream: 's', codeGeneration: false })
  expect(session.kept).toBe(0)
  const [piece] = ordered.decide(bytesOf([JSON.stringify({ id: '1', a: text, b: 'short' })]))
  if (piece === undefined) throw new Error('nothing was decided')
  const writer = new RecordWriter({
    plan: program,
    program: '0'.repeat(64),
    run: '1'.repeat(64),
    stream: 's',
    sha256,
    sha256Hex,
    random: size => new Uint8Array(size),
  })
  const [record] = writer.write(piece, 0, 0)
  const parsed = JSON.parse(new TextDecoder().decode(record?.framed.subarray(2)))
  const digest = createHash('sha256').update(JSON.stringify(text)).digest('hex')
  expect(parsed.cut).toEqual({ 'inputs.a': { bytes: 100_002, sha256: digest } })
  expect(parsed.inputs).toEqual({ a: null, b: 'short' })
})
