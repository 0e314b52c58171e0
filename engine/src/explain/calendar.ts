/** Calendar units in UTC, for `per hour|day|week|month`. */

const hour = 3_600_000
const day = 24 * hour
/** 1970-01-01 was a Thursday: the Monday before it was three days earlier. */
const firstMonday = -3 * day

/** When the unit that holds `time` began; milliseconds since the epoch. */
export function unitStart(unit: 'hour' | 'day' | 'week' | 'month', time: number): number {
  switch (unit) {
    case 'hour':
      return Math.floor(time / hour) * hour
    case 'day':
      return Math.floor(time / day) * day
    case 'week':
      return Math.floor((time - firstMonday) / (7 * day)) * 7 * day + firstMonday
    case 'month': {
      const date = new Date(time)
      date.setUTCDate(1)
      return date.setUTCHours(0, 0, 0, 0)
    }
  }
}
