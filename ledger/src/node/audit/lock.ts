/**
 * One writer at a time: a file that names the process that writes. A lock whose process is gone is taken over; process ids are
 * used again, so where the system tells when a process began, that counts too.
 */
import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { z } from 'zod'

const holderSchema = z.strictObject({ pid: z.int().positive(), host: z.string(), began: z.string().nullable() })
export type Holder = z.infer<typeof holderSchema>

export type Locked =
  | { readonly ok: true; readonly release: () => void; readonly tookOver: boolean }
  /** Null: the lock cannot be read. */
  | { readonly ok: false; readonly holder: Holder | null }

/** Throws the system's errors where the file cannot be made. */
export function lock(path: string): Locked {
  const own: Holder = { pid: process.pid, host: hostname(), began: beganAt(process.pid) }
  const text = `${JSON.stringify(own)}\n`
  let tookOver = false
  // A second writer may come at any moment, so that what was free is taken again; then the refusal names it.
  for (let attempt = 0; attempt < 5; attempt++) {
    if (created(path, text)) return { ok: true, release: () => release(path, text), tookOver }
    const found = readText(path)
    if (found === undefined) continue
    const holder = parseHolder(found)
    if (holder === null || isAlive(holder)) return { ok: false, holder }
    tookOver = removeStale(path, found) || tookOver
  }
  return { ok: false, holder: null }
}

function created(path: string, text: string): boolean {
  // Made aside and linked, so that nobody ever sees a lock without its text.
  const aside = `${path}.${process.pid}`
  writeFileSync(aside, text)
  try {
    linkSync(aside, path)
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    return false
  } finally {
    unlinkSync(aside)
  }
}

/** Moves the lock away; if another has taken it over in between, that one is put back. */
function removeStale(path: string, stale: string): boolean {
  const aside = `${path}.stale.${process.pid}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
  const isStale = readText(aside) === stale
  if (!isStale) {
    try {
      linkSync(aside, path)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
  }
  unlinkSync(aside)
  return isStale
}

function release(path: string, text: string): void {
  if (readText(path) === text) unlinkSync(path)
}

function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    if (codeOf(error) === 'ESRCH') return false
  }
  const began = beganAt(holder.pid)
  return holder.began === null || began === null || began === holder.began
}

/** Linux: boot and clock ticks at which a process began; null elsewhere, and where there is none. */
function beganAt(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return ticks === undefined ? null : `${boot} ${ticks}`
  } catch {
    return null // not Linux, or the process is gone
  }
}

function parseHolder(text: string): Holder | null {
  try {
    return holderSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null // no JSON
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
