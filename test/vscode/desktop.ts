/**
 * `npm run test:vscode-desktop`: the tests of in-host/ in a desktop VS Code, which is downloaded; the same files as `npm run test:vscode` runs. Where it
 * cannot be downloaded or shown it says so plainly and fails nothing. Ends with the line "N passed, N failed".
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundled } from './in-host-bundle.ts'
import { copySample } from './ui.ts'

/** What is used of @vscode/test-electron, which is one of the tools of tools/vscode-host. */
interface TestElectron {
  downloadAndUnzipVSCode(options: { readonly version: string }): Promise<string>
  runTests(options: {
    readonly vscodeExecutablePath: string
    readonly extensionDevelopmentPath: string
    readonly extensionTestsPath: string
    readonly launchArgs: readonly string[]
    readonly extensionTestsEnv: Readonly<Record<string, string>>
  }): Promise<number>
}

const root = join(import.meta.dirname, '../..')

process.exitCode = await main()
// A download that never answers would keep the process.
process.exit()

async function main(): Promise<number> {
  const tools = join(root, 'tools/vscode-host/node_modules/@vscode/test-electron')
  if (!existsSync(tools)) return skipped('run "npm run vscode-host" first')
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return skipped('there is no screen; start it with xvfb-run, or run "npm run test:vscode", which needs none')
  const electron: TestElectron = createRequire(import.meta.url)(tools)
  let executable: string
  try {
    executable = await within(180_000, electron.downloadAndUnzipVSCode({ version: 'stable' }))
  } catch (error) {
    return skipped(`VS Code could not be downloaded: ${error instanceof Error ? error.message : String(error)}`)
  }
  const built = spawnSync(process.execPath, [join(root, 'scripts/build-extension.mjs')], { stdio: 'inherit' })
  if (built.status !== 0) return 1
  const folder = mkdtempSync(join(tmpdir(), 'writ-vscode-desktop-'))
  const [entry, files] = await bundled()
  const [log, result] = [join(folder, 'in-host.log'), join(folder, 'result.json')]
  try {
    await electron
      .runTests({
        vscodeExecutablePath: executable,
        extensionDevelopmentPath: join(root, 'extension'),
        extensionTestsPath: entry,
        launchArgs: [
          copySample(join(folder, 'workspace')),
          '--disable-extensions',
          '--disable-workspace-trust',
          '--user-data-dir',
          join(folder, 'data'),
        ],
        extensionTestsEnv: { WRIT_TEST_LOG: log, WRIT_TEST_RESULT: result, WRIT_TEST_FILES: JSON.stringify(files) },
      })
      .catch((error: unknown) => console.log(String(error)))
    if (existsSync(log)) console.log(readFileSync(log, 'utf8'))
    // Never the exit code alone: it is 0 also where the extension host was killed.
    const { passes, failures } = existsSync(result)
      ? JSON.parse(readFileSync(result, 'utf8'))
      : { passes: 0, failures: 1 }
    console.log(`${passes} passed, ${failures} failed`)
    return failures === 0 ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function skipped(why: string): number {
  console.log(`skipped: the extension was not run in a desktop VS Code: ${why}`)
  console.log('0 passed, 0 failed')
  return 0
}

function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  return Promise.race([
    promise,
    new Promise<never>((_, fail) => {
      setTimeout(fail, milliseconds, new Error(`no answer in ${milliseconds / 1000} s`)).unref()
    }),
  ])
}
