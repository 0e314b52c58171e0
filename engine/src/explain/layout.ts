/**
 * Lines of text with roles, wrapped to a width: what every page of an explanation is set with. What stands on them is
 * page.ts; colours are the front end's.
 */
import type { SourceSpan } from '../plan/expression.ts'

/** What a piece of text is; it says so without colour too. */
export type Role =
  | 'decision'
  | 'subject'
  | 'heading'
  | 'rule'
  | 'source'
  /** ✓, ✗ and ?: a condition that holds, does not, or cannot be known. */
  | 'good'
  | 'bad'
  | 'open'
  /** An event or a place in a file that can be opened. */
  | 'cite'
  | 'muted'
  | 'plain'

export interface Segment {
  readonly text: string
  readonly role: Role
  /** The event that a 'cite' opens. */
  readonly seq?: number
  /** The source that a 'cite' or 'source' opens. */
  readonly span?: SourceSpan
}
export type Line = readonly Segment[]

/** The line without its roles. */
export function plainText(line: Line): string {
  return line
    .map(segment => segment.text)
    .join('')
    .trimEnd()
}

/** `right` at the right edge of the line, or on a line of its own where there is no room. */
export function beside(left: Line, right: Line, width: number): readonly Line[] {
  const room = width - lengthOf(left) - lengthOf(right)
  if (room >= 3) return [[...left, segment(' '.repeat(room), 'plain'), ...right]]
  if (right.length === 0) return lengthOf(left) <= width ? [left] : wrapLine(left, width)
  const indented: Line = [segment('  ', 'plain'), ...right]
  return lengthOf(left) <= width ? [left, indented] : [...wrapLine(left, width), indented]
}

function wrapLine(line: Line, width: number): readonly Line[] {
  const [head, ...rest] = line
  if (!head) return []
  const text = rest.map(part => part.text).join('')
  const [first = '', ...more] = wrapWords(text.trimStart(), width - head.text.length - 2)
  const pad = ' '.repeat(head.text.length + 2)
  return [[head, segment(`  ${first}`, 'plain')], ...more.map((part): Line => [segment(`${pad}${part}`, 'plain')])]
}

/** Text after a lead, its further lines under its first word. */
export function wrapped(lead: string, leadRole: Role, text: string, role: Role, width: number): readonly Line[] {
  const [first = '', ...more] = wrapWords(text, width - lead.length)
  const pad = ' '.repeat(lead.length)
  return [
    [segment(lead, leadRole), segment(first, role)],
    ...more.map((part): Line => [segment(pad, 'plain'), segment(part, role)]),
  ]
}

/** Breaks between words; a word longer than the width stands alone. */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' && lines.length > 0 ? word : line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

/** What opens an event. */
export function cite(text: string, seq: number): Segment {
  return { text, role: 'cite', seq }
}

/** Text in one role. */
export function segment(text: string, role: Role): Segment {
  return { text, role }
}

/** UTF-16 units of the line's text. */
export function lengthOf(line: Line): number {
  return line.reduce((length, part) => length + part.text.length, 0)
}
