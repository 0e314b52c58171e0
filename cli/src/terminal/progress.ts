/**
 * How far a long piece of work is, on stderr: amount, rate and remaining time, once it has taken a second. On a terminal one
 * line that is drawn over and taken away at the end; with `--progress` elsewhere, a line early and then now and then.
 */
import type { Output } from './io.ts'
import { bytes, count, cut, elapsed, rate } from './text.ts'

export interface Progress {
  /** `done` of `total` bytes (total 0: not known) and how many events so far. Cheap to call often. */
  update(done: number, total: number, events: number): void
  /** Takes the line away. */
  finish(): void
}

const firstAfter = 1000
const firstWhenWanted = 50
const drawEvery = 100
const lineEvery = 2000

export function progressOn(output: Output, what: string, wanted: boolean, now: () => number): Progress {
  if (!output.terminal && !wanted) return { update: () => {}, finish: () => {} }
  const started = now()
  let next = started + (wanted ? firstWhenWanted : firstAfter)
  let drawn = false
  return {
    update: (done, total, events) => {
      const time = now()
      if (time < next) return
      next = time + (output.terminal ? drawEvery : lineEvery)
      const line = cut(progressLine(what, done, total, events, time - started), output.columns - 1)
      output.write(output.terminal ? `\r${line}\u001b[K` : `${line}\n`)
      drawn = true
    },
    finish: () => {
      if (drawn && output.terminal) output.write('\r\u001b[K')
    },
  }
}

/** `reading  412,000 events, 180 MB of 460 MB · 1.20 M events/s · 3 s left` */
export function progressLine(what: string, done: number, total: number, events: number, milliseconds: number): string {
  const share = total > 0 ? `${bytes(done)} of ${bytes(total)}` : bytes(done)
  const speed = milliseconds > 0 ? ` · ${rate((events * 1000) / milliseconds)} events/s` : ''
  const remaining = total > done && done > 0 ? (milliseconds * (total - done)) / done : undefined
  const left =
    remaining === undefined ? '' : ` · ${elapsed(Math.ceil(remaining / 1000) * 1000).replace('.0 s', ' s')} left`
  return `${what}  ${count(events)} events, ${share}${speed}${left}`
}
