/** The shape of files: symbols, folding, selection, tokens, hierarchies, hints. */
import type {
  CallHierarchyItem,
  CodeLens,
  SemanticTokens,
  SemanticTokensDelta,
  ServerCapabilities,
} from 'vscode-languageserver'
import * as z from 'zod/mini'
import { isSymbolKind, type WritSymbol } from '../names/symbol.ts'
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from '../service/call-hierarchy.ts'
import { codeLenses, inlayHints, inlineValues, resolvedLens } from '../service/hints.ts'
import { documentLinks, foldingRanges, linkedEditing, selectionRanges } from '../service/ranges.ts'
import { semanticTokens, tokenEdits, tokenModifiers, tokenTypes } from '../service/semantic-tokens.ts'
import { documentSymbols, workspaceSymbols } from '../service/symbols.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { runTestCommand, showReferencesCommand } from './messages.ts'
import type { Session } from './session.ts'

export function announceStructure(session: Session): ServerCapabilities {
  const { connection, workspace } = session
  connection.onDocumentSymbol(session.answer(({ snapshot, path }) => [...documentSymbols(snapshot, path)], []))
  connection.onWorkspaceSymbol(
    session.whole(({ query }) => workspace.snapshots().flatMap(snapshot => workspaceSymbols(snapshot, query)), []),
  )
  connection.onFoldingRanges(session.answer(({ snapshot, path }) => [...foldingRanges(snapshot, path)], []))
  connection.onSelectionRanges(
    session.answer(({ snapshot, path }, { positions }) => [...selectionRanges(snapshot, path, positions)], []),
  )
  connection.onDocumentLinks(session.answer(({ snapshot, path }) => [...documentLinks(snapshot, path)], []))
  connection.languages.onLinkedEditingRange(
    session.answer(({ snapshot, path }, { position }) => linkedEditing(snapshot, path, position), null),
  )
  connection.languages.inlayHint.on(
    session.answer(({ snapshot, path }, { range }) => [...inlayHints(snapshot, path, range)], []),
  )
  connection.languages.inlineValue.on(
    session.answer(({ snapshot, path }, { range }) => [...inlineValues(snapshot, path, range)], []),
  )
  followTokens(session)
  followCalls(session)
  followLenses(session)
  return {
    documentSymbolProvider: true,
    workspaceSymbolProvider: true,
    foldingRangeProvider: true,
    selectionRangeProvider: true,
    documentLinkProvider: {},
    linkedEditingRangeProvider: true,
    inlayHintProvider: true,
    inlineValueProvider: true,
    callHierarchyProvider: true,
    codeLensProvider: { resolveProvider: true },
    semanticTokensProvider: {
      legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
      full: { delta: true },
      range: true,
    },
  }
}

/** The data of each file as the client has it, so that only what changed is sent. */
function followTokens(session: Session): void {
  const { semanticTokens: messages } = session.connection.languages
  const sent = new Map<string, SemanticTokens>()
  let next = 1
  const remembered = (uri: string, data: number[]): SemanticTokens => {
    const result = { resultId: String(next++), data }
    sent.set(uri, result)
    return result
  }
  messages.on(
    session.answer(
      ({ snapshot, path }, { textDocument }) => remembered(textDocument.uri, semanticTokens(snapshot, path)),
      { data: [] },
    ),
  )
  messages.onDelta(
    session.answer(
      ({ snapshot, path }, { textDocument, previousResultId }): SemanticTokens | SemanticTokensDelta => {
        const before = sent.get(textDocument.uri)
        const result = remembered(textDocument.uri, semanticTokens(snapshot, path))
        if (!before || before.resultId !== previousResultId) return result
        return { resultId: result.resultId ?? '', edits: [...tokenEdits(before.data, result.data)] }
      },
      { data: [] },
    ),
  )
  messages.onRange(
    session.answer(({ snapshot, path }, { range }) => ({ data: semanticTokens(snapshot, path, range) }), { data: [] }),
  )
}

function followCalls(session: Session): void {
  const { callHierarchy } = session.connection.languages
  callHierarchy.onPrepare(
    session.answer(({ snapshot, path }, { position }) => [...prepareCallHierarchy(snapshot, path, position)], []),
  )
  callHierarchy.onOutgoingCalls(
    session.whole(({ item }) => [...of(session, item, (snapshot, symbol) => outgoingCalls(snapshot, symbol))], []),
  )
  callHierarchy.onIncomingCalls(
    session.whole(({ item }) => [...of(session, item, (snapshot, symbol) => incomingCalls(snapshot, symbol))], []),
  )
}

function followLenses(session: Session): void {
  session.connection.onCodeLens(
    session.answer(({ snapshot, path }) => [...codeLenses(snapshot, path, runTestCommand)], []),
  )
  session.connection.onCodeLensResolve(async (lens, token): Promise<CodeLens> => {
    const data = lensSchema.safeParse(lens.data)
    if (!data.success) return lens
    const { uri, symbol } = data.data
    const answer = session.answer(
      ({ snapshot }) => resolvedLens(snapshot, lens, { uri, symbol: symbolOf(symbol) }, showReferencesCommand),
      lens,
    )
    return answer({ textDocument: { uri } }, token)
  })
}

/** What the client gives back of an item that it got from here. */
const symbolSchema = z.object({ key: z.string(), kind: z.string(), name: z.string() })
const lensSchema = z.object({ uri: z.string(), symbol: symbolSchema })
type SentSymbol = z.infer<typeof symbolSchema>

function symbolOf({ key, kind, name }: SentSymbol): WritSymbol {
  return { key, kind: isSymbolKind(kind) ? kind : 'contract', name }
}

function of<R>(
  session: Session,
  item: CallHierarchyItem,
  run: (snapshot: Snapshot, symbol: WritSymbol) => readonly R[],
): readonly R[] {
  const place = session.workspace.find(item.uri)
  const symbol = symbolSchema.safeParse(item.data)
  return place && symbol.success ? run(place.snapshot, symbolOf(symbol.data)) : []
}
