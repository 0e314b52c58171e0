/** Records and answers of what governs rules: shadow mode, breakers that last, exceptions, rollouts. */
import { expect, test } from 'vitest'
import { canonicalJson } from '../../ledger/src/audit/canonical-json.ts'
import { parseRecord } from '../../ledger/src/audit/record.ts'
import { RecordWriter } from '../../ledger/src/audit/record-writer.ts'
import { DecidingSession } from '../../ledger/src/audit/session.ts'
import { sha256, sha256Hex } from '../../ledger/src/node/audit/hashing.ts'
import { defaultSource } from '../../ledger/src/node/file-sources.ts'
import { bytesOf, plan } from './workload.ts'

test('a breaker that lasts over batches, in a policy that only watches', () => {
  const program = plan(`module m
contract Call version 1.0.0 { id : String key  at : Time time  agent : String  failed : Bool }
policy breaker version 1.0.0 {
  mode shadow
  on Call as c
  default permit
  rule tripped when c.failed deny for 1h by agent
}
`)
  const session = new DecidingSession({
    plan: program,
    source: defaultSource(program, 'ndjson'),
    stream: 's',
    codeGeneration: true,
  })
  const writer = new RecordWriter({
    plan: program,
    program: '0'.repeat(64),
    run: '1'.repeat(64),
    stream: 's',
    sha256,
    sha256Hex,
    random: size => new Uint8Array(size),
  })
  const decide = (id: string, at: string, failed: boolean) => {
    const [piece] = session.decide(bytesOf([JSON.stringify({ id, at: `2026-01-01T${at}Z`, agent: 'a', failed })]))
    if (piece === undefined) throw new Error('nothing was decided')
    return writer.write(piece, 0, 0).map(record => {
      const text = new TextDecoder().decode(record.framed.subarray(2))
      expect(canonicalJson(JSON.parse(text))).toBe(text)
      return [parseRecord(record.framed.subarray(2)), JSON.parse(`{${record.answer}}`)]
    })[0]
  }
  expect(decide('1', '09:00:00', true)?.[0]).toMatchObject({ decision: 'deny', mode: 'shadow', matched: ['tripped'] })
  const [record, answer] = decide('2', '09:30:00', false) ?? []
  expect(record).toMatchObject({ decision: 'deny', lasting: ['tripped'] })
  expect(answer).toMatchObject({ decision: 'deny', mode: 'shadow', lasting: ['tripped'] })
  expect(decide('3', '11:00:00', false)?.[0]).toMatchObject({ decision: 'permit' })
})

test('a rollout that comes to its next stage over batches', () => {
  const program = plan(`module m
contract Call version 1.0.0 { id : String key  at : Time time  agent : String  failed : Bool }
policy old version 1.0.0 { on Call as c  default permit }
policy fresh version 1.0.0 { on Call as c  default permit  rule fails when c.failed deny }
rollout careful of fresh { replaces old  shadow for 1h  rollback when (count of decisions where deny) >= 2 }
`)
  const session = new DecidingSession({
    plan: program,
    source: defaultSource(program, 'ndjson'),
    stream: 's',
    codeGeneration: true,
  })
  const writer = new RecordWriter({
    plan: program,
    program: '0'.repeat(64),
    run: '1'.repeat(64),
    stream: 's',
    sha256,
    sha256Hex,
    random: size => new Uint8Array(size),
  })
  const decide = (id: string, at: string, failed: boolean) => {
    const [piece] = session.decide(bytesOf([JSON.stringify({ id, at: `2026-01-01T${at}Z`, agent: 'a', failed })]))
    if (piece === undefined) throw new Error('nothing was decided')
    return writer.write(piece, 0, 0).map(record => {
      const text = new TextDecoder().decode(record.framed.subarray(2))
      expect(canonicalJson(JSON.parse(text))).toBe(text)
      const parsed = parseRecord(record.framed.subarray(2))
      expect(JSON.parse(`{${record.answer}}`)).toMatchObject({ counts: JSON.parse(text).counts })
      return parsed && 'counts' in parsed ? { counts: parsed.counts, stage: parsed.stage } : null
    })
  }
  expect(decide('1', '09:00:00', true)).toEqual([{ counts: true }, { counts: false, stage: 'shadow' }])
  expect(decide('2', '10:00:00.001', true)).toEqual([{ counts: false }, { counts: true, stage: 'in force' }])
})
