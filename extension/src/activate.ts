/**
 * What the extension does, in Node and in browsers alike: starts the language server, and registers what the protocol does not have.
 * Each view, command or provider stands in a file of its own and gets the workbench.
 */
import type { ExtensionContext } from 'vscode'
import { commands } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { serveFiles } from './files.ts'

/** What other extensions, and the tests, get of this one. */
export interface Workbench {
  readonly client: BaseLanguageClient
}

/** `restart`: ends the server, where it still runs, and begins anew. */
export async function activateWith<Client extends BaseLanguageClient>(
  context: ExtensionContext,
  client: Client,
  restart: (client: Client) => Promise<void>,
): Promise<Workbench> {
  const workbench: Workbench = { client }
  context.subscriptions.push(
    client,
    serveFiles(client),
    commands.registerCommand('writ.restartServer', () => restart(client)),
    commands.registerCommand('writ.showLog', () => {
      client.outputChannel.show()
    }),
  )
  await client.start()
  return workbench
}
