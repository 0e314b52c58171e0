/** A new file with a first policy, for the walkthrough and whoever begins: the snippet of snippets.json, not saved. */
import { commands, Disposable, SnippetString, window, workspace } from 'vscode'
import snippets from '../snippets.json' with { type: 'json' }

export function offerStart(): Disposable {
  return Disposable.from(
    commands.registerCommand('writ.newPolicy', async () => {
      const document = await workspace.openTextDocument({ language: 'writ' })
      const editor = await window.showTextDocument(document)
      await editor.insertSnippet(new SnippetString(snippets['File with a first policy'].body.join('\n')))
    }),
  )
}
