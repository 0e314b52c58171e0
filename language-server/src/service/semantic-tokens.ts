/** Colours of names by what they stand for. Keywords, numbers and texts are coloured by the TextMate grammar. */
import type { Range } from 'vscode-languageserver-types'
import { occurrencesOf } from '../names/occurrences.ts'
import { surroundingsOf } from '../names/surroundings.ts'
import type { Occurrence, SymbolKind } from '../names/symbol.ts'
import { linesOf, type Snapshot } from '../workspace/snapshot.ts'

/** The order is that of the numbers in the data. */
export const tokenTypes = [
  'namespace',
  'type',
  'event',
  'interface',
  'function',
  'class',
  'method',
  'property',
  'enumMember',
  'variable',
  'parameter',
  'decorator',
] as const
export const tokenModifiers = ['declaration', 'readonly', 'defaultLibrary'] as const

/** Five numbers per token as the protocol has them; `range` leaves out declarations outside of it. */
export function semanticTokens(snapshot: Snapshot, path: string, range: Range | null = null): number[] {
  const file = snapshot.files.get(path)
  if (!file) return []
  const lines = linesOf(file)
  const from = range ? lines.offset(range.start.line, range.start.character) : 0
  const to = range ? lines.offset(range.end.line, range.end.character) : file.text.length
  const data: number[] = []
  let [line, column] = [0, 0]
  for (const unit of surroundingsOf(snapshot).unitsAt(path)) {
    const { start, end } = unit.placed
    if (end < from || start > to) continue
    let last = -1
    for (const occurrence of occurrencesOf(snapshot, unit)) {
      // Two meanings of one name, such as a key of two contracts, are one token.
      if (occurrence.start < last) continue
      last = occurrence.end
      const coloured = tokenOf(occurrence)
      if (!coloured) continue
      const place = lines.position(start + occurrence.start)
      const down = place.line - line
      data.push(down, down === 0 ? place.column - column : place.column, occurrence.end - occurrence.start, ...coloured)
      ;[line, column] = [place.line, place.column]
    }
  }
  return data
}

/** The one edit that makes `after` of `before`. */
export function tokenEdits(
  before: readonly number[],
  after: readonly number[],
): readonly { readonly start: number; readonly deleteCount: number; readonly data: number[] }[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  if (start === before.length && start === after.length) return []
  let tail = 0
  const most = Math.min(before.length, after.length) - start
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++
  return [{ start, deleteCount: before.length - start - tail, data: after.slice(start, after.length - tail) }]
}

function tokenOf({ symbols, declares }: Occurrence): readonly [number, number] | null {
  const [symbol] = symbols
  if (!symbol) return null
  const type = tokenTypes.indexOf(colours[symbol.kind])
  const library = symbol.kind === 'function' || symbol.kind === 'basic-type'
  const constant = symbol.kind === 'let' || symbol.kind === 'alias' || symbol.kind === 'field'
  return [type, (declares ? 1 : 0) + (constant ? 2 : 0) + (library ? 4 : 0)]
}

const colours: Readonly<Record<SymbolKind, (typeof tokenTypes)[number]>> = {
  module: 'namespace',
  contract: 'event',
  type: 'type',
  role: 'interface',
  table: 'function',
  define: 'function',
  policy: 'class',
  sink: 'interface',
  exception: 'class',
  indicator: 'class',
  objective: 'class',
  rollout: 'class',
  property: 'class',
  source: 'namespace',
  layer: 'namespace',
  field: 'property',
  member: 'property',
  row: 'property',
  'enum-member': 'enumMember',
  rule: 'method',
  let: 'variable',
  alias: 'parameter',
  parameter: 'parameter',
  variable: 'parameter',
  function: 'function',
  'basic-type': 'type',
  class: 'decorator',
}
