/**
 * How the engine's benchmarks measure: both sides in one process, in turn, so that a busy machine slows both; medians of the
 * wall time of each. A row is one JSON line, which bench/run.ts collects.
 */

/** Work that is measured: does something and says to how many events. */
export type Work = () => number

export interface Rates {
  /** Events per second. */
  readonly value: number
  readonly peers: readonly number[]
}

/** Rounds before the clock counts, so that the compilers of JavaScript have done their work on both sides. */
const warmUp = 3

/** Runs all in turn, `rounds` times after those to warm up. */
export function rates(rounds: number, work: Work, ...peers: readonly Work[]): Rates {
  const all = [work, ...peers]
  const measured = all.map(() => [] as number[])
  for (let round = -warmUp; round < rounds; round++)
    all.forEach((each, place) => {
      const started = performance.now()
      const events = each()
      const rate = (events / (performance.now() - started)) * 1000
      if (round >= 0) measured[place]?.push(rate)
    })
  const [value = Number.NaN, ...others] = measured.map(median)
  return { value, peers: others }
}

export interface Row {
  readonly name: string
  /** Events per second, here and of the peer; the goal as well. */
  readonly value: number
  readonly goal: number | null
  readonly peer: { readonly name: string; readonly value: number }
}

/** In millions. */
export function print({ name, value, goal, peer }: Row): void {
  console.log(
    JSON.stringify({
      name,
      value: millions(value),
      unit: 'M events/s',
      goal: goal && millions(goal),
      peer: { name: peer.name, value: millions(peer.value) },
      ratio: Number((value / peer.value).toPrecision(3)),
    }),
  )
}

function millions(value: number): number {
  return Number((value / 1e6).toPrecision(3))
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
