/** Reading members of records of unknown shape: what is not there, or of another kind, is null. */
import { at, ExactNumber, isList, isObject, type Json } from '../raw/json.ts'

/** Text of the member at a path: of a string, a number, true or false. */
export function text(raw: Json | undefined, ...path: readonly string[]): string | null {
  return scalar(at(raw, path))
}

/** The first of several members, by path with dots, that is a text. */
export function firstText(raw: Json, paths: readonly (readonly string[])[]): string | null {
  for (const path of paths) {
    const found = named(at(raw, path))
    if (found !== null) return found
  }
  return null
}

/** A text, or the name that an object gives itself. */
export function named(value: Json | undefined): string | null {
  const own = scalar(value)
  if (own !== null || !isObject(value)) return own
  for (const name of ['id', 'name', 'email', 'username', 'arn']) {
    const found = scalar(at(value, [name]))
    if (found !== null) return found
  }
  return null
}

export function scalar(value: Json | undefined): string | null {
  if (typeof value === 'string') return value === '' ? null : value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return value instanceof ExactNumber ? value.text : null
}

export function members(raw: Json | undefined): readonly Json[] {
  return isList(raw) ? raw : []
}

/** Texts and numbers anywhere in a record, for a search to look into; at most `most` characters. */
export function words(raw: Json, most: number): string {
  const found: string[] = []
  let room = most
  const open: Json[] = [raw]
  while (open.length > 0 && room > 0) {
    const value = open.pop()
    if (isList(value)) for (let place = value.length - 1; place >= 0; place--) open.push(value[place] ?? null)
    else if (isObject(value)) {
      const inner = Object.values(value)
      for (let place = inner.length - 1; place >= 0; place--) open.push(inner[place] ?? null)
    } else if (typeof value !== 'boolean') {
      const own = scalar(value)
      if (own === null) continue
      found.push(own.length > room ? own.slice(0, room) : own)
      room -= own.length + 1
    }
  }
  return found.join(' ')
}
