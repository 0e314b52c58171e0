/** The view of recorded events in the panel: those that a rule decided, matched or flips; choosing one shows why, here and in the text. */
import type { EventPage, Which } from '@writ/language-server'
import {
  type EventsParams,
  type EventsResult,
  type EvidenceParams,
  type EvidenceResult,
  eventsRequest,
  evidenceRequest,
  type TestTextResult,
  testTextRequest,
} from '@writ/language-server/simulation-messages'
import { commands, Disposable, Uri, type Webview, type WebviewView, window, workspace } from 'vscode'
import type { FromEvents, ToEvents } from '../webview/events/messages.ts'
import { webviewPage } from '../webview/page.ts'
import type { Evidence } from './evidence.ts'
import type { Simulation } from './simulation.ts'

export interface ShowEvents {
  readonly uri: string
  readonly policy: string
  /** Null: of the whole policy. */
  readonly rule: string | null
  readonly which: Which
}

export function showEventsView(extension: Uri, simulation: Simulation, evidence: Evidence): Disposable {
  const view = new EventsView(extension, simulation, evidence)
  return Disposable.from(
    view,
    window.registerWebviewViewProvider('writ.events', view, { webviewOptions: { retainContextWhenHidden: true } }),
    commands.registerCommand('writ.showEvents', (asked: ShowEvents) => view.show(asked)),
  )
}

class EventsView implements Disposable {
  readonly #extension: Uri
  readonly #simulation: Simulation
  readonly #evidence: Evidence
  #webview: Webview | null = null
  #asked: ShowEvents | null = null
  readonly #subscription: Disposable

  constructor(extension: Uri, simulation: Simulation, evidence: Evidence) {
    this.#extension = extension
    this.#simulation = simulation
    this.#evidence = evidence
    this.#subscription = simulation.onDidChange(() => this.#tellShown())
  }

  resolveWebviewView({ webview, onDidDispose }: WebviewView): void {
    this.#webview = webview
    webview.options = { enableScripts: true, localResourceRoots: [Uri.joinPath(this.#extension, 'dist')] }
    webview.html = webviewPage(webview, this.#extension, 'events', 'Events')
    webview.onDidReceiveMessage((message: FromEvents) => void this.#receive(message))
    onDidDispose(() => {
      this.#webview = null
    })
  }

  async show(asked: ShowEvents): Promise<void> {
    this.#asked = asked
    await commands.executeCommand('writ.events.focus')
    this.#tellShown(true)
  }

  dispose(): void {
    this.#subscription.dispose()
  }

  #shown = ''

  #tellShown(force = false): void {
    const asked = this.#asked
    if (asked === null) {
      this.#send({ kind: 'nothing', message: 'Click a count above a rule to list its events.' })
      return
    }
    const { uri, policy, rule, which } = asked
    const result = this.#simulation.of(Uri.parse(uri))
    const name = policy.slice(policy.lastIndexOf('.') + 1)
    const message: ToEvents = {
      kind: 'show',
      title: `${which === 'flipped' ? 'Flipped by' : which === 'decided' ? 'Decided by' : 'Matched by'} ${rule === null ? name : `${name}.${rule}`}`,
      which,
      stale: result?.stale === true,
      base: result?.base ?? null,
    }
    // The list is read anew only where what it shows is another one.
    const key = JSON.stringify([message, result?.stale === true ? null : result?.rules])
    if (!force && key === this.#shown) return
    this.#shown = key
    this.#evidence.show([])
    this.#send(message)
  }

  async #receive(message: FromEvents): Promise<void> {
    const asked = this.#asked
    switch (message.kind) {
      case 'ready':
        this.#tellShown(true)
        return
      case 'which':
        if (asked) await this.show({ ...asked, which: message.which })
        return
      case 'page': {
        const { request, offset, limit, filter } = message
        const empty: EventPage = { total: 0, rows: [], partial: false }
        const params: EventsParams | null = asked && { ...asked, offset, limit, filter }
        const page: EventsResult =
          params === null ? empty : await this.#simulation.client.sendRequest(eventsRequest, params)
        this.#send({ kind: 'page', request, page })
        return
      }
      case 'explain': {
        if (!asked) return
        const params: EvidenceParams = { uri: asked.uri, policy: asked.policy, seq: message.seq, width: message.width }
        const found: EvidenceResult | null = await this.#simulation.client.sendRequest(evidenceRequest, params)
        this.#send({ kind: 'evidence', seq: message.seq, lines: found?.lines ?? null })
        this.#evidence.show(found?.marks ?? [])
        return
      }
      case 'debug':
        // The debugger shows values of its own.
        this.#evidence.show([])
        if (asked)
          await commands.executeCommand('writ.debugEvent', { uri: asked.uri, policy: asked.policy, seq: message.seq })
        return
      case 'test':
        if (asked) await this.#makeTest(asked, message.seq)
    }
  }

  /** As a new, unsaved part of the file: at its end, selected, for whoever wrote the policy to name it. */
  async #makeTest({ uri, policy }: ShowEvents, seq: number): Promise<void> {
    const made: TestTextResult | null = await this.#simulation.client.sendRequest(testTextRequest, { uri, policy, seq })
    if (made === null) {
      await window.showWarningMessage(
        'The events that this decision rests on do not suffice for a test of its own: it needs more of the log.',
      )
      return
    }
    const document = await workspace.openTextDocument(Uri.parse(uri))
    const editor = await window.showTextDocument(document)
    const end = document.lineAt(document.lineCount - 1).range.end
    await editor.edit(edit => edit.insert(end, `${document.getText().endsWith('\n') ? '' : '\n'}\n${made.text}`))
    editor.revealRange(document.lineAt(document.lineCount - 1).range)
  }

  #send(message: ToEvents): void {
    void this.#webview?.postMessage(message)
  }
}
