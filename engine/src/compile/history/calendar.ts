/**
 * Where calendar units begin, in UTC and in time zones, by arithmetic on days alone. The reference interpreter has its own (by Date), so that a
 * mistake in either shows as a difference.
 */
import type { Zone } from '../../plan/zone.ts'

type CalendarUnit = 'hour' | 'day' | 'week' | 'month'

/** A unit, as far as it is known to go on: the same start holds for all times from the one asked about up to `until`. */
export interface UnitSpan {
  readonly start: number
  readonly until: number
}

/** The unit that holds `time`. */
export function unitSpan(time: number, unit: CalendarUnit, zone?: Zone): UnitSpan {
  if (zone === undefined) {
    const start = startInUtc(time, unit)
    return { start, until: startInUtc(start + longestStep[unit], unit) }
  }
  const { until, offset } = zone
  const period = periodOf(until, time)
  const ahead = offset[period] as number
  const shown = startInUtc(time + ahead, unit)
  const regular = startInUtc(shown + longestStep[unit], unit) - ahead
  // Where the clocks change, the question is asked anew.
  const end = Math.min(regular, until[period] ?? Number.POSITIVE_INFINITY)
  let start = Math.max(shown - ahead, until[period - 1] ?? Number.NEGATIVE_INFINITY)
  if (unit !== 'hour') {
    // An earlier period may have shown the beginning already: as long as its end was still to come then.
    for (let before = period - 1; before >= 0; before--) {
      const first = shown - (offset[before] as number)
      if (first >= (until[before] as number)) break
      start = Math.max(first, until[before - 1] ?? Number.NEGATIVE_INFINITY)
    }
  }
  return { start, until: end }
}

/** The period that holds `time`: how many end at it or before. */
function periodOf(until: readonly number[], time: number): number {
  let low = 0
  let high = until.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((until[middle] as number) <= time) low = middle + 1
    else high = middle
  }
  return low
}

/** Milliseconds since the epoch at which the unit that holds `time` began. Weeks start on Monday. */
export function calendarStart(time: number, unit: CalendarUnit, zone?: Zone): number {
  return unitSpan(time, unit, zone).start
}

/** More than one unit and less than two. */
const longestStep = {
  hour: 3_600_000,
  day: 24 * 3_600_000,
  week: 7 * 24 * 3_600_000,
  month: 31 * 24 * 3_600_000,
} as const

function startInUtc(time: number, unit: CalendarUnit): number {
  if (unit === 'hour') return time - modulo(time, hour)
  const today = Math.floor(time / day)
  switch (unit) {
    case 'day':
      return today * day
    case 'week':
      // Day 0, 1970-01-01, was a Thursday.
      return (today - modulo(today + 3, 7)) * day
    case 'month':
      return (today - dayOfMonth(today)) * day
  }
}

const hour = 3_600_000
const day = 24 * hour

/**
 * From 0. Days are counted from 0000-03-01, so that a leap day is the last of its year: 146,097 of them in 400 years, and 153
 * in each five months from March on.
 */
function dayOfMonth(days: number): number {
  const inEra = modulo(days + 719_468, 146_097)
  const year = Math.floor(
    (inEra - Math.floor(inEra / 1_460) + Math.floor(inEra / 36_524) - Math.floor(inEra / 146_096)) / 365,
  )
  const inYear = inEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100))
  const month = Math.floor((5 * inYear + 2) / 153)
  return inYear - Math.floor((153 * month + 2) / 5)
}

function modulo(a: number, b: number): number {
  return a - Math.floor(a / b) * b
}
