/**
 * Conditions, citations and rows of rules as lines: their marks, columns and indents. The words are made in sentences.ts and
 * history-words.ts.
 */
import type { Citation } from './history-words.ts'
import { cite, type Line, lengthOf, type Segment, segment, wrapped, wrapWords } from './layout.ts'
import type { Point } from './sentences.ts'
import { eventNumber } from './words.ts'

/** A rule in a list of rules: its name, and the condition or remark that tells why it did not decide. */
export interface Row {
  readonly left: Line
  /** A mark and source text to be wrapped, or nothing. */
  readonly point: Point | null
  readonly note: string
}

/** Conditions one under the other, their notes in a column where there is room. What was shown once is not opened again. */
export function pointLines(
  points: readonly Point[],
  indent: number,
  width: number,
  shown: Set<string> = new Set(),
): readonly Line[] {
  const longest = Math.max(...points.map(point => indent + 2 + point.source.length))
  const column = Math.min(longest + 3, Math.floor(width * 0.62))
  return points.flatMap(point => {
    const line = pointLine(point, indent, column, width)
    if (point.below.length > 0 && shown.has(point.source)) return line
    shown.add(point.source)
    return [...line, ...point.below.flatMap(detail => detailLines(detail, indent, width, shown))]
  })
}

function detailLines(detail: Point | Citation, indent: number, width: number, shown: Set<string>): readonly Line[] {
  return detail.kind === 'point'
    ? pointLines([detail], indent + 2, width, shown)
    : citationLines(detail, indent + 4, width)
}

function pointLine(point: Point, indent: number, column: number, width: number): readonly Line[] {
  const start: Line = [segment(' '.repeat(indent), 'plain'), mark(point)]
  const length = indent + 2 + point.source.length
  const at = Math.max(column, length + 3)
  if (at + point.note.length <= width) {
    return [[...start, source(point), segment(' '.repeat(at - length), 'plain'), segment(point.note, 'plain')]]
  }
  const lines = wrapWords(point.source, width - indent - 2)
  const [first = '', ...more] = lines.length > 4 ? [...lines.slice(0, 3), `${lines[3] ?? ''} …`] : lines
  const pad = ' '.repeat(indent + 2)
  return [
    [...start, segment(first, 'source')],
    ...more.map((text): Line => [segment(pad, 'plain'), segment(text, 'source')]),
    ...(point.note === '' ? [] : wrapped(`${pad}  `, 'plain', point.note, 'plain', width)),
  ]
}

function citationLines(citation: Citation, indent: number, width: number): readonly Line[] {
  if (citation.seq === null) return wrapped(' '.repeat(indent), 'plain', citation.text, 'muted', width)
  const head: Line = [
    segment(' '.repeat(indent), 'plain'),
    cite(`event ${eventNumber(citation.seq)}`, citation.seq),
    segment(`  ${citation.time}  `, 'muted'),
  ]
  const room = Math.max(20, width - lengthOf(head))
  const [first = '', ...more] = wrapWords(citation.text, room)
  const pad = ' '.repeat(lengthOf(head))
  return [[...head, segment(first, 'plain')], ...more.map((text): Line => [segment(`${pad}${text}`, 'plain')])]
}

/** Rules one under the other, what is said of them in a column. */
export function rowLines(rows: readonly Row[], width: number): readonly Line[] {
  const column = Math.min(Math.max(0, ...rows.map(row => lengthOf(row.left))) + 2, 36)
  return rows.flatMap(({ left, point, note }) => {
    const [first = [], ...more] = point
      ? pointLine({ ...point, note }, 0, 0, width - column)
      : wrapped('', 'plain', note, 'plain', width - column)
    const pad = (length: number) => segment(' '.repeat(Math.max(0, length)), 'plain')
    const fits = lengthOf(left) + 2 <= column
    const start: Line[] = fits ? [[...left, pad(column - lengthOf(left)), ...first]] : [left, [pad(column), ...first]]
    return [...start, ...more.map((line): Line => [pad(column), ...line])]
  })
}

function mark(point: Point): Segment {
  switch (point.truth) {
    case 'true':
      return segment('✓ ', 'good')
    case 'false':
      return segment('✗ ', 'bad')
    case 'unknown':
      return segment('? ', 'open')
    case null:
      return segment('  ', 'plain')
  }
}

function source(point: Point): Segment {
  return { text: point.source, role: 'source', span: point.span }
}
