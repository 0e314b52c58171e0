/** Times and durations as recorded text. Numbers that stand for times are scaled where the source says so (map/raw-values.ts). */

/**
 * Milliseconds since the epoch of ISO 8601 text with a zone: `2026-11-20T09:00:00.250Z`, `2026-11-20 09:00+01:00`. Digits beyond
 * milliseconds are cut. NaN where the text is something else, or names a day or an hour that does not exist.
 */
export function isoMilliseconds(text: string): number {
  const parts = isoForm.exec(text)
  if (parts === null) return Number.NaN
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone = 'Z'] = parts
  const offset = zoneMinutes(zone)
  if (Number(day) > daysIn(Number(year), Number(month)) || Number(hour) > 23 || Number(minute) > 59) return Number.NaN
  if (Number(second) > 59 || Number.isNaN(offset)) return Number.NaN
  const days = daysSinceEpoch(Number(year), Number(month), Number(day))
  const minutes = days * 1440 + Number(hour) * 60 + Number(minute) - offset
  return minutes * 60_000 + Number(second) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'))
}

const isoForm = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?([Zz]|[+-]\d\d(?::?\d\d)?)$/

function zoneMinutes(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.replace(':', '').slice(3, 5))
  if (hours > 23 || minutes > 59) return Number.NaN
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

/** Days of a month of the Gregorian calendar; 0 for a month that does not exist. */
export function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month < 1 || month > 12 ? 0 : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Counted in eras of 400 years from 1 March of the year 0, so that the leap day comes last. */
export function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

/** Milliseconds of `1h30m`, `250ms`, `-5m`; undefined where the text is something else. */
export function durationMilliseconds(text: string): bigint | undefined {
  const form = /^(-?)((?:\d+(?:ms|[smhdw]))+)$/.exec(text)
  if (form === null) return undefined
  let total = 0n
  for (const [, count = '0', unit = 'ms'] of (form[2] ?? '').matchAll(/(\d+)(ms|[smhdw])/g)) {
    total += BigInt(count) * (unitMilliseconds[unit] ?? 0n)
  }
  return form[1] === '-' ? -total : total
}

const unitMilliseconds: Readonly<Record<string, bigint>> = {
  ms: 1n,
  s: 1000n,
  m: 60_000n,
  h: 3_600_000n,
  d: 86_400_000n,
  w: 604_800_000n,
}
