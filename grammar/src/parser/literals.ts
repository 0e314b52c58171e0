/** Single tokens to literal values, and what can be wrong with them: digits, units, dates, escapes. Names and operators are elsewhere. */
import type { IToken } from 'chevrotain'
import { problem } from '../problems/index.ts'
import type { Problem } from '../problems/problem.ts'
import type { LiteralExpression } from '../syntax.ts'
import { endOf } from './lex.ts'
import {
  DurationLiteral,
  MalformedNumber,
  MoneyLiteral,
  PercentLiteral,
  SingleQuotedText,
  Text,
  TimeLiteral,
  UnclosedText,
  VersionLiteral,
} from './vocabulary.ts'

type Report = (problem: Problem) => void

/** The literal that a token of category Literal stands for; oddities go to `report`. */
export function literalOf(token: IToken, report: Report): LiteralExpression {
  const span = { start: token.startOffset, end: endOf(token) }
  return { kind: 'literal', literal: literalValue(token, report), span }
}

function literalValue(token: IToken, report: Report): LiteralExpression['literal'] {
  switch (token.tokenType) {
    case Text:
    case UnclosedText:
    case SingleQuotedText:
      return { kind: 'string', value: textOf(token, report) }
    case PercentLiteral:
      return { kind: 'percent', text: digits(token, token.image.slice(0, -1), report) }
    case MoneyLiteral:
      return {
        kind: 'money',
        text: digits(token, token.image.slice(0, -3).trimEnd(), report),
        currency: token.image.slice(-3),
      }
    case DurationLiteral:
      return { kind: 'duration', milliseconds: millisecondsOf(token, report), text: token.image }
    case TimeLiteral:
      checkTime(token, report)
      return { kind: 'time', text: token.image }
    case VersionLiteral:
      checkVersion(token, report)
      return { kind: 'version', text: token.image }
    case MalformedNumber:
      report(malformed(token))
      return { kind: 'number', text: /^\d+/.exec(token.image)?.[0] ?? '0' }
    default:
      if (token.image === 'true' || token.image === 'false') return { kind: 'bool', value: token.image === 'true' }
      return { kind: 'number', text: digits(token, token.image, report) }
  }
}

/** The value of a text token: quotes off, escapes resolved. */
export function textOf(token: IToken, report: Report): string {
  const span = { start: token.startOffset, end: endOf(token) }
  const { image } = token
  if (token.tokenType === SingleQuotedText) {
    const inner = image.slice(1, image.length > 1 && image.endsWith("'") ? -1 : undefined)
    const text = `"${inner.replaceAll('"', '\\"')}"`
    report(problem('W0119', span, {}, { fixes: [{ title: 'Use double quotes', edits: [{ span, text }] }] }))
    return inner
  }
  if (token.tokenType === UnclosedText) {
    const edits = [{ span: { start: span.end, end: span.end }, text: '"' }]
    report(problem('W0103', span, {}, { fixes: [{ title: 'Close the text here', edits }] }))
    return unescaped(image.slice(1), span.start + 1, report)
  }
  return unescaped(image.slice(1, -1), span.start + 1, report)
}

/** Resolves the escapes of `raw`, which stands at `offset`. */
export function unescaped(raw: string, offset: number, report: Report): string {
  if (!raw.includes('\\')) return raw
  return raw.replace(/\\(?:u\{([0-9a-fA-F]{1,6})\}|[\s\S]|$)/g, (written, code: string | undefined, at: number) => {
    switch (written) {
      case '\\"':
        return '"'
      case '\\\\':
        return '\\'
      case '\\n':
        return '\n'
      case '\\t':
        return '\t'
      case '\\r':
        return '\r'
    }
    if (code !== undefined) {
      const point = Number.parseInt(code, 16)
      if (point <= 0x10ffff) return String.fromCodePoint(point)
    }
    const span = { start: offset + at, end: offset + at + written.length }
    const fixes = [
      { title: 'Write a backslash', edits: [{ span: { start: span.start, end: span.start }, text: '\\' }] },
    ]
    report(problem('W0110', span, { escape: written }, { fixes }))
    return written
  })
}

function digits(token: IToken, text: string, report: Report): string {
  const plain = text.replaceAll('_', '')
  if (text.endsWith('_') || text.includes('__') || text.includes('_.')) {
    const span = { start: token.startOffset, end: token.startOffset + text.length }
    const advice = 'A `_` stands between two digits, as in `1_000`.'
    report(
      problem(
        'W0114',
        span,
        { text, kind: 'a number', advice },
        { fixes: [{ title: `Write ${plain}`, edits: [{ span, text: plain }] }] },
      ),
    )
  }
  return plain
}

const unitMilliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

function millisecondsOf(token: IToken, report: Report): number {
  let total = 0
  let smallest = Number.POSITIVE_INFINITY
  for (const [, number = '', unit = ''] of token.image.matchAll(/([\d_]+)(ms|[smhdw])/g)) {
    const size = unitMilliseconds[unit] ?? 0
    if (size >= smallest) report(badDuration(token, 'Units go from large to small, each once, as in `1h30m`.'))
    smallest = size
    total += Number(number.replaceAll('_', '')) * size
  }
  if (total > Number.MAX_SAFE_INTEGER) report(badDuration(token, 'It is longer than any clock can count.'))
  return Math.min(total, Number.MAX_SAFE_INTEGER)
}

function badDuration(token: IToken, advice: string): Problem {
  const span = { start: token.startOffset, end: endOf(token) }
  return problem('W0114', span, { text: token.image, kind: 'a duration', advice })
}

/** Reports a version whose parts are not plain numbers. */
export function checkVersion(token: IToken, report: Report): void {
  const text = token.image
  const plain = text.replaceAll('_', '').replace(/(^|\.)0+(?=\d)/g, '$1')
  if (plain === text) return
  const span = { start: token.startOffset, end: endOf(token) }
  const fixes = [{ title: `Write ${plain}`, edits: [{ span, text: plain }] }]
  report(
    problem(
      'W0114',
      span,
      { text, kind: 'a version', advice: 'Its parts are numbers without leading zeros or `_`.' },
      { fixes },
    ),
  )
}

function checkTime(token: IToken, report: Report): void {
  const text = token.image
  const span = { start: token.startOffset, end: endOf(token) }
  const advice = timeAdvice(text)
  if (advice === null) return
  const fixes = advice === withoutZone ? [{ title: 'Add Z (UTC)', edits: [{ span, text: `${text}Z` }] }] : []
  report(problem('W0114', span, { text, kind: 'a time', advice }, { fixes }))
}

const withoutZone = 'A time of day needs a zone: end it with `Z` for UTC.'

/** Null where `text`, which has the form of a time, is one. */
export function timeAdvice(text: string): string | null {
  const [, year = '', month = '', day = '', , hour = '0', minute = '0', second = '0', zone] =
    /^(\d{4})-(\d{2})-(\d{2})(T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(text) ?? []
  if (Number(month) < 1 || Number(month) > 12) return 'Months go from 01 to 12.'
  const days = daysOf(Number(year), Number(month))
  if (Number(day) < 1 || Number(day) > days) return `That month has days 01 to ${days}.`
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return 'Hours go to 23, minutes and seconds to 59.'
  return text.includes('T') && zone === undefined ? withoutZone : null
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function malformed(token: IToken): Problem {
  const text = token.image
  const span = { start: token.startOffset, end: endOf(token) }
  const money = /^([\d_]+(?:\.[\d_]+)?)([A-Z]{3})$/.exec(text)
  if (money !== null) {
    const spaced = `${money[1]} ${money[2]}`
    const advice = `Put a space before the currency: \`${spaced}\`.`
    return problem(
      'W0114',
      span,
      { text, kind: 'an amount of money', advice },
      { fixes: [{ title: `Write ${spaced}`, edits: [{ span, text: spaced }] }] },
    )
  }
  if (/^[\d_]+\.[\d_]+(ms|[smhdw])$/.test(text)) {
    return problem('W0114', span, {
      text,
      kind: 'a duration',
      advice: 'Durations are whole numbers: `1h30m`, not `1.5h`.',
    })
  }
  if (/^\d+[a-z]+\d*$/i.test(text)) {
    return problem('W0114', span, {
      text,
      kind: 'a number',
      advice: 'The units of durations are `ms`, `s`, `m`, `h`, `d` and `w`; names begin with a letter.',
    })
  }
  return problem('W0114', span, {
    text,
    kind: 'a number',
    advice: 'Numbers look like `12`, `0.5` or `1_000`, versions like `2.1.0`.',
  })
}
