/**
 * The tamper matrix: whatever is changed in a log is found, and the report names what is affected. The bytes of a small log, a
 * sample of a larger one, and changes that somebody would make on purpose. WRIT_TAMPER=long: every bit of the small one, and every
 * byte of one of 1,000 entries.
 */
import { cpSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { random } from '../../bench/requests.ts'
import { proveEntry } from '../../ledger/src/node/audit/prove.ts'
import { readTrust } from '../../ledger/src/node/audit/trust.ts'
import { verifyProofFile } from '../../ledger/src/node/audit/verify-proof-file.ts'
import { readEntryBundle } from '../../ledger/src/tlog/tiles.ts'
import { verifiedEntries } from './independent-verifier.ts'
import { bytesOf, plan, streamLines } from './workload.ts'
import { copyOf, newKey, openRun, removeLog, verdictOn, type WrittenLog, writtenLog } from './written-log.ts'

const long = process.env.WRIT_TAMPER === 'long'
const logs: WrittenLog[] = []
const small = await (long ? made(5, 2) : made(2))
const large = await made(long ? 1000 : 600)

async function made(entries: number, checkpointEntries?: number): Promise<WrittenLog> {
  const log = await writtenLog(entries, checkpointEntries)
  logs.push(log)
  return log
}
function spoilt(log: WrittenLog): WrittenLog {
  const copy = copyOf(log)
  logs.push(copy)
  return copy
}
afterAll(() => logs.forEach(removeLog))

function filesOf(log: WrittenLog): readonly string[] {
  return globSync('**', { cwd: log.folder })
    .map(file => file.replaceAll('\\', '/'))
    .filter(file => statSync(join(log.folder, file)).isFile())
    .sort()
}

/** The entry whose bytes, in a bundle, hold the byte. */
function entryAt(file: string, bytes: Buffer, place: number): number | null {
  const match = /^tile\/entries\/(\d{3})/.exec(file)
  if (match === null) return null
  const read = readEntryBundle(bytes)
  if (!read.ok) throw new Error(read.why)
  let at = 0
  for (const [index, entry] of read.entries.entries()) {
    at += 2 + entry.length
    if (place < at) return Number(match[1]) * 256 + index
  }
  return null
}

/** Flips the bit, and says why that is not found, or not said well; undefined where all is well. */
function flip(log: WrittenLog, file: string, bytes: Buffer, place: number, bit: number): string | undefined {
  const changed = Buffer.from(bytes)
  changed[place] = (changed[place] ?? 0) ^ (1 << bit)
  writeFileSync(join(log.folder, file), changed)
  const { problems, ranges } = verdictOn(log)
  writeFileSync(join(log.folder, file), bytes)
  if (problems.length === 0) return `${file}: bit ${bit} of byte ${place} is not found`
  const entry = entryAt(file, bytes, place)
  const used = file === `tile/entries/${file.slice(13, 16)}` || isLast(log, file)
  if (entry !== null && used) {
    const range = ranges.find(one => one.from <= entry && entry <= one.to)
    if (range?.state !== 'contradictory') return `${file}: byte ${place} leaves entry ${entry} ${range?.state}`
    if (!problems.some(one => one.file === file)) return `${file} is not named`
    const untouched = ranges.filter(one => one.state === 'anchored')
    if (file.length > 16 && untouched.length === 0 && entry > 256) return `${file}: byte ${place} spoils everything`
  }
  if (file !== 'checkpoint' && !problems.some(one => one.file === file)) return `${file} is not named, byte ${place}`
  return undefined
}

function isLast(log: WrittenLog, file: string): boolean {
  const size = Number(readFileSync(join(log.folder, 'checkpoint'), 'utf8').split('\n')[1])
  return file.endsWith(`.p/${size % 256}`)
}

test('the logs are what they should be, also for a verifier that shares no code with the ledger', () => {
  for (const log of [small, large]) {
    const { ranges, problems, checkpoint } = verdictOn(log)
    expect(problems).toEqual([])
    expect(ranges).toEqual([{ from: 0, to: (checkpoint?.size ?? 0) - 1, state: 'anchored' }])
    expect(verifiedEntries(log.folder, log.vkey).length).toBe(checkpoint?.size)
  }
})

test(
  'every byte of checkpoint, tiles and entries of a small log, and a part of its other files',
  () => {
    const wrong: string[] = []
    let flips = 0
    for (const file of filesOf(small)) {
      const bytes = readFileSync(join(small.folder, file))
      const all = long || file === 'checkpoint'
      // What stands under one hash, or line by line under many, is sampled here.
      const step = long ? 1 : file.startsWith('programs') ? 31 : /^(journal|openings)/.test(file) ? 7 : 1
      for (let place = 0; place < bytes.length; place += step) {
        for (const bit of all ? [0, 1, 2, 3, 4, 5, 6, 7] : [place % 8]) {
          flips++
          const why = flip(small, file, bytes, place, bit)
          if (why !== undefined) wrong.push(why)
        }
      }
    }
    expect(wrong).toEqual([])
    expect(flips).toBeGreaterThan(2500)
  },
  long ? 10_000_000 : 300_000,
)

test(
  'bits of a larger log, by chance',
  () => {
    const next = random(77)
    const wrong: string[] = []
    for (const file of filesOf(large)) {
      const bytes = readFileSync(join(large.folder, file))
      const places = long ? bytes.length : Math.min(bytes.length, 3)
      for (let count = 0; count < places; count++) {
        const why = flip(large, file, bytes, long ? count : next(bytes.length), next(8))
        if (why !== undefined) wrong.push(why)
      }
    }
    expect(wrong).toEqual([])
  },
  long ? 10_000_000 : 300_000,
)

describe('changes on purpose', () => {
  const bundle = 'tile/entries/001'
  const read = (log: WrittenLog, file: string): Buffer => readFileSync(join(log.folder, file))
  const entriesOf = (bytes: Buffer): Buffer[] => {
    const found = readEntryBundle(bytes)
    if (!found.ok) throw new Error(found.why)
    return found.entries.map(entry => Buffer.from(entry))
  }
  const bundleOf = (entries: readonly Buffer[]): Buffer =>
    Buffer.concat(entries.flatMap(entry => [Buffer.of(entry.length >> 8, entry.length & 255), entry]))
  const changed = (change: (entries: Buffer[]) => readonly Buffer[]): WrittenLog => {
    const log = spoilt(large)
    writeFileSync(join(log.folder, bundle), bundleOf(change(entriesOf(read(log, bundle)))))
    return log
  }
  const contradictory = (log: WrittenLog) => verdictOn(log).ranges.filter(range => range.state === 'contradictory')

  test('two entries swapped: just these two', () => {
    const log = changed(entries =>
      entries.map((entry, place) => entries[place === 3 ? 9 : place === 9 ? 3 : place] ?? entry),
    )
    expect(contradictory(log)).toEqual([
      { from: 259, to: 259, state: 'contradictory' },
      { from: 265, to: 265, state: 'contradictory' },
    ])
    expect(() => verifiedEntries(log.folder, log.vkey)).toThrow()
  })

  test('an entry removed: its bundle', () => {
    const log = changed(entries => entries.filter((_, place) => place !== 3))
    expect(contradictory(log)).toEqual([{ from: 256, to: 511, state: 'contradictory' }])
  })

  test('an entry duplicated: its bundle', () => {
    const log = changed(entries => entries.flatMap((entry, place) => (place === 3 ? [entry, entry] : [entry])))
    expect(contradictory(log)).toEqual([{ from: 256, to: 511, state: 'contradictory' }])
  })

  test('an entry duplicated over the next one: that one', () => {
    const log = changed(entries => entries.map((entry, place) => (place === 4 ? (entries[3] ?? entry) : entry)))
    expect(contradictory(log)).toEqual([{ from: 260, to: 260, state: 'contradictory' }])
  })

  test('an entry rewritten together with its tile: the tiles above still tell', () => {
    const log = changed(entries =>
      entries.map((entry, place) => (place === 7 ? Buffer.from(entry.toString().replace('permit', 'deny')) : entry)),
    )
    const tile = read(log, 'tile/0/001')
    tile.fill(7, 7 * 32, 8 * 32)
    writeFileSync(join(log.folder, 'tile/0/001'), tile)
    expect(contradictory(log)).toEqual([{ from: 256, to: 511, state: 'contradictory' }])
  })

  test('a bundle taken away: unverifiable, and no other entry', () => {
    const log = spoilt(large)
    rmSync(join(log.folder, bundle))
    const { ranges, problems } = verdictOn(log)
    expect(ranges.find(range => range.state === 'unverifiable')).toEqual({ from: 256, to: 511, state: 'unverifiable' })
    expect(ranges.some(range => range.state === 'contradictory')).toBe(false)
    expect(problems.map(problem => [problem.code, problem.file])).toEqual([['W4022', bundle]])
  })

  test('a file too many', () => {
    const log = spoilt(large)
    writeFileSync(join(log.folder, 'tile/0/notes.txt'), 'hello')
    expect(verdictOn(log).problems.map(problem => problem.code)).toEqual(['W4026'])
  })

  test('the checkpoint signed by another key of the same name', async () => {
    const log = spoilt(large)
    const key = newKey(join(log.folder, '..'))
    const text = read(log, 'checkpoint').toString().split('\n\n')[0]
    const { signCheckpoint } = await import('../../ledger/src/node/audit/keys.ts')
    const { parseCheckpoint } = await import('../../ledger/src/tlog/checkpoint.ts')
    const checkpoint = parseCheckpoint(`${text}\n`)
    if (checkpoint === undefined) throw new Error('no checkpoint')
    writeFileSync(join(log.folder, 'checkpoint'), signCheckpoint(key, checkpoint))
    const verdict = verdictOn(log)
    expect(verdict.checkpoint).toBe(null)
    expect(verdict.ranges.map(range => range.state)).toEqual(['unanchored'])
    expect(verdict.problems.map(problem => problem.code)).toEqual(['W4020'])
  })
})

describe('time', () => {
  let log: WrittenLog
  let before: string
  let older: string

  beforeAll(async () => {
    log = await made(300)
    older = join(log.folder, '..', 'older')
    cpSync(log.folder, older, { recursive: true })
    before = readFileSync(join(log.folder, 'checkpoint'), 'utf8')
    const run = openRun(log.folder, log.key)
    run.decide(bytesOf(streamLines(100, 6)))
    await run.close()
  })

  test('a log that goes on from an earlier checkpoint', () => expect(verdictOn(log, before).problems).toEqual([]))

  test('an older copy put in its place is found by who kept the checkpoint, and by nobody else', () => {
    const now = readFileSync(join(log.folder, 'checkpoint'), 'utf8')
    const cut = { ...log, folder: older }
    expect(verdictOn(cut).problems).toEqual([])
    const { problems, ranges } = verdictOn(cut, now)
    const sizes = [before, now].map(note => Number(note.split('\n')[1]))
    expect(problems).toMatchObject([{ code: 'W4024', from: sizes[0], to: (sizes[1] ?? 0) - 1 }])
    expect(ranges.map(range => range.state)).toEqual(['anchored', 'unverifiable'])
  })

  test('only the checkpoint put back: the entries behind it are told of', () => {
    const copy = spoilt(log)
    writeFileSync(join(copy.folder, 'checkpoint'), before)
    const now = readFileSync(join(log.folder, 'checkpoint'), 'utf8')
    expect(verdictOn(copy, now).problems.map(problem => problem.code)).toContain('W4024')
  })

  test('the tail cut off', () => {
    const copy = spoilt(log)
    const size = Number(readFileSync(join(log.folder, 'checkpoint'), 'utf8').split('\n')[1])
    rmSync(join(copy.folder, 'tile/entries/001.p'), { recursive: true, force: true })
    expect(verdictOn(copy).ranges.at(-1)).toEqual({ from: 256, to: size - 1, state: 'unverifiable' })
  })

  test('another history under the same key', async () => {
    const other = join(log.folder, '..', 'other')
    mkdirSync(other)
    const run = openRun(other, log.key, plan())
    run.decide(bytesOf(streamLines(900, 99)))
    await run.close()
    const verdict = verdictOn({ ...log, folder: other }, before)
    expect(verdict.problems.map(problem => problem.code)).toEqual(['W4025'])
    expect(verdict.ranges[0]?.state).toBe('contradictory')
    renameSync(other, `${other}-looked-at`)
  })
})

describe('proofs', () => {
  const trust = readTrust({ key: large.vkey })
  const policy = trust.ok ? trust.policy : { logs: [], witnesses: [], quorum: { kind: 'none' as const } }
  const evidence = (entry: number) => {
    const proof = proveEntry(large.folder, entry, true)
    if (!proof.ok) throw new Error(proof.why)
    return { ...proof.evidence, explanation: null }
  }
  const refusal = (changed: object): string | undefined => {
    const result = verifyProofFile(JSON.stringify(changed), policy, null)
    return result.kind === 'unknown' ? 'unknown' : result.verdict.ok ? undefined : result.verdict.why
  }

  test.each([0, 1, 255, 256, 400, 599])('of entry %i holds', entry => expect(refusal(evidence(entry))).toBe(undefined))

  test('of another leaf does not', () => {
    expect(refusal({ ...evidence(17), proof: evidence(18).proof })).toBe('the proof leads to another root')
    expect(refusal({ ...evidence(17), record: evidence(18).record })).toBe('the proof leads to another root')
  })

  test('with another policy text, or another value disclosed, does not', () => {
    const right = evidence(17)
    expect(refusal({ ...right, program: `${right.program} ` })).toBe('the policy text is not the one that decided')
    const openings = right.openings.map(opening => ({ ...opening, value: 'somebody else' }))
    expect(refusal({ ...right, openings })).toMatch(/^the value given for .* is not the one that was withheld$/)
  })

  test('bits of a tlog-proof', () => {
    const proof = proveEntry(large.folder, 300, false)
    if (!proof.ok) throw new Error(proof.why)
    const bytes = Buffer.from(proof.logProof)
    const accepted: number[] = []
    for (let bit = 0; bit < bytes.length * 8; bit += long ? 1 : 3) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const result = verifyProofFile(changed.toString('utf8'), policy, null)
      if (result.kind !== 'unknown' && result.verdict.ok) accepted.push(bit)
    }
    expect(accepted).toEqual([])
  })
})
