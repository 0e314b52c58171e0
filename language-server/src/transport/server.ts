/**
 * The server over any connection: what it announces, the life of documents and folders, and the features by group. Where the
 * messages come from is node.ts and browser.ts.
 */
import {
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type InitializeResult,
  TextDocumentSyncKind,
} from 'vscode-languageserver'
import * as z from 'zod/mini'
import { announceDiagnostics } from './diagnostics.ts'
import { announceEditing } from './editing.ts'
import type { Host } from './host.ts'
import { followLineage } from './lineage.ts'
import type { ServerOptions } from './messages.ts'
import { announceNavigation } from './navigation.ts'
import { Session } from './session.ts'
import { announceStructure } from './structure.ts'
import { followTests } from './tests.ts'

const optionsSchema = z.object({
  diagnostics: z.optional(z.enum(['push', 'pull'])),
  problemPages: z.optional(z.string()),
})

/** Serves one client until it is done. */
export function serve(connection: Connection, host: Host): Session {
  const session = new Session(connection, host)
  let folders: readonly string[] = []
  connection.onInitialize(({ capabilities, initializationOptions, workspaceFolders, rootUri }): InitializeResult => {
    const options = optionsSchema.safeParse(initializationOptions ?? {})
    session.start(capabilities, options.success ? definedOnly(options.data) : {})
    folders = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : [])
    return {
      capabilities: {
        positionEncoding: 'utf-16',
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: false },
        ...announceDiagnostics(session),
        ...announceNavigation(session),
        ...announceStructure(session),
        ...announceEditing(session),
        workspace: {
          workspaceFolders: { supported: true, changeNotifications: true },
          fileOperations: { willRename: { filters: [{ pattern: { glob: '**/*.writ' } }] } },
        },
      },
      serverInfo: { name: 'writ', version: '0.1.0' },
    }
  })
  connection.onInitialized(() => {
    void session.load(folders)
    if (session.client.workspace?.didChangeWatchedFiles?.dynamicRegistration === true) {
      const watchers = [{ globPattern: '**/*.writ' }, { globPattern: '**/*.json' }]
      void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers })
    }
    if (session.client.workspace?.didChangeConfiguration?.dynamicRegistration === true)
      void connection.client.register(DidChangeConfigurationNotification.type)
    if (session.client.workspace?.workspaceFolders === true) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => uri))
        folders = [...folders.filter(uri => !gone.has(uri)), ...added.map(({ uri }) => uri)]
        void session.load(folders)
      })
    }
  })
  followDocuments(session)
  followTests(session)
  followLineage(session)
  connection.onShutdown(() => undefined)
  return session
}

function followDocuments(session: Session): void {
  const { connection, workspace, host } = session
  connection.onDidOpenTextDocument(({ textDocument: { uri, version, text } }) => {
    session.guarded(() => workspace.open(uri, version, text), undefined)
    session.touched(uri)
  })
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    session.guarded(() => workspace.change(uri, version, contentChanges), undefined)
    session.touched(uri)
  })
  connection.onDidCloseTextDocument(async ({ textDocument: { uri } }) => {
    const onDisk = await host.readFile(uri)
    session.guarded(() => workspace.close(uri, onDisk), undefined)
    session.touched()
  })
  connection.onDidChangeWatchedFiles(async ({ changes }) => {
    for (const { uri, type } of changes)
      if (/\.writ$|\/writ\.json$/.test(uri) || workspace.isNamed(uri))
        workspace.setFile(uri, type === FileChangeType.Deleted ? null : await host.readFile(uri))
    session.touched()
  })
  // Clients tell of settings whether they are asked to or not; there are none here.
  connection.onDidChangeConfiguration(() => undefined)
}

/** zod gives `undefined` for what is left out; the options have no such members. */
function definedOnly(options: z.infer<typeof optionsSchema>): ServerOptions {
  const { diagnostics, problemPages } = options
  return { ...(diagnostics ? { diagnostics } : {}), ...(problemPages === undefined ? {} : { problemPages }) }
}
