/** `writ import` and `writ export` as a user runs them. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importSchema, storedEventSchema } from '../src/schemas.ts'
import { folder, writ } from './writ.ts'

const log = [
  '{"time":"2026-01-02T03:04:05Z","user":"alice","action":"read","resource":"doc:1","decision":"allow"}',
  '{"time":"2026-01-02T03:04:06Z","user":"mallory","action":"delete","resource":"doc:1","decision":"deny","ip":"10.0.0.7"}',
  '{"time":"2026-01-02T03:04:07Z","broken',
  '',
].join('\n')

describe('writ import', () => {
  test('says what was read, what became of it, and what was wrong', async () => {
    const cwd = folder({ 'app.ndjson': log })
    const { code, stdout } = await writ(['import', 'app.ndjson', '--store', 'events.store'], { cwd })
    expect(stdout).toBe(
      [
        'new      app.ndjson: ndjson (it has one JSON object per line), 2 records kept',
        '3 records read: 2 kept, 1 broken',
        'events.store has 2 events, all of them searchable',
        'app.ndjson:3: W2020: The record is not JSON (Unterminated string at position 38 (line 1 column 39));',
        '  it is skipped. It begins with "{\\"time\\":\\"2026-01-02T03:04:07Z\\",\\"broken". Mend it or take it',
        '  out.',
        '',
      ].join('\n'),
    )
    expect(code).toBe(1)
    const again = await writ(['import', 'app.ndjson', '--store', 'events.store', '--report', 'json'], { cwd })
    const told = importSchema.parse(JSON.parse(again.stdout))
    expect(told).toMatchObject({ events: 2, read: 3, kept: 0, duplicate: 3, sources: [{ state: 'known' }] })
  })

  test('reads with a declared source', async () => {
    const cwd = folder({
      'w/orders.writ': `module orders

contract Order version 1.0.0 {
  id : String key
  at : Time time
  customer : String
}

source shop {
  format ndjson
  map Order when what == "order" {
    id = number
    at = recorded
    customer = who.mail
  }
}
`,
      'log.ndjson':
        '{"what":"order","number":"o1","recorded":"2026-01-02T03:04:05Z","who":{"mail":"a@b"}}\n{"what":"visit"}\n',
    })
    const args = ['import', 'log.ndjson', '--store', 's', '--workspace', 'w', '--report', 'json']
    const { stdout, stderr } = await writ(args, { cwd })
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toMatchObject({ kept: 1, skipped: 1, sources: [{ detected: 'source shop reads it' }] })
    const listed = await writ(['export', 's', '--format', 'events'], { cwd })
    expect(storedEventSchema.parse(JSON.parse(listed.stdout))).toMatchObject({
      actor: 'a@b',
      action: 'Order',
      object: 'o1',
    })
  })

  test.each([
    [['import', 'nothing.ndjson', '--store', 's'], 'W2060'],
    [['import', 'app.ndjson'], 'W3003'],
    [['import', 'app.ndjson', '--store', 's', '--format', 'xml'], 'W3003'],
    [['import', 'app.ndjson', '--store', 'app.ndjson'], 'W4101'],
    [['import', 'app.ndjson', '--store', 'no/such/folder/s'], 'W4105'],
    [['export', 'app.ndjson'], 'W4101'],
    [['export', 'nothing.store'], 'W4101'],
    [['export', 's', '--filter', '{'], 'W4107'],
    [['export', 's', '--from', 'yesterday'], 'W4107'],
  ])('%j is refused with %s', async (args, problem) => {
    const { code, stderr } = await writ(args, { cwd: folder({ 'app.ndjson': log }) })
    expect(stderr).toContain(`error ${problem}:`)
    expect(code).toBe(2)
  })
})

describe('writ export', () => {
  test('as OCSF, and the records as they were', async () => {
    const cwd = folder({ 'app.ndjson': log })
    await writ(['import', 'app.ndjson', '--store', join(cwd, 's')], { cwd })
    const ocsf = await writ(['export', 's', '--decision', 'deny,hold'], { cwd })
    expect(JSON.parse(ocsf.stdout)).toMatchObject({
      class_uid: 6003,
      activity_id: 4,
      type_uid: 600304,
      time: Date.parse('2026-01-02T03:04:06Z'),
      severity_id: 3,
      action_id: 2,
      disposition: 'Blocked',
      actor: { user: { name: 'mallory' } },
      api: { operation: 'delete' },
      src_endpoint: { ip: '10.0.0.7' },
      resources: [{ name: 'doc:1' }],
      raw_data: log.split('\n')[1],
    })
    const records = await writ(['export', 's', '--format', 'records', '--containing', '10.0.0.7'], { cwd })
    expect(records.stdout).toBe(`${log.split('\n')[1]}\n`)
  })
})
