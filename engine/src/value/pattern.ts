/**
 * Text patterns: `like` (globs) and `matches` (RE2). Both match the whole string and take time that grows with the text only
 * linearly for a given pattern, so that no recorded text can stop a run. Which values may meet them is operations.ts.
 */
import { RE2JS } from 're2js'

/** `*` any text, `?` one UTF-16 unit, everything else itself; the whole string, case counts. */
export function likeMatches(text: string, glob: string): boolean {
  const segments = glob.split('*')
  const [first = '', ...rest] = segments
  if (!segmentAt(text, first, 0)) return false
  const last = rest.pop()
  if (last === undefined) return text.length === first.length
  let position = first.length
  // The earliest place for each segment leaves the most room for the next, so that nothing is ever tried twice.
  for (const segment of rest) {
    position = segmentFrom(text, segment, position)
    if (position < 0) return false
    position += segment.length
  }
  const tail = text.length - last.length
  return tail >= position && segmentAt(text, last, tail)
}

/** Whole-string RE2; throws where the pattern is none (`patternProblem` tells before). */
export function patternMatches(text: string, pattern: string): boolean {
  return compiled(pattern).testExact(text)
}

/** The parts that match, from left to right, not overlapping, empty ones left out; throws as `patternMatches` does. */
export function patternFindAll(text: string, pattern: string): readonly string[] {
  const found: string[] = []
  const matcher = compiled(pattern).matcher(text)
  while (matcher.find()) {
    const part = matcher.group()
    if (part) found.push(part)
  }
  return found
}

/** What is wrong with an RE2 pattern, or null. */
export function patternProblem(pattern: string): string | null {
  try {
    compiled(pattern)
    return null
  } catch (error) {
    // RE2JS tells a syntax error by throwing; anything it throws here is about the pattern.
    return error instanceof Error ? error.message : String(error)
  }
}

/** Patterns are literals of the program, so that there are few. */
const cache = new Map<string, RE2JS>()

function compiled(pattern: string): RE2JS {
  let expression = cache.get(pattern)
  if (!expression) {
    expression = RE2JS.compile(pattern)
    cache.set(pattern, expression)
  }
  return expression
}

function segmentFrom(text: string, segment: string, from: number): number {
  if (!segment.includes('?')) return text.indexOf(segment, from)
  for (let at = from; at + segment.length <= text.length; at++) if (segmentAt(text, segment, at)) return at
  return -1
}

function segmentAt(text: string, segment: string, at: number): boolean {
  if (at + segment.length > text.length) return false
  for (let i = 0; i < segment.length; i++) {
    const wanted = segment[i]
    if (wanted !== '?' && wanted !== text[at + i]) return false
  }
  return true
}
