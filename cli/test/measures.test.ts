/** Indicators, objectives and promises of contracts, on the command line: the report, its JSON, and the findings. */
import { expect, test } from 'vitest'
import { simulationSchema } from '../src/schemas.ts'
import { folder, writ } from './writ.ts'

const workspace = {
  'pay.writ': `module pay

contract Paid version 1.0.0 {
  id: String key
  at: Time time
  agent: String
  amount: Money<EUR>
  note: String?
  quality completeness(note) >= 50% over 1h
  freshness 10m
}

policy limits version 1.0.0 {
  on Paid as p
  default permit
  rule large when p.amount > 100 EUR deny
}

indicator denied = share(deny) of decisions of limits over 1h
indicator spent = sum(amount) of Paid by agent per day

objective few_denied of denied {
  target <= 40% over 1h
  warn "page somebody" when burn > 1 over 30m
}
objective budget of spent { target <= 600 EUR }
`,
  'log.ndjson': [
    '{"id":"p1","at":"2026-11-02T09:00:00Z","agent":"a","amount":"50 EUR","note":"x"}',
    '{"id":"p2","at":"2026-11-02T09:10:00Z","agent":"a","amount":"500 EUR","note":"x"}',
    '{"id":"p3","at":"2026-11-02T09:20:00Z","agent":"b","amount":"50 EUR"}',
    '{"id":"p4","at":"2026-11-02T09:50:00Z","agent":"a","amount":"80 EUR"}',
    '{"id":"p5","at":"2026-11-02T10:15:00Z","agent":"a","amount":"80 EUR"}',
    '',
  ].join('\n'),
}
const run = (...args: string[]) =>
  writ(['simulate', '.', '--events', 'log.ndjson', ...args], { cwd: folder(workspace) })

test('the report tells what was measured, missed and promised', async () => {
  const { stdout } = await run('--close-at', '2026-11-02T10:20:00Z')
  const from = stdout.indexOf('measured')
  expect(stdout.slice(from, stdout.indexOf('\n\n', from))).toBe(`measured  at 2026-11-02 10:20:00Z
  denied      0% (0 of 2) over 1 h
  spent       a 710.00 EUR (4 points), b 50.00 EUR (1 point) per day
objectives
  few_denied  <= 40% over 1 h: 0% (0 of 2), missed once, first at 2026-11-02 09:10:00Z; 100% of the
              budget left; 1 alert, first at 2026-11-02 09:10:00Z
  budget      <= 600.00 EUR per day: missed once for 1 of 2, first at 2026-11-02 09:50:00Z, and
              still is for 1
promises of contracts
  Paid: quality completeness(note) >= 50% over 1h: 0% (0 of 2), broken once, first at 2026-11-02
    10:15:00Z, and still is
  Paid: freshness 10 m: broken 2 times, first at 2026-11-02 09:30:00Z`)
})

test('what was missed is a finding, with its moments, its figures and its event', async () => {
  const { stdout } = await run('--format', 'json')
  const report = simulationSchema.parse(JSON.parse(stdout))
  const told = report.findings.map(({ code, index, message }) => `${code} at ${index}: ${message.split('. ')[0]}`)
  expect(told).toEqual([
    'W2110 at 1: The objective few_denied (<= 40% over 1 h) was missed from 2026-11-02 09:10:00Z until 2026-11-02 09:20:00Z: 50% (1 of 2) at first, 50% at worst',
    'W2111 at 1: The budget of the objective few_denied went too fast from 2026-11-02 09:10:00Z until 2026-11-02 09:20:00Z (page somebody): burn 1.25 over 30 m',
    'W2110 at 3: The objective budget (<= 600.00 EUR per day) was missed for a from 2026-11-02 09:50:00Z until the end: 630.00 EUR (3 points) at first, 710.00 EUR at worst',
    'W2112 at 4: Paid promises `quality completeness(note) >= 50% over 1h`, and did not keep it from 2026-11-02 10:15:00Z until the end: 0% (0 of 3) at first, 0% at worst',
    'W2113 at 3: No Paid came from 2026-11-02 09:30:00Z until 2026-11-02 09:50:00Z, although one is promised every 10 m',
    'W2113 at 4: No Paid came from 2026-11-02 10:00:00Z until 2026-11-02 10:15:00Z, although one is promised every 10 m',
  ])
  expect(report.findingCounts).toEqual({ W2110: 2, W2111: 1, W2112: 1, W2113: 2 })
})

test('exact figures are in the JSON', async () => {
  const { stdout } = await run('--format', 'json')
  const report = simulationSchema.parse(JSON.parse(stdout))
  expect(report.indicators).toMatchObject([
    { indicator: 'denied', keys: [{ key: [], value: '0', text: '0%', points: 3, good: 0 }], leftOut: 0 },
    { indicator: 'spent', keyCount: 2, keys: [{ key: ['a'], value: '710', text: '710.00 EUR' }, { key: ['b'] }] },
  ])
  expect(report.objectives).toMatchObject([
    {
      objective: 'few_denied',
      target: '<= 40% over 1 h',
      keys: [{ met: true, remaining: '1', breaches: [{ figures: ['1/2'], event: { index: 1 } }] }],
    },
    { objective: 'budget', keys: [{ met: false, remaining: '-11/60' }, { met: true }] },
  ])
  expect(report.qualities).toMatchObject([{ value: '0', episodes: [{ worst: '0', until: null }] }])
  expect(report.freshness).toMatchObject([{ limitMs: 600_000, gaps: [{ from: '2026-11-02T09:30:00.000Z' }, {}] }])
})
