/**
 * What the extension does, in Node and in browsers alike: starts the language server, and registers what the protocol does not have.
 * Each view, command or provider stands in a file of its own and gets the workbench.
 */
import type { ExtensionContext } from 'vscode'
import { commands } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { showDebugger } from './debug/debugging.ts'
import { serveFiles } from './files.ts'
import { showLineage } from './lineage/panel.ts'
import { showEventsView } from './simulation/events-view.ts'
import { Evidence } from './simulation/evidence.ts'
import { showInlineCounts } from './simulation/inline-counts.ts'
import { showCounts } from './simulation/lenses.ts'
import { Simulation } from './simulation/simulation.ts'
import { showStatus } from './simulation/status.ts'
import { offerStart } from './start.ts'
import { showTests } from './tests/controller.ts'

/** What other extensions, and the tests, get of this one. */
export interface Workbench {
  readonly client: BaseLanguageClient
  readonly simulation: Simulation
}

/** `restart`: ends the server, where it still runs, and begins anew. */
export async function activateWith<Client extends BaseLanguageClient>(
  context: ExtensionContext,
  client: Client,
  restart: (client: Client) => Promise<void>,
): Promise<Workbench> {
  const simulation = new Simulation(client)
  const evidence = new Evidence()
  const workbench: Workbench = { client, simulation }
  context.subscriptions.push(
    client,
    serveFiles(client),
    simulation,
    evidence,
    showTests(client),
    showCounts(simulation),
    showInlineCounts(simulation),
    offerStart(),
    showStatus(simulation),
    showEventsView(context.extensionUri, simulation, evidence),
    showLineage(context.extensionUri, client),
    showDebugger(client, simulation),
    commands.registerCommand('writ.restartServer', () => restart(client)),
    commands.registerCommand('writ.showLog', () => {
      client.outputChannel.show()
    }),
  )
  await client.start()
  return workbench
}
