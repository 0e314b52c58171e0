/**
 * What the single files of a log hold, apart from what a checkpoint makes of it: bundles and their tiles group by group, the
 * tiles above, and files that should not be there. What records say is record-checks.ts; verify-folder.ts puts it together.
 */
import { hashBytes, leafHash, rootOf } from '../../tlog/merkle.ts'
import { entryBundlePath, readEntryBundle, tilePath, tilesOf, tileWidth } from '../../tlog/tiles.ts'
import type { LogFolder } from './log-folder.ts'
import { checkRecords, type GroupRecords } from './record-checks.ts'
import type { ReportProblem, VerifyTools } from './verify-tools.ts'

/** Up to 256 entries that share a bundle, with what bundle and tiles say of them. */
export interface CheckedGroup {
  readonly first: number
  readonly width: number
  readonly isFull: boolean
  readonly bundlePath: string
  readonly tilePath: string
  /** Null where the file cannot be read. Roots are kept only for full groups, leaves where the group differs or is the last. */
  readonly bundleRoot: Uint8Array | null
  readonly tileRoot: Uint8Array | null
  /** As the tile of level 1 has it. */
  readonly aboveRoot: Uint8Array | null
  readonly bundleLeaves: readonly Uint8Array[] | null
  readonly tileLeaves: readonly Uint8Array[] | null
  /** 'missing', or what is wrong. */
  readonly bundleFault: string | null
  readonly tileFault: string | null
  /** Null where they were not asked for. */
  readonly records: GroupRecords | null
}

/** `size`: of the log that the group is looked at in; `withRecords`: what the entries say matters too. */
export function checkGroup(
  folder: LogFolder,
  index: number,
  width: number,
  size: number,
  withRecords: boolean,
  tools: VerifyTools,
): CheckedGroup {
  const { sha256 } = tools
  const first = index * tileWidth
  const isFull = width === tileWidth
  const bundle = folder.bundle(index, width)
  const read = bundle === undefined ? undefined : readEntryBundle(bundle.bytes)
  let bundleFault = bundle === undefined ? 'missing' : null
  let entries: readonly Uint8Array[] | null = null
  if (read?.ok === false) bundleFault = read.why
  else if (read?.ok === true) {
    entries = read.entries.slice(0, width)
    const exact = bundle?.path === entryBundlePath(index, width)
    if (entries.length < width) bundleFault = `it holds ${entries.length} entries instead of ${width}`
    else if (exact && read.entries.length > width)
      bundleFault = `it holds ${read.entries.length} entries instead of ${width}`
    if (bundleFault !== null) entries = null
  }
  const bundleLeaves = entries?.map(entry => leafHash(sha256, entry)) ?? null
  const tile = folder.tile(0, index, width)
  const tileFault = tile === undefined ? 'is not there' : wrongLength(tile.bytes, tile.path, 0, index, width)
  const above = isFull ? aboveRoot(folder, index, size) : null
  const tileBytes = tile === undefined || tileFault !== null ? null : tile.bytes
  const same =
    bundleLeaves !== null &&
    tileBytes !== null &&
    Buffer.concat(bundleLeaves).equals(tileBytes.subarray(0, width * hashBytes))
  const drop = isFull && same
  const tileLeaves =
    tileBytes === null
      ? null
      : same
        ? bundleLeaves
        : Array.from({ length: width }, (_, place) => hashAt(tileBytes, place))
  const bundleRoot = isFull && bundleLeaves !== null ? rootOf(sha256, bundleLeaves) : null
  return {
    first,
    width,
    isFull,
    bundlePath: bundle?.path ?? entryBundlePath(index, width),
    tilePath: tile?.path ?? tilePath(0, index, width),
    bundleRoot,
    tileRoot: same ? bundleRoot : isFull && tileLeaves !== null ? rootOf(sha256, tileLeaves) : null,
    aboveRoot: above,
    // Leaves of groups in which bundle and tile agree are of no further use, and would fill the memory of a long log.
    bundleLeaves: drop ? [] : bundleLeaves,
    tileLeaves: drop ? [] : tileLeaves,
    bundleFault,
    tileFault,
    records: withRecords ? checkRecords(folder, index, entries, bundle?.path ?? '', tools) : null,
  }
}

/** Tiles of level 1 and above. `sound`: roots of the full groups, then the leaves of the last. */
export function checkUpperTiles(
  folder: LogFolder,
  size: number,
  sound: readonly Uint8Array[],
  report: ReportProblem,
  { sha256 }: VerifyTools,
): void {
  let hashes = sound.slice(0, Math.floor(size / tileWidth))
  for (const { level, full, partial } of tilesOf(size)) {
    if (level === 0) continue
    const tiles = full + (partial > 0 ? 1 : 0)
    for (let index = 0; index < tiles; index++) {
      const expected = hashes.slice(index * tileWidth, (index + 1) * tileWidth)
      const tile = folder.tile(level, index, expected.length)
      const span = tileWidth ** level
      const range = { from: index * tileWidth * span, to: (index * tileWidth + expected.length) * span - 1 }
      const file = tile?.path ?? tilePath(level, index, expected.length)
      const why =
        tile === undefined
          ? 'is not there'
          : (wrongLength(tile.bytes, tile.path, level, index, expected.length) ??
            (Buffer.concat(expected).equals(tile.bytes.subarray(0, expected.length * hashBytes))
              ? null
              : 'does not fit the checkpoint'))
      if (why !== null) report('W4023', { file, ...range }, { why })
    }
    hashes = Array.from({ length: full }, (_, index) =>
      rootOf(sha256, hashes.slice(index * tileWidth, (index + 1) * tileWidth)),
    )
  }
}

/** Older partial files must be the beginning of those that came after; anything else does not belong there. */
export function checkOtherFiles(
  folder: LogFolder,
  size: number,
  groups: readonly CheckedGroup[],
  report: ReportProblem,
): void {
  const used = new Set(groups.flatMap(group => [group.bundlePath, group.tilePath]))
  for (const { level, full, partial } of tilesOf(size)) {
    for (let index = 0; index < full; index++) used.add(tilePath(level, index))
    if (partial > 0) used.add(folder.tile(level, full, partial)?.path ?? '')
  }
  for (const file of folder.files('tile')) {
    if (used.has(file)) continue
    const match = /^tile\/(entries|\d+)\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d+))?$/.exec(file)
    const [, kind, place, widthText] = match ?? []
    if (kind === undefined || place === undefined) {
      report('W4026', { file }, { why: 'is no tile' })
      continue
    }
    const index = Number(place.replaceAll(/[x/]/g, ''))
    const width = Number(widthText ?? tileWidth)
    const level = kind === 'entries' ? 0 : Number(kind)
    const span = tileWidth ** level
    const from = index * tileWidth * span
    // Written for entries behind the checkpoint, which are told of from the journal.
    if ((index * tileWidth + width) * span > size) continue
    const range = { from, to: from + width * span - 1 }
    const bytes = folder.read(file) ?? Buffer.alloc(0)
    const whole = laterFile(folder, kind, index, size)
    if (whole === undefined || !whole.subarray(0, bytes.length).equals(bytes))
      report('W4026', { file, ...range }, { why: 'is not the beginning of the file that came after it' })
    else if (kind !== 'entries' && bytes.length !== width * hashBytes)
      report('W4026', { file, ...range }, { why: `has ${bytes.length} bytes` })
    else if (kind === 'entries' && countEntries(bytes) !== width)
      report('W4026', { file, ...range }, { why: `does not hold ${width} entries` })
  }
}

/** The widest file of the same tile or bundle in a log of `size` entries. */
function laterFile(folder: LogFolder, kind: string, index: number, size: number): Buffer | undefined {
  const level = kind === 'entries' ? 0 : Number(kind)
  const count = Math.floor(size / tileWidth ** level)
  const width = Math.min(tileWidth, count - index * tileWidth)
  return (kind === 'entries' ? folder.bundle(index, width) : folder.tile(level, index, width))?.bytes
}

function aboveRoot(folder: LogFolder, index: number, size: number): Uint8Array | null {
  const tileIndex = Math.floor(index / tileWidth)
  const count = Math.floor(size / tileWidth)
  const tile = folder.tile(1, tileIndex, Math.min(tileWidth, count - tileIndex * tileWidth))
  const place = index % tileWidth
  return tile === undefined || tile.bytes.length < (place + 1) * hashBytes ? null : hashAt(tile.bytes, place)
}

function wrongLength(bytes: Buffer, path: string, level: number, index: number, width: number): string | null {
  const full = path === tilePath(level, index)
  const expected = (full ? tileWidth : width) * hashBytes
  return bytes.length === expected ? null : `has ${bytes.length} bytes instead of ${expected}`
}

function countEntries(bytes: Buffer): number {
  const read = readEntryBundle(bytes)
  return read.ok ? read.entries.length : -1
}

function hashAt(tile: Buffer, place: number): Uint8Array {
  return tile.subarray(place * hashBytes, (place + 1) * hashBytes)
}
