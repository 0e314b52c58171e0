/** Reading the files of a tiled log by what they stand for. What they must say is verify-folder.ts. */
import { hashBytes, rootOf } from '../../tlog/merkle.ts'
import type { ReadHash } from '../../tlog/prove.ts'
import { entryBundlePath, type ReadBundle, readEntryBundle, tilePath, tileWidth } from '../../tlog/tiles.ts'
import { sha256 } from './hashing.ts'
import type { LogFiles } from './log-files.ts'

/** The bytes of a file of the log, and its path in it. */
export interface FoundFile {
  readonly path: string
  readonly bytes: Buffer
}

export class LogFolder {
  readonly #files: LogFiles

  constructor(files: LogFiles) {
    this.#files = files
  }

  read(path: string): Buffer | undefined {
    return this.#files.read(path)
  }

  /** The tile with at least `width` hashes: the partial one of that width, else the full one. */
  tile(level: number, index: number, width: number): FoundFile | undefined {
    return this.#found(tilePath(level, index, width), tilePath(level, index))
  }

  bundle(index: number, width: number): FoundFile | undefined {
    return this.#found(entryBundlePath(index, width), entryBundlePath(index))
  }

  /** The entry, from the bundle of a log of `size` entries; undefined where it cannot be read. */
  entry(number: number, size: number): Uint8Array | undefined {
    return this.entries(Math.floor(number / tileWidth), size)?.[number % tileWidth]
  }

  /** The entries of a bundle of a log of `size` entries; undefined where it cannot be read. */
  entries(index: number, size: number): readonly Uint8Array[] | undefined {
    const width = Math.min(tileWidth, size - index * tileWidth)
    const found = this.bundle(index, width)
    const read: ReadBundle | undefined = found && readEntryBundle(found.bytes)
    return read?.ok ? read.entries.slice(0, width) : undefined
  }

  /** Hashes from the tiles of a log of `size` entries; throws a MissingHash where a tile is not there. */
  readHash(size: number): ReadHash {
    return (level, index) => {
      const tileLevel = Math.floor(level / 8)
      const above = level % 8
      const count = Math.floor(size / tileWidth ** tileLevel)
      const first = index * 2 ** above
      const tileIndex = Math.floor(first / tileWidth)
      const tile = this.tile(tileLevel, tileIndex, Math.min(tileWidth, count - tileIndex * tileWidth))
      const place = first % tileWidth
      if (tile === undefined || tile.bytes.length < (place + 2 ** above) * hashBytes)
        throw new MissingHash(tilePath(tileLevel, tileIndex))
      const at = (hash: number): Uint8Array =>
        new Uint8Array(tile.bytes.subarray((place + hash) * hashBytes, (place + hash + 1) * hashBytes))
      return rootOf(
        sha256,
        Array.from({ length: 2 ** above }, (_, hash) => at(hash)),
      )
    }
  }

  /** Paths of all files below a folder of the log, with `/`, sorted. */
  files(below: string): readonly string[] {
    return this.#files.list(below)
  }

  #found(path: string, full: string): FoundFile | undefined {
    const bytes = this.read(path)
    if (bytes !== undefined) return { path, bytes }
    const whole = path === full ? undefined : this.read(full)
    return whole && { path: full, bytes: whole }
  }
}

/** A tile that a proof needs is not there. */
export class MissingHash extends Error {
  readonly path: string
  constructor(path: string) {
    super(`${path} is not there, or too short`)
    this.path = path
  }
}
