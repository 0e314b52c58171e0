/** Recorded times as microseconds since 1970: a double holds them exactly until the year 2255. Digits beyond are cut. */
import { ExactNumber, type Json } from '../raw/json.ts'
import { daysIn, daysSinceEpoch, isoMilliseconds } from '../raw/times.ts'

/** ISO 8601 text with a zone, or a number (or text of one) of seconds, milli-, micro- or nanoseconds, told by its size; null where it is none. */
export function microseconds(value: Json | undefined): number | null {
  if (typeof value === 'string') return isoMicroseconds(value) ?? (numeric.test(value) ? ofNumber(value) : null)
  if (typeof value === 'number') return ofNumber(String(value))
  return value instanceof ExactNumber ? ofNumber(value.text) : null
}

/** Text of nanoseconds since 1970, as OpenTelemetry writes it. */
export function ofNanoseconds(value: Json | undefined): number | null {
  const text = value instanceof ExactNumber ? value.text : typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || !/^\d{1,22}$/.test(text) || text === '0') return null
  return inRange(Number(text.slice(0, -3)))
}

/** `2026-11-20T09:00:00.250000Z` */
export function isoText(time: number): string {
  const milliseconds = Math.floor(time / 1000)
  const rest = time - milliseconds * 1000
  const text = new Date(milliseconds).toISOString()
  return rest === 0 ? text : `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`
}

const numeric = /^-?\d{1,20}(?:\.\d{1,12})?$/
const latest = 8.64e18 / 1000

function ofNumber(text: string): number | null {
  if (!numeric.test(text)) return null
  const size = Math.abs(Number(text))
  // Seconds until the year 5138, milliseconds from 1973 on, and so forth.
  const digits = size < 1e11 ? 6 : size < 1e14 ? 3 : size < 1e17 ? 0 : -3
  const [whole = '', fraction = ''] = text.split('.')
  const scaled = digits < 0 ? whole.slice(0, digits) : whole + fraction.padEnd(digits, '0').slice(0, digits)
  return inRange(Number(scaled))
}

function inRange(time: number): number | null {
  return Number.isFinite(time) && Math.abs(time) <= latest && Math.abs(time) <= Number.MAX_SAFE_INTEGER ? time : null
}

/** Fast for the usual form; any other goes to `isoMilliseconds`. */
function isoMicroseconds(text: string): number | null {
  if (text.length >= 20 && text.charCodeAt(10) === 0x54 && text.charCodeAt(text.length - 1) === 0x5a) {
    const year = digits(text, 0, 4)
    const month = digits(text, 5, 7)
    const day = digits(text, 8, 10)
    const hour = digits(text, 11, 13)
    const minute = digits(text, 14, 16)
    const second = digits(text, 17, 19)
    const separated =
      text.charCodeAt(4) === 0x2d &&
      text.charCodeAt(7) === 0x2d &&
      text.charCodeAt(13) === 0x3a &&
      text.charCodeAt(16) === 0x3a
    const hasFraction = text.length > 20
    const end = Math.min(26, text.length - 1)
    let fraction = hasFraction ? digits(text, 20, end) : 0
    if (hasFraction && (text.charCodeAt(19) !== 0x2e || end === 20 || !onlyDigits(text, end))) fraction = Number.NaN
    for (let place = end; hasFraction && place < 26; place++) fraction *= 10
    const known = year + month + day + hour + minute + second + fraction
    if (separated && !Number.isNaN(known) && day >= 1 && day <= daysIn(year, month)) {
      if (hour > 23 || minute > 59 || second > 59) return null
      const days = daysSinceEpoch(year, month, day)
      return ((days * 1440 + hour * 60 + minute) * 60 + second) * 1e6 + fraction
    }
  }
  const milliseconds = isoMilliseconds(text)
  if (Number.isNaN(milliseconds)) return null
  const micro = /[.,]\d{3}(\d{1,3})/.exec(text)?.[1] ?? ''
  return milliseconds * 1000 + Number(micro.padEnd(3, '0'))
}

function digits(text: string, from: number, to: number): number {
  let value = 0
  for (let place = from; place < to; place++) {
    const digit = text.charCodeAt(place) - 0x30
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

function onlyDigits(text: string, from: number): boolean {
  return from >= text.length - 1 || !Number.isNaN(digits(text, from, text.length - 1))
}
