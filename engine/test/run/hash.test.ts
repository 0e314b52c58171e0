/** The rolling hash and the identity of a run: what they tell apart, and what they do not. */
import { expect, test } from 'vitest'
import type { Decisions, MatchSet } from '../../src/run/decisions.ts'
import { hashDecisions } from '../../src/run/hash.ts'
import { runIdentity } from '../../src/run/identity.ts'

type Line = readonly [seq: number, policy: number, decision: number, decidedBy: number, matched: number]

function decisions(lines: readonly Line[], matchSets: readonly MatchSet[] = sets): Decisions {
  return {
    size: lines.length,
    seq: Int32Array.from(lines, line => line[0]),
    policy: Uint16Array.from(lines, line => line[1]),
    decision: Uint8Array.from(lines, line => line[2]),
    decidedBy: Int16Array.from(lines, line => line[3]),
    matched: Int32Array.from(lines, line => line[4]),
    matchSets,
  }
}

const none: MatchSet = { rules: [], unknown: [] }
const sets: readonly MatchSet[] = [
  none,
  { rules: [0], unknown: [] },
  { rules: [0], unknown: [0] },
  { rules: [0, 3], unknown: [] },
]
const lines: readonly Line[] = [
  [0, 0, 0, -1, 0],
  [1, 0, 0, -1, 0],
  [2, 0, 3, 0, 1],
  [3, 0, 0, -1, 0],
]

test('any difference in a decision is another hash', () => {
  const changed: readonly (readonly Line[])[] = [
    lines.slice(0, 3),
    lines.with(3, [4, 0, 0, -1, 0]),
    lines.with(2, [2, 1, 3, 0, 1]),
    lines.with(2, [2, 0, 2, 0, 1]),
    lines.with(2, [2, 0, 3, -1, 1]),
    lines.with(2, [2, 0, 3, 0, 2]),
    lines.with(2, [2, 0, 3, 0, 3]),
    lines.with(1, [1, 0, 3, 0, 1]),
    [],
  ]
  const hashes = [lines, ...changed].map(each => hashDecisions(decisions(each)))
  expect(new Set(hashes).size).toBe(hashes.length)
})

test('how match sets are numbered makes no difference', () => {
  const renumbered = lines.map(([seq, policy, decision, by, matched]): Line => [seq, policy, decision, by, 3 - matched])
  expect(hashDecisions(decisions(renumbered, sets.toReversed()))).toBe(hashDecisions(decisions(lines)))
})

test('long runs, and many kinds, hash in blocks', () => {
  const many = (last: number) =>
    decisions(
      Array.from({ length: 10_000 }, (_, i): Line => [i, i % 7, i === 9_999 ? last : 0, -1, 0]),
      [none],
    )
  expect(hashDecisions(many(0))).toBe(hashDecisions(many(0)))
  expect(hashDecisions(many(1))).not.toBe(hashDecisions(many(0)))
  const kinds = Array.from({ length: 5_000 }, (_, i): Line => [i, 0, 3, i, i])
  const rules = kinds.map((_, i) => ({ rules: [i], unknown: i % 2 === 0 ? [i] : [] }))
  expect(hashDecisions(decisions(kinds, rules))).toMatch(/^[0-9a-f]{64}$/)
})

test('the identity tells programs and events apart', () => {
  const plan = (text: string) => ({
    files: [{ path: 'a.writ', text }],
    contracts: [],
    sources: [],
    roles: [],
    policies: [],
    tests: [],
    layers: [],
    exceptions: [],
    properties: [],
    rollouts: [],
    sinks: [],
    indicators: [],
    objectives: [],
  })
  const identity = runIdentity(plan('module a'), { events: 'abc', strict: false })
  expect(runIdentity(plan('module a'), { strict: false, events: 'abc' })).toBe(identity)
  expect(runIdentity(plan('module b'), { events: 'abc', strict: false })).not.toBe(identity)
  expect(runIdentity(plan('module a'), { events: 'abd', strict: false })).not.toBe(identity)
})
