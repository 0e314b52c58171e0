/** What an editor shows inside the text without writing it: types of lets, names of parameters, counts, values while debugging. */
import { inspect, showType, type Unit } from '@writ/engine/editor'
import { type Expression, type SourceFile, type Span, walkExpressions } from '@writ/grammar'
import { type CodeLens, type InlayHint, InlayHintKind, type InlineValue, type Range } from 'vscode-languageserver-types'
import { occurrencesOf, occurrencesOfSymbol } from '../names/occurrences.ts'
import { surroundingsOf } from '../names/surroundings.ts'
import type { WritSymbol } from '../names/symbol.ts'
import { linesOf, locationOf, rangeOf, type Snapshot } from '../workspace/snapshot.ts'

/** Types of lets and of defines that do not say theirs; parameters of defines and tables before literals. */
export function inlayHints(snapshot: Snapshot, path: string, range: Range): readonly InlayHint[] {
  const file = snapshot.files.get(path)
  if (!file) return []
  const hints: InlayHint[] = []
  const lines = linesOf(file)
  const put = (offset: number, label: string, kind: InlayHintKind) => {
    const { line, column } = lines.position(offset)
    if (line < range.start.line || line > range.end.line) return
    const type = kind === InlayHintKind.Type
    hints.push({ position: { line, character: column }, label, kind, paddingLeft: false, paddingRight: !type })
  }
  for (const unit of unitsIn(snapshot, path, file, range)) {
    const { syntax } = unit
    const { start } = unit.placed
    if (syntax.kind === 'define' && !syntax.result) {
      const signature = unit.signature?.value
      const at = text(unit).indexOf('=', syntax.parameters.at(-1)?.span.end ?? syntax.name.span.end)
      if (signature?.kind === 'define' && signature.result.kind !== 'error' && at > 0) {
        const before = text(unit).slice(0, at).trimEnd().length
        put(start + before, `: ${showType(signature.result)}`, InlayHintKind.Type)
      }
    }
    if (syntax.kind === 'policy') {
      const seen = inspect(snapshot.checked, unit)
      for (const item of syntax.items) {
        if (item.kind !== 'let') continue
        const type = seen.get(item.value)?.type
        if (type && type.kind !== 'error') put(start + item.name.span.end, `: ${showType(type)}`, InlayHintKind.Type)
      }
    }
    walkExpressions(syntax, expression => parameterHints(snapshot, unit, expression, put))
  }
  return hints
}

function parameterHints(
  snapshot: Snapshot,
  unit: Unit,
  expression: Expression,
  put: (offset: number, label: string, kind: InlayHintKind) => void,
): void {
  if (expression.kind !== 'call' || expression.arguments.length < 2) return
  const signature = surroundingsOf(snapshot).signature(unit, expression.function.text)
  if (signature?.kind !== 'define') return
  expression.arguments.forEach(({ label, value, span }, index) => {
    const name = signature.parameters[index]?.name
    if (!label && name !== undefined && value.kind === 'literal')
      put(unit.placed.start + span.start, `${name}:`, InlayHintKind.Parameter)
  })
}

/** What a lens is about: its count is worked out when the lens is seen. */
export interface LensData {
  readonly uri: string
  readonly symbol: WritSymbol
}

/** Above tests: run; above contracts, policies, defines, roles and tables: how often they are named, policies only where they are. */
export function codeLenses(snapshot: Snapshot, path: string, runCommand: string): readonly CodeLens[] {
  const file = snapshot.files.get(path)
  const uri = snapshot.uris.get(path)
  if (!file || uri === undefined) return []
  return surroundingsOf(snapshot)
    .unitsAt(path)
    .flatMap(({ placed: { start }, syntax, module }): readonly CodeLens[] => {
      // Most policies are named by nothing, which is nothing to say.
      if (syntax.kind === 'policy' && !isNamed(snapshot, syntax.name.text)) return []
      switch (syntax.kind) {
        case 'test': {
          const range = moved(file, syntax.titleSpan, start)
          return [{ range, command: { title: 'Run test', command: runCommand, arguments: [uri, syntax.title] } }]
        }
        case 'contract':
        case 'policy':
        case 'define':
        case 'role':
        case 'table': {
          const symbol: WritSymbol = {
            key: `name:${module}/${syntax.name.text}`,
            kind: syntax.kind,
            name: syntax.name.text,
          }
          const data: LensData = { uri, symbol }
          return [{ range: moved(file, syntax.name.span, start), data }]
        }
        default:
          return []
      }
    })
}

/** Whether the word stands in any declaration that can name a policy. */
function isNamed({ files }: Snapshot, name: string): boolean {
  for (const { text: source, declarations } of files.values())
    for (const { start, end, syntax } of declarations) {
      if (!naming.has(syntax.kind)) continue
      let words = wordsIn.get(syntax)
      if (!words) {
        words = new Set(source.slice(start, end).match(/[A-Za-z_]\w*/g))
        wordsIn.set(syntax, words)
      }
      if (words.has(name)) return true
    }
  return false
}
const naming: ReadonlySet<string> = new Set([
  'use',
  'test',
  'property',
  'exception',
  'rollout',
  'indicator',
  'objective',
])
const wordsIn = new WeakMap<object, ReadonlySet<string>>()

/** The count of a lens, with the places. */
export function resolvedLens(snapshot: Snapshot, lens: CodeLens, { uri, symbol }: LensData, command: string): CodeLens {
  const places = occurrencesOfSymbol(snapshot, symbol).filter(({ occurrence }) => !occurrence.declares)
  const locations = places.flatMap(({ path, span }) => locationOf(snapshot, path, span) ?? [])
  const title = locations.length === 1 ? '1 reference' : `${locations.length} references`
  return { range: lens.range, command: { title, command, arguments: [uri, lens.range.start, locations] } }
}

/** Fields, lets and rows in a range, each as an expression that a debugger evaluates. */
export function inlineValues(snapshot: Snapshot, path: string, range: Range): readonly InlineValue[] {
  const file = snapshot.files.get(path)
  if (!file) return []
  const values: InlineValue[] = []
  for (const unit of unitsIn(snapshot, path, file, range)) {
    if (unit.syntax.kind !== 'policy') continue
    for (const { symbols, start, end, declares, type } of occurrencesOf(snapshot, unit)) {
      const [symbol] = symbols
      if (!symbol || !valued.has(symbol.kind) || (declares && symbol.kind !== 'let') || !type) continue
      const before = /(?:\w+\.)*$/.exec(text(unit).slice(Math.max(0, start - 200), start))?.[0] ?? ''
      const place = moved(file, { start: start - before.length, end }, unit.placed.start)
      if (place.start.line < range.start.line || place.end.line > range.end.line) continue
      values.push({ range: place, expression: before + text(unit).slice(start, end) })
    }
  }
  return values
}
const valued: ReadonlySet<string> = new Set(['field', 'let', 'row', 'member'])

/** The declarations of a file that touch a range. */
function unitsIn(snapshot: Snapshot, path: string, file: SourceFile, range: Range): readonly Unit[] {
  const lines = linesOf(file)
  const from = lines.offset(range.start.line, range.start.character)
  const to = lines.offset(range.end.line, range.end.character)
  return surroundingsOf(snapshot)
    .unitsAt(path)
    .filter(({ placed }) => placed.end >= from && placed.start <= to)
}

function text(unit: Unit): string {
  return unit.placed.text
}
function moved(file: SourceFile, span: Span, by: number): Range {
  return rangeOf(file, { start: span.start + by, end: span.end + by })
}
