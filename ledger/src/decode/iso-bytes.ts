/** The common forms of ISO 8601 times straight from bytes: `YYYY-MM-DDTHH:MM:SS`, with or without up to nine digits, `Z` or `±HH:MM`. */
import { daysIn, daysSinceEpoch } from '../raw/times.ts'

let lastDate = -1
let lastDays = 0

/** Milliseconds since the epoch; NaN for any other form, which raw/times.ts may know. */
export function isoBytes(b: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length < 20 || length > 35) return Number.NaN
  if (b[start + 4] !== 0x2d || b[start + 7] !== 0x2d || b[start + 13] !== 0x3a || b[start + 16] !== 0x3a)
    return Number.NaN
  const separator = b[start + 10]
  if (separator !== 0x54 && separator !== 0x20 && separator !== 0x74) return Number.NaN
  const year = two(b, start) * 100 + two(b, start + 2)
  const month = two(b, start + 5)
  const day = two(b, start + 8)
  const hour = two(b, start + 11)
  const minute = two(b, start + 14)
  const second = two(b, start + 17)
  // Any digit that is none makes the sum not a number.
  if (!(hour <= 23 && minute <= 59 && second <= 59 && day >= 1)) return Number.NaN
  const date = (year * 16 + month) * 32 + day
  if (date !== lastDate) {
    if (!(day <= daysIn(year, month))) return Number.NaN
    lastDays = daysSinceEpoch(year, month, day)
    lastDate = date
  }
  let time = ((lastDays * 24 + hour) * 60 + minute) * 60_000 + second * 1000
  let i = start + 19
  if (b[i] === 0x2e) {
    let digit = (b[++i] as number) - 0x30
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    for (let worth = 100; digit >= 0 && digit <= 9; worth = worth === 1 ? 0 : worth / 10) {
      time += digit * worth
      digit = (b[++i] as number) - 0x30
    }
  }
  if (b[i] === 0x5a && i === end - 1) return time
  const sign = b[i] === 0x2b ? -1 : b[i] === 0x2d ? 1 : 0
  if (sign === 0 || end - i !== 6 || b[i + 3] !== 0x3a) return Number.NaN
  const zoneHours = two(b, i + 1)
  const zoneMinutes = two(b, i + 4)
  return zoneHours <= 23 && zoneMinutes <= 59 ? time + sign * (zoneHours * 60 + zoneMinutes) * 60_000 : Number.NaN
}

/** Two digits; NaN where one of them is none. */
function two(b: Uint8Array, at: number): number {
  const tens = (b[at] as number) - 0x30
  const ones = (b[at + 1] as number) - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}
