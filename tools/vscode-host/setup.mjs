// Installs a real VS Code of which everything comes from the package registry: the server with the web workbench that the package
// code-server holds, run directly and not through its wrapper (the wrapper cannot run tests inside of the extension host). No script of
// a package is run and nothing is compiled. What is not needed is taken away, so that 330 of 780 MB are left.
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = dirname(fileURLToPath(import.meta.url))
const code = join(folder, 'node_modules/code-server/lib/vscode')
const done = join(folder, 'node_modules/.complete')

if (existsSync(done)) console.log('the VS Code host is installed already')
else {
  npm(folder, [])
  npm(code, ['--omit=dev', '--legacy-peer-deps'])
  const unused = [
    'node_modules/{@github,@microsoft/mxc-sdk,@vscode/windows-*,@vscode/sqlite3,@devcontainers,ssh2,cpu-features,kerberos}',
    'extensions/{copilot,mermaid-markdown-features,microsoft-authentication,ms-vscode.*}',
  ]
  for (const path of globSync(unused, { cwd: code })) rmSync(join(code, path), { recursive: true, force: true })
  writeFileSync(done, `${basename(code)}\n`)
}

function npm(cwd, more) {
  const run = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', ...more], {
    cwd,
    stdio: 'inherit',
  })
  if (run.status !== 0) {
    console.error(`npm ci in ${cwd} failed`)
    process.exit(1)
  }
}
