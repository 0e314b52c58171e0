/** Chains of CloudTrail digests over made files: what is sound, and each change with the hours it concerns. */
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { filesInMemory } from '../../src/node/audit/log-files.ts'
import { readTrailKeys } from '../../src/node/cloudtrail/digest-file.ts'
import { verifyTrails } from '../../src/node/cloudtrail/verify-trail.ts'
import { type MadeTrail, madeTrail } from './made-trail.ts'

const made = madeTrail(6)
const keys = readTrailKeys(made.keyList) ?? new Map()
const verdict = (change: (files: Map<string, Buffer>, trail: MadeTrail) => void = () => {}) => {
  const files = new Map(made.files)
  change(files, made)
  const { trails, problems } = verifyTrails(filesInMemory(files), keys)
  return {
    ranges: (trails[0]?.ranges ?? []).map(
      ({ from, to, state }) => `${from.slice(11, 13)}-${to.slice(11, 13)} ${state}`,
    ),
    problems: problems.map(({ code, from }) => `${code} ${from?.slice(11, 13) ?? ''}`.trim()),
    logFiles: trails[0]?.logFiles,
  }
}
const at = (list: readonly string[], place: number): string => list[place] ?? ''

test('from a plain folder all but the newest digest is signed; with its signature beside it that too', () => {
  expect(verdict()).toEqual({
    ranges: ['00-05 anchored', '05-06 unanchored'],
    problems: [],
    logFiles: { sound: 12, changed: 0, missing: 0 },
  })
  const whole = verdict((files, { digests, lastSignature }) =>
    files.set(`${at(digests, 5)}.signature`, Buffer.from(`${lastSignature}\n`)),
  )
  expect(whole.ranges).toEqual(['00-06 anchored'])
})

test('a part of the tree, unpacked files, and keys as PEM do as well', () => {
  const files = new Map(
    [...made.files].map(([path, bytes]) => [
      path.replace('AWSLogs/111122223333/', '').replace('.gz', ''),
      gunzipSync(bytes),
    ]),
  )
  const pem = made.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const { trails, problems } = verifyTrails(filesInMemory(files), readTrailKeys(pem) ?? new Map())
  expect([trails[0]?.ranges.map(range => range.state), problems]).toEqual([['anchored', 'unanchored'], []])
})

describe('found, with the hours it concerns', () => {
  const only2 = ['00-02 anchored', '02-03 contradictory', '03-05 anchored', '05-06 unanchored']
  test('a log file that was changed, or added to behind its end', () => {
    const changed = verdict((files, { logs }) => files.set(at(logs, 4), gzipSync('{"Records":[]}')))
    expect([changed.ranges, changed.problems]).toEqual([only2, ['W4051 02']])
    for (const more of [gzipSync('{}'), Buffer.from('more'), Buffer.alloc(9)]) {
      const longer = verdict((files, { logs }) => {
        files.set(at(logs, 4), Buffer.concat([files.get(at(logs, 4)) ?? Buffer.alloc(0), more]))
      })
      expect([longer.ranges, longer.problems]).toEqual([only2, ['W4051 02']])
    }
  })

  test('two log files swapped', () => {
    const swapped = verdict((files, { logs }) => {
      const [a, b] = [at(logs, 4), at(logs, 6)]
      const bytes = files.get(a) ?? Buffer.alloc(0)
      files.set(a, files.get(b) ?? Buffer.alloc(0)).set(b, bytes)
    })
    expect(swapped.problems).toEqual(['W4051 02', 'W4051 03'])
  })

  test('a log file that is missing, and one too many', () => {
    const missing = verdict((files, { logs }) => files.delete(at(logs, 4)))
    expect([missing.ranges[1], missing.problems]).toEqual(['02-03 unverifiable', ['W4052 02']])
    const more = verdict((files, { logs }) => files.set(at(logs, 4).replace('T0', 'T1'), gzipSync('{}')))
    expect(more.problems).toEqual(['W4053'])
  })

  test('one digest missing, two in a row, the first, the last', () => {
    const without = (...places: readonly number[]) =>
      verdict((files, { digests }) => {
        for (const place of places) files.delete(at(digests, place))
      })
    const one = without(2)
    expect(one.ranges).toEqual([
      '00-01 anchored',
      '01-02 unanchored',
      '02-03 unverifiable',
      '03-05 anchored',
      '05-06 unanchored',
    ])
    expect(one.problems).toEqual(['W4054 03', 'W4053', 'W4053'])
    expect(without(2, 3).ranges).toContain('02-04 unverifiable')
    expect(without(0).ranges[0]).toBe('01-05 anchored')
    expect(without(5).ranges).toEqual(['00-04 anchored', '04-05 unanchored'])
  })

  test('a digest that was changed, alone or together with its log file', () => {
    const forged = verdict((files, { digests, logs }) => {
      const text = gunzipSync(files.get(at(digests, 2)) ?? Buffer.alloc(0)).toString()
      files.set(at(digests, 2), gzipSync(text.replace(/"hashValue":"[0-9a-f]/, '"hashValue":"0')))
      files.set(at(logs, 4), gzipSync('{"Records":[]}'))
    })
    expect(forged.ranges).toEqual(only2)
    expect(forged.problems).toContain('W4050 02')
  })

  test('the last digest changed, with its signature at hand', () => {
    const forged = verdict((files, { digests, lastSignature }) => {
      const text = gunzipSync(files.get(at(digests, 5)) ?? Buffer.alloc(0)).toString()
      files.set(at(digests, 5), gzipSync(`${text} `))
      files.set(`${at(digests, 5)}.signature`, Buffer.from(lastSignature))
    })
    expect([forged.ranges.at(-1), forged.problems]).toEqual(['05-06 contradictory', ['W4050 05']])
  })

  test('a digest at another place, one that is none, and keys that are not given', () => {
    const moved = verdict((files, { digests }) => {
      const path = at(digests, 2)
      files.set(path.replace('us-east-2/2026', 'us-east-1/2026'), files.get(path) ?? Buffer.alloc(0))
      files.delete(path)
    })
    expect(moved.problems).toEqual(['W4055 02'])
    expect(verdict((files, { digests }) => files.set(at(digests, 5), Buffer.from('{}'))).problems[0]).toBe('W4050')
    const { problems, trails } = verifyTrails(filesInMemory(made.files), new Map())
    expect([problems.length, trails[0]?.ranges[0]?.state]).toEqual([5, 'unverifiable'])
    expect([readTrailKeys('{}'), readTrailKeys('hello')]).toEqual([undefined, undefined])
  })
})
