/** The slow and the fast measuring agree on generated programs and logs, closed or not; a failure names its seed. */
import { columnView, type Measures } from '@writ/engine'
import { expect, test } from 'vitest'
import { generateLog } from '../generated-log.ts'
import { withApprovals } from '../obligations/approvals.ts'
import { checked, judge, logOf } from '../pair.ts'
import { randomFrom } from '../random.ts'
import { generateProgram } from './program.ts'

const programs = Number(process.env.WRIT_MEASURES ?? 120)
const logsPerProgram = 2

test(`on ${programs} programs, ${logsPerProgram} logs each`, { timeout: 600_000 }, () => {
  const seen = new Map<string, number>()
  const refused: string[] = []
  for (let seed = 1; seed <= programs; seed++) {
    const text = generateProgram(randomFrom(seed))
    if (text === null) continue
    const { plan, problems } = checked(text)
    if (!plan) {
      refused.push(`seed ${seed}: ${problems.join('\n')}`)
      continue
    }
    for (const { of, function: name } of plan.indicators) for (const what of [of.kind, name]) count(seen, what)
    for (let log = 0; log < logsPerProgram; log++) {
      const random = randomFrom(seed * 31 + log)
      const events = withApprovals(random, plan, generateLog(random, plan))
      const view = columnView(logOf(plan, events, true), plan.contracts)
      const last = view.size === 0 ? 0 : view.event(view.size - 1).time
      const closeAt = random.chance(50) ? last + random.pick([0, 1, 250, 600_000, 86_400_000]) : null
      const { reference, difference } = judge(plan, events, closeAt)
      expect(difference, `seed ${seed}, log ${log}\n${text}`).toBe(null)
      countAll(seen, reference.measures)
    }
  }
  console.log(Object.fromEntries([...seen].sort()))
  expect(refused).toEqual([])
  for (const what of everything) expect(seen.get(what) ?? 0, what).toBeGreaterThan(2)
})

const everything = [
  ...['events', 'decisions', 'outcomes', 'share', 'count', 'distinct', 'sum', 'avg', 'min', 'max', 'quantile'],
  ...[
    'value',
    'left out',
    'breach',
    'breach that ended',
    'alert',
    'alert that ended',
    'quality',
    'gap',
    'gap that ended',
  ],
]

function countAll(seen: Map<string, number>, { indicators, objectives, qualities, freshness }: Measures): void {
  for (const { keys, leftOut } of indicators) {
    if (leftOut > 0) count(seen, 'left out')
    for (const { value } of keys) if (value !== null) count(seen, 'value')
  }
  for (const { breaches, alerts } of objectives.flatMap(({ keys }) => keys)) {
    for (const { until } of breaches) count(seen, until === null ? 'breach' : 'breach that ended')
    for (const { until } of alerts.flat()) count(seen, until === null ? 'alert' : 'alert that ended')
  }
  for (const { episodes } of qualities) for (const _ of episodes) count(seen, 'quality')
  for (const { gaps } of freshness) for (const { until } of gaps) count(seen, until === null ? 'gap' : 'gap that ended')
}

function count(seen: Map<string, number>, what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1)
}
