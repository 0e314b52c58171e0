/** How far a share that was counted on a sample may be from that of all events: the interval of Wilson (1927), without continuity correction. */

export interface Share {
  readonly share: number
  /** Both ends of the interval that holds the true share with 95% confidence, where the log is a random sample. */
  readonly low: number
  readonly high: number
}

/** `part` of `whole`; null of nothing. */
export function shareOf(part: number, whole: number): Share | null {
  if (whole === 0) return null
  const z = 1.959963984540054
  const share = part / whole
  const spread = 1 + (z * z) / whole
  const centre = (share + (z * z) / (2 * whole)) / spread
  const half = (z / spread) * Math.sqrt((share * (1 - share)) / whole + (z * z) / (4 * whole * whole))
  return {
    share,
    low: part === 0 ? 0 : Math.max(0, centre - half),
    high: part === whole ? 1 : Math.min(1, centre + half),
  }
}
