/** Approvals by the reference implementation and the fast one: what each does, and what becomes of the request. */
import { parse } from '@writ/grammar'
import { expect, test } from 'vitest'
import { check } from '../../src/check/check.ts'
import { LogBuilder } from '../../src/log/builder.ts'
import { columnView } from '../../src/log/column-view.ts'
import { approvalEffects, instanceStatuses } from '../../src/obligation/instance.ts'
import { isApproval } from '../../src/plan/approval-contract.ts'
import { referenceRun } from '../../src/reference/run.ts'
import { evaluate } from '../../src/run/evaluate.ts'
import { canonicalEvent, eventDigest } from '../../src/value/canonical.ts'
import { fromInteger } from '../../src/value/rational.ts'
import { absent, unknown, type Value } from '../../src/value/value.ts'

const minute = 60_000
const program = `module m
contract Pay { id: String key  part: Int key  agent: String requester  amount: Money<USD> }
contract Other { id: String }
role Lead {
  members "ana", "bo"
  delegate "ana" to "zoe" from 1970-01-01T00:05:00Z until 1970-01-01T00:10:00Z
}
role Officer { members "kim", "lee", "max" }
policy p {
  on Pay as p
  default permit
  rule signs
    require approval from Lead within 30m else approval from 2 of Officer within 2h
}`

interface Given {
  readonly minute: number
  readonly pay?: string
  readonly agent?: Value
  readonly other?: true
  readonly approval?: Readonly<Record<string, Value>>
}

/** `counted`, … of each approval, then how each request ended; by both implementations, which agree. */
function run(events: readonly Given[]): { readonly effects: readonly string[]; readonly ends: readonly string[] } {
  const { plan, problems } = check([parse('m.writ', program)])
  if (plan === null) throw new Error(problems.map(problem => problem.message).join('\n'))
  const builder = new LogBuilder(plan.contracts)
  const place = (name: string) => plan.contracts.findIndex(contract => contract.name === name)
  events.forEach(({ minute: at, pay, agent = 'bot', approval }, index) => {
    const time = at * minute
    const where = { time, file: 'x', index }
    if (approval)
      builder.add({ ...where, contract: plan.contracts.findIndex(isApproval), fields: said(approval, time) })
    else if (pay !== undefined) builder.add({ ...where, contract: place('Pay'), fields: paid(pay, agent) })
    else builder.add({ ...where, contract: place('Other'), fields: { id: 'o' } })
  })
  const log = builder.build()
  const reference = referenceRun(plan, columnView(log, plan.contracts))
  for (const codeGeneration of [true, false]) {
    const fast = evaluate(plan, log, { codeGeneration })
    expect([fast.obligations, fast.notices, fast.hash]).toEqual([
      reference.obligations,
      reference.notices,
      reference.hash,
    ])
  }
  const { instances, approvals } = reference.obligations
  return {
    effects: Array.from(approvals.effect, code => approvalEffects[code] ?? ''),
    ends: Array.from(instances.status, (code, i) => {
      const status = instanceStatuses[code] ?? ''
      return status === 'pending' ? `pending at stage ${(instances.stage[i] ?? 0) + 1}` : status
    }),
  }
}

function paid(id: string, agent: Value): Readonly<Record<string, Value>> {
  return { id, part: fromInteger(1), agent, amount: { amount: fromInteger(120), currency: 'USD' } }
}

function said(approval: Readonly<Record<string, Value>>, time: number): Readonly<Record<string, Value>> {
  const usual: Readonly<Record<string, Value>> = {
    request: 'a/1',
    digest: absent,
    by: 'ana',
    role: 'Lead',
    verdict: 'approve',
    reason: absent,
  }
  return { ...usual, at: fromInteger(time), ...approval }
}

const asked: Given = { minute: 0, pay: 'a' }

test.each<[string, Given[], string[], string]>([
  ['by a member', [{ minute: 1, approval: {} }], ['counted'], 'fulfilled'],
  ['at exactly the deadline', [{ minute: 30, approval: {} }], ['counted'], 'fulfilled'],
  ['a stage too late', [{ minute: 31, approval: {} }], ['late'], 'pending at stage 2'],
  ['by somebody without the role', [{ minute: 1, approval: { by: 'kim' } }], ['foreign'], 'pending at stage 1'],
  [
    'for a role that is not asked',
    [{ minute: 1, approval: { by: 'kim', role: 'Officer' } }],
    ['foreign'],
    'pending at stage 1',
  ],
  ['of another name', [{ minute: 1, approval: { request: 'a' } }], ['unmatched'], 'pending at stage 1'],
  ['bound to another digest', [{ minute: 1, approval: { digest: 'f00d' } }], ['altered'], 'pending at stage 1'],
  ['rejected', [{ minute: 1, approval: { verdict: 'reject' } }], ['rejected'], 'breached'],
  [
    'rejected by nobody',
    [{ minute: 1, approval: { by: 'eve', verdict: 'reject' } }],
    ['foreign'],
    'pending at stage 1',
  ],
  ['that breaks its contract', [{ minute: 1, approval: { by: unknown } }], ['unreadable'], 'pending at stage 1'],
  ['by a deputy in time', [{ minute: 5, approval: { by: 'zoe' } }], ['counted'], 'fulfilled'],
  ['by a deputy at the end', [{ minute: 10, approval: { by: 'zoe' } }], ['counted'], 'fulfilled'],
  ['by a deputy too early', [{ minute: 4, approval: { by: 'zoe' } }], ['foreign'], 'pending at stage 1'],
  [
    'by two, one of them twice',
    [
      { minute: 40, approval: { by: 'kim', role: 'Officer' } },
      { minute: 41, approval: { by: 'kim', role: 'Officer' } },
      { minute: 42, approval: { by: 'lee', role: 'Officer' } },
    ],
    ['counted', 'duplicate', 'counted'],
    'fulfilled',
  ],
  [
    'after it was settled',
    [
      { minute: 1, approval: {} },
      { minute: 2, approval: { by: 'bo' } },
    ],
    ['counted', 'settled'],
    'fulfilled',
  ],
  [
    'after the last deadline',
    [
      { minute: 151, other: true },
      { minute: 152, approval: { by: 'kim', role: 'Officer' } },
    ],
    ['late'],
    'breached',
  ],
])('an approval %s', (_, approvals, effects, end) => {
  expect(run([asked, ...approvals])).toEqual({ effects, ends: [end] })
})

test('nobody approves their own request, and nobody does where it is unknown who asks', () => {
  const own = { minute: 1, approval: { by: 'ana' } }
  expect(run([{ ...asked, agent: 'ana' }, own]).effects).toEqual(['self'])
  expect(run([{ ...asked, agent: unknown }, own]).effects).toEqual(['self'])
  // Zoe acts for Ana, who asks.
  expect(
    run([
      { ...asked, agent: 'ana' },
      { minute: 6, approval: { by: 'zoe' } },
    ]).effects,
  ).toEqual(['self'])
})

test('an approval is used once, by the oldest request for which it counts', () => {
  const twice = [asked, asked, { minute: 1, approval: {} }, { minute: 2, approval: { by: 'bo' } }]
  expect(run(twice)).toEqual({ effects: ['counted', 'counted'], ends: ['fulfilled', 'fulfilled'] })
  const mine = [{ ...asked, agent: 'ana' }, asked, { minute: 1, approval: {} }]
  expect(run(mine)).toEqual({ effects: ['counted'], ends: ['pending at stage 1', 'fulfilled'] })
})

test('a request is called by its key or by its digest', () => {
  const { plan } = check([parse('m.writ', program)])
  const contract = plan?.contracts[0]
  if (!contract) throw new Error('the program is wrong')
  const fields = paid('a', 'bot')
  const view = {
    seq: 0,
    contract: 0,
    time: 0,
    file: 'x',
    index: 0,
    value: ([name = '']: readonly string[]) => fields[name] ?? absent,
  }
  const digest = eventDigest(contract, view)
  expect(canonicalEvent(contract, view)).toBe(
    '{"contract":"Pay","fields":{"agent":"bot","amount":{"amount":120,"currency":"USD"},"id":"a","part":1},"version":"0.0.0"}',
  )
  expect(digest).toBe('8ac6baa7cf3886f8e6cee129eee27fe4f4961f910851b40600a529efcd386972')
  expect(run([asked, { minute: 1, approval: { request: digest, digest } }])).toEqual({
    effects: ['counted'],
    ends: ['fulfilled'],
  })
})
