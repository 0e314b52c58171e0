/**
 * Raw records as JavaScript sees JSON, with one difference: a number that a double cannot hold exactly keeps its text, since
 * the language's numbers are exact. What the members of a record mean is the business of map/.
 */

import { equal, parseRational } from '@writ/engine'

/** A JSON value; members are own properties, whatever their names. */
export type Json = null | boolean | number | string | ExactNumber | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json
}

/** A number whose exact value is that of its text. */
export class ExactNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
}

/** The member at a path; indices of lists are numbers. Undefined where there is none. */
export function at(value: Json | undefined, path: readonly string[]): Json | undefined {
  let current = value
  for (const name of path) {
    if (typeof current !== 'object' || current === null || current instanceof ExactNumber) return undefined
    if (isList(current)) current = /^(0|[1-9]\d*)$/.test(name) ? current[Number(name)] : undefined
    else current = Object.hasOwn(current, name) ? current[name] : undefined
  }
  return current
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

/** Deeper records are refused: some things that are done with them go down level by level. */
export const maxDepth = 1000

export type Parsed =
  | { readonly value: Json }
  | { readonly problem: 'depth' }
  | { readonly problem: 'syntax'; readonly reason: string }

/** Reads what `JSON.parse` reads and refuses what it refuses, or what is nested deeper than `maxDepth`. */
export function parseJson(text: string): Parsed {
  if (text.length > 2 * maxDepth && depthOf(text) > maxDepth) return { problem: 'depth' }
  try {
    // Text without long numbers means the same in doubles; it is most text, and reading it plainly is several times faster.
    return { value: JSON.parse(text, mayHaveLongNumber(text) ? keepExact : undefined) as Json }
  } catch (error) {
    // JSON.parse tells a syntax error by throwing.
    return { problem: 'syntax', reason: reasonOf(error) }
  }
}

/** Numbers of 16 digits and more, or with an exponent of three: 15 digits always survive a double. */
const longNumber = /\d[\d.]{15}|\d[eE][+-]?\d{3}/
const longExponent = /\d[eE][+-]?\d{3}/

/** Never false where there is one: of sixteen digits that follow each other, one stands at a sixteenth place. */
function mayHaveLongNumber(text: string): boolean {
  for (let place = 15; place < text.length; place += 16) {
    if (!isDigitOrPoint(text.charCodeAt(place))) continue
    let before = place - 1
    while (place - before < 16 && isDigitOrPoint(text.charCodeAt(before))) before--
    let behind = place + 1
    while (behind - before < 17 && behind < text.length && isDigitOrPoint(text.charCodeAt(behind))) behind++
    if (behind - before > 16) return true
  }
  return longExponent.test(text)
}

function isDigitOrPoint(unit: number): boolean {
  return unit === 0x2e || (unit >= 0x30 && unit <= 0x39)
}

function keepExact(this: unknown, _name: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source
  if (typeof value !== 'number' || source === undefined || !longNumber.test(source)) return value
  return isExact(value, source) ? value : new ExactNumber(source)
}

/** Whether the number that the double shows is the one that was written. */
function isExact(double: number, source: string): boolean {
  const written = parseRational(source)
  const shown = parseRational(String(double))
  return written !== undefined && shown !== undefined && equal(written, shown)
}

/** V8 quotes the text it refused, which may be personal and long: only what it says about it is kept. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const reason = message.replace(/,? ?(\.\.\.)?".*$/s, '').replace(/ in JSON at position/, ' at position')
  const position = /position (\d+)/.exec(message)?.[1]
  const short = /^Unexpected token/.test(reason) ? reason.slice(0, 'Unexpected token'.length + 4) : reason.slice(0, 80)
  return position === undefined || short.includes('position') ? short : `${short} at position ${position}`
}

function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (quoted) {
      if (unit === 0x5c) i++
      else if (unit === 0x22) quoted = false
    } else if (unit === 0x22) {
      quoted = true
    } else if (unit === 0x7b || unit === 0x5b) {
      if (++depth > deepest) deepest = depth
    } else if (unit === 0x7d || unit === 0x5d) {
      depth--
    }
  }
  return deepest
}
