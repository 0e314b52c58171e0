/** The files of a disk for the server in Node; what has no `file:` URI is asked of the client. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Connection } from 'vscode-languageserver'
import { clientHost } from './client-files.ts'
import type { Host } from './host.ts'

/** What a folder may be at most: above, the server reads no further. */
const limits = { files: 20_000, depth: 40, entries: 500_000, bytes: 100_000_000 }

export function nodeHost(connection: Connection): Host {
  const client = clientHost(connection, turn)
  return {
    turn,
    findFiles: folder => (folder.startsWith('file:') ? findFiles(folder) : client.findFiles(folder)),
    readFile: uri => (uri.startsWith('file:') ? readText(uri) : client.readFile(uri)),
  }
}

function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

async function findFiles(folder: string): Promise<readonly string[]> {
  const found: string[] = []
  const pending = [{ path: fileURLToPath(folder), depth: 0 }]
  let entries = 0
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    // A folder that cannot be read has nothing that could be shown.
    const children = await readdir(next.path, { withFileTypes: true }).catch(() => [])
    entries += children.length
    if (entries > limits.entries || found.length > limits.files) break
    for (const child of children) {
      const path = join(next.path, child.name)
      if (child.isDirectory()) {
        if (!isLeftOut(child.name) && next.depth < limits.depth) pending.push({ path, depth: next.depth + 1 })
      } else if (child.name === 'writ.json' || (child.name.endsWith('.writ') && !child.name.startsWith('.')))
        found.push(pathToFileURL(path).href)
    }
  }
  return found
}

function isLeftOut(folder: string): boolean {
  return folder.startsWith('.') || folder === 'node_modules' || folder === 'dist'
}

async function readText(uri: string): Promise<string | null> {
  try {
    const path = fileURLToPath(uri)
    const { size } = await stat(path)
    if (size > limits.bytes) return null
    return await readFile(path, 'utf8')
  } catch {
    // Gone, or not ours to read: for the program it is not there.
    return null
  }
}
