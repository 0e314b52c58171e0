/** Indicators, objectives and the promises of contracts, as small runs whose figures can be checked by hand; each judged by both evaluators. */
import { columnView, evaluate, type Measures, referenceRun } from '@writ/engine'
import { describe, expect, test } from 'vitest'
import { at, logOf, planOf, type TestEvent } from './judge.ts'

function measuresOf(program: string, events: readonly TestEvent[], closeAt?: string): Measures {
  const plan = planOf(program)
  const log = logOf(plan, events)
  const closed = closeAt === undefined ? null : at(closeAt, '').time
  const reference = referenceRun(plan, columnView(log, plan.contracts), closed === null ? null : { closedAt: closed })
  const found = evaluate(plan, log, closed === null ? {} : { closeAt: closed })
  expect(found.measures).toEqual(reference.measures)
  expect(found.hash).toBe(reference.hash)
  return reference.measures
}

function clock(time: number | null | undefined): string | null {
  return time === null || time === undefined ? null : new Date(time).toISOString().slice(11, 19)
}

const paid = `
contract Paid version 1.0.0 { id: String key  who: String  amount: Money<EUR> }
contract Settled version 1.0.0 { paid: String key }
policy pay version 1.0.0 {
  on Paid as p
  default permit
  rule large when p.amount > 100 EUR deny
  rule settled after Paid as i expect Settled where it.paid == i.id within 10m
}
`
function pay(time: string, id: string, who: string, euros: number): TestEvent {
  return at(time, 'Paid', { id, who, amount: { amount: { n: BigInt(euros), d: 1n }, currency: 'EUR' } })
}

describe('indicators', () => {
  const events = [
    pay('09:00', 'p1', 'ana', 50),
    pay('09:10', 'p2', 'bo', 500),
    at('09:12', 'Settled', { paid: 'p2' }),
    pay('09:20', 'p3', 'ana', 300),
    pay('09:40', 'p4', 'ana', 20),
  ]

  test('a share of decisions, by key, over the last half hour', () => {
    const { indicators, endedAt } = measuresOf(
      `${paid}indicator denied = share(deny) of decisions of pay by who over 30m`,
      events,
    )
    expect(clock(endedAt)).toBe('09:40:00')
    expect(indicators).toEqual([
      {
        leftOut: 0,
        keys: [
          { key: ['ana'], value: '1/2', points: 2, good: 1 },
          // The window is (09:10, 09:40].
          { key: ['bo'], value: null, points: 0, good: 0 },
        ],
      },
    ])
  })

  test('outcomes happen when they are met, or when the deadline passes', () => {
    const { indicators } = measuresOf(
      `${paid}
indicator in_time = share(fulfilled) of outcomes of pay.settled over 1h
indicator took = max(took) of outcomes of pay.settled where fulfilled over 1h
indicator late = count of outcomes of pay.settled where breached and amount > 40 EUR over 1h`,
      events,
      '09:50',
    )
    expect(indicators.map(({ keys }) => keys[0])).toEqual([
      { key: [], value: '1/4', points: 4, good: 1 },
      { key: [], value: '120000', points: 1, good: null },
      { key: [], value: '2', points: 2, good: null },
    ])
  })

  test('sums, averages, quantiles and calendar units of events', () => {
    const { indicators } = measuresOf(
      `${paid}
indicator spent = sum(amount) of Paid by who per day in "Europe/Zurich"
indicator usual = quantile(amount, 50%) of Paid over 1d
indicator mean = avg(amount) of Paid where amount < 400 EUR over 1d
indicator people = distinct(who) of Paid over 1d`,
      events,
    )
    expect(indicators.map(({ keys }) => keys.map(({ key, value }) => [...key, value].join(' ')))).toEqual([
      ['ana 370', 'bo 500'],
      ['50'],
      ['370/3'],
      ['2'],
    ])
  })
})

describe('objectives', () => {
  const checked = `
contract Check version 1.0.0 { ok: Bool }
indicator up = share(ok) of Check over 1h
`
  const answer = (time: string, ok: boolean) => at(time, 'Check', { ok })

  test('the first moment of breach, its worst value, and what is left of the budget', () => {
    const { objectives } = measuresOf(`${checked}objective available of up { target >= 75% over 1h }`, [
      answer('09:00', true),
      answer('09:10', true),
      answer('09:20', true),
      answer('09:30', false),
      answer('09:40', false),
      answer('09:50', false),
      answer('10:35', true),
      answer('10:55', true),
    ])
    expect(objectives[0]?.keys).toEqual([
      {
        key: [],
        value: '1',
        points: 2,
        good: 2,
        met: true,
        remaining: '1',
        breaches: [
          {
            from: at('09:40', '').time,
            seq: 4,
            until: at('10:55', '').time,
            figures: ['3/5'],
            points: 5,
            good: 3,
            worst: '1/3',
          },
        ],
        alerts: [],
      },
    ])
  })

  test('an alert is raised while the budget burns too fast in a long and a short window', () => {
    const { objectives } = measuresOf(
      `${checked}objective available of up {
  target >= 90% over 30d
  warn "page somebody" when burn > 2 over 1h and burn > 2 over 5m
  warn when remaining < 0%
}`,
      [
        answer('09:00', true),
        answer('09:01', true),
        answer('09:02', false), // 1 of 3 in both: burns 3.33 times too fast
        answer('09:30', true), // nothing missed in the last 5 minutes
        answer('09:31', true),
      ],
    )
    const [page = [], spent = []] = objectives[0]?.keys[0]?.alerts ?? []
    expect(page.map(({ from, until, figures }) => [clock(from), clock(until), figures])).toEqual([
      ['09:02:00', '09:30:00', ['10/3', '10/3']],
    ])
    expect(spent.map(({ from, until, figures }) => [clock(from), clock(until), figures])).toEqual([
      ['09:02:00', null, ['-7/3']],
    ])
    expect(objectives[0]?.keys[0]).toMatchObject({ met: false, value: '4/5', remaining: '-1' })
  })

  test('a limit on a sum is a budget: what is left of it, and how fast it goes', () => {
    const { objectives } = measuresOf(
      `${paid}indicator spent = sum(amount) of Paid by who over 30d
objective budget of spent { target <= 900 EUR  warn when burn > 24 over 1d  warn when remaining < 50% }`,
      [pay('09:00', 'p1', 'ana', 400), pay('10:00', 'p2', 'ana', 400), pay('11:00', 'p3', 'ana', 400)],
    )
    const [key] = objectives[0]?.keys ?? []
    expect(key).toMatchObject({ key: ['ana'], value: '1200', met: false, remaining: '-1/3' })
    expect(key?.breaches.map(({ from, figures }) => [clock(from), figures])).toEqual([['11:00:00', ['1200']]])
    // 800 EUR in a day of the 30 EUR that a day has: 26.7 times too fast.
    expect(key?.alerts.map(episodes => episodes.map(({ from, figures }) => [clock(from), figures]))).toEqual([
      [['10:00:00', ['80/3']]],
      [['10:00:00', ['1/9']]],
    ])
  })
})

describe('promises of contracts', () => {
  const contract = (items: string) =>
    `contract Tick version 1.0.0 { id: String key  n: Int?  check (n ?? 1) > 0\n ${items} }\ncontract Other version 1.0.0 { n: Int }`
  const tick = (time: string, id: string, fields: TestEvent['fields'] = {}) => at(time, 'Tick', { id, ...fields })

  test('completeness begins and ends to be too low, with figures', () => {
    const { qualities } = measuresOf(contract('quality completeness(n) >= 50% over 1h'), [
      tick('09:00', 'a', { n: 1 }),
      tick('09:10', 'b'),
      tick('09:20', 'c'),
      at('09:30', 'Other', { n: 1 }),
      tick('09:40', 'd', { n: 0 }), // rejected, and complete
    ])
    expect(qualities).toMatchObject([{ value: '1/2', points: 4, good: 2 }])
    expect(
      qualities[0]?.episodes.map(({ from, until, figures, worst }) => [clock(from), clock(until), figures, worst]),
    ).toEqual([['09:20:00', '09:40:00', ['1/3'], '1/3']])
  })

  test('validity of all checks, uniqueness and volume', () => {
    const { qualities } = measuresOf(
      contract('quality validity() >= 90% over 1h quality uniqueness(id) > 99% over 1h quality volume() >= 2 over 10m'),
      [
        tick('09:00', 'a', { n: 1 }),
        tick('09:01', 'a', { n: 0 }),
        tick('09:02', 'a', { n: 2 }),
        at('09:11', 'Other', { n: 1 }),
        at('09:30', 'Other', { n: 1 }),
      ],
    )
    expect(qualities.map(({ episodes }) => episodes.map(({ from, figures }) => [clock(from), figures]))).toEqual([
      [['09:01:00', ['1/2']]],
      [['09:02:00', ['1/2']]],
      [['09:11:00', ['1']]],
    ])
  })

  test('freshness: a gap begins when an event was due, and ends with the next one', () => {
    const { freshness } = measuresOf(
      contract('freshness 5m'),
      [
        tick('09:00', 'a'),
        tick('09:05', 'b'),
        at('09:10', 'Other', { n: 1 }),
        at('09:12', 'Other', { n: 1 }),
        tick('09:13', 'c'),
      ],
      '09:18:01',
    )
    expect(freshness[0]?.gaps.map(({ from, seq, until }) => [clock(from), seq, clock(until)])).toEqual([
      ['09:10:00', 3, '09:13:00'],
      ['09:18:00', -1, null],
    ])
  })

  test('a contract that promises nothing changes no hash', () => {
    const events = [tick('09:00', 'a')]
    const plan = planOf(contract(''))
    const promising = planOf(contract('freshness 5m'))
    const hashes = [plan, promising].map(one => evaluate(one, logOf(one, events)).hash)
    expect(hashes[0]).not.toBe(hashes[1])
  })
})
