/**
 * Starts a real VS Code on loopback, its server with the web workbench, and a browser in front of it (tools/vscode-host). Every run has
 * folders of its own; what it started it ends. What is tested is in in-host/ (through VS Code's API) and ui.ts (through its screen).
 */
import { spawn } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium as browserType } from 'playwright-core'

const tools = join(import.meta.dirname, '../../tools/vscode-host')
const code = join(tools, 'node_modules/code-server/lib/vscode')

/** Why nothing can be run here, in words; null where it can. */
export function missing(): string | null {
  if (!existsSync(join(code, 'node_modules'))) return 'no VS Code: run "npm run vscode-host"'
  if (chromium() === null) return 'no Chromium: install the package "chromium", or name one in WRIT_CHROMIUM'
  return null
}

export function chromium(): string | null {
  const places = [
    process.env.WRIT_CHROMIUM ?? '',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ]
  return places.find(place => place !== '' && existsSync(place)) ?? null
}

export async function launchBrowser(): Promise<Browser> {
  return await browserType.launch({
    executablePath: chromium() ?? '',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  })
}

export interface HostOptions {
  /** A new folder: extensions, settings and logs of this run. */
  readonly folder: string
  readonly settings?: Readonly<Record<string, unknown>>
  readonly environment?: Readonly<Record<string, string>>
  /** Lets tests run inside; notifications are then not shown. */
  readonly testDriver: boolean
  /** A VSIX to install before the start. */
  readonly vsix?: string
}
export interface Host {
  readonly authority: string
  stop(): Promise<void>
  url(workspace: string, payload?: readonly (readonly [string, string])[]): string
}

const calm = {
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'telemetry.telemetryLevel': 'off',
  'files.autoSave': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
}

/** The user's settings of a run. */
export function writeSettings(folder: string, settings: Readonly<Record<string, unknown>>): void {
  writeFileSync(join(folder, 'data/data/User/settings.json'), JSON.stringify({ ...calm, ...settings }))
}

export async function startHost(options: HostOptions): Promise<Host> {
  const { folder, settings = {}, environment = {}, testDriver, vsix } = options
  for (const name of ['ext', 'data/data/User']) mkdirSync(join(folder, name), { recursive: true })
  writeSettings(folder, settings)
  const own = ['--extensions-dir', join(folder, 'ext'), '--server-data-dir', join(folder, 'data')]
  const common = ['--accept-server-license-terms', '--disable-telemetry', ...own]
  const env = {
    ...process.env,
    HOME: join(folder, 'data'),
    EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":"","controlUrl":""}',
    ...environment,
  }
  if (vsix !== undefined) await ended([...common, '--install-extension', vsix], env)
  const driver = testDriver ? ['--enable-smoke-test-driver'] : []
  const listening = ['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--disable-workspace-trust']
  const child = spawn(process.execPath, [server, ...listening, ...driver, ...common], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  })
  const log = createWriteStream(join(folder, 'server.log'))
  const stop = (): Promise<void> =>
    new Promise(done => {
      if (child.exitCode !== null || child.pid === undefined) {
        done()
        return
      }
      child.once('exit', () => done())
      signal(child.pid, 'SIGTERM')
      setTimeout(() => {
        signal(child.pid ?? 0, 'SIGKILL')
        done()
      }, 5000).unref()
    })
  const port = await new Promise<string>((found, fail) => {
    let text = ''
    const read = (data: Buffer): void => {
      log.write(data)
      text += data.toString()
      const match = /Extension host agent listening on (\d+)/.exec(text)
      if (match?.[1] !== undefined) found(match[1])
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.on('exit', status => fail(new Error(`the VS Code server ended with ${status}: ${text.slice(-2000)}`)))
    setTimeout(() => fail(new Error('the VS Code server did not start in a minute')), 60_000).unref()
  })
  const authority = `127.0.0.1:${port}`
  return {
    authority,
    stop,
    url: (workspace, payload = []) =>
      `http://${authority}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(JSON.stringify([['skipWelcome', 'true'], ...payload]))}`,
  }
}

const server = join(code, 'out/server-main.js')

function ended(parameters: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [server, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'], env })
    let text = ''
    child.stdout.on('data', (data: Buffer) => (text += data.toString()))
    child.stderr.on('data', (data: Buffer) => (text += data.toString()))
    child.on('exit', status => (status === 0 ? done() : fail(new Error(`VS Code ended with ${status}: ${text}`))))
  })
}

/** To the whole group: server, extension host, language server. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name)
  } catch {
    // It has ended by itself.
  }
}
