/**
 * A run that is stopped and gone on with is the run in one: at every point of small generated logs, in pieces of any size, with ticks
 * in between, and closed at a deadline. A failure names its seed.
 */
import { type BuiltEvent, beginning, evaluate, fromInteger, LogBuilder, type Plan } from '@writ/engine'
import { describe, expect, test } from 'vitest'
import { generateLog } from './generated-log.ts'
import { generateProgram as generateMeasures } from './measures/program.ts'
import { withApprovals } from './obligations/approvals.ts'
import { generateProgram as generateObligations } from './obligations/program.ts'
import { checked, programOf } from './pair.ts'
import { atOnce, inOrder, inPieces } from './pieces.ts'
import { type Random, randomFrom } from './random.ts'

const programs = Number(process.env.WRIT_PIECES ?? 60)

function closingOf(random: Random, plan: Plan, events: readonly BuiltEvent[]): number | null {
  const last = events.at(-1)
  if (!last || random.chance(40)) return null
  const builder = new LogBuilder(plan.contracts)
  for (const event of events) builder.add(event)
  const { due, status } = evaluate(plan, builder.build()).obligations.instances
  const pending = Array.from(due).filter((time, i) => status[i] === 0 && Number.isFinite(time))
  return Math.max(last.time, pending.length === 0 ? last.time : random.pick(pending) + random.pick([-1, 0, 0, 1]))
}

const kinds = [
  { of: 'obligations', least: 8, planOf: (seed: number) => checked(generateObligations(randomFrom(seed))).plan },
  {
    of: 'measures',
    least: 0,
    planOf: (seed: number) => checked(generateMeasures(randomFrom(seed)) ?? '').plan,
  },
  { of: 'decisions', least: 0, planOf: (seed: number) => programOf(seed).plan },
]

describe.each(kinds)('pieces of $of', ({ planOf, least }) => {
  test(`of ${programs} programs`, { timeout: 600_000 }, () => {
    let transitions = 0
    let effects = 0
    for (let seed = 1; seed <= programs; seed++) {
      const plan = planOf(seed)
      if (plan === null) continue
      const random = randomFrom(seed * 31)
      const events = inOrder(withApprovals(random, plan, generateLog(random, plan)))
      const closeAt = closingOf(random, plan, events)
      const whole = atOnce(plan, events, closeAt)
      transitions += whole.transitions.length
      effects += whole.effects.length
      const cut = random.between(0, events.length)
      const cuts = { one: () => 1, two: sizes(cut, events.length), any: () => random.between(1, 20) }
      const { one, two, any } = cuts
      const tick = (last: number, next: number) => (random.chance(50) ? random.pick([last, next]) : null)
      const small = events.length <= 40
      for (const [name, options] of Object.entries({
        one: { size: small ? one : any },
        two: { size: two },
        any: { size: any, tick },
      }))
        expect(inPieces(plan, events, { ...options, closeAt }), `seed ${seed}, ${name}`).toEqual(whole)
    }
    expect(Math.min(transitions, effects)).toBeGreaterThanOrEqual(least * programs)
  })
})

function sizes(first: number, all: number): () => number {
  let begun = false
  return () => {
    const size = begun ? all : first
    begun = true
    return size
  }
}

test('a run of many blocks of decisions', () => {
  const { plan } = checked(`module many
contract Paid version 1.0.0 { id: String key  amount: Int }
policy p version 1.0.0 {
  on Paid as p
  default permit
  rule odd when p.amount in [1, 3, 5, 7, 9] deny
  rule large when p.amount > 6 warn
}
`)
  if (plan === null) throw new Error('the program has errors')
  const random = randomFrom(5)
  const events: BuiltEvent[] = Array.from({ length: 10_000 }, (_, index) => ({
    contract: 0,
    time: index,
    file: 'stream',
    index,
    fields: { id: `${index}`, amount: fromInteger(random.between(0, 9)) },
  }))
  for (const size of [4096, 4095, 1000, 5000])
    expect(inPieces(plan, events, { size: () => size }).hash).toBe(atOnce(plan, events, null).hash)
})

test('a continuation of another program or form is refused', () => {
  const planOf = (version: string): Plan => {
    const { plan } = checked(`module m
contract Paid version 1.0.0 { id: String key }
policy p version ${version} { on Paid as p  default permit }
`)
    if (plan === null) throw new Error('the program has errors')
    return plan
  }
  const plan = planOf('1.0.0')
  const log = new LogBuilder(plan.contracts).build()
  const resume = { continuation: beginning(planOf('1.0.1')), seqs: [] }
  expect(() => evaluate(plan, log, { resume })).toThrow('it is of another program, or of another version of this one')
  const newer = JSON.parse(JSON.stringify({ ...beginning(plan), version: 99 }))
  expect(() => evaluate(plan, log, { resume: { continuation: newer, seqs: [] } })).toThrow(
    'it has form 99, and this version of Writ goes on from form 1',
  )
})
