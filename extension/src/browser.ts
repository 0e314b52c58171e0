/** The extension where there is no Node (vscode.dev): the language server runs in a worker. What it does is activate.ts. */
import { type ExtensionContext, Uri } from 'vscode'
import { LanguageClient } from 'vscode-languageclient/browser'
import { activateWith, type Workbench } from './activate.ts'
import { clientOptions } from './client-options.ts'

export function activate(context: ExtensionContext): Promise<Workbench> {
  const script = Uri.joinPath(context.extensionUri, 'dist', 'server-worker.js').toString(true)
  const client = new LanguageClient('writ', 'Writ', async () => new Worker(script), clientOptions(context))
  return activateWith(context, client, async one => {
    await one.stop()
    await one.start()
  })
}
