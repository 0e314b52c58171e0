/**
 * Where the parts of the project stand that the command reads while it runs. INVARIANT: this file is two folders below the
 * root, as a source (cli/src) and in the bundle (cli/dist) alike.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The page of a problem code, Markdown; it may not be there. */
export function pagePath(code: string): string {
  return fileURLToPath(new URL(`../../docs/problems/${code}.md`, import.meta.url))
}

export function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../cli/package.json', import.meta.url), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '?'
}
