/**
 * Problems for people: place, code and message on the first line, the source with the spot underlined, other places that
 * explain it, what mends it, and where to read more.
 */
import { existsSync } from 'node:fs'
import type { FileProblem } from '@writ/engine'
import { lineIndex, type Severity, type Span } from '@writ/grammar'
import { pagePath } from '../places.ts'
import { severityCounts } from '../program.ts'
import type { Paint } from '../terminal/paint.ts'
import { counted, printable, width, wrap } from '../terminal/text.ts'
import { type SourceTexts, shownPath } from '../workspace.ts'

/** Problems beyond this many are counted, not printed. */
const mostPrinted = 200

export function problemsText(
  problems: readonly FileProblem[],
  sources: SourceTexts,
  paint: Paint,
  columns: number,
): string {
  const explained = new Set<string>()
  const parts = problems.slice(0, mostPrinted).map(problem => {
    const first = !explained.has(problem.code)
    explained.add(problem.code)
    return problemText(problem, sources, paint, columns, first)
  })
  const more = problems.length - mostPrinted
  if (more > 0) parts.push(`… and ${counted(more, 'more problem')}; "--format json" lists all.\n`)
  return parts.join('\n')
}

/** `2 errors and 1 warning in 3 files`, or `3 files, no problems`. */
export function problemSummary(problems: readonly FileProblem[], files: number, paint: Paint): string {
  const counts = severityCounts(problems)
  const parts = [
    counts.error > 0 ? paint.red(counted(counts.error, 'error')) : '',
    counts.warning > 0 ? paint.yellow(counted(counts.warning, 'warning')) : '',
    counts.information > 0 ? counted(counts.information, 'remark') : '',
    counts.hint > 0 ? counted(counts.hint, 'hint') : '',
  ].filter(part => part !== '')
  if (parts.length === 0) return `${paint.green('✓')} ${counted(files, 'file')}, no problems`
  const last = parts.at(-1) ?? ''
  const all = parts.length === 1 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`
  return `${counts.error > 0 ? paint.red('✗') : paint.yellow('!')} ${all} in ${counted(files, 'file')}`
}

function problemText(
  problem: FileProblem,
  sources: SourceTexts,
  paint: Paint,
  columns: number,
  first: boolean,
): string {
  const label = severityPaint(problem.severity, paint)
  const lines = [
    `${paint.bold(place(problem.path, problem.span, sources))}  ${label(`${severityWord(problem.severity)} ${problem.code}`)}`,
    ...wrap(printable(problem.message), columns - 4).map(line => `  ${paint.bold(line)}`),
    '',
    ...excerpt(sources.texts.get(problem.path) ?? '', problem.span, label, paint, columns),
  ]
  for (const related of problem.related) {
    lines.push(`  see    ${place(related.path, related.span, sources)}  ${printable(related.message)}`)
  }
  const fix = problem.fixes[0]
  if (fix !== undefined) lines.push(`  fix    ${printable(fix.title)} ${paint.dim('(writ check --fix does it)')}`)
  if (first && existsSync(pagePath(problem.code))) lines.push(paint.dim(`  more   writ explain ${problem.code}`))
  return `${lines.join('\n')}\n`
}

/** The lines of a span, at most four, with the spot underlined; long lines are cut around it. */
function excerpt(text: string, span: Span, label: (text: string) => string, paint: Paint, columns: number): string[] {
  const index = lineIndex(text)
  const start = index.position(span.start)
  const end = index.position(Math.max(span.start, span.end))
  const last = end.line > start.line && end.column === 0 ? end.line - 1 : end.line
  const all = Array.from({ length: last - start.line + 1 }, (_, place) => start.line + place)
  const shown = all.length <= 4 ? all : [...all.slice(0, 2), -1, ...all.slice(-1)]
  const gutter = String(last + 1).length + 2
  const room = columns - gutter - 3
  const lines: string[] = []
  for (const line of shown) {
    if (line < 0) {
      lines.push(paint.dim(`${' '.repeat(gutter)} ⋮`))
      continue
    }
    const from = index.offset(line, 0)
    const source = lineAt(text, from)
    const left = Math.max(0, Math.min(span.start - from, source.length))
    const right = Math.max(left, Math.min(span.end - from, source.length))
    const cropped = crop(source, left, right, room)
    lines.push(`${paint.dim(`${String(line + 1).padStart(gutter)} │`)} ${cropped.text}`)
    lines.push(
      `${paint.dim(`${' '.repeat(gutter)} │`)} ${' '.repeat(cropped.left)}${label('^'.repeat(cropped.length))}`,
    )
  }
  return lines
}

/** The part of a line that fits, and where in it the spot stands, in columns. */
function crop(
  source: string,
  left: number,
  right: number,
  room: number,
): { text: string; left: number; length: number } {
  const indent = Math.min(/^\s*/.exec(source)?.[0].length ?? 0, left)
  const spot = source.slice(left, right)
  let from = indent > 8 ? indent - 4 : 0
  // A spot far to the right is brought into view with some text before it.
  if (width(tabs(source.slice(from, right))) > room)
    from = Math.max(from, left - Math.max(0, room - width(tabs(spot)) - 2), left - 24)
  const before = `${from > 0 && source.slice(0, from).trim() !== '' ? '…' : ''}${tabs(source.slice(from, left))}`
  let text = before + tabs(source.slice(left)).trimEnd()
  if (width(text) > room) {
    let kept = ''
    for (const character of text) {
      if (width(kept) + width(character) > room - 1) break
      kept += character
    }
    text = `${kept}…`
  }
  const length = Math.max(1, Math.min(width(tabs(spot)), room - width(before)))
  return { text, left: width(before), length }
}
function tabs(text: string): string {
  return printable(text.replaceAll('\t', '  '))
}
function lineAt(text: string, from: number): string {
  const end = text.indexOf('\n', from)
  return text.slice(from, end < 0 ? undefined : end).replace(/\r$/, '')
}

function place(path: string, span: Span, sources: SourceTexts): string {
  const text = sources.texts.get(path)
  const shown = printable(shownPath(sources.shown, path))
  if (text === undefined) return shown
  const { line, column } = lineIndex(text).position(span.start)
  return `${shown}:${line + 1}:${column + 1}`
}
function severityWord(severity: Severity): string {
  return severity === 'information' ? 'remark' : severity
}
function severityPaint(severity: Severity, paint: Paint): (text: string) => string {
  switch (severity) {
    case 'error':
      return paint.red
    case 'warning':
      return paint.yellow
    case 'information':
    case 'hint':
      return paint.cyan
  }
}
