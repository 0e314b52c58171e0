/** What the language server gives an editor, as the editor asks for it: completion, hover, rename across files, formatting on save. */
import { deepStrictEqual, ok, strictEqual } from 'node:assert'
import { describe, it } from 'mocha'
import {
  type CompletionList,
  commands,
  type Hover,
  Range,
  type TextDocument,
  Uri,
  WorkspaceEdit,
  workspace,
} from 'vscode'
import { eventually, open } from './editor.ts'

describe('editing', () => {
  it('completes the fields of an event', async () => {
    const { document } = await open('refunds.writ')
    const at = placeOf(document, 'r.amount <= 50 USD', 'r.'.length)
    let labels: readonly string[] = []
    await eventually('completions', async () => {
      const list = await commands.executeCommand<CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        at,
      )
      labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label))
      return labels.includes('customer')
    })
    deepStrictEqual(
      ['agent', 'amount', 'channel', 'customer', 'id'].filter(label => !labels.includes(label)),
      [],
    )
  })

  it('tells the type and the privacy class of a field', async () => {
    const { document } = await open('refunds.writ')
    const at = placeOf(document, 'r.customer', 'r.cus'.length)
    const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', document.uri, at)
    const text = hovers
      .flatMap(({ contents }) => contents.map(one => (typeof one === 'string' ? one : one.value)))
      .join('\n')
    ok(text.includes('String') && text.includes('personal(identifier)'), text)
  })

  it('renames a contract in all files', async () => {
    const { document } = await open('events.writ')
    const at = placeOf(document, 'contract RefundIssued', 'contract Re'.length)
    const edit = await commands.executeCommand<WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      at,
      'MoneySent',
    )
    const files = edit.entries().map(([uri]) => uri.path.split('/').at(-1))
    ok(files.includes('events.writ') && files.includes('refunds.writ'), files.join())
    ok(await workspace.applyEdit(edit))
    const others = await Promise.all(files.map(name => text(document, name ?? '')))
    strictEqual(others.join('').includes('RefundIssued'), false)
    ok(
      await workspace.applyEdit(
        await commands.executeCommand<WorkspaceEdit>(
          'vscode.executeDocumentRenameProvider',
          document.uri,
          at,
          'RefundIssued',
        ),
      ),
    )
  })

  it('formats when it saves', async () => {
    const { document } = await open('velocity.writ')
    const before = document.getText()
    await workspace.getConfiguration('editor', document.uri).update('formatOnSave', true)
    const edit = new WorkspaceEdit()
    edit.insert(
      document.uri,
      document.lineAt(document.lineCount - 1).range.end,
      '\n\n\n   define   unformatted=1\n\n\n',
    )
    ok(await workspace.applyEdit(edit))
    await eventually('a formatted file', async () => {
      await document.save()
      return document.getText().endsWith('\n\ndefine unformatted = 1\n')
    })
    const whole = new WorkspaceEdit()
    whole.replace(document.uri, new Range(0, 0, document.lineCount, 0), before)
    ok(await workspace.applyEdit(whole))
    await document.save()
  })
})

async function text(beside: TextDocument, name: string): Promise<string> {
  return (await workspace.openTextDocument(Uri.joinPath(beside.uri, '..', name))).getText()
}

function placeOf(document: TextDocument, part: string, offset: number) {
  const at = document.getText().indexOf(part)
  ok(at >= 0, `the text has ${part}`)
  return document.positionAt(at + offset)
}
