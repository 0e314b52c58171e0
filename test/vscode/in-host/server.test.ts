/** The language server ends in the middle of everything, and the log grows and vanishes: nothing is lost, and what is so is said. */
import { ok } from 'node:assert'
import { describe, it } from 'mocha'
import { commands, extensions, languages, Range, Uri, WorkspaceEdit, workspace } from 'vscode'
import { eventually, open } from './editor.ts'

interface Lens {
  readonly command?: { readonly title: string }
}
/** What the extension gives to others, as far as it matters here. */
interface Workbench {
  readonly client: { readonly _serverProcess?: { readonly pid: number } }
  readonly simulation: {
    of(uri: Uri): { readonly state: string; readonly events: number; readonly message: string } | null
  }
}

const workbench = () => extensions.getExtension<Workbench>('writ-lang.writ-vscode')?.exports

describe('the server', () => {
  it('is started again where it was killed, with the same text and the same log', async () => {
    const { document } = await open('refunds.writ')
    const counts = async (): Promise<boolean> => {
      const lenses = await commands.executeCommand<Lens[]>('vscode.executeCodeLensProvider', document.uri, 100)
      return lenses.some(({ command }) => command?.title.includes(' decided') === true)
    }
    const errors = () => languages.getDiagnostics(document.uri).filter(({ severity }) => severity === 0).length
    await commands.executeCommand('writ.attachLog')
    await eventually('counts', counts)
    // An edit that is not saved.
    const edit = new WorkspaceEdit()
    const at = document.positionAt(document.getText().indexOf('50 USD and spent'))
    edit.replace(document.uri, new Range(at, at.translate(0, 2)), '7')
    ok(await workspace.applyEdit(edit))
    const before = workbench()?.client._serverProcess?.pid
    ok(before !== undefined)
    process.kill(before, 'SIGKILL')
    await eventually('another process', () => ![undefined, before].includes(workbench()?.client._serverProcess?.pid))
    await eventually('counts again, of the text as it is', async () => {
      const lenses = await commands.executeCommand<Lens[]>('vscode.executeCodeLensProvider', document.uri, 100)
      return lenses.some(({ command }) => command?.title.includes('flipped since HEAD') === true)
    })
    ok(errors() === 0)
    await commands.executeCommand('undo')
    await commands.executeCommand('workbench.action.files.revert')
  })

  it('reads a log that grows, and says where one has vanished', async () => {
    const { document } = await open('refunds.writ')
    await commands.executeCommand('writ.attachLog')
    const now = () => workbench()?.simulation.of(document.uri)
    await eventually('a log', () => now()?.state === 'ready')
    const events = now()?.events ?? 0
    const log = Uri.joinPath(document.uri, '..', 'events', 'generated.ndjson')
    const text = new TextDecoder().decode(await workspace.fs.readFile(log))
    const last = text.trimEnd().split('\n').at(-1)
    await workspace.fs.writeFile(log, new TextEncoder().encode(`${text.trimEnd()}\n${last}\n`))
    await eventually('one event more', () => now()?.events === events + 1)
    await workspace.fs.delete(log)
    await eventually('words about it', () => now()?.state === 'failed' || now()?.events === 0)
    await workspace.fs.writeFile(log, new TextEncoder().encode(text))
    await eventually('the events as before', () => now()?.state === 'ready' && now()?.events === events)
    await commands.executeCommand('writ.detachLog')
  })
})
