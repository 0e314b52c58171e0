import { expect, test } from 'vitest'
import { calendarStart as compiled } from '../../src/compile/history/calendar.ts'
import { calendarStart } from '../../src/reference/calendar.ts'

test.each([
  ['hour', '2026-11-20T09:59:59.999Z', '2026-11-20T09:00:00.000Z'],
  ['day', '2026-11-20T00:00:00.000Z', '2026-11-20T00:00:00.000Z'],
  ['week', '2026-11-22T23:59:59.999Z', '2026-11-16T00:00:00.000Z'],
  ['week', '2026-11-23T00:00:00.000Z', '2026-11-23T00:00:00.000Z'],
  ['month', '2024-02-29T12:00:00.000Z', '2024-02-01T00:00:00.000Z'],
  ['month', '1969-12-31T23:59:59.999Z', '1969-12-01T00:00:00.000Z'],
] as const)('the %s of %s began at %s', (unit, time, start) => {
  expect(new Date(calendarStart(Date.parse(time), unit)).toISOString()).toBe(start)
})

test('both evaluators count the same days, from the year 1600 to 2400', () => {
  for (let time = Date.UTC(1600, 0, 1) - 1; time < Date.UTC(2400, 0, 1); time += 86_400_000 / 2 + 777) {
    for (const unit of ['hour', 'day', 'week', 'month'] as const) {
      if (compiled(time, unit) !== calendarStart(time, unit)) expect(new Date(time).toISOString()).toBe(unit)
    }
  }
})
