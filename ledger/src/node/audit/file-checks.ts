/**
 * What the single files of a log hold, apart from what a checkpoint makes of it: bundles and their tiles group by group, the
 * tiles above, files that should not be there, openings and program texts. verify-folder.ts puts it together.
 */
import type { ProblemCode } from '@writ/grammar'
import { opens, parseOpening } from '../../audit/commitment.ts'
import { type DecisionRecord, parseRecord } from '../../audit/record.ts'
import { hashBytes, leafHash, rootOf } from '../../tlog/merkle.ts'
import { entryBundlePath, readEntryBundle, tilePath, tilesOf, tileWidth } from '../../tlog/tiles.ts'
import { hex, sha256 } from './hashing.ts'
import type { LogFolder } from './log-folder.ts'
import { openingsPath, programPath } from './tree-files.ts'

export type ReportProblem = (
  code: ProblemCode,
  place: { readonly file?: string; readonly from?: number; readonly to?: number },
  words?: Readonly<Record<string, string | number>>,
) => void

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
}

/** `size`: of the log that the group is looked at in; `records`: null where the entries' text does not matter. */
export function checkGroup(
  folder: LogFolder,
  index: number,
  width: number,
  size: number,
  records: RecordChecks | null,
): CheckedGroup {
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
  if (records !== null) records.group(index, entries, bundle?.path ?? '')
  const bundleLeaves = entries?.map(entry => leafHash(sha256, entry)) ?? null
  const tile = folder.tile(0, index, width)
  const tileFault = tile === undefined ? 'is not there' : wrongLength(tile.bytes, tile.path, 0, index, width)
  const tileLeaves =
    tile === undefined || tileFault !== null
      ? null
      : Array.from({ length: width }, (_, place) => hashAt(tile.bytes, place))
  const above = isFull ? aboveRoot(folder, index, size) : null
  const same = bundleLeaves !== null && tileLeaves?.every((leaf, place) => equal(leaf, bundleLeaves[place])) === true
  const drop = isFull && same
  return {
    first,
    width,
    isFull,
    bundlePath: bundle?.path ?? entryBundlePath(index, width),
    tilePath: tile?.path ?? tilePath(0, index, width),
    bundleRoot: isFull && bundleLeaves !== null ? rootOf(sha256, bundleLeaves) : null,
    tileRoot: isFull && tileLeaves !== null ? rootOf(sha256, tileLeaves) : null,
    aboveRoot: above,
    // Leaves of groups in which bundle and tile agree are of no further use, and would fill the memory of a long log.
    bundleLeaves: drop ? [] : bundleLeaves,
    tileLeaves: drop ? [] : tileLeaves,
    bundleFault,
    tileFault,
  }
}

/** Tiles of level 1 and above. `sound`: roots of the full groups, then the leaves of the last. */
export function checkUpperTiles(
  folder: LogFolder,
  size: number,
  sound: readonly Uint8Array[],
  report: ReportProblem,
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
            (expected.every((hash, place) => equal(hash, hashAt(tile.bytes, place)))
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

/** Collects what records name, to hold it against openings and program texts. */
export class RecordChecks {
  readonly #folder: LogFolder
  readonly #report: ReportProblem
  readonly #programs = new Map<string, { from: number; to: number }>()
  readonly #openingFiles = new Set<string>()
  #withheld = 0
  #opened = 0

  constructor(folder: LogFolder, report: ReportProblem) {
    this.#folder = folder
    this.#report = report
  }

  get openings(): { readonly withheld: number; readonly opened: number } {
    return { withheld: this.#withheld, opened: this.#opened }
  }

  /** `entries`: null where they cannot be read; then nothing can be said of their openings. */
  group(index: number, entries: readonly Uint8Array[] | null, file: string): void {
    this.#openingFiles.add(openingsPath(index))
    if (entries === null) return
    const withheld = new Map<number, Readonly<Record<string, string>>>()
    for (const [place, bytes] of entries.entries()) {
      const entry = index * tileWidth + place
      const record = parseRecord(bytes)
      if (record === undefined)
        this.#report('W4033', { file, from: entry, to: entry }, { why: 'is no record of a decision' })
      else this.#record(entry, record, withheld)
    }
    this.#openings(index, withheld)
  }

  finish(): void {
    for (const [digest, range] of this.#programs) {
      const file = programPath(digest)
      const text = this.#folder.read(file)
      if (text === undefined) this.#report('W4028', { file, ...range }, { why: 'is not there' })
      else if (hex(sha256(text)) !== digest) this.#report('W4028', { file, ...range }, { why: 'is another text' })
    }
    const known = new Set([...this.#programs.keys()].map(programPath))
    for (const file of this.#folder.files('programs'))
      if (!known.has(file) && !isProgram(this.#folder, file))
        this.#report('W4026', { file }, { why: 'is no program text' })
    for (const file of this.#folder.files('openings'))
      if (!this.#openingFiles.has(file)) this.#report('W4026', { file }, { why: 'opens nothing' })
  }

  #record(entry: number, record: DecisionRecord, withheld: Map<number, Readonly<Record<string, string>>>): void {
    const { digest } = record.policy
    const range = this.#programs.get(digest)
    if (range === undefined) this.#programs.set(digest, { from: entry, to: entry })
    else range.to = entry
    if (record.withheld === undefined) return
    withheld.set(entry, record.withheld)
    this.#withheld += Object.keys(record.withheld).length
  }

  #openings(index: number, withheld: ReadonlyMap<number, Readonly<Record<string, string>>>): void {
    const file = openingsPath(index)
    const text = this.#folder.read(file)
    if (text === undefined) return
    const first = index * tileWidth
    const lines = text.toString('utf8').split('\n')
    const whole = Buffer.from(lines.join('\n')).equals(text)
    for (const [place, line] of lines.entries()) {
      if (line === '' && place === lines.length - 1) continue
      const opening = whole ? parseOpening(line) : undefined
      const committed = opening && withheld.get(opening.entry)?.[opening.path]
      if (opening !== undefined && committed !== undefined && opens(sha256, opening, committed)) {
        this.#opened++
        continue
      }
      const range =
        opening === undefined ? { from: first, to: first + tileWidth - 1 } : { from: opening.entry, to: opening.entry }
      // Openings are written with the batch, so the last file may be ahead of the checkpoint.
      if (opening !== undefined && !withheld.has(opening.entry) && withheld.size === 0) continue
      const why =
        opening === undefined ? 'this is no opening' : `it does not open ${opening.path} of entry ${opening.entry}`
      this.#report('W4027', { file, ...range }, { line: place + 1, why })
    }
  }
}

function isProgram(folder: LogFolder, file: string): boolean {
  const text = folder.read(file)
  return text !== undefined && programPath(hex(sha256(text))) === file
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

function equal(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && Buffer.compare(a, b) === 0
}
