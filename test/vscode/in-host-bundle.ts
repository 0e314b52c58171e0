/** The tests of in-host/ as VS Code loads them: one set of files for the host of run.ts and for the desktop one of desktop.ts. */
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '../..')

/** Tests as CommonJS beside the host's packages, so that they find mocha there: the entry, and the files of tests. */
export async function bundled(): Promise<readonly [string, readonly string[]]> {
  const outdir = join(root, 'tools/vscode-host/node_modules/.in-host')
  const sources = globSync(join(import.meta.dirname, 'in-host/*.test.ts')).sort()
  await build({
    entryPoints: [join(import.meta.dirname, 'in-host/index.ts'), ...sources],
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  })
  return [join(outdir, 'index.cjs'), globSync(join(outdir, '*.test.cjs')).sort()]
}
