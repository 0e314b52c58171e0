/**
 * Many pairs in a row: programs of consecutive seeds, several logs each. Failures are shrunk, printed by whoever asked, and
 * kept in test/failing-seeds/.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventsOf, judge, programOf } from './pair.ts'
import { shrink } from './shrink.ts'
import { Statistics } from './statistics.ts'

export interface Failure {
  readonly seed: number
  /** Everything that is needed to see it again: the difference, the smallest program and log. */
  readonly report: string
}
export interface Campaign {
  readonly statistics: Statistics
  readonly failures: readonly Failure[]
  /** Programs that the checker refused although they should check clean, with its reasons. */
  readonly refused: readonly Failure[]
}

/** Judges the programs of the seeds, `logs` logs each. Stops after a few failures: the rest would be the same again. */
export function campaign(
  seeds: Iterable<number>,
  logs: number,
  onProgress: (statistics: Statistics) => void = () => {},
): Campaign {
  const statistics = new Statistics()
  const failures: Failure[] = []
  const refused: Failure[] = []
  for (const seed of seeds) {
    const { text, plan, problems } = programOf(seed)
    if (!plan) {
      statistics.refused++
      refused.push({ seed, report: `seed ${seed}: the checker refuses it\n${problems.join('\n')}` })
      continue
    }
    statistics.addProgram(plan)
    for (let index = 0; index < logs; index++) {
      const events = eventsOf(seed, index, plan)
      const { reference, difference } = judge(plan, events)
      statistics.addRun(events.length, reference)
      if (difference !== null) {
        failures.push(failureOf(seed, index, text, difference))
        break
      }
    }
    onProgress(statistics)
    if (failures.length >= mostFailures) break
  }
  return { statistics, failures, refused }
}

const mostFailures = 5
const folder = join(import.meta.dirname, '..', 'failing-seeds')

function failureOf(seed: number, index: number, text: string, difference: string): Failure {
  const { plan } = programOf(seed)
  if (!plan) throw new Error(`the program of seed ${seed} was fine before`)
  const small = shrink(text, eventsOf(seed, index, plan), difference)
  const report = [
    `seed ${seed}, log ${index}: ${difference}`,
    `smallest found: ${small.difference}`,
    small.text,
    JSON.stringify(small.events, readable, 1),
  ].join('\n')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${seed}-${index}.txt`), `${report}\n\noriginal program:\n${text}\n`)
  return { seed, report }
}

function readable(_: string, value: unknown): unknown {
  if (typeof value === 'symbol') return value.description
  if (typeof value !== 'object' || value === null || !('n' in value) || !('d' in value)) return value
  return value.d === 1n ? String(value.n) : `${value.n}/${value.d}`
}
