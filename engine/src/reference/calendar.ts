/**
 * Calendar units, for `per hour|day|week|month [in ZONE]`. A unit begins when the clocks of the zone first show its beginning,
 * or skip it; an hour that they show twice is two.
 */
import type { Zone } from '../plan/zone.ts'

export type CalendarUnit = 'hour' | 'day' | 'week' | 'month'

/** Milliseconds since the epoch at which the unit that holds `time` began; in UTC without a zone. Weeks start on Monday. */
export function calendarStart(time: number, unit: CalendarUnit, zone?: Zone): number {
  if (!zone) return startInUtc(time, unit)
  const all = periods(zone)
  const now = all.find(({ end }) => time < end)
  if (!now) throw new RangeError(`${time} is no time`)
  const shown = startInUtc(time + now.offset, unit)
  if (unit === 'hour') return Math.max(now.start, shown - now.offset)
  for (const { start, end, offset } of all) {
    const first = Math.max(start, shown - offset)
    if (first < end) return first
  }
  throw new RangeError(`the ${unit} of ${time} has no beginning`)
}

function periods({ until, offset }: Zone) {
  return offset.map((ahead, i) => ({
    start: until[i - 1] ?? Number.NEGATIVE_INFINITY,
    end: until[i] ?? Number.POSITIVE_INFINITY,
    offset: ahead,
  }))
}

function startInUtc(time: number, unit: CalendarUnit): number {
  switch (unit) {
    case 'hour':
      return Math.floor(time / hour) * hour
    case 'day':
      return Math.floor(time / day) * day
    case 'week':
      // 1970-01-05 was a Monday.
      return Math.floor((time - 4 * day) / (7 * day)) * 7 * day + 4 * day
    case 'month': {
      const date = new Date(time)
      return new Date(0).setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth(), 1)
    }
  }
}

const hour = 3_600_000
const day = 24 * hour
