/**
 * What the editor knows of the simulation, by document: asked of the server whenever it says that something changed. Lenses, the events
 * view and the status item show it; nothing else asks.
 */
import {
  type AttachParams,
  attachRequest,
  detachRequest,
  type SimulationResult,
  simulationChangedNotification,
  simulationRequest,
} from '@writ/language-server/simulation-messages'
import { Disposable, EventEmitter, type TextDocument, Uri, window, workspace } from 'vscode'
import { type BaseLanguageClient, State } from 'vscode-languageclient'

export class Simulation implements Disposable {
  readonly client: BaseLanguageClient
  readonly #results = new Map<string, SimulationResult>()
  readonly #changed = new EventEmitter<void>()
  readonly #subscriptions: Disposable
  readonly onDidChange = this.#changed.event
  /** Logs by the folder of the file that they were attached for: a server that was started again knows none. */
  readonly #attached = new Map<string, { readonly uri: Uri; readonly path: string | undefined }>()
  #hasStarted = false

  constructor(client: BaseLanguageClient) {
    this.client = client
    this.#subscriptions = Disposable.from(
      this.#changed,
      client.onDidChangeState(({ newState }) => {
        if (newState === State.Running) void this.#started()
      }),
      client.onNotification(simulationChangedNotification, () => this.refresh()),
      window.onDidChangeVisibleTextEditors(() => this.refresh()),
      workspace.onDidCloseTextDocument(({ uri }) => void this.#results.delete(uri.toString())),
    )
  }

  of(uri: Uri): SimulationResult | null {
    return this.#results.get(uri.toString()) ?? null
  }

  /** As the server knows it now; null where it reads no logs. */
  async ask(uri: Uri): Promise<SimulationResult | null> {
    await this.#ask(uri)
    return this.of(uri)
  }

  /** At the next change, or a moment later where none is told. */
  nextChange(): Promise<void> {
    return new Promise(done => {
      const timer = setTimeout(() => end(), 500)
      const subscription = this.#changed.event(() => end())
      const end = (): void => {
        clearTimeout(timer)
        subscription.dispose()
        done()
      }
    })
  }

  /** Asks for every document that is seen. */
  async refresh(): Promise<void> {
    const documents = new Set(window.visibleTextEditors.map(({ document }) => document))
    await Promise.all([...documents].filter(isWrit).map(({ uri }) => this.#ask(uri)))
    this.#changed.fire()
  }

  async attach(uri: Uri, path: string | undefined): Promise<void> {
    const params: AttachParams = { uri: uri.toString(), ...(path === undefined ? {} : { path }) }
    this.#attached.set(folderOf(uri), { uri, path })
    await this.client.sendRequest(attachRequest, params)
    await this.refresh()
  }

  async detach(uri: Uri): Promise<void> {
    this.#attached.delete(folderOf(uri))
    await this.client.sendRequest(detachRequest, { uri: uri.toString() })
    await this.refresh()
  }

  dispose(): void {
    this.#subscriptions.dispose()
  }

  async #started(): Promise<void> {
    const isAgain = this.#hasStarted
    this.#hasStarted = true
    if (!isAgain) return
    for (const { uri, path } of [...this.#attached.values()]) await this.attach(uri, path)
  }

  async #ask(uri: Uri): Promise<void> {
    const key = uri.toString()
    try {
      this.#results.set(key, await this.client.sendRequest(simulationRequest, { uri: key }))
    } catch {
      // A server that cannot read logs (in a browser) does not know the request.
      this.#results.delete(key)
    }
  }
}

function folderOf(uri: Uri): string {
  return Uri.joinPath(uri, '..').toString()
}

export function isWrit(document: TextDocument): boolean {
  return document.languageId === 'writ'
}
