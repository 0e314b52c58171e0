/** Logs for the tests of verification, written by the ledger itself into folders that go when the test ends. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DurableRun, openDurableRun } from '../../ledger/src/node/audit/durable-run.ts'
import { createKeyFile, type SigningKey, verifierKeyText } from '../../ledger/src/node/audit/keys.ts'
import { filesOnDisk } from '../../ledger/src/node/audit/log-files.ts'
import { readTrust } from '../../ledger/src/node/audit/trust.ts'
import { type LogVerdict, verifyFolder } from '../../ledger/src/node/audit/verify-folder.ts'
import { defaultSource } from '../../ledger/src/node/file-sources.ts'
import { bytesOf, plan, streamLines } from './workload.ts'

export interface WrittenLog {
  readonly folder: string
  readonly key: SigningKey
  readonly vkey: string
}

export function temporary(): string {
  return mkdtempSync(join(tmpdir(), 'writ-log-'))
}

export function newKey(folder: string, name = 'example.com/payments'): SigningKey {
  return createKeyFile(join(folder, `${name.replaceAll('/', '-')}.key`), name, 'signature')
}

export function openRun(folder: string, key: SigningKey, program = plan(), checkpointEntries = 1_000_000): DurableRun {
  const opened = openDurableRun({
    plan: program,
    source: defaultSource(program, 'ndjson'),
    stream: 'stream',
    run: 'f'.repeat(64),
    folder,
    shown: 'log',
    key,
    codeGeneration: true,
    clock: () => Date.UTC(2026, 0, 1),
    checkpointEntries,
    checkpointMilliseconds: 1_000_000,
  })
  if (!opened.ok) throw new Error(opened.problem.message)
  return opened.run
}

/** At least `entries` entries in several batches, with a checkpoint every 100 entries. */
export async function writtenLog(entries: number, checkpointEntries = 100): Promise<WrittenLog> {
  const parent = temporary()
  const key = newKey(parent)
  const folder = join(parent, 'log')
  const run = openRun(folder, key, plan(), checkpointEntries)
  const lines = streamLines(entries * 2, 5)
  for (let at = 0; run.entries < entries; at += 10) run.decide(bytesOf(lines.slice(at, at + 10)))
  await run.close()
  return { folder, key, vkey: verifierKeyText(key.verifier) }
}

/** The files of a log by path, each in a buffer of its own. */
export function filesOf(folder: string): Map<string, Buffer> {
  const files = filesOnDisk(folder)
  return new Map(files.list('').map(path => [path, Buffer.from(new Uint8Array(files.read(path) ?? []).buffer)]))
}

/** A copy to spoil. */
export function copyOf(log: WrittenLog): WrittenLog {
  const folder = join(temporary(), 'log')
  cpSync(log.folder, folder, { recursive: true })
  return { ...log, folder }
}

export function removeLog(log: WrittenLog): void {
  rmSync(join(log.folder, '..'), { recursive: true, force: true })
}

export function verdictOn(log: WrittenLog, since?: string): LogVerdict {
  const trust = readTrust({ key: log.vkey })
  if (!trust.ok) throw new Error(trust.why)
  return verifyFolder(log.folder, {
    policy: trust.policy,
    policyName: 'key',
    ...(since === undefined ? {} : { since }),
  })
}
