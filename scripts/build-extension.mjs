// Bundles the VS Code extension into extension/dist: the client for Node and for browsers, the language server for both, the grammar,
// the schema of writ.json and the pages about problems. The package (npm run package:extension) holds these and the manifest, nothing else.
import { copyFileSync, cpSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { bundleServers } from './build-servers.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const distribution = join(root, 'extension', 'dist')

rmSync(distribution, { recursive: true, force: true })
mkdirSync(distribution, { recursive: true })
const common = {
  absWorkingDir: root,
  outdir: 'extension/dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  target: 'es2024',
  external: ['vscode'],
  minify: !process.argv.includes('--debug'),
  sourcemap: process.argv.includes('--debug') ? 'inline' : false,
  legalComments: 'none',
  logLevel: 'warning',
}
await Promise.all([
  build({ ...common, entryPoints: { extension: 'extension/src/node.ts' }, platform: 'node' }),
  build({ ...common, entryPoints: { 'extension-web': 'extension/src/browser.ts' }, platform: 'browser' }),
  bundleServers(build, 'extension/dist'),
  ...['events', 'lineage'].map(name =>
    build({
      ...common,
      entryPoints: { [`webview-${name}`]: `extension/src/webview/${name}/main.ts` },
      outExtension: { '.js': '.js' },
      platform: 'browser',
      format: 'iife',
    }),
  ),
])
copyFileSync(join(root, 'grammar/writ.tmLanguage.json'), join(distribution, 'writ.tmLanguage.json'))
copyFileSync(join(root, 'docs/schemas/writ.json.schema.json'), join(distribution, 'writ.json.schema.json'))
for (const name of ['events', 'lineage'])
  copyFileSync(join(root, `extension/src/webview/${name}/style.css`), join(distribution, `webview-${name}.css`))
cpSync(join(root, 'docs/problems'), join(distribution, 'problems'), { recursive: true })
