/** What stands between rules and decisions, on the command line: breakers, policies in shadow, layers, exceptions. */
import { expect, test } from 'vitest'
import { decisionSchema, explanationSchema, simulationSchema } from '../src/schemas.ts'
import { folder, writ } from './writ.ts'

const workspace = {
  'pay.writ': `module pay

contract Paid version 1.0.0 { id: String key  at: Time time  agent: String  amount: Int }

layers global > team

policy limits version 1.0.0 {
  layer global
  on Paid as p
  default permit
  rule large when p.amount > 100 deny for 15m by agent
}

policy trial version 0.1.0 {
  mode shadow
  on Paid as p
  default permit
  rule any_agent when p.agent == "b" deny
}

exception visitors { rule trial.any_agent when amount < 3 granted by "ana" until 2026-12-31 because "a test" }
`,
  'log.ndjson': [
    '{"id":"p1","at":"2026-11-02T09:00:00Z","agent":"a","amount":500}',
    '{"id":"p2","at":"2026-11-02T09:10:00Z","agent":"a","amount":5}',
    '{"id":"p3","at":"2026-11-02T09:10:00Z","agent":"b","amount":5}',
    '{"id":"p4","at":"2026-11-02T09:20:00Z","agent":"b","amount":2}',
    '',
  ].join('\n'),
}
const run = (...args: string[]) => writ([...args, '--events', 'log.ndjson'], { cwd: folder(workspace) })

test('lines say which rules lasted, and which policies only try', async () => {
  const { stdout } = await run('simulate', '.', '--format', 'ndjson')
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map(line => decisionSchema.parse(JSON.parse(line)))
  const told = lines.map(({ policy, decision, lasting, mode, layer }) => ({ policy, decision, lasting, mode, layer }))
  expect(told).toEqual([
    { policy: 'limits', decision: 'deny', layer: 'global' },
    { policy: 'trial', decision: 'permit', mode: 'shadow' },
    { policy: 'limits', decision: 'deny', lasting: ['large'], layer: 'global' },
    { policy: 'trial', decision: 'permit', mode: 'shadow' },
    { policy: 'limits', decision: 'permit', layer: 'global' },
    { policy: 'trial', decision: 'deny', mode: 'shadow' },
    { policy: 'limits', decision: 'permit', layer: 'global' },
    { policy: 'trial', decision: 'permit', mode: 'shadow' },
  ])
  expect(lines.at(-1)?.waivedBy).toEqual([{ rule: 'any_agent', exception: 'visitors', grantedBy: 'ana' }])
  expect(lines.filter(line => line.waivedBy)).toHaveLength(1)
})

test('the report counts what holds, and what a policy in shadow would change', async () => {
  const { stdout } = await run('simulate', '.', '--format', 'json')
  const report = simulationSchema.parse(JSON.parse(stdout))
  expect(report.effective).toEqual({ events: 4, decisions: { permit: 2, warn: 0, hold: 0, deny: 2 } })
  expect(report.policies).toMatchObject([
    { policy: 'limits', mode: 'enforce', layer: 'global', effective: 4 },
    { policy: 'trial', mode: 'shadow', layer: null, stricter: 1, milder: 2 },
  ])
  expect(report.exceptions).toEqual([
    {
      exception: 'visitors',
      policy: 'trial',
      rule: 'any_agent',
      grantedBy: 'ana',
      until: '2026-12-31T00:00:00.000Z',
      used: 1,
    },
  ])
  const text = (await run('simulate', '.')).stdout
  expect(text).toContain('visitors waived trial.any_agent for 1 event (granted by ana until 2026-12-31T00:00:00.000Z)')
  expect(text).toContain(
    'what holds for the 4 events that a policy decides: the strictest of the policies that enforce',
  )
  expect(text).toContain('limits (layer global) gave it for 4 events')
  expect(text).toContain('trial in shadow would decide 1 more strictly and 2 less strictly')
})

test('an explanation names the event that tripped the breaker, and until when that lasts', async () => {
  const args = ['explain', '.', '--at', 'log.ndjson:1', '--policy', 'limits'] as const
  const { stdout } = await run(...args, '--verify')
  expect(stdout).toContain('the breaker tripped at event 1 (09:00:00) and stays tripped for agent “a” until 09:15:00')
  expect(stdout).toContain('from 09:15:00.001, when the breaker large is not tripped: permitted')
  const json = explanationSchema.parse(JSON.parse((await run(...args, '--format', 'json', '--verify')).stdout))
  expect(json.explanations[0]).toMatchObject({
    verified: true,
    rules: [{ outcome: 'matched-lasting', trip: { event: 1, until: '2026-11-02T09:15:00.000Z' } }],
  })
})

test('an explanation says which exception waived a rule, by whom, until when and why', async () => {
  const { stdout } = await run('explain', '.', '--at', 'log.ndjson:3', '--policy', 'trial', '--verify')
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    'any_agent (deny) would match, but the exception visitors waives it (granted by ana until 2026-12-31 00:00:00, because a test)',
  )
})
