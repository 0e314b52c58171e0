/** A tiled log that another implementation wrote (tessera, Apache-2.0): every checkpoint, tile and entry bundle must agree with ours. */
import { createHash, createPublicKey, verify } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkpointText, parseCheckpoint } from '../../src/tlog/checkpoint.ts'
import { leafHash, rootOf, type Sha256 } from '../../src/tlog/merkle.ts'
import { openNote, parseVerifierKey, type Signatures } from '../../src/tlog/signed-note.ts'
import { bundleEntry, entryBundlePath, readEntryBundle, tilePath, tilesOf } from '../../src/tlog/tiles.ts'

const sha256: Sha256 = (...parts) => new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest())
const signatures: Signatures = {
  verify: (key, message, signature) =>
    verify(
      null,
      message,
      createPublicKey({
        key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]),
        format: 'der',
        type: 'spki',
      }),
      signature,
    ),
}
const log = 'ledger/test/tlog/vectors/tessera/testdata/log'
const key = parseVerifierKey(sha256, 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx')
const keys = key ? [key] : []

describe('the log of tessera', () => {
  test.each(Array.from({ length: 16 }, (_, size) => size))(
    'checkpoint of %i entries: signature, root, tile and bundle',
    size => {
      const note = openNote(signatures, readFileSync(join(log, `checkpoint.${size}`), 'utf8'), keys)
      expect(note.ok).toBe(true)
      const text = note.ok ? note.text : ''
      const checkpoint = parseCheckpoint(text)
      expect(checkpoint?.origin).toBe('example.com/log/testdata')
      expect(checkpoint?.size).toBe(BigInt(size))
      if (checkpoint) expect(checkpointText(checkpoint)).toBe(text)
      const bundle =
        size === 0
          ? { ok: true as const, entries: [] }
          : readEntryBundle(readFileSync(join(log, entryBundlePath(0, size))))
      const entries = bundle.ok ? bundle.entries : []
      expect(entries.length).toBe(size)
      const leaves = entries.map(entry => leafHash(sha256, entry))
      expect(Buffer.from(rootOf(sha256, leaves)).equals(checkpoint?.root ?? Buffer.alloc(0))).toBe(true)
      for (const { level, full, partial } of tilesOf(size)) {
        expect([level, full]).toEqual([0, 0])
        expect(readFileSync(join(log, tilePath(0, 0, partial))).equals(Buffer.concat(leaves))).toBe(true)
      }
      if (size > 0)
        expect(readFileSync(join(log, entryBundlePath(0, size))).equals(Buffer.concat(entries.map(bundleEntry)))).toBe(
          true,
        )
    },
  )

  test('the folder is where we think it is', () => expect(existsSync(join(log, 'checkpoint'))).toBe(true))
})

describe('notes that are refused', () => {
  const good = readFileSync(join(log, 'checkpoint.3'), 'utf8')
  const other = readFileSync(join(log, 'checkpoint.4'), 'utf8')
  const signature = good.slice(good.lastIndexOf('—'))
  test.each([
    ['another size', good.replace('\n3\n', '\n4\n'), 'does not fit the text'],
    [
      'the signature of another checkpoint',
      good.replace(signature, other.slice(other.lastIndexOf('—'))),
      'does not fit the text',
    ],
    ['no signature', good.slice(0, good.lastIndexOf('—')), 'no signature line'],
    ['an unknown key only', good.replace('M9e0lv', 'M9e0lw'), 'none of the trusted keys'],
    ['the same signature twice', good + signature, 'two signatures'],
    ['a carriage return', good.replace('\n3\n', '\r\n3\n'), 'control characters'],
    ['no newline at the end', good.slice(0, -1), 'must follow the text'],
  ])('%s', (_, note, why) => {
    expect(openNote(signatures, note, keys)).toMatchObject({ ok: false, why: expect.stringContaining(why) })
  })

  test('lines of unknown keys are ignored beside a good one', () => {
    expect(openNote(signatures, good + signature.replace('testdata', 'witness'), keys)).toMatchObject({
      ok: true,
      signedBy: [{ key: { name: 'example.com/log/testdata' }, time: null }],
    })
  })
})

describe('tile paths', () => {
  test.each([
    [tilePath(0, 0), 'tile/0/000'],
    [tilePath(1, 5, 17), 'tile/1/005.p/17'],
    [tilePath(0, 1_234_067), 'tile/0/x001/x234/067'],
    [entryBundlePath(1000), 'tile/entries/x001/000'],
  ])('%s', (path, expected) => expect(path).toBe(expected))

  test('the 70,000 entries of the specification', () => {
    expect(tilesOf(70_000)).toEqual([
      { level: 0, full: 273, partial: 112 },
      { level: 1, full: 1, partial: 17 },
      { level: 2, full: 0, partial: 1 },
    ])
  })
})
