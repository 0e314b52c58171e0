/** Ranges of a file by its syntax: what folds, what a selection grows to, what is edited together, what is a link. */
import { nodesAt, type SourceFile, type Span } from '@writ/grammar'
import {
  type DocumentLink,
  type FoldingRange,
  FoldingRangeKind,
  type Position,
  type Range,
  type SelectionRange,
} from 'vscode-languageserver-types'
import { declarationsOf, occurrenceAt, occurrencesOfSymbol } from '../names/occurrences.ts'
import { declarationAt, linesOf, offsetAt, rangeOf, type Snapshot } from '../workspace/snapshot.ts'

/** Declarations, rules and lets of more than a line, runs of `use` and of comments. */
export function foldingRanges(snapshot: Snapshot, path: string): readonly FoldingRange[] {
  const file = snapshot.files.get(path)
  if (!file) return []
  const lines = linesOf(file)
  const folds: FoldingRange[] = []
  const add = ({ start, end }: Span, kind?: FoldingRangeKind) => {
    const [startLine, endLine] = [lines.position(start).line, lines.position(end).line]
    if (endLine > startLine) folds.push({ startLine, endLine, ...(kind ? { kind } : {}) })
  }
  const uses: Span[] = []
  const closeUses = () => {
    const [first, last] = [uses[0], uses.at(-1)]
    if (first && last) add({ start: first.start, end: last.end }, FoldingRangeKind.Imports)
    uses.length = 0
  }
  let at = 0
  for (const { start, end, syntax } of file.declarations) {
    commentRuns(file.text, at, start, add)
    at = end
    if (syntax.kind === 'use') uses.push({ start, end })
    else if (syntax.kind !== 'module') closeUses()
    if (syntax.kind !== 'use') add({ start: start + syntax.span.start, end })
    if (syntax.kind !== 'policy') continue
    for (const item of syntax.items)
      if (item.kind === 'rule' || item.kind === 'let')
        add({ start: start + item.span.start, end: start + item.span.end })
  }
  closeUses()
  commentRuns(file.text, at, file.text.length, add)
  return folds
}

/** Comments between declarations that follow each other line by line. */
function commentRuns(text: string, from: number, to: number, add: (span: Span, kind: FoldingRangeKind) => void): void {
  const gap = text.slice(from, to)
  for (const match of gap.matchAll(/(?:^|(?<=\n))[ \t]*(?:\/\*[\s\S]*?\*\/|\/\/[^\n]*(?:\n[ \t]*\/\/[^\n]*)*)/g))
    add({ start: from + match.index, end: from + match.index + match[0].trimEnd().length }, FoldingRangeKind.Comment)
}

/** From the name at each position outwards to the whole file. */
export function selectionRanges(
  snapshot: Snapshot,
  path: string,
  positions: readonly Position[],
): readonly SelectionRange[] {
  const file = snapshot.files.get(path)
  if (!file) return []
  return positions.map(position => {
    const offset = offsetAt(snapshot, path, position)
    const placed = declarationAt(file, offset)
    const spans: Span[] = [{ start: 0, end: file.text.length }]
    if (placed) {
      spans.push({ start: placed.start, end: placed.end })
      for (const { span } of nodesAt(placed.syntax, offset - placed.start))
        spans.push({ start: placed.start + span.start, end: placed.start + span.end })
    }
    return grown(file, spans, offset)
  })
}

/** INVARIANT of the protocol: each range holds the one inside of it. */
function grown(file: SourceFile, spans: readonly Span[], offset: number): SelectionRange {
  let result: SelectionRange = { range: rangeOf(file, spans[0] ?? { start: 0, end: 0 }) }
  let outer: Span = spans[0] ?? { start: 0, end: 0 }
  for (const span of spans.slice(1)) {
    const inside = span.start >= outer.start && span.end <= outer.end && span.start <= offset && offset <= span.end
    if (!inside || (span.start === outer.start && span.end === outer.end)) continue
    result = { range: rangeOf(file, span), parent: result }
    outer = span
  }
  return result
}

/** As the protocol has it. */
export interface LinkedRanges {
  readonly ranges: Range[]
  readonly wordPattern: string
}

/** The occurrences of an alias, a variable or a `let` that is known in one declaration alone. */
export function linkedEditing(snapshot: Snapshot, path: string, position: Position): LinkedRanges | null {
  const file = snapshot.files.get(path)
  const found = occurrenceAt(snapshot, path, offsetAt(snapshot, path, position))
  const [symbol, second] = found?.occurrence.symbols ?? []
  if (!file || !found || !symbol || second || !inOnePlace.has(symbol.kind)) return null
  const all = occurrencesOfSymbol(snapshot, symbol)
  const same = all.every(({ unit, occurrence }) => unit === found.unit && occurrence.text === symbol.name)
  if (!same || all.length < 2) return null
  return { ranges: all.map(({ span }) => rangeOf(file, span)), wordPattern: '[A-Za-z_][A-Za-z0-9_]*' }
}
const inOnePlace: ReadonlySet<string> = new Set(['alias', 'variable', 'let', 'parameter'])

/** The modules that a file uses, as links to the files that declare them. */
export function documentLinks(snapshot: Snapshot, path: string): readonly DocumentLink[] {
  const file = snapshot.files.get(path)
  if (!file) return []
  return file.declarations.flatMap(({ start, syntax }) => {
    if (syntax.kind !== 'use') return []
    const { text, span } = syntax.module
    const [there] = declarationsOf(snapshot, { key: `module:${text}`, kind: 'module', name: text })
    const target = there && snapshot.uris.get(there.path)
    if (target === undefined) return []
    const range: Range = rangeOf(file, { start: start + span.start, end: start + span.end })
    return [{ range, target, tooltip: `Open module ${text}` }]
  })
}
