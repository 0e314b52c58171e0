/**
 * A client in the same process as the server: two streams between them, real messages on both. Announces what VS Code does, keeps the
 * problems that were sent, and answers what the server asks.
 */
import { PassThrough } from 'node:stream'
import {
  type ClientCapabilities,
  createConnection,
  createMessageConnection,
  type Diagnostic,
  type InitializeResult,
  type MessageConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node'
import type { ServerOptions } from '../src/transport/messages.ts'
import { serve } from '../src/transport/server.ts'

export interface FakeClientOptions {
  readonly options?: ServerOptions
  /** Files that are there without being open, by URI under `root`. */
  readonly files?: Readonly<Record<string, string>>
  readonly capabilities?: ClientCapabilities
}

export const root = 'memory:/w/'

/** What VS Code says that it can do, as far as it matters here. */
export const vscodeCapabilities: ClientCapabilities = {
  textDocument: {
    diagnostic: { dynamicRegistration: true, relatedDocumentSupport: true },
    completion: {
      completionItem: {
        snippetSupport: true,
        resolveSupport: { properties: ['documentation', 'additionalTextEdits'] },
      },
    },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: [] } },
      resolveSupport: { properties: ['edit'] },
    },
    semanticTokens: {
      requests: { full: { delta: true }, range: true },
      tokenTypes: [],
      tokenModifiers: [],
      formats: ['relative'],
    },
  },
  workspace: {
    workspaceFolders: true,
    diagnostics: { refreshSupport: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
  },
}

export class FakeClient {
  readonly connection: MessageConnection
  readonly sent = new Map<string, readonly Diagnostic[]>()
  readonly logged: string[] = []
  readonly registered: string[] = []
  readonly files: Map<string, string>
  capabilities: InitializeResult['capabilities'] = {}
  #versions = new Map<string, number>()
  #texts = new Map<string, string>()
  #waiting: (() => void)[] = []

  constructor(files: Readonly<Record<string, string>>) {
    this.files = new Map(Object.entries(files).map(([path, text]) => [root + path, text]))
    const [toServer, toClient] = [new PassThrough(), new PassThrough()]
    const server = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient))
    serve(server, {
      findFiles: async folder => [...this.files.keys()].filter(uri => uri.startsWith(folder)),
      readFile: async uri => this.files.get(uri) ?? null,
      turn: () => new Promise(resolve => setImmediate(resolve)),
    })
    server.listen()
    this.connection = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer))
    this.connection.onNotification(
      'textDocument/publishDiagnostics',
      ({ uri, diagnostics }: PublishDiagnosticsParams) => {
        this.sent.set(uri, diagnostics)
        for (const wake of this.#waiting.splice(0)) wake()
      },
    )
    this.connection.onNotification(
      'window/logMessage',
      ({ message }: { message: string }) => void this.logged.push(message),
    )
    this.connection.onRequest(
      'client/registerCapability',
      ({ registrations }: { registrations: { method: string }[] }) => {
        this.registered.push(...registrations.map(({ method }) => method))
        return null
      },
    )
    this.connection.onRequest('workspace/diagnostic/refresh', () => null)
    this.connection.onNotification('writ/testsChanged', () => undefined)
    this.connection.listen()
  }

  async start({ options, capabilities = vscodeCapabilities }: FakeClientOptions = {}): Promise<this> {
    const result = await this.request<InitializeResult>('initialize', {
      processId: null,
      rootUri: root,
      workspaceFolders: [{ uri: root, name: 'w' }],
      capabilities,
      ...(options ? { initializationOptions: options } : {}),
    })
    this.capabilities = result.capabilities
    await this.connection.sendNotification('initialized', {})
    return this
  }

  request<R>(method: string, params: unknown): Promise<R> {
    return this.connection.sendRequest(method, params)
  }
  notify(method: string, params: unknown): Promise<void> {
    return this.connection.sendNotification(method, params)
  }

  open(path: string, text: string): Promise<void> {
    const uri = root + path
    this.#versions.set(uri, 1)
    this.#texts.set(uri, text)
    return this.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'writ', version: 1, text } })
  }
  /** Replaces `[start, end)` (offsets) by `text`, as one incremental change. */
  edit(path: string, start: number, end: number, text: string): Promise<void> {
    const uri = root + path
    const before = this.#texts.get(uri) ?? ''
    const version = (this.#versions.get(uri) ?? 0) + 1
    this.#versions.set(uri, version)
    this.#texts.set(uri, before.slice(0, start) + text + before.slice(end))
    const range = { start: positionOf(before, start), end: positionOf(before, end) }
    return this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ range, text }] })
  }
  text(path: string): string {
    return this.#texts.get(root + path) ?? ''
  }
  close(path: string): Promise<void> {
    this.#texts.delete(root + path)
    return this.notify('textDocument/didClose', { textDocument: { uri: root + path } })
  }

  /** Problems as they are asked for. */
  async pull(path: string): Promise<readonly Diagnostic[]> {
    const report = await this.request<{ items: Diagnostic[] }>('textDocument/diagnostic', {
      textDocument: { uri: root + path },
    })
    return report.items
  }
  /** The codes of the problems that are sent, as soon as they are as wanted. */
  async sentCodes(path: string, wanted: (codes: readonly unknown[]) => boolean): Promise<readonly unknown[]> {
    for (;;) {
      const codes = this.sent.get(root + path)?.map(({ code }) => code)
      if (codes && wanted(codes)) return codes
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    }
  }

  async stop(): Promise<void> {
    await this.request('shutdown', undefined)
    this.connection.dispose()
  }
}

export function fakeClient(given: FakeClientOptions = {}): Promise<FakeClient> {
  return new FakeClient(given.files ?? {}).start(given)
}

export function positionOf(text: string, offset: number): { readonly line: number; readonly character: number } {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 }
}
export function offsetOf(
  text: string,
  { line, character }: { readonly line: number; readonly character: number },
): number {
  return (
    text
      .split('\n')
      .slice(0, line)
      .reduce((sum, each) => sum + each.length + 1, 0) + character
  )
}
