/** Calendar units in UTC, for `per hour|day|week|month`. */

/** Milliseconds since the epoch at which the unit that holds `time` began. Weeks start on Monday. */
export function calendarStart(time: number, unit: 'hour' | 'day' | 'week' | 'month'): number {
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
