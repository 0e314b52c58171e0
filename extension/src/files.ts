/** Answers the server's questions for files that it cannot read itself: those of browsers and of virtual workspaces. */
import { findFilesRequest, readFileRequest } from '@writ/language-server/messages'
import { Disposable, RelativePattern, Uri, workspace } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'

const most = 20_000

export function serveFiles(client: BaseLanguageClient): Disposable {
  return Disposable.from(
    client.onRequest(findFilesRequest, async ({ folder }: { readonly folder: string }) => {
      const pattern = new RelativePattern(Uri.parse(folder), '**/{*.writ,writ.json}')
      const found = await workspace.findFiles(pattern, '**/{node_modules,dist,.*}/**', most)
      return found.map(uri => uri.toString())
    }),
    client.onRequest(readFileRequest, async ({ uri }: { readonly uri: string }) => {
      try {
        return new TextDecoder().decode(await workspace.fs.readFile(Uri.parse(uri)))
      } catch {
        // There is no such file any more; the server takes it out.
        return null
      }
    }),
  )
}
