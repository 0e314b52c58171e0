/** Problems appear and vanish as somebody types. */
import { strictEqual } from 'node:assert'
import { describe, it } from 'mocha'
import { DiagnosticSeverity, languages, Range, WorkspaceEdit, workspace } from 'vscode'
import { eventually, open } from './editor.ts'

describe('problems', () => {
  it('appear where they are, with their code and page, and vanish when they are mended', async () => {
    const { document } = await open('refunds.writ')
    const problems = () =>
      languages.getDiagnostics(document.uri).filter(({ severity }) => severity === DiagnosticSeverity.Error)
    await eventually('no problems at first', () => problems().length === 0)
    const at = document.getText().indexOf('50 USD')
    const place = new Range(document.positionAt(at), document.positionAt(at + '50 USD'.length))
    await change(document.uri, place, '50 EUR')
    await eventually('a problem about the currency', () => problems().length > 0)
    const [first] = problems()
    strictEqual(first?.source, 'writ')
    strictEqual(document.getText(first?.range).includes('50 EUR'), true)
    await change(document.uri, place, '50 USD')
    await eventually('no problems again', () => problems().length === 0)
  })
})

async function change(uri: Parameters<WorkspaceEdit['replace']>[0], range: Range, text: string): Promise<void> {
  const edit = new WorkspaceEdit()
  edit.replace(uri, range, text)
  strictEqual(await workspace.applyEdit(edit), true)
}
