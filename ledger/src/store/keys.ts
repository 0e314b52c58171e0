/** Texts as whole numbers of 52 bits, for indexes: texts that differ may share one, so whoever finds by it looks at the text as well. */

/** As `keyOf`, in 31 bits: half the room, for what is looked at anyhow. */
export function smallKeyOf(text: string): number {
  return keyOf(text) % 0x80000000
}

/** Two rounds of FNV-1a over UTF-16 units, mixed; the same on every machine. */
export function keyOf(text: string): number {
  let low = 0x811c9dc5
  let high = 0x01000193
  for (let place = 0; place < text.length; place++) {
    const unit = text.charCodeAt(place)
    low = Math.imul(low ^ unit, 0x01000193)
    high = Math.imul(high ^ (unit + place), 0x85ebca6b)
    high ^= high >>> 13
  }
  low ^= low >>> 15
  return (high & 0xfffff) * 0x100000000 + (low >>> 0)
}
