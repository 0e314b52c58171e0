/** The common forms of ISO 8601 times straight from bytes: `YYYY-MM-DDTHH:MM:SS`, with or without up to nine digits, `Z` or `±HH:MM`. */
import { daysIn, daysSinceEpoch } from '../raw/times.ts'

/** The last date that was read, `YYYY-MM-DD` as words, and its days since the epoch: the next record is mostly of the same day. */
let lastYear = 0
let lastMonth = 0
let lastDay = 0
let lastDays = 0

/** Milliseconds since the epoch; NaN for any other form, which raw/times.ts may know. */
export function isoBytes(b: Uint8Array, view: DataView, start: number, end: number): number {
  const length = end - start
  if (length < 20 || length > 35) return Number.NaN
  const separator = b[start + 10]
  if (b[start + 13] !== colon || b[start + 16] !== colon) return Number.NaN
  if (separator !== 0x54 && separator !== 0x20 && separator !== 0x74) return Number.NaN
  const year = view.getInt32(start, true)
  const month = view.getInt32(start + 4, true)
  const day = view.getInt16(start + 8, true)
  if (year !== lastYear || month !== lastMonth || day !== lastDay) {
    const days = dateDays(b, start)
    if (Number.isNaN(days)) return Number.NaN
    lastYear = year
    lastMonth = month
    lastDay = day
    lastDays = days
  }
  const hour = two(b, start + 11)
  const minute = two(b, start + 14)
  const second = two(b, start + 17)
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return Number.NaN
  let time = lastDays * 86_400_000 + (hour * 3600 + minute * 60 + second) * 1000
  let i = start + 19
  if (b[i] === 0x2e) {
    let digit = (b[++i] as number) - 0x30
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    // Digits behind the milliseconds are cut.
    for (let worth = 100; digit >= 0 && digit <= 9; worth = worth > 1 ? worth / 10 : 0) {
      time += digit * worth
      digit = (b[++i] as number) - 0x30
    }
  }
  if (b[i] === 0x5a && i === end - 1) return time
  const sign = b[i] === 0x2b ? -1 : b[i] === 0x2d ? 1 : 0
  if (sign === 0 || end - i !== 6 || b[i + 3] !== colon) return Number.NaN
  const zoneHours = two(b, i + 1)
  const zoneMinutes = two(b, i + 4)
  if (zoneHours < 0 || zoneHours > 23 || zoneMinutes < 0 || zoneMinutes > 59) return Number.NaN
  return time + sign * (zoneHours * 60 + zoneMinutes) * 60_000
}

const colon = 0x3a
const dash = 0x2d

function dateDays(b: Uint8Array, start: number): number {
  const century = two(b, start)
  const yearOfCentury = two(b, start + 2)
  const month = two(b, start + 5)
  const day = two(b, start + 8)
  if (b[start + 4] !== dash || b[start + 7] !== dash || century < 0 || yearOfCentury < 0) return Number.NaN
  const year = century * 100 + yearOfCentury
  return day >= 1 && day <= daysIn(year, month) ? daysSinceEpoch(year, month, day) : Number.NaN
}

/** Two digits; below 0 where one of them is none. */
function two(b: Uint8Array, at: number): number {
  const tens = (b[at] as number) - 0x30
  const ones = (b[at + 1] as number) - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}
