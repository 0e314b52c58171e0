/** What the client tells the language server: which documents are Writ's, and where the pages about problems are. */
import type { ServerOptions } from '@writ/language-server/messages'
import { type ExtensionContext, Uri, workspace } from 'vscode'
import type { LanguageClientOptions } from 'vscode-languageclient'
import { restarting } from './restarts.ts'

export function clientOptions(context: ExtensionContext): LanguageClientOptions {
  const initializationOptions: ServerOptions = {
    problemPages: Uri.joinPath(context.extensionUri, 'dist', 'problems').toString(),
  }
  return {
    documentSelector: [{ language: 'writ' }],
    initializationOptions,
    errorHandler: restarting(),
    diagnosticPullOptions: { onChange: true, onFocus: true },
    synchronize: { fileEvents: workspace.createFileSystemWatcher('**/{*.writ,writ.json}') },
  }
}
