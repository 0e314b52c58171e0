/** The editor for tests inside of VS Code: opens files of the workspace and waits for what comes by itself. */
import { extensions, type TextEditor, Uri, window, workspace } from 'vscode'

export async function open(path: string): Promise<TextEditor> {
  const folder = workspace.workspaceFolders?.[0]
  if (!folder) throw new Error('no folder is open')
  await extensions.getExtension('writ-lang.writ-vscode')?.activate()
  return await window.showTextDocument(await workspace.openTextDocument(Uri.joinPath(folder.uri, path)))
}

/** Asks until it is so; throws after a while, saying what never came. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited half a minute for: ${what}`)
    await new Promise(done => setTimeout(done, 50))
  }
}
