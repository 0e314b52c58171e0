/** The status item and the commands of simulation: which log is attached, how far it is read, what went wrong. */
import { commands, Disposable, MarkdownString, StatusBarAlignment, ThemeColor, Uri, window } from 'vscode'
import { grouped } from './lenses.ts'
import { isWrit, type Simulation } from './simulation.ts'

export function showStatus(simulation: Simulation): Disposable {
  const item = window.createStatusBarItem('writ.simulation', StatusBarAlignment.Left, 10)
  item.name = 'Writ: Simulation'
  const draw = (): void => {
    const document = window.activeTextEditor?.document
    if (!document || !isWrit(document)) {
      item.hide()
      return
    }
    const result = simulation.of(document.uri)
    const { state, message, events, stale, milliseconds } = result ?? {
      state: 'none' as const,
      message: '',
      events: 0,
      stale: false,
      milliseconds: 0,
    }
    const told = {
      none: '$(beaker) Writ: attach a log',
      reading: `$(sync~spin) Writ: ${message}`,
      running: '$(sync~spin) Writ: running',
      ready: `$(beaker) Writ: ${grouped(events)} events${stale ? ' (stale)' : ''}`,
      failed: '$(warning) Writ: log not read',
    }
    item.text = told[state]
    item.command = state === 'none' || state === 'failed' ? 'writ.attachLog' : 'writ.detachLog'
    item.backgroundColor = state === 'failed' ? new ThemeColor('statusBarItem.warningBackground') : undefined
    const tooltip = new MarkdownString()
    tooltip.appendText(
      state === 'ready'
        ? `${result?.log ?? ''}: simulated in ${Math.round(milliseconds)} ms. Click to detach.`
        : message === ''
          ? 'Simulate these policies over recorded events.'
          : message,
    )
    item.tooltip = tooltip
    item.show()
  }
  draw()
  return Disposable.from(
    item,
    simulation.onDidChange(draw),
    window.onDidChangeActiveTextEditor(draw),
    commands.registerCommand('writ.attachLog', (path?: string) => attach(simulation, path)),
    commands.registerCommand('writ.detachLog', async () => {
      const uri = window.activeTextEditor?.document.uri
      if (uri) await simulation.detach(uri)
    }),
  )
}

async function attach(simulation: Simulation, path: string | undefined): Promise<void> {
  const document = window.activeTextEditor?.document
  if (!document || !isWrit(document)) {
    await window.showInformationMessage(
      'Open a .writ file first: the log is simulated with the policies of its folder.',
    )
    return
  }
  await simulation.attach(document.uri, path)
  if (path !== undefined || simulation.of(document.uri)?.state !== 'failed') return
  const choice = await window.showInformationMessage(
    simulation.of(document.uri)?.message ?? 'No log could be attached.',
    'Choose a File or Folder',
  )
  if (choice === undefined) return
  const [chosen] =
    (await window.showOpenDialog({
      canSelectFiles: true,
      canSelectFolders: true,
      canSelectMany: false,
      openLabel: 'Attach',
    })) ?? []
  if (chosen) await simulation.attach(document.uri, Uri.parse(chosen.toString()).fsPath)
}
