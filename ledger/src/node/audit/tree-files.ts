/**
 * The tiles and bundles of a growing log: full ones are written when they are full, partial ones when a checkpoint needs them.
 * They become durable later (`unsynced`); until then the journal stands for them. The layout is tlog/tiles.ts.
 */
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Frontier, hashBytes, leafHash, rootOf } from '../../tlog/merkle.ts'
import { bundleEntry, entryBundlePath, readEntryBundle, tilePath, tilesOf, tileWidth } from '../../tlog/tiles.ts'
import { readIfThere, writeDurably, writeWhole } from './durable-files.ts'
import { sha256 } from './hashing.ts'

export class TreeFiles {
  readonly #folder: string
  /** By level, the hashes of the tile that is not yet full. */
  readonly #open: Uint8Array[][] = []
  #bundle: Uint8Array[] = []
  #openings: string[] = []
  #size = 0
  #unsynced = new Set<string>()
  #scratch = new Uint8Array(0)
  /** Folders of partial tiles whose full tile is there. */
  #superseded: string[] = []

  constructor(folder: string) {
    this.#folder = folder
  }

  get size(): number {
    return this.#size
  }

  /** Goes on behind the first `size` entries; false where their right edge cannot be read from disk. */
  restore(size: number): boolean {
    for (const { level, full, partial } of tilesOf(size)) {
      const tile = partial === 0 ? Buffer.alloc(0) : this.#read(tilePath(level, full, partial), tilePath(level, full))
      if (tile === undefined || tile.length < partial * hashBytes) return false
      this.#open[level] = Array.from({ length: partial }, (_, place) => hashAt(tile, place))
    }
    this.#size = size
    const width = size % tileWidth
    const index = Math.floor(size / tileWidth)
    if (width === 0) return true
    const bytes = this.#read(entryBundlePath(index, width), entryBundlePath(index))
    const bundle = bytes && readEntryBundle(bytes)
    if (!bundle?.ok || bundle.entries.length < width) return false
    this.#bundle = bundle.entries.slice(0, width).map(bundleEntry)
    const openings =
      readIfThere(this.#path(openingsPath(index)))
        ?.toString('utf8')
        .split('\n') ?? []
    this.#openings = openings.filter(line => line !== '' && entryOf(line) < size)
    return true
  }

  /** `framed`: the entry as in a bundle, behind its length. */
  append(framed: Uint8Array, openings: readonly string[]): void {
    this.#bundle.push(framed)
    this.#openings.push(...openings)
    this.#size++
    if (this.#bundle.length === tileWidth) {
      const index = this.#size / tileWidth - 1
      this.#write(entryBundlePath(index), this.#joined(this.#bundle))
      this.#superseded.push(dirname(entryBundlePath(index, 1)))
      this.#writeOpenings(index)
      this.#bundle = []
      this.#openings = []
    }
    this.#add(0, leafHash(sha256, framed.subarray(2)))
  }

  root(): Uint8Array {
    const peaks: Uint8Array[] = []
    for (const hashes of this.#open.toReversed()) {
      for (let from = 0; from < hashes.length; ) {
        const width = 2 ** Math.floor(Math.log2(hashes.length - from))
        peaks.push(rootOf(sha256, hashes.slice(from, from + width)))
        from += width
      }
    }
    return new Frontier(sha256, this.#size, peaks).root()
  }

  /** Writes what a checkpoint of the present size needs. */
  writePartial(): void {
    for (const { level, full, partial } of tilesOf(this.#size))
      if (partial > 0) this.#write(tilePath(level, full, partial), Buffer.concat(this.#open[level] ?? []))
    const width = this.#size % tileWidth
    if (width === 0) return
    const index = Math.floor(this.#size / tileWidth)
    this.#write(entryBundlePath(index, width), Buffer.concat(this.#bundle))
    this.#writeOpenings(index)
  }

  /** Files written since the last call, for `makeDurable`; and what removes partial tiles that are not needed once they are. */
  takeUnsynced(): { readonly paths: readonly string[]; readonly dropSuperseded: () => void } {
    const superseded = new Set(this.#superseded)
    const paths = [...this.#unsynced].filter(path => !superseded.has(dirname(path))).map(path => this.#path(path))
    this.#unsynced = new Set()
    this.#superseded = []
    const dropSuperseded = (): void => {
      for (const path of superseded) rmSync(this.#path(path), { recursive: true, force: true })
    }
    return { paths, dropSuperseded }
  }

  #add(level: number, hash: Uint8Array): void {
    const open = this.#open[level] ?? []
    this.#open[level] = open
    open.push(hash)
    if (open.length < tileWidth) return
    const index = Math.floor(this.#size / tileWidth ** (level + 1)) - 1
    this.#write(tilePath(level, index), Buffer.concat(open))
    this.#superseded.push(dirname(tilePath(level, index, 1)))
    this.#open[level] = []
    this.#add(level + 1, rootOf(sha256, open))
  }

  #writeOpenings(index: number): void {
    if (this.#openings.length === 0) return
    this.#write(openingsPath(index), Buffer.from(`${this.#openings.join('\n')}\n`))
  }

  /** The parts behind each other, until the next call. */
  #joined(parts: readonly Uint8Array[]): Uint8Array {
    const length = parts.reduce((sum, part) => sum + part.length, 0)
    if (this.#scratch.length < length) this.#scratch = new Uint8Array(2 * length)
    let at = 0
    for (const part of parts) {
      this.#scratch.set(part, at)
      at += part.length
    }
    return this.#scratch.subarray(0, length)
  }

  #write(path: string, bytes: Uint8Array): void {
    writeWhole(this.#path(path), bytes, asidePath(this.#folder))
    this.#unsynced.add(path)
  }

  #read(path: string, otherwise: string): Buffer | undefined {
    return readIfThere(this.#path(path)) ?? readIfThere(this.#path(otherwise))
  }

  #path(path: string): string {
    return join(this.#folder, path)
  }
}

/** `openings/x001/067.ndjson`: the openings of the entries of bundle 1067. */
export function openingsPath(index: number): string {
  return `${entryBundlePath(index).replace(/^tile\/entries/, 'openings')}.ndjson`
}

/** The text of a program stands in `programs/HASH.json`. */
export function programPath(digest: string): string {
  return `programs/${digest}.json`
}

/** Writes the program's text where it is not there yet. */
export function keepProgram(folder: string, digest: string, text: string): void {
  const path = join(folder, programPath(digest))
  if (readIfThere(path)?.toString('utf8') !== text) writeDurably(path, text, asidePath(folder))
}

/** Where files of a log are written before they get their name. */
export function asidePath(folder: string): string {
  return join(folder, 'journal', 'aside')
}

function hashAt(tile: Uint8Array, place: number): Uint8Array {
  return tile.subarray(place * hashBytes, (place + 1) * hashBytes)
}

function entryOf(line: string): number {
  return Number(/^\{"entry":(\d+),/.exec(line)?.[1] ?? Number.POSITIVE_INFINITY)
}
