// Bundles the `writ` command into cli/dist: one small entry, a chunk per command, shared code once. `npm ci` runs it through
// `prepare`; it takes about half a second. Where esbuild is not there (npm ci --omit=dev) the command runs from its sources.
import { globSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const distribution = join(root, 'cli', 'dist')

const esbuild = await import('esbuild').catch(() => undefined)
if (esbuild === undefined) console.error('esbuild is not installed: the writ command will run from its sources.')
else {
  try {
    await bundle(esbuild)
  } catch (error) {
    // An install goes on: the command then runs from its sources, slower to start and otherwise the same.
    console.error(`The writ command was not bundled: ${error.message}`)
    if (process.env.npm_lifecycle_event !== 'prepare') process.exitCode = 1
  }
}

async function bundle({ build }) {
  const outputs = await build({
    absWorkingDir: root,
    entryPoints: { writ: 'cli/src/main.ts' },
    outdir: 'cli/dist',
    outExtension: { '.js': '.mjs' },
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    minify: true,
    keepNames: false,
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
  })
  // Chunks of an older build go, what else lives in dist (types of `tsc -b`) stays.
  for (const name of globSync(['*.mjs', 'inputs.txt', 'compile-cache'], { cwd: distribution })) {
    rmSync(join(distribution, name), { recursive: true, force: true })
  }
  mkdirSync(distribution, { recursive: true })
  // The entry is written last: while it is missing the command runs from its sources.
  const isEntry = file => file.path === join(distribution, 'writ.mjs')
  const files = outputs.outputFiles.toSorted((a, b) => Number(isEntry(a)) - Number(isEntry(b)))
  const inputs = Object.keys(outputs.metafile.inputs).filter(file => !file.includes('node_modules/'))
  writeFileSync(join(distribution, 'inputs.txt'), `${inputs.sort().join('\n')}\n`)
  for (const file of files) writeFileSync(file.path, file.contents)
  if (process.argv.includes('--sizes')) {
    for (const file of files)
      console.log(`${String(statSync(file.path).size).padStart(9)}  ${file.path.slice(root.length + 1)}`)
  }
}
