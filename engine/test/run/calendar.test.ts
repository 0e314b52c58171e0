/** Calendar units of time zones: where they begin, by both evaluators' calendars. */
import { expect, test } from 'vitest'
import { calendarStart as compiled, unitSpan } from '../../src/compile/history/calendar.ts'
import type { Zone } from '../../src/plan/zone.ts'
import { calendarStart } from '../../src/reference/calendar.ts'
import { findZone, zoneDataVersion, zoneNames } from '../../src/zone/zones.ts'

function zone(name: string): Zone {
  const found = findZone(name)
  if (!found) throw new Error(`there is no zone ${name}`)
  return found
}

type Unit = 'hour' | 'day' | 'week' | 'month'
const start = (time: string, unit: Unit, name: string) =>
  new Date(calendarStart(Date.parse(time), unit, zone(name))).toISOString().replace('.000Z', 'Z')

test('a day in Zurich begins at midnight there', () => {
  expect(start('2026-01-15T12:00:00Z', 'day', 'Europe/Zurich')).toBe('2026-01-14T23:00:00Z')
  expect(start('2026-07-15T12:00:00Z', 'day', 'Europe/Zurich')).toBe('2026-07-14T22:00:00Z')
  expect(start('2026-07-14T22:00:00Z', 'day', 'Europe/Zurich')).toBe('2026-07-14T22:00:00Z')
  expect(start('2026-07-14T21:59:59.999Z', 'day', 'Europe/Zurich')).toBe('2026-07-13T22:00:00Z')
})

test('the days of the changes have 23 and 25 hours', () => {
  expect(start('2026-03-29T12:00:00Z', 'day', 'Europe/Zurich')).toBe('2026-03-28T23:00:00Z')
  expect(start('2026-03-29T22:00:00Z', 'day', 'Europe/Zurich')).toBe('2026-03-29T22:00:00Z')
  expect(start('2026-10-25T22:59:59Z', 'day', 'Europe/Zurich')).toBe('2026-10-24T22:00:00Z')
  expect(start('2026-10-25T23:00:00Z', 'day', 'Europe/Zurich')).toBe('2026-10-25T23:00:00Z')
})

test('weeks begin on Monday, months on the first', () => {
  expect(start('2026-04-01T12:00:00Z', 'week', 'Europe/Zurich')).toBe('2026-03-29T22:00:00Z')
  expect(start('2026-04-01T12:00:00Z', 'month', 'America/New_York')).toBe('2026-04-01T04:00:00Z')
  expect(start('2026-04-01T03:59:59Z', 'month', 'America/New_York')).toBe('2026-03-01T05:00:00Z')
})

test('an hour that the clocks show twice is two; half hours count', () => {
  expect(start('2026-10-25T00:30:00Z', 'hour', 'Europe/Zurich')).toBe('2026-10-25T00:00:00Z')
  expect(start('2026-10-25T01:30:00Z', 'hour', 'Europe/Zurich')).toBe('2026-10-25T01:00:00Z')
  expect(start('2026-05-05T10:10:00Z', 'hour', 'Asia/Kolkata')).toBe('2026-05-05T09:30:00Z')
})

test('a day whose midnight the clocks skip begins when they change', () => {
  // 2018-11-04 began at 01:00 in Sao Paulo.
  expect(start('2018-11-04T12:00:00Z', 'day', 'America/Sao_Paulo')).toBe('2018-11-04T03:00:00Z')
})

test('older names are known; what is no zone is not', () => {
  expect(zone('Asia/Calcutta').offset.at(-1)).toBe(5.5 * 3_600_000)
  expect(findZone('Europe/Zuerich')).toBe(null)
  expect(zoneDataVersion()).toMatch(/^20\d\d[a-z]$/)
})

test('both calendars agree, at random times and around every change, in every zone', () => {
  let seed = 7
  const random = (below: number) => {
    seed = (Math.imul(seed, 48_271) >>> 0) % 2_147_483_647
    return seed % below
  }
  const wrong: string[] = []
  for (const name of zoneNames()) {
    const { until } = zone(name)
    const near = Array.from(
      { length: 6 },
      () => (until[random(until.length || 1)] ?? 0) + random(200_000_000) - 100_000_000,
    )
    const exact = Array.from({ length: 2 }, () => (until[random(until.length || 1)] ?? 0) - random(2))
    const any = Array.from({ length: 2 }, () => (random(2_000_000_000) - 300_000_000) * 1000 + random(1000))
    for (const time of [...near, ...exact, ...any])
      for (const unit of ['hour', 'day', 'week', 'month'] as const) {
        const expected = calendarStart(time, unit, zone(name))
        const found = compiled(time, unit, zone(name))
        if (found !== expected) wrong.push(`${unit} of ${time} in ${name}: ${found} instead of ${expected}`)
        const last = unitSpan(time, unit, zone(name)).until - 1
        if (last < time || calendarStart(last, unit, zone(name)) !== expected)
          wrong.push(`${unit} of ${time} in ${name} does not go on up to ${last}`)
      }
  }
  expect(wrong.slice(0, 5)).toEqual([])
})

test.each(['Europe/Zurich', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Pacific/Apia'])(
  'the offsets of %s are those of the platform',
  name => {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
    for (let time = Date.UTC(1990, 0, 1); time < Date.UTC(2026, 0, 1); time += 39 * 24 * 3_600_000) {
      const { until, offset } = zone(name)
      const place = until.findIndex(end => time < end)
      const minutes = (offset[place < 0 ? until.length : place] ?? 0) / 60_000
      const shown = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(format.format(time)) ?? []
      const wanted = (Number(shown[2] ?? 0) * 60 + Number(shown[3] ?? 0)) * (shown[1] === '-' ? -1 : 1)
      expect(minutes, new Date(time).toISOString()).toBe(wanted)
    }
  },
)
