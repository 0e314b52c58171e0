/** Runs the real `writ` process, and makes folders with files for it. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'

export const bin = resolve(import.meta.dirname, '../bin/writ.cjs')

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** Called once, with the first output on either stream; to interrupt the process there. */
  readonly onOutput?: (kill: (signal: NodeJS.Signals) => void) => void
}

/** Resolves when the process ended. Runs without a terminal, so without colour. */
export function writ(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { FORCE_COLOR: _, NO_COLOR: __, ...clean } = process.env
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd,
    env: { ...clean, COLUMNS: '100', ...options.env },
  })
  let stdout = ''
  let stderr = ''
  let told = false
  const tell = (): void => {
    if (!told) options.onOutput?.(signal => child.kill(signal))
    told = true
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    tell()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    tell()
  })
  child.stdin.end(options.input ?? '')
  return new Promise(done => {
    child.on('close', code => done({ code, stdout, stderr }))
  })
}

/** A new folder with these files, by path; removed when the test ends. */
export function folder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'writ-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), content)
  }
  return path
}

export function readText(...path: readonly string[]): string {
  return readFileSync(join(...path), 'utf8')
}

/** A workspace of one contract and one policy, with a test and four recorded events. */
export const refunds = {
  'refunds.writ': `module refunds

contract Refund version 1.0.0 {
  id       : String      key
  at       : Time        time
  customer : String
  amount   : Money<USD>
}

policy limits version 1.2.0 {
  on Refund as r
  default deny because "{r.amount} is more than anybody may refund"

  rule small "small refunds need nobody"
    when r.amount <= 50 USD
    permit

  rule often "the third refund in a day is looked at"
    when count of Refund by customer over 24h > 2
    hold "refund number {count of Refund by customer over 24h} today"
    then notify desk { customer: r.customer }
}

test "20 USD pass" {
  given Refund { id: "r1", customer: "c1", amount: 20 USD }
  expect permit by small
}
`,
  'recorded/refunds.ndjson': [
    '{"id":"r1","at":"2026-11-02T09:00:00Z","customer":"c1","amount":"20 USD"}',
    '{"id":"r2","at":"2026-11-02T09:10:00Z","customer":"c1","amount":"700 USD"}',
    '{"id":"r3","at":"2026-11-02T09:20:00Z","customer":"c1","amount":"30 USD"}',
    '{"id":"r4","at":"2026-11-02T09:30:00Z","customer":"c2","amount":"a lot"}',
    '',
  ].join('\n'),
}
