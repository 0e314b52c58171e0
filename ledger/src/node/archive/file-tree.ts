/**
 * What an archive may hold, whatever its format: so many bytes and files, each path once, and none that leads out of it. The readers
 * of the formats (tar.ts, zip.ts) put their files here.
 */

export interface ArchiveLimits {
  /** Bytes of all files together, unpacked. */
  readonly bytes: number
  readonly files: number
}

export const archiveLimits: ArchiveLimits = { bytes: 2_000_000_000, files: 500_000 }

/** What is wrong with an archive, from deep inside of it. */
export class ArchiveFault extends Error {}

/** Takes the files of an archive, in its order, as long as they are harmless. */
export class FileTree {
  readonly files = new Map<string, Buffer>()
  readonly #limits: ArchiveLimits
  #bytes = 0

  constructor(limits: ArchiveLimits) {
    this.#limits = limits
  }

  /** Bytes that may still come: what unpacks a file stops there. */
  get room(): number {
    return this.#limits.bytes - this.#bytes
  }

  /** To be called before the file is unpacked. */
  expect(path: string, bytes: number): void {
    if (bytes > this.room)
      throw new ArchiveFault(`it unpacks to more than ${this.#limits.bytes} bytes, at ${shown(path)}`)
    if (this.files.size >= this.#limits.files) throw new ArchiveFault(`it holds more than ${this.#limits.files} files`)
  }

  add(path: string, bytes: Buffer): void {
    this.expect(path, bytes.length)
    const parts = path.split('/').filter(part => part !== '' && part !== '.')
    const leads = path.startsWith('/') || parts.includes('..') || ['\\', ':', '\0'].some(sign => path.includes(sign))
    if (leads || parts.length === 0) throw new ArchiveFault(`the path ${shown(path)} leads out of it`)
    const clean = parts.join('/')
    if (this.files.has(clean)) throw new ArchiveFault(`${shown(clean)} is in it twice`)
    this.#bytes += bytes.length
    this.files.set(clean, bytes)
  }
}

/** A path of an archive as messages quote it. */
export function shown(path: string): string {
  return JSON.stringify(path.length > 100 ? `${path.slice(0, 100)}…` : path)
}
