import { join } from 'node:path'
import { check, evaluate, runTests } from '@writ/engine'
import { parse } from '@writ/grammar'
import { describe, expect, it } from 'vitest'
import { draftWorkspace, openEvents } from '../../src/node/index.ts'
import { folder } from '../plans.ts'

/** Drafts a workspace for these files, checks, tests and simulates it; gives the texts by path. */
async function drafted(files: Readonly<Record<string, string>>, only?: string): Promise<ReadonlyMap<string, string>> {
  const log = only === undefined ? folder(files) : join(folder(files), only)
  const draft = await draftWorkspace(log, { eventsPath: 'log' })
  expect(draft.problem).toBeNull()
  const sources = draft.files.filter(file => file.path.endsWith('.writ'))
  const { plan, problems } = check(sources.map(file => parse(file.path, file.text)))
  expect(problems).toEqual([])
  if (plan === null) throw new Error('no plan')
  expect(runTests(plan).filter(test => !test.passed)).toEqual([])
  const opened = await openEvents(plan, log)
  expect(opened).toMatchObject({ problem: null, findings: [], skipped: 0 })
  expect(evaluate(plan, opened.log).decisions.size).toBe(opened.records)
  return new Map(draft.files.map(file => [file.path, file.text]))
}

const lines = (records: readonly unknown[]): string => records.map(record => `${JSON.stringify(record)}\n`).join('')
const numbers = Array.from({ length: 100 }, (_, i) => i)

describe('a drafted workspace', () => {
  it('knows kinds of events, optional fields, enums, times, money and personal data of NDJSON', async () => {
    const records = numbers.map(i => ({
      event: i % 2 === 0 ? 'refund-requested' : 'refund_issued',
      id: `r-${i}`,
      at: new Date(Date.UTC(2026, 0, 1) + i * 60_000).toISOString(),
      customer: `c-${i % 7}`,
      amount: `${i}.50 EUR`,
      channel: ['chat', 'email'][i % 2 === 0 ? (i / 2) % 2 : 0],
      ...(i % 3 === 0 ? { reason: 'too small' } : {}),
      'user-agent': 'x',
      in: i,
      risk: i / 100,
      mixed: i % 4 === 0 ? i : 'text',
    }))
    const files = await drafted({ 'refunds.ndjson': lines(records) }, 'refunds.ndjson')
    const contracts = files.get('events.writ') ?? ''
    expect(contracts).toContain('contract RefundRequested version 0.1.0')
    expect(contracts).toMatch(/id +: String +key .*guess: key: no two records share it/)
    expect(contracts).toMatch(/at +: Time +time/)
    expect(contracts).toMatch(/customer +: String +personal\(identifier\)/)
    expect(contracts).toMatch(/amount +: Money<EUR>/)
    expect(contracts).toMatch(/channel +: enum \{ chat, email \}/)
    expect(contracts).toMatch(/reason +: String\? +personal\(free_text\) .*missing in 6\d% of the records/)
    expect(contracts).toMatch(/risk +: Decimal in 0 \.\. 1/)
    const source = files.get('source.writ') ?? ''
    expect(source).toContain('map RefundRequested when event == "refund-requested"')
    expect(source).toContain('user_agent = raw("user-agent")')
    expect(source).toContain('in_ = raw("in")')
    expect(source).toContain('mixed = text(mixed)')
    expect(files.get('writ.json')).toContain('"path": "log"')
  })

  it('takes the texts of CSV for what they look like, and seconds for times', async () => {
    const rows = numbers.map(i => `${1_767_225_600 + (i === 50 ? 0 : i)},A${i},00${i},${i * 2},${i % 2 === 0},\n`)
    const files = await drafted({ 'a.csv': `ts,order id,zip,amount,paid,note\n${rows.join('')}` }, 'a.csv')
    const contracts = files.get('events.writ') ?? ''
    expect(contracts).toMatch(/ts +: Time +.*guess: time: seconds since 1970/)
    expect(contracts).toMatch(/zip +: String/)
    expect(contracts).toMatch(/amount +: Int/)
    expect(contracts).toMatch(/paid +: Bool/)
    expect(contracts).not.toContain('note')
    expect(files.get('source.writ')).toContain('time ts as seconds')
    expect(files.get('source.writ')).toContain('lateness 49s')
    expect(files.get('first_look.writ')).toContain('when e.amount > 188')
  })

  it('has a contract per tool of transcripts', async () => {
    const run = (amount: number): string =>
      JSON.stringify({
        suite: 'bank',
        messages: [
          { role: 'user', content: 'Pay my bill' },
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'a', function: 'send_money', args: { amount, recipient: 'x' } }],
          },
          { role: 'tool', tool_call_id: 'a', content: 'done', error: null },
        ],
      })
    const files = await drafted({ 'one/a.json': run(1), 'two/b.json': run(2.5), 'README.md': 'No transcript' })
    expect(files.get('source.writ')).toContain('files "**/*.json"')
    expect(files.get('source.writ')).toContain('map SendMoney when kind == "call" and tool == "send_money"')
    expect(files.get('source.writ')).toContain('run = file_path')
    expect(files.get('events.writ')).toMatch(/recipient +: String +personal\(identifier\)/)
  })

  it('reads records with too many different members as text', async () => {
    const record = (i: number) => ({
      eventTime: `2026-01-01T00:00:${String(i % 60).padStart(2, '0')}Z`,
      eventName: `Call${i}`,
      userIdentity: { type: 'IAMUser', userName: `u${i}` },
      requestParameters: { [`p${i}`]: 1 },
      resources: [{ ARN: 'x' }],
    })
    const files = await drafted({
      'a.json': JSON.stringify({ Records: numbers.slice(0, 50).map(record) }),
      'b.json': JSON.stringify({ Records: numbers.slice(0, 50).map(record) }),
    })
    expect(files.get('source.writ')).toContain('requestParameters = text(requestParameters)')
    expect(files.get('events.writ')).toMatch(/userIdentity +: \{ type: String, userName: String \}/)
    expect(files.get('events.writ')).toMatch(/resources +: List<\{ ARN: String \}>/)
  })

  it('is refused for what is no log', async () => {
    const draft = await draftWorkspace(join(folder({ 'a.txt': 'Dear diary' }), 'a.txt'), { eventsPath: 'a.txt' })
    expect(draft.problem?.message).toMatch('is no log of a known format: it begins with "Dear diary"')
    expect((await draftWorkspace('gone', { eventsPath: 'gone' })).problem?.code).toBe('W2060')
  })
})
