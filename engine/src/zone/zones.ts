/**
 * Time zones by name, from the IANA data that the package moment-timezone brings packed; none of its code is run. Only the
 * checker asks: a zone then stands in the plan as plain data, so that a run needs no data of its own.
 */
import packed from 'moment-timezone/data/packed/latest.json' with { type: 'json' }
import type { Zone } from '../plan/zone.ts'

/** Such as `2026f`. A function, so that nobody pays for the data who needs no zone. */
export function zoneDataVersion(): string {
  return packed.version
}

/** The zone of this name, also an older name of it; null where there is none. */
export function findZone(name: string): Zone | null {
  const known = unpacked.get(name)
  if (known) return known
  const text = packedZones().get(links().get(name) ?? name)
  if (text === undefined) return null
  const zone = unpack(name, text)
  unpacked.set(name, zone)
  return zone
}

/** Every name that `findZone` knows. */
export function zoneNames(): readonly string[] {
  return [...packedZones().keys(), ...links().keys()]
}

const unpacked = new Map<string, Zone>()
let zonesByName: ReadonlyMap<string, string> | null = null
let zonesByLink: ReadonlyMap<string, string> | null = null

function packedZones(): ReadonlyMap<string, string> {
  zonesByName ??= new Map(packed.zones.map(text => [text.slice(0, text.indexOf('|')), text]))
  return zonesByName
}

/** From each other name of a zone to its own. */
function links(): ReadonlyMap<string, string> {
  zonesByLink ??= new Map(
    packed.links.map(text => {
      const [name = '', link = ''] = text.split('|')
      return [link, name]
    }),
  )
  return zonesByLink
}

/**
 * `NAME|abbreviations|offsets|which offset, a digit per period|lengths of the periods|…`: numbers to the base 60; offsets in minutes
 * west, lengths in minutes, the first from the epoch.
 */
function unpack(name: string, text: string): Zone {
  const [, , offsets = '', periods = '', lengths = ''] = text.split('|')
  const west = offsets.split(' ').map(fromBase60)
  const offset = [...periods].map(digit => -Math.round((west[fromBase60(digit)] ?? 0) * minute))
  const until: number[] = []
  let moment = 0
  for (const length of lengths === '' ? [] : lengths.split(' ')) {
    moment += Math.round(fromBase60(length) * minute)
    until.push(moment)
  }
  return { name, data: zoneDataVersion(), until: until.slice(0, offset.length - 1), offset }
}

const minute = 60_000
const digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX'

/** `-1Dw04.m`: digits to the base 60, after the point parts of a minute. */
function fromBase60(text: string): number {
  const [whole = '', part = ''] = text.replace('-', '').split('.')
  let number = 0
  for (const digit of whole) number = number * 60 + digits.indexOf(digit)
  let unit = 1
  for (const digit of part) {
    unit /= 60
    number += digits.indexOf(digit) * unit
  }
  return text.startsWith('-') ? -number : number
}
