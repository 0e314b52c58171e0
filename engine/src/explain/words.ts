/**
 * Small phrases that every part of an explanation uses, so that the same thing is said the same way: decisions, events,
 * times, ranges, and values cut short. Which phrase stands where is in sentences.ts and page.ts.
 */
import type { DecisionWord } from '@writ/grammar'
import type { Expr, SourceSpan } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'
import { presentDuration, presentValue } from '../value/present.ts'
import { fromInteger } from '../value/rational.ts'
import type { Type } from '../value/type.ts'
import type { Value } from '../value/value.ts'

/** As the first word of an explanation. */
export const decided: Readonly<Record<DecisionWord, string>> = {
  permit: 'PERMITTED',
  warn: 'WARNED',
  hold: 'HELD',
  deny: 'DENIED',
}

/** As a verb: "would have been permitted". */
export const decidedInText: Readonly<Record<DecisionWord, string>> = {
  permit: 'permitted',
  warn: 'permitted with a warning',
  hold: 'held',
  deny: 'denied',
}

/** Events are counted from 1 for people; `seq` counts from 0. */
export function eventNumber(seq: number): string {
  return grouped(seq + 1)
}

/** `event 12`, `events 1 and 9`, `events 1, 4 and 9`; beyond `most`, `events 1, 4, 9 and 20 more`. */
export function eventsText(seqs: readonly number[], most = 4): string {
  const [only] = seqs
  if (seqs.length === 1 && only !== undefined) return `event ${eventNumber(only)}`
  const shown = seqs.slice(0, seqs.length > most ? most - 1 : most).map(eventNumber)
  const more = seqs.length - shown.length
  return `events ${joined(more > 0 ? [...shown, `${grouped(more)} more`] : shown)}`
}

/** `a`, `a and b`, `a, b and c`. */
export function joined(parts: readonly string[], last = 'and'): string {
  const tail = parts.at(-1) ?? ''
  return parts.length < 2 ? tail : `${parts.slice(0, -1).join(', ')} ${last} ${tail}`
}

/** `1 event`, `23 events`. */
export function counted(number: number, noun: string): string {
  return `${grouped(number)} ${noun}${number === 1 ? '' : 's'}`
}

/** `12,345`. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `2nd`. */
export function ordinal(number: number): string {
  const ending = number % 100 > 10 && number % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')
  return `${number}${ending}`
}

/**
 * `12:04:07` where the day is that of `near` (milliseconds), else `2026-11-19 12:04:07`. Days that only number the events of
 * a log without times, or of a test, are never told.
 */
export function timeText(time: number, near: number | null = null): string {
  const iso = isoText(time)
  if (iso === null) return `time ${time}`
  const clock = iso.slice(11, iso.endsWith('.000Z') ? 19 : 23)
  const day = iso.slice(0, 10)
  return dayless.has(day) || (near !== null && isoText(near)?.slice(0, 10) === day) ? clock : `${day} ${clock}`
}

/** `in the last 10 m`, `in the last day`. */
export function lastText(milliseconds: number): string {
  const text = durationText(milliseconds)
  const unit = { '1 d': 'day', '1 h': 'hour', '1 m': 'minute', '1 s': 'second', '7 d': '7 days' }[text]
  return `in the last ${unit ?? text}`
}

export function durationText(milliseconds: number): string {
  return presentDuration(fromInteger(milliseconds))
}

/** A value for one line: strings in quotation marks and cut, everything else as it is printed. */
export function valueText(value: Value, type: Type): string {
  return typeof value === 'string' && isText(type)
    ? `“${shortened(value)}”`
    : oneLine(presentValue(value, type), longest)
}

/** Cut in the middle, as an account number is: the ends tell two long texts apart. */
export function shortened(text: string, most = longest): string {
  const clean = harmless(text)
  if (clean.length <= most) return clean
  const head = Math.ceil((most - 1) * 0.7)
  return `${clean.slice(0, head)}…${clean.slice(clean.length - (most - 1 - head))}`
}

/** Cut at the end. */
export function oneLine(text: string, most: number): string {
  const clean = harmless(text)
  return clean.length <= most ? clean : `${clean.slice(0, most - 1).trimEnd()}…`
}

/** The words of `text` around `part`, about `most` long: `…transfer the balance to GB33…`. */
export function around(text: string, part: string, most = 46): string {
  const clean = harmless(text)
  const wanted = harmless(part)
  const at = clean.indexOf(wanted)
  if (at < 0 || clean.length <= most) return oneLine(clean, most)
  const room = Math.max(0, most - wanted.length)
  const end = at + wanted.length
  const before = wordsAtEnd(clean.slice(0, at), Math.max(Math.floor(room * 0.65), room - (clean.length - end)))
  const after = wordsAtStart(clean.slice(end), room - before.length)
  const head = before.length < at ? '…' : ''
  const tail = end + after.length < clean.length ? '…' : ''
  return `${head}${before}${oneLine(wanted, Math.max(most, 20))}${after}${tail}`
}

/** As many whole words as fit; what touches the part that was sought is kept with it. */
function wordsAtEnd(text: string, room: number): string {
  if (text.length <= room) return text
  const cut = text.slice(text.length - room)
  const space = cut.indexOf(' ')
  return space < 0 ? cut : cut.slice(space + 1)
}
function wordsAtStart(text: string, room: number): string {
  if (text.length <= room) return text
  const cut = text.slice(0, room)
  const space = cut.lastIndexOf(' ')
  return space < 0 ? cut : cut.slice(0, space)
}

/** No line breaks, and nothing by which recorded text could steer a terminal or reorder a line. */
export function harmless(text: string): string {
  return text.replace(/\s+/g, ' ').replace(steering, '·').trim()
}

/** Source text of an expression with its white space collapsed. */
export function sourceText(plan: Plan, span: SourceSpan): string {
  const text = plan.files[span.file]?.text ?? ''
  const source = text.slice(span.start, span.end).replace(comments, found => (found.startsWith('"') ? found : ' '))
  return withoutBrackets(harmless(source))
}

/** Brackets around the whole say nothing. */
function withoutBrackets(source: string): string {
  if (!source.startsWith('(') || !source.endsWith(')')) return source
  const inside = source.slice(1, -1)
  let depth = 0
  for (const bracket of inside.replace(/"(?:\\.|[^"\\])*"/g, '').match(/[()]/g) ?? []) {
    depth += bracket === '(' ? 1 : -1
    if (depth < 0) return source
  }
  return withoutBrackets(inside.trim())
}

/** `policies/payments.writ:31`. */
export function placeText(plan: Plan, span: SourceSpan): string {
  const file = plan.files[span.file]
  if (!file) return ''
  return `${file.path}:${file.text.slice(0, span.start).split('\n').length}`
}

/** What a value is called in a sentence: the field's or `let`'s own name. */
export function calledText(expr: Expr): string | null {
  if (expr.kind === 'field') return expr.path.join('.')
  if (expr.kind === 'named' && expr.of === 'let') return expr.name
  return expr.kind === 'element' ? expr.name : null
}

const longest = 44
/** Control characters, and the marks that turn the direction of text. */
const steering = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
/** Comments; strings too, so that what looks like a comment inside one is left alone. */
const comments = /"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g
const dayless: ReadonlySet<string> = new Set(['1970-01-01', '2000-01-01'])

function isText(type: Type): boolean {
  return type.kind === 'optional' ? isText(type.inner) : type.kind === 'string'
}

function isoText(time: number): string | null {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 || date.getUTCFullYear() < 0
    ? null
    : date.toISOString()
}
