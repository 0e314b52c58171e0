/** Recorded times to microseconds, and what is no time. */
import { expect, test } from 'vitest'
import { isoText, microseconds, ofNanoseconds } from '../../src/envelope/times.ts'
import { parseJson } from '../../src/raw/json.ts'

test.each<[string, string | null]>([
  ['"2026-03-01T09:00:00Z"', '2026-03-01T09:00:00.000Z'],
  ['"2026-03-01T09:00:00.5Z"', '2026-03-01T09:00:00.500Z'],
  ['"2026-03-01T09:00:00.123456Z"', '2026-03-01T09:00:00.123456Z'],
  ['"2026-03-01T09:00:00.123456789Z"', '2026-03-01T09:00:00.123456Z'],
  ['"2026-03-01T10:00:00.000001+01:00"', '2026-03-01T09:00:00.000001Z'],
  ['"2026-03-01 09:00Z"', '2026-03-01T09:00:00.000Z'],
  ['1772355600', '2026-03-01T09:00:00.000Z'],
  ['1772355600.25', '2026-03-01T09:00:00.250Z'],
  ['"1772355600123"', '2026-03-01T09:00:00.123Z'],
  ['1772355600123456', '2026-03-01T09:00:00.123456Z'],
  ['1772355600123456789', '2026-03-01T09:00:00.123456Z'],
  ['"2026-03-01T09:00:00"', null],
  ['"2026-02-30T09:00:00Z"', null],
  ['"2026-03-01T24:00:00Z"', null],
  ['"2026-03-01T09:00:00.Z"', null],
  ['"2026-03-01T09:00:00.12x456Z"', null],
  ['"yesterday"', null],
  ['1e30', null],
  ['null', null],
  ['{}', null],
])('%s', (json, wanted) => {
  const parsed = parseJson(json)
  const time = 'value' in parsed ? microseconds(parsed.value) : null
  expect(time === null ? null : isoText(time)).toBe(wanted)
})

test('nanoseconds keep what a double would lose', () => {
  expect(ofNanoseconds('1772355600123456789')).toBe(1_772_355_600_123_456)
  expect(ofNanoseconds('0')).toBe(null)
  expect(ofNanoseconds('soon')).toBe(null)
})
