/** Rollouts: which stages they come to and why, and which decisions count. Both evaluators have to agree on each example. */
import {
  columnView,
  decisionWords,
  effectiveDecisions,
  evaluate,
  referenceRun,
  stageName,
  unknown,
  type Value,
} from '@writ/engine'
import { expect, test } from 'vitest'
import { at, type Fields, logOf, planOf, type TestEvent } from './judge.ts'

/** Payments of agents; an old policy that denies above 100, and a new one that denies above 50. */
function program(items: string, more = ''): string {
  return `contract Paid version 1.0.0 { agent: String?  amount: Int  fine: Bool  check fine else reject }
contract Other version 1.0.0 { n: Int }
policy old version 1.0.0 { on Paid as p default permit rule large when p.amount > 100 deny }
policy fresh version 2.0.0 { on Paid as p default permit rule large when p.amount > 50 deny rule middle when p.amount > 20 hold }
${more}
rollout careful of fresh version 2.0.0 { ${items} }`
}

function paid(time: string, amount = 10, fields: Fields = {}): TestEvent {
  return at(time, 'Paid', { agent: 'a', amount, fine: true, ...fields })
}

interface Told {
  /** Time, cause, the stages, the event that caused it and its figures. */
  readonly changes: readonly string[]
  /** By decision that counts: the event and the policy. */
  readonly counting: readonly string[]
  /** By event: what holds, and of which policy. */
  readonly holds: readonly string[]
}

function told(text: string, events: readonly TestEvent[], closeAt?: string): Told {
  const plan = planOf(text)
  const log = logOf(plan, events)
  const closed = closeAt === undefined ? null : { closedAt: at(closeAt, '').time }
  const result = referenceRun(plan, columnView(log, plan.contracts), closed)
  const fast = evaluate(plan, log, closed === null ? {} : { closeAt: closed.closedAt })
  expect(fast.rollouts).toEqual(result.rollouts)
  expect(fast.hash).toBe(result.hash)
  const { changes, counts } = result.rollouts
  const { seq, policy, size } = result.decisions
  const effective = effectiveDecisions(plan, result)
  return {
    changes: changes.map(({ rollout, cause, at: time, by, from, to, figures }) => {
      const found = plan.rollouts[rollout]
      if (!found) throw new Error('a change is of a rollout')
      const clock = new Date(time).toISOString().slice(11).replace(':00.000Z', '').replace('.000Z', '')
      const numbers = figures.map(({ value, of }) => (of === null ? ` ${value}` : ` ${value}/${of}`)).join('')
      return `${clock} ${cause}: ${stageName(found, from)} -> ${stageName(found, to)}${by < 0 ? '' : ` by ${by}`}${numbers}`
    }),
    counting: Array.from({ length: size }, (_, i) => i)
      .filter(i => counts?.[i] === 1)
      .map(i => `${seq[i]} ${plan.policies[policy[i] ?? 0]?.name}`),
    holds: Array.from(
      { length: effective.size },
      (_, i) => `${decisionWords[effective.decision[i] ?? 0]} of ${plan.policies[effective.policy[i] ?? 0]?.name}`,
    ),
  }
}

test('in shadow it does not count; afterwards it is in force, from the first event behind the last moment', () => {
  const events = ['09:00', '09:30', '10:00', '10:00:00.001'].map(time => paid(time, 60))
  expect(told(program('shadow for 1h'), events)).toEqual({
    changes: ['09:00 started: waiting -> shadow by 0', '10:00 over: shadow -> in force'],
    counting: ['0 old', '1 old', '2 old', '3 old', '3 fresh'],
    holds: ['permit of old', 'permit of old', 'permit of old', 'deny of fresh'],
  })
})

test('`from` is the first moment; before it the policy is in shadow', () => {
  const events = ['08:59:59.999', '09:00', '10:00:00.001'].map(time => paid(time))
  expect(told(program('from 2026-11-20T09:00:00Z canary 100% by agent for 1h'), events)).toEqual({
    changes: ['09:00 started: waiting -> canary 100%', '10:00 over: canary 100% -> in force'],
    counting: ['0 old', '1 old', '1 fresh', '2 old', '2 fresh'],
    holds: ['permit of old', 'permit of old', 'permit of old'],
  })
})

test('several stages can pass between two events, each at its own moment; rejected events show the time too', () => {
  const events = [paid('09:00'), paid('12:00', 10, { fine: false }), paid('12:01')]
  expect(told(program('shadow for 1h canary 10% by agent for 30m canary 50% by agent for 10m'), events)).toMatchObject({
    changes: [
      '09:00 started: waiting -> shadow by 0',
      '10:00 over: shadow -> canary 10%',
      '10:30 over: canary 10% -> canary 50%',
      '10:40 over: canary 50% -> in force',
    ],
    counting: ['0 old', '2 old', '2 fresh'],
  })
})

test('a canary counts for those whose bucket is below its share, and keeps them when it grows', () => {
  // The SHA-256 of ["careful","a"], ["careful","b"] and ["careful","d"] begins with 375f, 740a and 54ca: 22 %, 45 % and 33 %.
  const stages = 'canary 25% by agent for 1h canary 40% by agent for 1h'
  const agents: readonly Value[] = ['a', 'b', 'd', unknown]
  const events = ['09:00', '10:30'].flatMap(time => agents.map(agent => paid(time, 10, { agent })))
  const counting = told(program(stages), events).counting.filter(one => one.endsWith('fresh'))
  expect(counting).toEqual(['0 fresh', '4 fresh', '6 fresh'])
})

test('what it replaces does not count where it does, and nowhere else', () => {
  const events = [paid('09:00', 200, { agent: 'a' }), paid('09:00', 200, { agent: 'b' })]
  expect(told(program('replaces old canary 25% by agent for 1h'), events)).toMatchObject({
    counting: ['0 fresh', '1 old'],
    holds: ['deny of fresh', 'deny of old'],
  })
})

test('promoted by the first event behind the time of the stage after which the condition holds', () => {
  const items = 'shadow for 1h canary 100% by agent promote when count of decisions >= 2 until 2026-12-31'
  const events = ['09:00', '09:10', '10:00', '10:01', '10:02', '10:03'].map(time => paid(time, 60))
  expect(told(program(items), events)).toEqual({
    changes: [
      '09:00 started: waiting -> shadow by 0',
      '10:00 promoted: shadow -> canary 100% by 2 3',
      '10:02 promoted: canary 100% -> in force by 4 2',
    ],
    counting: ['0 old', '1 old', '2 old', '3 old', '3 fresh', '4 old', '4 fresh', '5 old', '5 fresh'],
    holds: ['permit of old', 'permit of old', 'permit of old', 'deny of fresh', 'deny of fresh', 'deny of fresh'],
  })
})

test('rolled back for good by the event after which the condition holds; the event itself is decided as before', () => {
  const items = 'canary 100% by agent for 1h rollback when share(deny) of decisions over 10m > 40%'
  const events = [paid('09:00'), paid('09:05', 60), paid('09:11', 60), paid('09:12'), paid('11:00')]
  expect(told(program(items), events)).toMatchObject({
    changes: ['09:00 started: waiting -> canary 100% by 0', '09:05 rolled-back: canary 100% -> rolled back by 1 1/2'],
    counting: ['0 old', '0 fresh', '1 old', '1 fresh', '2 old', '3 old', '4 old'],
  })
})

test('a range is (t - D, t]: what is as old as it is long is no longer in it', () => {
  const items = 'shadow for 2h rollback when (count of decisions where deny over 10m) >= 2'
  const changes = (time: string) => told(program(items), [paid('09:00', 60), paid(time, 60)]).changes.slice(1)
  expect(changes('09:10')).toEqual([])
  expect(changes('09:09:59.999')).toEqual(['09:09:59.999Z rolled-back: shadow -> rolled back by 1 2'])
})

test('a rollback comes before a promotion, and nothing is asked before the first stage or after the last', () => {
  const items = 'shadow promote when count of decisions >= 1 rollback when count of decisions >= 1 until 2026-12-31'
  expect(told(program(items), [paid('09:00'), paid('09:01')]).changes).toEqual([
    '09:00 started: waiting -> shadow by 0',
    '09:00 rolled-back: shadow -> rolled back by 0 1',
  ])
})

test('not in force by `until`: rolled back; in force exactly then: in time', () => {
  const until = 'until 2026-11-20T10:00:00Z'
  const events = [paid('09:00'), paid('10:00'), paid('10:00:00.001')]
  expect(told(program(`shadow for 61m ${until}`), events).changes.slice(1)).toEqual([
    '10:00 expired: shadow -> rolled back',
  ])
  expect(told(program(`shadow for 1h ${until}`), events).changes.slice(1)).toEqual(['10:00 over: shadow -> in force'])
  expect(told(program(`shadow for 1h ${until}`), [at('11:00', 'Other', { n: 1 })]).changes).toEqual([
    '10:00 expired: waiting -> rolled back',
  ])
})

test('closing the log shows that time has passed', () => {
  const items = program('shadow for 1h canary 50% by agent for 1h')
  expect(told(items, [paid('09:00')], '09:59').changes).toHaveLength(1)
  expect(told(items, [paid('09:00')], '10:00').changes[1]).toBe('10:00 over: shadow -> canary 50%')
})

test('against what would hold without it: stricter, milder, and whether it counts', () => {
  const items = (when: string) => `replaces old shadow for 1h rollback when ${when}`
  const last = (when: string, amount: number) =>
    told(program(items(when)), [paid('09:00', amount)]).changes.length === 2
  expect(last('(count of decisions where stricter) >= 1', 60)).toBe(true)
  expect(last('(count of decisions where stricter) >= 1', 10)).toBe(false)
  expect(last('(count of decisions where milder) >= 1', 200)).toBe(false)
  expect(last('share(not stricter) of decisions > 50%', 10)).toBe(true)
  expect(last('(count of decisions where counts) >= 1', 10)).toBe(false)
  expect(last('(count of decisions where rule == "middle") >= 1', 30)).toBe(true)
  expect(last('(count of decisions where rule == "") >= 1', 10)).toBe(true)
})

test('a share of nothing is unknown, and what is unknown does not hold', () => {
  const items = (when: string) => program(`shadow for 1h rollback when ${when}`)
  const back = (when: string) => told(items(when), [paid('09:00')]).changes.length === 2
  expect(back('(share(deny) of decisions where hold over 1d) < 100%')).toBe(false)
  expect(back('not ((share(deny) of decisions where hold over 1d) < 100%)')).toBe(false)
  expect(back('(share(deny) of decisions where hold over 1d) < 100% or count of decisions == 1')).toBe(true)
})

test('conditions of any form, also those that are no comparison with a constant', () => {
  const items = (when: string) => program(`shadow for 1h rollback when ${when}`, 'define few = 2')
  const events = [paid('09:00', 60), paid('09:01', 60), paid('09:02')]
  const back = (when: string) => told(items(when), events).changes[1]
  expect(back('count of decisions over 1h > few')).toBe('09:02 rolled-back: shadow -> rolled back by 2 3')
  expect(back('2 < count of decisions')).toBe('09:02 rolled-back: shadow -> rolled back by 2 3')
  expect(back('count of decisions over 1h - (count of decisions where deny) == 1')).toBe(
    '09:02 rolled-back: shadow -> rolled back by 2 3 2',
  )
  expect(back('count of decisions in 2 .. 5')).toBe('09:01 rolled-back: shadow -> rolled back by 1 2')
})

test('figures of another policy, beside its own', () => {
  const items = 'shadow for 1h rollback when share(deny) of decisions > share(deny) of decisions of old'
  expect(told(program(items), [paid('09:00', 200), paid('09:01', 60)]).changes[1]).toBe(
    '09:01 rolled-back: shadow -> rolled back by 1 2/2 1/2',
  )
})

test('an indicator, of events and decisions up to the current one, of outcomes before its time', () => {
  const more = `policy waits { rule e after Paid as p where p.amount > 50 expect Other where it.n == p.amount within 1m else warn }
indicator denied = share(deny) of decisions of fresh by all over 10m
indicator many = count of Paid where amount > 5 by all over 1h
indicator late = count of outcomes of waits.e where breached by all over 1h`
  const items = (when: string) => program(`shadow for 2h rollback when ${when}`, more)
  const events = [paid('09:00', 60), paid('09:01', 10), paid('09:01:00.001', 10), paid('09:02', 10)]
  const change = (when: string) => told(items(when), events).changes[1]
  expect(change('denied <= 50%')).toBe('09:01 rolled-back: shadow -> rolled back by 1 1/2')
  expect(change('many > 2')).toBe('09:01:00.001Z rolled-back: shadow -> rolled back by 2 3')
  expect(change('late > 0')).toBe('09:01:00.001Z rolled-back: shadow -> rolled back by 2 1')
})

test('two rollouts go their own ways', () => {
  const other = `policy third version 1.0.0 { on Paid as p default warn }
rollout second of third { replaces fresh canary 100% by agent for 30m }`
  expect(told(program('canary 100% by agent for 20m', other), [paid('09:00'), paid('09:40')])).toEqual({
    changes: [
      '09:00 started: waiting -> canary 100% by 0',
      '09:00 started: waiting -> canary 100% by 0',
      '09:20 over: canary 100% -> in force',
      '09:30 over: canary 100% -> in force',
    ],
    counting: ['0 old', '0 third', '1 old', '1 third'],
    holds: ['warn of third', 'warn of third'],
  })
})
