// Bundles the language server into one file for Node and one for workers of browsers; the command's build and the extension's use it.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** The server for Node (CommonJS, as its library is; `child_process.fork` runs it) and for a worker, with the zones inside. */
export function bundleServers(build, outdir) {
  const common = {
    absWorkingDir: root,
    outdir,
    bundle: true,
    target: 'es2024',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  }
  const node = {
    entryPoints: {
      server: 'language-server/src/transport/node.ts',
      'simulation-thread': 'language-server/src/transport/simulation-thread.ts',
      'history-thread': 'language-server/src/transport/history-thread.ts',
    },
    platform: 'node',
    format: 'cjs',
    define: { 'import.meta.url': 'ownUrl' },
    banner: { js: "const ownUrl = require('node:url').pathToFileURL(__filename).href;" },
  }
  const browser = { entryPoints: { 'server-worker': 'language-server/src/transport/browser.ts' }, format: 'iife' }
  return Promise.all([
    build({ ...common, ...node, outExtension: { '.js': '.cjs' }, plugins: [zonesInside] }),
    build({ ...common, ...browser, platform: 'browser', plugins: [zonesInside] }),
  ])
}

/** As text that is read when a policy first asks for a zone. */
const zonesInside = {
  name: 'zones-inside',
  setup(build) {
    build.onLoad({ filter: /moment-timezone[\\/]data[\\/]packed[\\/]latest\.json$/ }, ({ path }) => ({
      loader: 'js',
      contents: `let data
        const read = () => (data ??= JSON.parse(${JSON.stringify(readFileSync(path, 'utf8'))}))
        export default { get version() { return read().version }, get zones() { return read().zones }, get links() { return read().links } }`,
    }))
  },
}
