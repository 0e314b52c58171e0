/**
 * One connection's state: the workspace, what the client can do, and when problems are sent. Handlers of requests are answers of
 * ../service wrapped by `answer`, which waits for the files, lets cancellations in, and keeps a throw from ending the server.
 */

import type { SourceFile } from '@writ/grammar'
import {
  type CancellationToken,
  type ClientCapabilities,
  type Connection,
  type Diagnostic,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver'
import type { Snapshot } from '../workspace/snapshot.ts'
import { Workspace } from '../workspace/workspace.ts'
import type { Host } from './host.ts'
import { type ServerOptions, testsChangedNotification } from './messages.ts'
import { Reports } from './reports.ts'

export interface Place {
  readonly snapshot: Snapshot
  readonly path: string
  readonly file: SourceFile
}

/** Whether an answer about a text that has changed since the question is of use. */
type About = 'the text as it was' | 'any text'

/** A pass over all problems that takes longer is not started at every keystroke; in milliseconds. */
const quick = 20
const pause = 150
/** After the first look at a workspace, so that its problems are on their way before the analysis begins; in milliseconds. */
const settled = 60

export class Session {
  readonly connection: Connection
  readonly host: Host
  readonly workspace = new Workspace()
  reports = new Reports(undefined)
  client: ClientCapabilities = {}
  options: ServerOptions = {}
  /** Whether problems come with flow and analysis: from the second pass over a workspace on. */
  analysed = false
  /** Counts changes of any text. */
  revision = 0
  readonly #published = new Map<string, string>()
  readonly #tests = new Map<string, string>()
  readonly #edited = new Set<string>()
  readonly #listeners: (() => void)[] = []
  #ready: Promise<void> = Promise.resolve()
  #planned: ReturnType<typeof setTimeout> | null = null
  #lastPass = 0

  constructor(connection: Connection, host: Host) {
    this.connection = connection
    this.host = host
  }

  /** Whether problems are asked for by the client. */
  get pulls(): boolean {
    return this.client.textDocument?.diagnostic !== undefined && this.options.diagnostics !== 'push'
  }

  start(client: ClientCapabilities, options: ServerOptions): void {
    this.client = client
    this.options = options
    this.reports = new Reports(options.problemPages)
  }

  /** Reads the folders; requests wait until it is done. */
  load(folders: readonly string[]): Promise<void> {
    this.#ready = this.#ready.then(async () => {
      this.workspace.setFolders(folders)
      for (const folder of folders) {
        const uris = await this.host.findFiles(folder)
        // `writ.json` first, so that files find their program at once.
        const settings = uris.filter(uri => uri.endsWith('.json'))
        for (const uri of [...settings, ...uris.filter(uri => !uri.endsWith('.json'))])
          this.workspace.setFile(uri, await this.host.readFile(uri))
      }
      await this.#readNamed()
      this.touched()
    })
    return this.#ready
  }

  /** Calls `listener` after every check. */
  onChecked(listener: () => void): void {
    this.#listeners.push(listener)
  }

  /** The file with this URI, once the folders are read; null where it is of no program. */
  async placeOf(uri: string): Promise<Place | null> {
    await this.#ready
    return this.workspace.find(uri) ?? null
  }

  /** To be called after every change of a text. A client that asks for problems asks again for the file that it edits itself. */
  touched(edited?: string): void {
    this.revision++
    if (edited !== undefined) this.#edited.add(edited)
    // Settings may name files of which nobody knew.
    if (this.workspace.unread().length > 0) this.#ready = this.#ready.then(() => this.#readNamed())
    this.#plan()
  }

  /** To be called when more is known of the texts as they are. */
  refresh(): void {
    this.#plan()
  }

  /** A file that cannot be read is known to be none. */
  async #readNamed(): Promise<void> {
    for (const uri of this.workspace.unread()) this.workspace.setFile(uri, await this.host.readFile(uri))
  }

  #plan(wait = this.#lastPass > quick ? pause : 0): void {
    if (this.#planned !== null) return
    this.#planned = setTimeout(() => {
      void this.#ready.then(() => {
        this.#planned = null
        this.guarded(() => this.#publish(), undefined)
      })
    }, wait)
  }

  /** A request about one file; `otherwise` where the file is not known or the answer failed. */
  answer<P extends { readonly textDocument: { readonly uri: string } }, R>(
    run: (place: Place, params: P) => R,
    otherwise: R,
    about: About = 'the text as it was',
  ): (params: P, token: CancellationToken) => Promise<R> {
    return this.whole(
      (params: P) => {
        const place = this.workspace.find(params.textDocument.uri)
        return place ? run(place, params) : otherwise
      },
      otherwise,
      about,
    )
  }

  /** A request about the whole workspace. */
  whole<P, R>(
    run: (params: P) => R,
    otherwise: R,
    about: About = 'any text',
  ): (params: P, token: CancellationToken) => Promise<R> {
    return async (params, token) => {
      await this.#ready
      const { revision } = this
      await this.host.turn()
      if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled')
      // What was asked about is no longer there: the client asks again, or has no use for the answer.
      if (about === 'the text as it was' && revision !== this.revision)
        throw new ResponseError(LSPErrorCodes.ContentModified, 'the text has changed')
      return this.guarded(() => run(params), otherwise)
    }
  }

  /** A mistake of ours is written down and answered with nothing; the server goes on. */
  guarded<R>(run: () => R, otherwise: R): R {
    try {
      return run()
    } catch (error) {
      this.connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
      return otherwise
    }
  }

  #publish(): void {
    const began = performance.now()
    let elsewhere = false
    const alive = new Set<string>()
    for (const snapshot of this.workspace.snapshots()) {
      for (const [path, uri] of snapshot.uris) {
        alive.add(uri)
        const report = this.reports.of(snapshot, path, uri, this.analysed)
        if (this.#published.get(uri) === report.id) continue
        const wasEmpty = !this.#published.has(uri) && report.diagnostics.length === 0
        this.#published.set(uri, report.id)
        if (this.pulls) elsewhere ||= !this.#edited.has(uri)
        else if (!wasEmpty) this.#send(uri, report.diagnostics)
      }
    }
    for (const uri of this.#published.keys()) {
      if (alive.has(uri)) continue
      this.#published.delete(uri)
      this.reports.forget(uri)
      if (!this.pulls) this.#send(uri, [])
    }
    if (elsewhere && this.client.workspace?.diagnostics?.refreshSupport === true)
      this.connection.languages.diagnostics.refresh()
    this.#edited.clear()
    this.#lastPass = performance.now() - began
    this.#tellTests()
    for (const listener of this.#listeners) listener()
    if (this.analysed) return
    this.analysed = true
    this.#plan(settled)
  }

  #send(uri: string, diagnostics: readonly Diagnostic[]): void {
    const version = this.workspace.versionOf(uri)
    const sent = this.connection.sendDiagnostics({
      uri,
      diagnostics: [...diagnostics],
      ...(version === null ? {} : { version }),
    })
    // The connection may be gone; nobody is left to tell.
    void sent.catch(() => undefined)
  }

  #tellTests(): void {
    const uris: string[] = []
    const alive = new Set<string>()
    for (const snapshot of this.workspace.snapshots()) {
      for (const [path, file] of snapshot.files) {
        const uri = snapshot.uris.get(path)
        if (uri === undefined) continue
        const tests = file.declarations.filter(({ syntax }) => syntax.kind === 'test')
        const key = tests
          .map(({ start, syntax }) => `${start} ${syntax.kind === 'test' ? syntax.title : ''}`)
          .join('\n')
        if (key !== '') alive.add(uri)
        if ((this.#tests.get(uri) ?? '') === key) continue
        this.#tests.set(uri, key)
        uris.push(uri)
      }
    }
    for (const uri of this.#tests.keys()) {
      if (alive.has(uri)) continue
      this.#tests.delete(uri)
      if (!uris.includes(uri)) uris.push(uri)
    }
    if (uris.length > 0)
      void this.connection.sendNotification(testsChangedNotification, { uris }).catch(() => undefined)
  }
}
