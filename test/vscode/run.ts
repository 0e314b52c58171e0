/**
 * `npm run test:vscode`: the extension in a real VS Code, without a screen; with `in-host` or `ui` only that part, and with a word behind `ui` only the journeys
 * that have it in their names. Prints what cannot be run and why; with WRIT_REQUIRE_VSCODE=1
 * that is a failure. Ends with the line "N passed, N failed". Screenshots and logs stay in test/vscode/artefacts.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchBrowser, missing, startHost } from './host.ts'
import { bundled } from './in-host-bundle.ts'
import { journeys } from './journeys.ts'
import { copySample, drive } from './ui.ts'

const root = join(import.meta.dirname, '../..')
const artefacts = join(import.meta.dirname, 'artefacts')

process.exitCode = await main()

async function main(): Promise<number> {
  const why = missing()
  if (why !== null) {
    const required = process.env.WRIT_REQUIRE_VSCODE === '1'
    console.log(`${required ? 'FAIL' : 'skipped'}: the extension was not run in VS Code: ${why}`)
    console.log(`0 passed, ${required ? 1 : 0} failed`)
    return required ? 1 : 0
  }
  rmSync(artefacts, { recursive: true, force: true })
  mkdirSync(artefacts, { recursive: true })
  const built = spawnSync(process.execPath, [join(root, 'scripts/build-extension.mjs')], { stdio: 'inherit' })
  if (built.status !== 0) return 1
  const wanted = process.argv[2] ?? 'all'
  let outcome: Outcome | null = wanted === 'ui' ? { passed: 0, failed: 0 } : await inHost()
  // A machine that stalls for a minute is no fault of the extension: once more, with everything new.
  if (outcome === null) outcome = await inHost()
  const inside = outcome ?? { passed: 0, failed: 1 }
  if (wanted === 'in-host') return told(inside)
  const packaged = spawnSync(process.execPath, [join(root, 'scripts/package-extension.mjs')], { encoding: 'utf8' })
  if (packaged.status !== 0) {
    console.log(packaged.stdout, packaged.stderr)
    return 1
  }
  const part = new RegExp(process.argv[3] ?? '')
  const chosen = journeys.filter(({ name }) => part.test(name))
  const browser = await launchBrowser()
  const outside = await drive(chosen, browser, join(root, 'dist/writ.vsix'), artefacts).finally(() => browser.close())
  return told({ passed: inside.passed + outside.passed, failed: inside.failed + outside.failed })
}

function told({ passed, failed }: Outcome): number {
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

interface Outcome {
  readonly passed: number
  readonly failed: number
}

/** Null where VS Code did not come to an end. */
async function inHost(): Promise<Outcome | null> {
  const folder = mkdtempSync(join(tmpdir(), 'writ-vscode-'))
  const workspace = join(folder, 'workspace')
  copySample(workspace)
  const [entry, files] = await bundled()
  const log = join(artefacts, 'in-host.log')
  const result = join(folder, 'result.json')
  const browser = await launchBrowser()
  const host = await startHost({
    folder,
    testDriver: true,
    environment: { WRIT_TEST_LOG: log, WRIT_TEST_RESULT: result, WRIT_TEST_FILES: JSON.stringify(files) },
  })
  try {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
    const end = new Promise<number>(done => {
      void page.exposeFunction('codeAutomationLog', () => undefined)
      void page.exposeFunction('codeAutomationExit', async (code: number) => {
        await page.screenshot({ path: join(artefacts, 'in-host-end.png') }).catch(() => undefined)
        done(code)
      })
    })
    const remote = (path: string): string => `vscode-remote://${host.authority}${path}`
    await page.goto(
      host.url(workspace, [
        ['extensionDevelopmentPath', remote(join(root, 'extension'))],
        ['extensionTestsPath', remote(entry)],
      ]),
    )
    const code = await Promise.race([end, new Promise<null>(done => setTimeout(done, 240_000, null).unref())])
    if (existsSync(log)) console.log(readFileSync(log, 'utf8'))
    // Never the code alone: VS Code says 0 also where the extension host was killed.
    if (!existsSync(result)) {
      console.log(`VS Code ended with ${code} and left no result; see ${artefacts}`)
      await page.screenshot({ path: join(artefacts, 'in-host-stuck.png') }).catch(() => undefined)
      cpSync(join(folder, 'server.log'), join(artefacts, 'server.log'))
      return null
    }
    const { passes, failures } = JSON.parse(readFileSync(result, 'utf8'))
    return { passed: passes, failed: failures + (code === 0 || failures > 0 ? 0 : 1) }
  } finally {
    await host.stop()
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
