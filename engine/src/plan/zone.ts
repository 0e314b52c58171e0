/** A time zone as data: what its clocks show, period by period. Where it comes from is zone/zones.ts. */
export interface Zone {
  readonly name: string
  /** The version of the data, such as `2026f`. */
  readonly data: string
  /** Where each period but the last ends: milliseconds since the epoch, ascending, exclusive. */
  readonly until: readonly number[]
  /** By period: how far its clocks are ahead of UTC, in milliseconds; one more than `until`. */
  readonly offset: readonly number[]
}
