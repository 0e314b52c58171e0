/** The lineage preview beside the editor: follows the cursor, opens sources, saves pictures. What it draws is webview/lineage. */
import {
  type LineageAtResult,
  type LineageResult,
  lineageAtRequest,
  lineageRequest,
  type PlacedGraph,
  programChangedNotification,
} from '@writ/language-server/lineage-messages'
import { commands, Disposable, type TextEditor, Uri, ViewColumn, type WebviewPanel, window, workspace } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { toRange } from '../positions.ts'
import type { FromLineage, ToLineage } from '../webview/lineage/messages.ts'
import { webviewPage } from '../webview/page.ts'

export function showLineage(extension: Uri, client: BaseLanguageClient): Disposable {
  let preview: Preview | null = null
  return Disposable.from(
    commands.registerCommand('writ.showLineage', () => {
      const editor = window.activeTextEditor
      if (editor?.document.languageId !== 'writ') {
        void window.showInformationMessage('Open a .writ file first: the lineage is of the policies of its folder.')
        return
      }
      if (preview === null) {
        preview = new Preview(extension, client)
        preview.panel.onDidDispose(() => {
          preview?.dispose()
          preview = null
        })
      }
      preview.panel.reveal(ViewColumn.Beside, true)
      void preview.follow(editor)
    }),
    client.onNotification(programChangedNotification, () => void preview?.refresh()),
    window.onDidChangeTextEditorSelection(({ textEditor }) => void preview?.follow(textEditor)),
    new Disposable(() => preview?.panel.dispose()),
  )
}

class Preview implements Disposable {
  readonly panel: WebviewPanel
  readonly #client: BaseLanguageClient
  readonly #subscription: Disposable
  #uri: Uri | null = null
  #graph: PlacedGraph | null = null

  constructor(extension: Uri, client: BaseLanguageClient) {
    this.#client = client
    this.panel = window.createWebviewPanel(
      'writ.lineage',
      'Writ Lineage',
      { viewColumn: ViewColumn.Beside, preserveFocus: true },
      {
        enableScripts: true,
        retainContextWhenHidden: true,
        localResourceRoots: [Uri.joinPath(extension, 'dist')],
      },
    )
    this.panel.webview.html = webviewPage(this.panel.webview, extension, 'lineage', 'Lineage')
    this.#subscription = this.panel.webview.onDidReceiveMessage((message: FromLineage) => void this.#receive(message))
  }

  async follow(editor: TextEditor): Promise<void> {
    const { document, selection } = editor
    if (document.languageId !== 'writ') return
    const isNew = this.#uri === null || !sameFolder(this.#uri, document.uri)
    this.#uri = document.uri
    if (isNew) await this.refresh()
    const { line, character } = selection.active
    const params = { uri: document.uri.toString(), position: { line, character } }
    const id: LineageAtResult = await this.#client.sendRequest(lineageAtRequest, params)
    if (id !== null) this.#send({ kind: 'follow', id })
  }

  async refresh(): Promise<void> {
    if (this.#uri === null) return
    const graph: LineageResult = await this.#client.sendRequest(lineageRequest, { uri: this.#uri.toString() })
    if (graph === null) {
      if (this.#graph === null)
        this.#send({ kind: 'nothing', message: 'The program has errors: the lineage is drawn when they are mended.' })
      return
    }
    this.#graph = graph
    this.#send({ kind: 'graph', title: `Lineage of ${Uri.joinPath(this.#uri, '..').path.split('/').at(-1)}`, graph })
  }

  dispose(): void {
    this.#subscription.dispose()
  }

  async #receive(message: FromLineage): Promise<void> {
    switch (message.kind) {
      case 'ready':
        await this.refresh()
        return
      case 'open': {
        const place = this.#graph?.nodes.find(node => node.id === message.id)?.place
        if (!place) return
        const range = toRange(place.range)
        await window.showTextDocument(Uri.parse(place.uri), {
          selection: range.with({ end: range.start }),
          viewColumn: ViewColumn.One,
        })
        return
      }
      case 'save': {
        const folder = workspace.workspaceFolders?.[0]?.uri
        const target = await window.showSaveDialog(folder ? { defaultUri: Uri.joinPath(folder, message.name) } : {})
        if (!target) return
        const bytes = Uint8Array.from(atob(message.base64), character => character.charCodeAt(0))
        await workspace.fs.writeFile(target, bytes)
      }
    }
  }

  #send(message: ToLineage): void {
    void this.panel.webview.postMessage(message)
  }
}

function sameFolder(a: Uri, b: Uri): boolean {
  return Uri.joinPath(a, '..').toString() === Uri.joinPath(b, '..').toString()
}
