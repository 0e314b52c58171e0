/** The extension where there is Node: the language server runs as a process of its own. What it does is activate.ts. */
import { type ExtensionContext, Uri } from 'vscode'
import { LanguageClient, TransportKind } from 'vscode-languageclient/node'
import { activateWith, type Workbench } from './activate.ts'
import { clientOptions } from './client-options.ts'
import { offerTasks } from './tasks/tasks.ts'

export function activate(context: ExtensionContext): Promise<Workbench> {
  const module = Uri.joinPath(context.extensionUri, 'dist', 'server.cjs').fsPath
  const server = { module, transport: TransportKind.ipc }
  const debugged = { ...server, options: { execArgv: ['--nolazy', '--inspect=127.0.0.1:0'] } }
  const client = new LanguageClient('writ', 'Writ', { run: server, debug: debugged }, clientOptions(context))
  context.subscriptions.push(offerTasks())
  return activateWith(context, client, one => one.restart())
}
