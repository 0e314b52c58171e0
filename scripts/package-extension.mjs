// Makes extension/dist/writ.vsix of the bundles. The packager is one of the tools of tools/vscode-host.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const packager = join(root, 'tools/vscode-host/node_modules/@vscode/vsce/vsce')
if (!existsSync(packager)) {
  console.error('The packager is not installed. Run: npm run vscode-host')
  process.exit(1)
}
run(join(root, 'scripts/build-extension.mjs'), [], root)
run(
  packager,
  ['package', '--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', '../dist/writ.vsix'],
  join(root, 'extension'),
)
console.log(`dist/writ.vsix, ${Math.round(statSync(join(root, 'dist/writ.vsix')).size / 1024)} kB`)

function run(script, parameters, cwd) {
  const child = spawnSync(process.execPath, [script, ...parameters], { cwd, stdio: 'inherit' })
  if (child.status !== 0) process.exit(child.status ?? 1)
}
