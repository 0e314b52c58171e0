/**
 * The layout of a tiled log on disk (C2SP tlog-tiles): paths of hash tiles and entry bundles, and the form of a bundle.
 * A tile holds up to 256 hashes of one level; level 0 are leaves, each higher level the roots of 256 below.
 */

export const tileWidth = 256
export const maximumEntryBytes = 65_535

/** `tile/0/x001/x234/067`, with `.p/W` for a tile that holds only W < 256 hashes. */
export function tilePath(level: number, index: number, width: number = tileWidth): string {
  return `tile/${level}/${indexPath(index)}${width === tileWidth ? '' : `.p/${width}`}`
}

/** `tile/entries/000`, likewise. */
export function entryBundlePath(index: number, width: number = tileWidth): string {
  return `tile/entries/${indexPath(index)}${width === tileWidth ? '' : `.p/${width}`}`
}

/** Which tiles a log of `size` leaves has, level by level: the full ones are `0 .. full - 1`, `partial` hashes stand in the one after. */
export function tilesOf(
  size: number,
): readonly { readonly level: number; readonly full: number; readonly partial: number }[] {
  const levels: { level: number; full: number; partial: number }[] = []
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / tileWidth)) {
    levels.push({ level, full: Math.floor(count / tileWidth), partial: count % tileWidth })
  }
  return levels
}

export type ReadBundle =
  | { readonly ok: true; readonly entries: readonly Uint8Array[] }
  | { readonly ok: false; readonly at: number; readonly why: string }

/** Splits an entry bundle: each entry after its length in two bytes, the higher first. */
export function readEntryBundle(bytes: Uint8Array): ReadBundle {
  const entries: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const high = bytes[at]
    const low = bytes[at + 1]
    if (high === undefined || low === undefined) return { ok: false, at, why: 'the length of an entry is cut off' }
    const start = at + 2
    const end = start + high * 256 + low
    if (end > bytes.length)
      return { ok: false, at, why: `an entry of ${end - start} bytes is cut off after ${bytes.length - start}` }
    if (entries.length === tileWidth) return { ok: false, at, why: `a bundle has at most ${tileWidth} entries` }
    entries.push(bytes.subarray(start, end))
    at = end
  }
  return { ok: true, entries }
}

/** The reverse of `readEntryBundle` for one entry; throws over 65,535 bytes, which the writer refuses earlier. */
export function bundleEntry(entry: Uint8Array): Uint8Array {
  if (entry.length > maximumEntryBytes)
    throw new RangeError(`an entry of a tiled log has at most ${maximumEntryBytes} bytes`)
  const bytes = new Uint8Array(entry.length + 2)
  bytes[0] = entry.length >> 8
  bytes[1] = entry.length & 255
  bytes.set(entry, 2)
  return bytes
}

/** Groups of three digits, all but the last behind an x: 1234067 is `x001/x234/067`. */
function indexPath(index: number): string {
  const digits = String(index)
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0')
  return (padded.match(/\d{3}/g) ?? []).map((group, i, all) => (i === all.length - 1 ? group : `x${group}`)).join('/')
}
