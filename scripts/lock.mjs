// Writes package-lock.json anew, in a folder without node_modules, so that nothing installed by hand leaks into it. A package whose
// optional platform packages are not all to be had leaves a lock file that `npm ci` refuses ("Missing … from lock file"):
// choose a version that has them all.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const { workspaces } = JSON.parse(readFileSync('package.json', 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'writ-lock-'))
for (const file of ['package.json', '.npmrc']) copyFileSync(file, join(folder, file))
for (const workspace of workspaces) {
  mkdirSync(join(folder, workspace))
  copyFileSync(join(workspace, 'package.json'), join(folder, workspace, 'package.json'))
}
execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts'], { cwd: folder, stdio: 'inherit' })
const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8')
if (/"resolved": "https?:/.test(lock)) throw new Error('the lock file names a host: look at .npmrc')
copyFileSync(join(folder, 'package-lock.json'), 'package-lock.json')
rmSync(folder, { recursive: true })
console.log('package-lock.json written; now run npm ci')
