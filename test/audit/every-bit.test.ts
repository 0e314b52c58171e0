/**
 * Every bit of the files of a log of 1,000 entries, flipped one at a time and put back: each flip is found, and the report names the
 * file and, in a bundle, the entry. Here some thousand of them, by chance; WRIT_TAMPER=every takes them all, and
 * WRIT_TAMPER=every/2/0 every second one from the first on. WRIT_TAMPER=together takes them all in minutes instead of hours: bits of
 * entries are flipped in every second entry of a bundle at once, and each of these must be named, and none between them.
 */
import { expect, test } from 'vitest'
import { random } from '../../bench/requests.ts'
import { verifierKeyText } from '../../ledger/src/node/audit/keys.ts'
import { filesInMemory } from '../../ledger/src/node/audit/log-files.ts'
import { readTrust } from '../../ledger/src/node/audit/trust.ts'
import { verifyFiles } from '../../ledger/src/node/audit/verify-folder.ts'
import { readEntryBundle } from '../../ledger/src/tlog/tiles.ts'
import { RememberingTools } from './remembering-tools.ts'
import { bytesOf, plan } from './workload.ts'
import { filesOf, newKey, openRun, removeLog, temporary } from './written-log.ts'

const program = plan(`module pulse
contract Pulse version 1.0.0 { id : String key  at : Time time  beat : Int }
contract Note version 1.0.0 { id : String key  at : Time time  text : String personal(free_text) }
policy beats version 1.0.0 {
  on Pulse as p
  default permit
  rule fast when p.beat > 90 or count of Pulse where beat > 80 by all over 1m > 3 warn "{p.beat} beats"
}
policy notes version 1.0.0 {
  on Note as n
  default permit
  rule shouted when n.text like "*!" hold "{n.text}"
}
`)

/** One entry in 20 has something withheld. */
async function pulses(entries: number): Promise<{ readonly vkey: string; readonly files: Map<string, Buffer> }> {
  const parent = temporary()
  const key = newKey(parent)
  const folder = `${parent}/log`
  const run = openRun(folder, key, program, entries - 10)
  const next = random(4)
  const lines = Array.from({ length: entries }, (_, place) => {
    const at = new Date(Date.UTC(2026, 0, 1) + place * 7000).toISOString()
    const event = next(20) === 0 ? { event: 'Note', text: `a${next(9)}!` } : { event: 'Pulse', beat: 50 + next(50) }
    return JSON.stringify({ ...event, id: `${place}`, at })
  })
  for (let at = 0; at < lines.length; at += 100) run.decide(bytesOf(lines.slice(at, at + 100)))
  await run.close()
  const files = filesOf(folder)
  removeLog({ folder, key, vkey: '' })
  return { vkey: verifierKeyText(key.verifier), files }
}

const asked = process.env.WRIT_TAMPER ?? ''
const [, steps = '1', from = '0'] = /^every(?:\/(\d+)\/(\d+))?$/.exec(asked) ?? []
const every = asked.startsWith('every')
const together = asked === 'together'
const { vkey, files } = await pulses(1000)
const trust = readTrust({ key: vkey })

test(
  every ? 'every bit' : together ? 'every bit, those of entries together' : 'bits by chance (seed 11)',
  () => {
    if (!trust.ok) throw new Error(trust.why)
    const tools = new RememberingTools()
    const options = { policy: trust.policy, policyName: 'key', tools }
    const memory = filesInMemory(files)
    const sound = verifyFiles(memory, options)
    expect([sound.problems, sound.ranges]).toEqual([[], [{ from: 0, to: 999, state: 'anchored' }]])
    const wrong: string[] = []
    let flips = 0
    const flip = (file: string, bytes: Buffer, entry: number | null, place: number, bit: number): void => {
      const before = bytes[place] ?? 0
      const at = bytes.byteOffset + place
      tools.spoil(file, bytes.buffer, (start, end) => start <= at && at < end)
      bytes[place] = before ^ (1 << bit)
      const { problems, ranges } = verifyFiles(memory, options)
      bytes[place] = before
      flips++
      const state = entry === null ? undefined : ranges.find(one => one.from <= entry && entry <= one.to)?.state
      const why =
        problems.length === 0
          ? 'is not found'
          : file !== 'checkpoint' && !problems.some(one => one.file === file)
            ? 'names another file'
            : state !== undefined && state !== 'contradictory'
              ? `leaves entry ${entry} ${state}`
              : undefined
      if (why !== undefined && wrong.length < 20) wrong.push(`${file}: bit ${bit} of byte ${place} ${why}`)
    }
    /** The same bit in every second entry of a bundle: just these are contradictory, and those between them anchored. */
    const flipTogether = (file: string, bytes: Buffer, bodies: readonly Body[], odd: number, bit: number): void => {
      const spoilt = bodies.filter((body, place) => place % 2 === odd && bit < (body.end - body.start) * 8)
      const starts = new Set(spoilt.map(({ start }) => bytes.byteOffset + start))
      const turn = (): void => {
        for (const { start } of spoilt) bytes[start + (bit >> 3)] = (bytes[start + (bit >> 3)] ?? 0) ^ (1 << (bit & 7))
      }
      tools.spoil(file, bytes.buffer, start => starts.has(start))
      turn()
      const { problems, ranges } = verifyFiles(memory, options)
      turn()
      flips += spoilt.length
      const found = ranges.flatMap(({ from, to, state }) => (state === 'contradictory' && from === to ? [from] : []))
      // A flip in the digest of the program asks for a program that is not there, besides.
      const names = problems.every(one => one.file === file || one.code === 'W4027' || one.code === 'W4028')
      const isRight = found.join() === spoilt.map(({ entry }) => entry).join() && names
      if (!isRight && wrong.length < 20)
        wrong.push(`${file}: bit ${bit} of entries ${spoilt.map(({ entry }) => entry)}`)
    }
    const next = random(11)
    const step = Number(steps)
    let passed = Number(from)
    const began = performance.now()
    for (const [file, bytes] of files) {
      const entryOf = entriesAt(file, bytes)
      if (together) {
        const bodies = bodiesIn(file, bytes)
        const longest = Math.max(0, ...bodies.map(({ start, end }) => end - start))
        for (let bit = 0; bit < longest * 8; bit++)
          for (const odd of [0, 1]) flipTogether(file, bytes, bodies, odd, bit)
        const inBody = new Uint8Array(bytes.length)
        for (const { start, end } of bodies) inBody.fill(1, start, end)
        for (let place = 0; place < bytes.length; place++)
          if (inBody[place] === 0) for (let bit = 0; bit < 8; bit++) flip(file, bytes, entryOf(place), place, bit)
      } else if (every) {
        for (; passed < bytes.length * 8; passed += step)
          flip(file, bytes, entryOf(passed >> 3), passed >> 3, passed & 7)
        passed -= bytes.length * 8
      } else
        for (let count = 0; count < Math.min(bytes.length, 150); count++) {
          const place = next(bytes.length)
          flip(file, bytes, entryOf(place), place, next(8))
        }
    }
    if (every || together)
      console.log(`${flips} flips in ${Math.round((performance.now() - began) / 1000)} s, ${wrong.length} not found`)
    expect(wrong).toEqual([])
    expect(flips).toBeGreaterThan(1000)
  },
  every || together ? 100_000_000 : 120_000,
)

interface Body {
  readonly entry: number
  readonly start: number
  readonly end: number
}

/** Where the entries stand in a bundle that the checkpoint needs; none in any other file. */
function bodiesIn(file: string, bytes: Buffer): readonly Body[] {
  const owner = entriesAt(file, bytes)
  const read = owner(0) === null ? undefined : readEntryBundle(bytes)
  if (!read?.ok) return []
  let at = 0
  return read.entries.map(entry => {
    const start = at + 2
    at = start + entry.length
    return { entry: owner(start) ?? -1, start, end: at }
  })
}

/** In a bundle that the checkpoint needs, the entry that a byte belongs to (with the length before it). */
function entriesAt(file: string, bytes: Buffer): (place: number) => number | null {
  const [, index, width] = /^tile\/entries\/(\d{3})(?:\.p\/(\d+))?$/.exec(file) ?? []
  const isUsed = index !== undefined && (width === undefined || Number(width) === 1000 % 256)
  const read = isUsed ? readEntryBundle(bytes) : undefined
  if (!read?.ok) return () => null
  const owner = new Int32Array(bytes.length)
  let at = 0
  for (const [place, entry] of read.entries.entries()) {
    owner.fill(Number(index) * 256 + place, at, at + 2 + entry.length)
    at += 2 + entry.length
  }
  return place => owner[place] ?? null
}
