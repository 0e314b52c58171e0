/**
 * Debugging in VS Code: the type `writ`, its adapter inside of the extension, and what starts a session: a launch configuration, an event of the
 * view, a test. How a session goes is adapter.ts.
 */
import { type DebugQuestion, debugRequest } from '@writ/language-server/debug-messages'
import {
  commands,
  DebugAdapterInlineImplementation,
  type DebugConfiguration,
  DebugConfigurationProviderTriggerKind,
  Disposable,
  debug,
  Uri,
  window,
  workspace,
} from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { isWrit, type Simulation } from '../simulation/simulation.ts'
import { Adapter, type Backend } from './adapter.ts'
import type { Launch } from './protocol.ts'

/** What the view of events asks to debug. */
export interface DebugEvent {
  readonly uri: string
  readonly policy: string
  readonly seq: number
}

export function showDebugger(client: BaseLanguageClient, simulation: Simulation): Disposable {
  const standard = {
    name: 'Debug a recorded event',
    type: 'writ',
    request: 'launch',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the editor puts the path in its place
    program: '${file}',
    event: 'last',
  }
  return Disposable.from(
    debug.registerDebugAdapterDescriptorFactory('writ', {
      createDebugAdapterDescriptor: () =>
        new DebugAdapterInlineImplementation(new Adapter(backendOf(client, simulation))),
    }),
    debug.registerDebugConfigurationProvider('writ', {
      resolveDebugConfiguration: (_, configuration) => completed(configuration, standard),
    }),
    debug.registerDebugConfigurationProvider(
      'writ',
      { provideDebugConfigurations: () => [standard] },
      DebugConfigurationProviderTriggerKind.Dynamic,
    ),
    commands.registerCommand('writ.debugEvent', async (asked?: DebugEvent) => {
      const program = asked === undefined ? undefined : Uri.parse(asked.uri)
      const chosen = asked === undefined ? {} : { event: asked.seq, policy: asked.policy }
      await start({ ...standard, ...chosen }, program ?? window.activeTextEditor?.document.uri)
    }),
  )
}

/** Starts a session for a test. */
export function debugTest(uri: Uri, title: string): Thenable<boolean> {
  return start({ name: title, type: 'writ', request: 'launch', event: 'first', test: title }, uri)
}

function start(configuration: DebugConfiguration, program: Uri | undefined): Thenable<boolean> {
  const folder = program && workspace.getWorkspaceFolder(program)
  return debug.startDebugging(folder, { ...configuration, ...(program ? { program: program.toString() } : {}) })
}

/** F5 without a configuration gives an empty one. */
function completed(configuration: DebugConfiguration, standard: DebugConfiguration): DebugConfiguration | undefined {
  const document = window.activeTextEditor?.document
  if (configuration.type !== undefined && configuration.type !== '') return configuration
  return document && isWrit(document) ? { ...standard, program: document.uri.toString() } : undefined
}

function backendOf(client: BaseLanguageClient, simulation: Simulation): Backend {
  return {
    toUri: path => uriOf(path).toString(),
    toPath: uri => {
      const parsed = Uri.parse(uri)
      return parsed.scheme === 'file' ? parsed.fsPath : uri
    },
    prepare: async launch => {
      const uri = uriOf(launch.program)
      const problem = launch.test === undefined ? await attached(simulation, uri, launch) : null
      if (problem !== null) return { problem }
      const of = { uri: uri.toString(), ...(launch.test === undefined ? {} : { test: launch.test }) }
      return { ask: (question: DebugQuestion) => client.sendRequest(debugRequest, { ...of, question }) }
    },
  }
}

/** The log that is named, else the one that is attached, else that of `writ.json`; null once it is there, words where it is not. */
async function attached(simulation: Simulation, uri: Uri, { log }: Launch): Promise<string | null> {
  const now = await simulation.ask(uri)
  if (log !== undefined || now === null || now.state === 'none' || now.state === 'failed')
    await simulation.attach(uri, log)
  let waited = 0
  for (;;) {
    const result = await simulation.ask(uri)
    if (result === null) return 'Recorded logs are not read here. Debug a test instead, or use VS Code on a desktop.'
    if (result.state === 'failed') return result.message
    if (result.state === 'none') return 'No log is attached: name one as "log" in the launch configuration.'
    if (result.state === 'ready' && !result.stale) return null
    if (result.state === 'ready' && waited++ >= mostWaits)
      return 'The program has errors: it is debugged when they are mended.'
    await simulation.nextChange()
  }
}

/** A text without errors is run again in much less. */
const mostWaits = 10

/** Paths come from disks, URIs from everywhere else. */
function uriOf(path: string): Uri {
  return /^[a-z][a-z0-9+.-]+:/i.test(path) ? Uri.parse(path) : Uri.file(path)
}
