/** The outline of a file, and the search for declarations over the workspace. */
import type { Declaration, PlacedDeclaration, SourceFile, Span } from '@writ/grammar'
import { type DocumentSymbol, SymbolKind, type WorkspaceSymbol } from 'vscode-languageserver-types'
import { rangeOf, type Snapshot } from '../workspace/snapshot.ts'

/** Declarations with what they hold: fields, rules, lets, maps. */
export function documentSymbols(snapshot: Snapshot, path: string): readonly DocumentSymbol[] {
  const file = snapshot.files.get(path)
  return file ? file.declarations.flatMap(placed => outline(file, placed)) : []
}

/** At most this many are of use to somebody who searches. */
const most = 500

/** Declarations, rules and tests whose names have the letters of the query in their order. */
export function workspaceSymbols(snapshot: Snapshot, query: string): readonly WorkspaceSymbol[] {
  const found: WorkspaceSymbol[] = []
  for (const [path, file] of snapshot.files) {
    const uri = snapshot.uris.get(path)
    if (uri === undefined) continue
    const module = moduleNameOf(file)
    for (const placed of file.declarations) {
      for (const part of partsOf(placed.syntax)) {
        if (found.length >= most) return found
        if (part.kind === SymbolKind.Field || !matches(part.name, query)) continue
        const range = rangeOf(file, moved(part.nameSpan, placed.start))
        const containerName = part.owner === null ? module : `${module}.${part.owner}`
        found.push({ name: part.name, kind: part.kind, location: { uri, range }, containerName })
      }
    }
  }
  return found
}

/** True where the letters of `query` come in this order in `name`, whatever their case. */
export function matches(name: string, query: string): boolean {
  let at = 0
  const letters = query.toLowerCase()
  for (const letter of name.toLowerCase()) if (letter === letters[at]) at++
  return at === letters.length
}

interface Part {
  readonly name: string
  readonly kind: SymbolKind
  readonly detail: string
  readonly span: Span
  readonly nameSpan: Span
  /** The declaration that it belongs to; null: it is one. */
  readonly owner: string | null
}

function outline(file: SourceFile, { start, syntax }: PlacedDeclaration): readonly DocumentSymbol[] {
  const [head, ...rest] = partsOf(syntax)
  if (!head) return []
  const symbol = ({ name, kind, detail, span, nameSpan }: Part): DocumentSymbol => ({
    name: name === '' ? '…' : name,
    kind,
    detail,
    range: rangeOf(file, moved(span, start)),
    selectionRange: rangeOf(file, moved(within(nameSpan, span), start)),
  })
  return [{ ...symbol(head), children: rest.map(symbol) }]
}

/** INVARIANT of the protocol: the selection lies in the range. */
function within(inner: Span, outer: Span): Span {
  return inner.start >= outer.start && inner.end <= outer.end ? inner : { start: outer.start, end: outer.start }
}

/** The declaration first, then what it holds. */
function partsOf(syntax: Declaration): readonly Part[] {
  const own = (name: string, kind: SymbolKind, nameSpan: Span, detail: string = syntax.kind): Part => {
    return { name, kind, detail, span: syntax.span, nameSpan, owner: null }
  }
  switch (syntax.kind) {
    case 'module':
    case 'use':
    case 'broken':
    case 'layers':
      return []
    case 'contract':
      return [
        own(syntax.name.text, SymbolKind.Event, syntax.name.span, versioned('contract', syntax.version?.text)),
        ...syntax.fields.map(({ name, span }): Part => {
          return {
            name: name.text,
            kind: SymbolKind.Field,
            detail: '',
            span,
            nameSpan: name.span,
            owner: syntax.name.text,
          }
        }),
      ]
    case 'policy':
      return [
        own(syntax.name.text, SymbolKind.Class, syntax.name.span, versioned('policy', syntax.version?.text)),
        ...syntax.items.flatMap((item): readonly Part[] => {
          if (item.kind !== 'let' && item.kind !== 'rule') return []
          const kind = item.kind === 'let' ? SymbolKind.Variable : SymbolKind.Method
          const detail = item.kind === 'rule' ? (item.title ?? 'rule') : 'let'
          return [
            { name: item.name.text, kind, detail, span: item.span, nameSpan: item.name.span, owner: syntax.name.text },
          ]
        }),
      ]
    case 'test':
      return [own(syntax.title, SymbolKind.Function, syntax.titleSpan)]
    case 'sample':
      return [own(syntax.contract.text, SymbolKind.Object, syntax.contract.span)]
    case 'type':
      return [
        own(syntax.name.text, syntax.type.kind === 'enum' ? SymbolKind.Enum : SymbolKind.Struct, syntax.name.span),
      ]
    case 'define':
      return [own(syntax.name.text, SymbolKind.Function, syntax.name.span)]
    case 'role':
      return [own(syntax.name.text, SymbolKind.Interface, syntax.name.span)]
    case 'table':
      return [own(syntax.name.text, SymbolKind.Array, syntax.name.span)]
    case 'source':
    case 'sink':
      return [own(syntax.name.text, SymbolKind.Package, syntax.name.span)]
    case 'exception':
    case 'rollout':
    case 'indicator':
    case 'objective':
    case 'property':
      return [own(syntax.name.text, SymbolKind.Object, syntax.name.span)]
  }
}

function versioned(kind: string, version: string | undefined): string {
  return version === undefined ? kind : `${kind} ${version}`
}

export function moduleNameOf(file: SourceFile): string {
  const head = file.declarations.find(({ syntax }) => syntax.kind === 'module')
  return head?.syntax.kind === 'module' ? head.syntax.name.text : ''
}

function moved(span: Span, by: number): Span {
  return { start: span.start + by, end: span.end + by }
}
