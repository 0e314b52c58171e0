/**
 * The extension as people see it: the packaged VSIX in a real VS Code, driven through the screen. Each journey leaves screenshots in
 * test/vscode/artefacts. What needs no screen is in in-host/.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core'
import { type Host, startHost, writeSettings } from './host.ts'

export interface Journey {
  readonly name: string
  /** Changes the copy of the sample before it is opened and committed. */
  readonly prepare?: (folder: string) => void
  run(screen: Screen): Promise<void>
}

/** One window of VS Code on a copy of the refunds sample, committed in git. */
export class Screen {
  readonly page: Page
  readonly #artefacts: string
  readonly #host: string

  /** `host`: the folder of the run, which its processes have in their command lines. */
  constructor(page: Page, artefacts: string, host: string) {
    this.page = page
    this.#host = host
    this.#artefacts = artefacts
  }

  /** From the command palette, by its whole title. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1')
    const input = this.page.locator('.quick-input-widget input.input')
    await input.fill(`>${title}`)
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click()
  }

  /** Gives a command until what it leads to is there: VS Code drops one that comes while an earlier run is still being put away. */
  async until(title: string, result: Locator): Promise<void> {
    for (let tries = 1; tries < 3; tries++) {
      await this.command(title)
      const came = await result.waitFor({ timeout: 15_000 }).then(
        () => true,
        () => false,
      )
      if (came) return
    }
    await this.command(title)
    await result.waitFor()
  }

  async open(file: string): Promise<void> {
    await this.page.keyboard.press('Control+p')
    await this.page.locator('.quick-input-widget input.input').fill(file)
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: file }).first().click()
    await this.page.locator('.tab.active', { hasText: file }).waitFor()
    await this.page.locator('.editor-instance .view-line').first().waitFor()
  }

  /** Brings a text of the file into view, selected, and puts the cursor there. */
  async find(text: string): Promise<void> {
    const { page } = this
    await page.locator('.editor-instance').first().click()
    await page.keyboard.press('Control+f')
    await page.locator('.find-widget textarea[aria-label="Find"]').first().fill(text)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
  }

  /** A lens above a line, by a part of its text. */
  lens(text: string | RegExp) {
    return this.page.locator('.codelens-decoration a', { hasText: text }).first()
  }

  /** Clicks a lens until its events are listed: one that is drawn anew in that moment is not hit. */
  async eventsOf(text: string | RegExp): Promise<FrameLocator> {
    for (let tries = 0; tries < 4; tries++) {
      await this.lens(text).click()
      const shown = await this.webview('.row', 80).catch(() => null)
      if (shown) return shown
    }
    throw new Error(`no events behind the lens ${text}`)
  }

  /** The inside of the webview that is seen: VS Code puts two frames around it. `text`: something that only this one shows. */
  async webview(selector: string, most = 300): Promise<FrameLocator> {
    for (let tries = 0; tries < most; tries++) {
      const outer = this.page.locator('iframe.webview')
      for (let i = 0; i < (await outer.count()); i++) {
        const inner = outer.nth(i).contentFrame().locator('iframe#active-frame').contentFrame()
        if (
          (await inner
            .locator(selector)
            .count()
            .catch(() => 0)) > 0
        )
          return inner
      }
      await this.page.waitForTimeout(100)
    }
    throw new Error(`no webview has ${selector}`)
  }

  /** Ends the language servers of this run, as a crash would. */
  killServers(): number {
    const own = readdirSync('/proc').filter(pid => {
      try {
        const line = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : ''
        return line.includes(this.#host) && line.includes('server.cjs')
      } catch {
        // It has ended meanwhile.
        return false
      }
    })
    for (const pid of own) process.kill(Number(pid), 'SIGKILL')
    return own.length
  }

  async theme(name: string): Promise<void> {
    await this.command('Preferences: Color Theme')
    await this.page.locator('.quick-input-widget input.input').fill(name)
    await this.page.keyboard.press('Enter')
    await this.page.waitForTimeout(800)
  }

  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: join(this.#artefacts, `${name}.png`) })
  }
}

/** Runs the journeys one after the other, each in a window of its own; says which failed, and why. */
export async function drive(
  journeys: readonly Journey[],
  browser: Browser,
  vsix: string,
  artefacts: string,
): Promise<{ readonly passed: number; readonly failed: number }> {
  let passed = 0
  let failed = 0
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'writ-vscode-ui-')))
  let host: Host | null = null
  const settings = { 'editor.fontFamily': 'DejaVu Sans Mono', 'workbench.colorTheme': 'Dark Modern' }
  try {
    host = await startHost({ folder, testDriver: false, vsix, settings })
    const waiting = journeys.map(journey => ({ journey, again: false }))
    for (const { journey, again } of waiting) {
      const workspace = copySample(
        join(folder, `${journey.name.replaceAll(' ', '-')}${again ? '-again' : ''}`),
        journey.prepare,
      )
      // What an earlier journey has set, such as a theme, is not of this one.
      writeSettings(folder, settings)
      const context = await browser.newContext({ viewport: { width: 1400, height: 900 } })
      const page = await context.newPage()
      const screen = new Screen(page, artefacts, folder)
      page.setDefaultTimeout(30_000)
      try {
        await page.goto(host.url(workspace))
        await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 })
        await journey.run(screen)
        passed++
        console.log(`  ✔ ${journey.name}`)
      } catch (error) {
        // A window that stalls is no fault of the extension: once more, in a new one, and said so.
        if (again) failed++
        else waiting.push({ journey, again: true })
        console.log(
          `  ${again ? '✗' : '… tried once more:'} ${journey.name}: ${error instanceof Error ? error.message : String(error)}`,
        )
        await screen.picture(`failed-${journey.name.replaceAll(' ', '-')}`).catch(() => undefined)
      } finally {
        await context.close()
      }
    }
  } finally {
    await host?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return { passed, failed }
}

/** The refunds sample, committed in a repository of its own, so that there is something to compare with. */
export function copySample(folder: string, prepare: (folder: string) => void = () => undefined): string {
  cpSync(join(import.meta.dirname, '../../samples/refunds'), folder, { recursive: true })
  prepare(folder)
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: folder, stdio: 'ignore' })
  git('init', '-q')
  git('add', '.')
  git('commit', '-qm', 'as it is')
  return folder
}
