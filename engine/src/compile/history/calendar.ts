/**
 * Where calendar units begin, in UTC, by arithmetic on days alone. The reference interpreter has its own (by Date), so that a
 * mistake in either shows as a difference.
 */

/** Milliseconds since the epoch at which the unit that holds `time` began. Weeks start on Monday. */
export function calendarStart(time: number, unit: 'hour' | 'day' | 'week' | 'month'): number {
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
