/** Rollouts on the command line: each change with its moment and figures, which decisions count, and why one does. */
import { expect, test } from 'vitest'
import { decisionSchema, explanationSchema, simulationSchema } from '../src/schemas.ts'
import { folder, writ } from './writ.ts'

const paid = (id: string, time: string, agent: string, amount: number) =>
  JSON.stringify({ id, at: `2026-11-02T${time}:00Z`, agent, amount })

const workspace = {
  'pay.writ': `module pay

contract Paid version 1.0.0 { id: String key  at: Time time  agent: String  amount: Int }

policy limits version 1.0.0 {
  on Paid as p
  default permit
  rule large when p.amount > 100 deny
}
policy limits_next version 2.0.0 {
  on Paid as p
  default permit
  rule large when p.amount > 50 deny
}

rollout careful of limits_next version 2.0.0 {
  replaces limits
  shadow for 1h
  canary 50% by agent for 1h
  promote when count of decisions >= 2 and share(stricter) of decisions <= 50%
  rollback when (count of decisions where deny and counts over 1d) >= 2
  until 2026-12-31
}
`,
  'log.ndjson': [
    paid('p1', '09:00', 'a', 60),
    paid('p2', '09:30', 'b', 10),
    paid('p3', '10:00', 'a', 10),
    paid('p4', '10:10', 'a', 70),
    paid('p5', '10:20', 'b', 70),
    paid('p6', '11:10', 'a', 70),
    '',
  ].join('\n'),
}
const run = (...args: string[]) => writ([...args, '--events', 'log.ndjson'], { cwd: folder(workspace) })

test('the report tells each change with its moment and the figures that caused it', async () => {
  const text = (await run('simulate', '.')).stdout
  expect(text).toContain(`rollout careful of limits_next 2.0.0, in the place of limits: rolled back
  2026-11-02T09:00:00.000Z  shadow       begun by event 1
  2026-11-02T10:00:00.000Z  canary 50%   promoted by event 3: count of decisions 3, share(stricter)
                                         of decisions 33.3% (1 of 3)
  2026-11-02T10:20:00.000Z  rolled back  stopped by event 5: count of decisions where deny and
                                         counts over 1d 2
`)
  expect(text).toContain('limits gave it for 4 events')
  const { stdout } = await run('simulate', '.', '--format', 'json')
  const report = simulationSchema.parse(JSON.parse(stdout))
  expect(report.rollouts).toMatchObject([
    {
      rollout: 'careful',
      policy: 'limits_next',
      replaces: 'limits',
      stage: 'rolled back',
      changes: [
        { cause: 'started', event: 1, from: 'waiting', to: 'shadow', figures: [] },
        { cause: 'promoted', event: 3, at: '2026-11-02T10:00:00.000Z', to: 'canary 50%' },
        {
          cause: 'rolled-back',
          event: 5,
          from: 'canary 50%',
          figures: [{ measure: 'count of decisions where deny and counts over 1d', value: 2, of: null }],
        },
      ],
    },
  ])
  expect(report.effective.decisions).toEqual({ permit: 4, warn: 0, hold: 0, deny: 2 })
  expect(report.policies).toMatchObject([
    { policy: 'limits', effective: 4, stricter: 0, milder: 2 },
    { policy: 'limits_next', effective: 2, stricter: 2, milder: 0 },
  ])
})

test('lines say whether the decision counts, and at which stage its policy is', async () => {
  const { stdout } = await run('simulate', '.', '--format', 'ndjson')
  const lines = stdout.trimEnd().split('\n')
  const told = lines.map(line => decisionSchema.parse(JSON.parse(line))).map(({ counts, stage }) => ({ counts, stage }))
  expect(told.slice(4)).toEqual([
    { counts: true },
    { counts: false, stage: 'shadow' },
    { counts: false },
    { counts: true, stage: 'canary 50%' },
    { counts: false },
    { counts: true, stage: 'canary 50%' },
    { counts: true },
    { counts: false, stage: 'rolled back' },
  ])
})

test('an explanation says the stage and the bucket, and the checker derives the same', async () => {
  const { stdout, code } = await run('explain', '.', '--event', '4', '--verify')
  expect(code).toBe(0)
  expect(stdout).toContain('rollout careful: canary 50%, bucket 21.63% by agent, it counts')
  expect(stdout).toContain('limits_next counts in its place, it does not count')
  expect(stdout.match(/verified: the independent checker/g)).toHaveLength(2)
  const json = await run('explain', '.', '--event', '4', '--format', 'json')
  const { explanations } = explanationSchema.parse(JSON.parse(json.stdout))
  expect(explanations.map(({ standing }) => standing)).toEqual([
    { counts: true, rollout: 'careful', stage: 'canary 50%', bucket: 0x375faac2 },
    { counts: false, replacedBy: 'limits_next' },
  ])
})
