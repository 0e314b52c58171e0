/** The counts beside rules, as the extension gives them to the editor: they come with a log, change with an edit, and are old while there are errors. */
import { deepStrictEqual, ok } from 'node:assert'
import { describe, it } from 'mocha'
import { commands, Range, type TextDocument, WorkspaceEdit, workspace } from 'vscode'
import { eventually, open } from './editor.ts'

interface Lens {
  readonly command?: { readonly title: string }
}

describe('simulation', () => {
  it('counts, flips and says what is old', async () => {
    const { document } = await open('refunds.writ')
    const titles = async (): Promise<readonly string[]> => {
      const lenses = await commands.executeCommand<Lens[]>('vscode.executeCodeLensProvider', document.uri, 100)
      return lenses.map(({ command }) => command?.title ?? '')
    }
    const some = async (part: string) => (await titles()).some(title => title.includes(part))
    await commands.executeCommand('writ.attachLog')
    await eventually('counts', () => some(' decided'))
    ok(!(await some('stale')))
    await replace(document, '50 USD and spent', '5 USD and spent')
    await eventually('flips', () => some('flipped since HEAD'))
    await replace(document, '5 USD and spent', ' and spent')
    await eventually('old numbers', () => some('stale: '))
    await replace(document, ' and spent', ' 50 USD and spent')
    await eventually('numbers as before', async () => !(await some('stale')) && !(await some('flipped')))
    await commands.executeCommand('writ.detachLog')
    await eventually('no counts', async () => !(await some(' decided')))
  })

  it('lists its commands', async () => {
    const known = await commands.getCommands(true)
    const own = [
      'writ.attachLog',
      'writ.detachLog',
      'writ.showEvents',
      'writ.showLineage',
      'writ.restartServer',
      'writ.showLog',
    ]
    deepStrictEqual(
      own.filter(command => !known.includes(command)),
      [],
    )
  })
})

async function replace(document: TextDocument, from: string, to: string): Promise<void> {
  const at = document.getText().indexOf(from)
  ok(at >= 0, `the text has ${from}`)
  const edit = new WorkspaceEdit()
  edit.replace(document.uri, new Range(document.positionAt(at), document.positionAt(at + from.length)), to)
  ok(await workspace.applyEdit(edit))
}
