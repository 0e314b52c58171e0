/** What changes text: completion, signature help, rename, formatting, code actions. */
import {
  type CompletionItem,
  LSPErrorCodes,
  ResponseError,
  type ServerCapabilities,
  type WorkspaceEdit,
} from 'vscode-languageserver'
import * as z from 'zod/mini'
import { isSymbolKind } from '../names/symbol.ts'
import { actionKinds, codeActions } from '../service/code-actions.ts'
import { completion, resolvedCompletion } from '../service/completion/completion.ts'
import { formatting, onTypeFormatting, rangeFormatting } from '../service/formatting.ts'
import { contractOfRecords } from '../service/refactor/missing-contract.ts'
import { fileRenameEdit, prepareRename, rename } from '../service/rename.ts'
import { signatureHelp } from '../service/signature-help.ts'
import { keyOf } from '../workspace/uri.ts'
import { contractOfRecordsRequest } from './messages.ts'
import type { Session } from './session.ts'

export function announceEditing(session: Session): ServerCapabilities {
  const { connection } = session
  followCompletion(session)
  followRename(session)
  connection.onSignatureHelp(
    session.answer(({ snapshot, path }, { position }) => signatureHelp(snapshot, path, position), null),
  )
  connection.onDocumentFormatting(session.answer(({ snapshot, path }) => [...formatting(snapshot, path)], []))
  connection.onDocumentRangeFormatting(
    session.answer(({ snapshot, path }, { range }) => [...rangeFormatting(snapshot, path, range)], []),
  )
  connection.onDocumentOnTypeFormatting(
    session.answer(({ snapshot, path }, { position, ch }) => [...onTypeFormatting(snapshot, path, position, ch)], []),
  )
  connection.onCodeAction(
    session.answer(
      ({ snapshot, path }, { range, context: { only } }) => [...codeActions(snapshot, path, range, only ?? null)],
      [],
    ),
  )
  connection.onRequest(
    contractOfRecordsRequest,
    session.whole((params: unknown) => {
      const { name, records } = recordsSchema.parse(params)
      return contractOfRecords(name, records)
    }, null),
  )
  return {
    completionProvider: { resolveProvider: true, triggerCharacters: ['.', '{', ' '] },
    signatureHelpProvider: { triggerCharacters: ['(', ','], retriggerCharacters: [','] },
    renameProvider: { prepareProvider: true },
    documentFormattingProvider: true,
    documentRangeFormattingProvider: true,
    documentOnTypeFormattingProvider: { firstTriggerCharacter: '}', moreTriggerCharacter: ['\n'] },
    codeActionProvider: { codeActionKinds: [...actionKinds] },
  }
}

function followCompletion(session: Session): void {
  const { connection } = session
  connection.onCompletion(
    session.answer(({ snapshot, path }, { position }) => [...completion(snapshot, path, position)], []),
  )
  connection.onCompletionResolve(async (item, token): Promise<CompletionItem> => {
    const data = dataSchema.safeParse(item.data)
    if (!data.success) return item
    const { uri, symbol } = data.data
    const { kind } = symbol
    if (!isSymbolKind(kind)) return item
    const answer = session.answer(
      ({ snapshot }) => resolvedCompletion(snapshot, item, { uri, symbol: { ...symbol, kind } }),
      item,
    )
    return answer({ textDocument: { uri } }, token)
  })
}

function followRename(session: Session): void {
  const { connection, workspace } = session
  connection.onPrepareRename(
    session.answer(({ snapshot, path }, { position }) => prepareRename(snapshot, path, position), null),
  )
  connection.onRenameRequest(async (params, token): Promise<WorkspaceEdit | null> => {
    const answer = session.answer(
      ({ snapshot, path }, { position, newName }: typeof params) => rename(snapshot, path, position, newName),
      null,
    )
    const result = await answer(params, token)
    if (typeof result === 'string') throw new ResponseError(LSPErrorCodes.RequestFailed, result)
    return result
  })
  connection.workspace.onWillRenameFiles(
    session.whole(({ files }): WorkspaceEdit | null => {
      const changes: NonNullable<WorkspaceEdit['changes']> = {}
      for (const { oldUri, newUri } of files) {
        const place = workspace.find(oldUri)
        const edit = place && fileRenameEdit(place.snapshot, place.path, keyOf(newUri))
        for (const [uri, edits] of Object.entries(edit?.changes ?? {}))
          changes[uri] = [...(changes[uri] ?? []), ...edits]
      }
      return { changes }
    }, null),
  )
}

const symbolSchema = z.object({ key: z.string(), kind: z.string(), name: z.string() })
const dataSchema = z.object({ uri: z.string(), symbol: symbolSchema })
const recordsSchema = z.object({ name: z.string(), records: z.array(z.unknown()) })
