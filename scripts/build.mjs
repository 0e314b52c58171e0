// Bundles the `writ` command into cli/dist: a small entry, and the commands that are started often on their own, so that
// `writ check` loads the parser and the checker and nothing else (a shared chunk would hold all that any command needs). `npm ci` runs this through
// `prepare`; it takes about a second. The language server becomes one file for Node and one for workers of browsers.
// Where esbuild is not there (npm ci --omit=dev) the command runs from its sources.
import { copyFileSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleServers } from './build-servers.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const distribution = join(root, 'cli', 'dist')
const entry = join(distribution, 'writ.mjs')

/** Commands that people and editors start again and again get bundles with nothing in them but their own; the others share chunks. */
const startsOften = ['check', 'format', 'test', 'simulate', 'explain']

/** In the entry, `import('./commands/check.ts')` becomes `import('./check.mjs')`. */
const commandsStayApart = {
  name: 'commands-stay-apart',
  setup(build) {
    build.onResolve({ filter: /^\.\/commands\/\w+\.ts$/ }, ({ path }) => ({
      path: `./${basename(path, '.ts')}.mjs`,
      external: true,
    }))
  },
}

/** Time zones are 700 kB that most commands never need: they stay a file beside the bundle and are read when first asked for. */
const zonesOnDemand = {
  name: 'zones-on-demand',
  setup(build) {
    build.onLoad({ filter: /moment-timezone[\\/]data[\\/]packed[\\/]latest\.json$/ }, ({ path }) => {
      zoneData = path
      return {
        loader: 'js',
        contents: `import { readFileSync } from 'node:fs'
          let data
          const read = () => (data ??= JSON.parse(readFileSync(new URL('./time-zones.json', import.meta.url), 'utf8')))
          export default { get version() { return read().version }, get zones() { return read().zones }, get links() { return read().links } }`,
      }
    })
  },
}
let zoneData = null

const esbuild = await import('esbuild').catch(() => undefined)
if (esbuild === undefined) console.error('esbuild is not installed: the writ command will run from its sources.')
else {
  try {
    await Promise.all([bundleAll(esbuild), bundleServers(esbuild.build, 'language-server/dist')])
  } catch (error) {
    // An install goes on: the command then runs from its sources, slower to start and otherwise the same.
    console.error(`The writ command was not bundled: ${error.message}`)
    if (process.env.npm_lifecycle_event !== 'prepare') process.exitCode = 1
  }
}

async function bundleAll({ build }) {
  const commands = globSync('cli/src/commands/*.ts', { cwd: root })
  const named = files => Object.fromEntries(files.map(file => [basename(file, '.ts'), file]))
  const alone = commands.filter(file => startsOften.includes(basename(file, '.ts')))
  const results = [
    await bundle(build, { writ: 'cli/src/main.ts' }, 'writ', [commandsStayApart]),
    await bundle(build, named(commands.filter(file => !alone.includes(file))), 'shared', []),
  ]
  // One after the other: all at once would take gigabytes.
  for (const file of alone) results.push(await bundle(build, named([file]), basename(file, '.ts'), []))
  // Chunks of an older build go; what else lives in dist (types of `tsc -b`) stays.
  for (const name of globSync(['*.mjs', 'inputs.txt', 'compile-cache'], { cwd: distribution })) {
    rmSync(join(distribution, name), { recursive: true, force: true })
  }
  mkdirSync(distribution, { recursive: true })
  const inputs = new Set(results.flatMap(result => Object.keys(result.metafile.inputs)))
  const own = [...inputs].filter(file => !file.includes('node_modules/')).sort()
  writeFileSync(join(distribution, 'inputs.txt'), `${own.join('\n')}\n`)
  if (zoneData !== null) copyFileSync(zoneData, join(distribution, 'time-zones.json'))
  // The entry is written last: while it is missing the command runs from its sources.
  const files = results.flatMap(result => result.outputFiles)
  for (const file of files.toSorted((a, b) => Number(a.path === entry) - Number(b.path === entry))) {
    writeFileSync(file.path, file.contents)
    if (process.argv.includes('--sizes')) {
      console.log(`${String(file.contents.length).padStart(9)}  ${basename(file.path)}`)
    }
  }
}

function bundle(build, entryPoints, name, plugins) {
  return build({
    absWorkingDir: root,
    entryPoints,
    outdir: 'cli/dist',
    outExtension: { '.js': '.mjs' },
    chunkNames: `${name}-[name]-[hash]`,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    // It finds its native part beside itself.
    external: ['better-sqlite3'],
    // For Node the package is CommonJS that asks for Node's modules by `require`, which a bundle of modules does not have.
    alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
    target: 'node22',
    minify: true,
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
    plugins: [...plugins, zonesOnDemand],
  })
}
