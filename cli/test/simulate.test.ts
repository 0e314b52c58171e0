/** `writ simulate`: the report, the machine-readable forms, and everything that can be wrong with recorded events and outputs. */
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { decisionSchema, simulationSchema } from '../src/schemas.ts'
import { folder, readText, refunds, writ } from './writ.ts'

const log = ['--events', 'recorded/refunds.ndjson']

test('--format ndjson: a line per decision in event order', async () => {
  const { code, stdout, stderr } = await writ(['simulate', '.', ...log, '--format', 'ndjson'], { cwd: folder(refunds) })
  expect(stderr).toBe('')
  expect(code).toBe(0)
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map(line => decisionSchema.parse(JSON.parse(line)))
  expect(lines).toEqual([
    {
      event: { contract: 'Refund', file: 'refunds.ndjson', index: 0, time: '2026-11-02T09:00:00.000Z' },
      policy: 'limits',
      version: '1.2.0',
      decision: 'permit',
      rules: ['small'],
      reason: 'small refunds need nobody',
      decidedBy: 'small',
    },
    {
      event: { contract: 'Refund', file: 'refunds.ndjson', index: 1, time: '2026-11-02T09:10:00.000Z' },
      policy: 'limits',
      version: '1.2.0',
      decision: 'deny',
      rules: [],
      reason: '700.00 USD is more than anybody may refund',
      decidedBy: null,
    },
    {
      event: { contract: 'Refund', file: 'refunds.ndjson', index: 2, time: '2026-11-02T09:20:00.000Z' },
      policy: 'limits',
      version: '1.2.0',
      decision: 'hold',
      rules: ['small', 'often'],
      reason: 'refund number 3 today',
      decidedBy: 'often',
      obligations: [{ kind: 'effect', rule: 'often', verb: 'notify', sink: 'desk', fields: { customer: 'c1' } }],
    },
    {
      event: { contract: 'Refund', file: 'refunds.ndjson', index: 3, time: '2026-11-02T09:30:00.000Z' },
      policy: 'limits',
      version: '1.2.0',
      decision: 'deny',
      rules: [],
      reason: expect.any(String),
      decidedBy: null,
    },
  ])
})

test('--format json is the published form; equal runs are equal', async () => {
  const cwd = folder(refunds)
  const run = async (...more: string[]) =>
    simulationSchema.parse(
      JSON.parse((await writ(['simulate', '.', ...log, '--format', 'json', ...more], { cwd })).stdout),
    )
  const result = await run()
  expect(result).toMatchObject({
    partial: false,
    events: 4,
    files: 1,
    skipped: 0,
    decisions: { permit: 1, warn: 0, hold: 1, deny: 2 },
    rules: [
      { policy: 'limits', rule: 'small', decision: 'permit', file: 'refunds.writ', line: 14, matched: 2, decided: 1 },
      { policy: 'limits', rule: 'often', decision: 'hold', file: 'refunds.writ', line: 18, matched: 1, decided: 1 },
    ],
    findings: [{ file: 'refunds.ndjson', line: 4, index: 3, path: 'amount' }, { code: 'W2102' }],
  })
  expect(result.run.identity).toMatch(/^[0-9a-f]{64}$/)
  expect((await run()).run).toEqual(result.run)
  expect((await run('--closures')).run.hash).toBe(result.run.hash)
  expect((await run('--policy', 'limits')).run.identity).not.toBe(result.run.identity)
})

test('the report fits into 80 columns and names what to do next', async () => {
  const { code, stdout } = await writ(['simulate', '.', ...log], { cwd: folder(refunds), env: { COLUMNS: '80' } })
  expect(code).toBe(0)
  expect(stdout).toMatch(/^4 events in 1 file of recorded\/refunds\.ndjson, decided by 1 policy with 2 rules/)
  expect(stdout).toMatch(/\n {2}deny {4}2 {3}50\.0% {2}█+\n/)
  expect(stdout).toMatch(/\n {2}small +permit +2 +1 /)
  expect(stdout).toContain('refunds.ndjson:4  ')
  expect(stdout).toContain('writ explain . --events recorded/refunds.ndjson --at refunds.ndjson:1\n')
  expect(stdout.split('\n').filter(line => line.length > 80)).toEqual([])
})

test('logs named in writ.json', async () => {
  const one = { 'writ.json': '{ "events": { "daily": { "path": "recorded/refunds.ndjson" } } }' }
  const two = { 'writ.json': '{ "events": { "a": { "path": "recorded/refunds.ndjson" }, "b": { "path": "b" } } }' }
  expect((await writ(['simulate', '.'], { cwd: folder({ ...refunds, ...one }) })).code).toBe(0)
  expect((await writ(['simulate', '.', '--events', 'daily'], { cwd: folder({ ...refunds, ...one }) })).code).toBe(0)
  const unsaid = await writ(['simulate', '.'], { cwd: folder({ ...refunds, ...two }) })
  expect(unsaid.stderr).toContain('error W3020: writ simulate needs recorded events. Name one of the logs in writ.json')
  expect(unsaid.stderr).toContain('a, b')
  expect(unsaid.code).toBe(2)
  const none = await writ(['simulate', '.'], { cwd: folder(refunds) })
  expect(none.stderr).toContain('error W3020')
  expect(none.code).toBe(2)
})

test('--strict: a finding is an error, exit 1', async () => {
  const { code, stdout, stderr } = await writ(['simulate', '.', ...log, '--strict'], { cwd: folder(refunds) })
  expect(stdout).toBe('')
  expect(stderr.replace(/\n {2}/g, ' ')).toContain(
    'error W2066: recorded/refunds.ndjson has 1 finding, and --strict allows none. The first: refunds.ndjson:4:',
  )
  expect(code).toBe(1)
})

test('--policy that is not there', async () => {
  const { code, stderr } = await writ(['simulate', '.', ...log, '--policy', 'limit'], { cwd: folder(refunds) })
  expect(stderr).toContain('error W3023: there is no policy limit in .. Did you mean limits? It has limits.')
  expect(code).toBe(2)
})

describe('recorded events that cannot be read', () => {
  const packed = gzipSync(refunds['recorded/refunds.ndjson'])
  const files = {
    ...refunds,
    'empty.ndjson': '',
    'cut.ndjson.gz': packed.subarray(0, packed.length - 20),
    'text.ndjson': 'this is no JSON\nneither is this\n',
    'table.csv': 'id,at\n',
    'picture.ndjson': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
  }
  test.each([
    ['nowhere.ndjson', 2, 'error W2060: There is no file or folder nowhere.ndjson.'],
    ['empty.ndjson', 2, 'error W2062: empty.ndjson has no events: the file is empty.'],
    ['text.ndjson', 2, 'error W206'],
    ['table.csv', 2, 'error W2062: table.csv has no events'],
    ['picture.ndjson', 2, 'error W206'],
  ])('%s', async (path, exit, message) => {
    const { code, stdout, stderr } = await writ(['simulate', '.', '--events', path], { cwd: folder(files) })
    expect(stderr.replace(/\n {2}/g, ' ')).toContain(message)
    expect(stdout).toBe('')
    expect(code).toBe(exit)
  })

  test('a packed log that was cut off: what came before is run, the rest is a finding', async () => {
    const { stdout } = await writ(['simulate', '.', '--events', 'cut.ndjson.gz'], { cwd: folder(files) })
    expect(stdout).toContain('W2026')
    expect(stdout).toContain('cut.ndjson.gz')
  })
})

test('--output: written to a file; an unwritable one is said before the work begins', async () => {
  const cwd = folder(refunds)
  const done = await writ(['simulate', '.', ...log, '--format', 'ndjson', '--output', 'out.ndjson'], { cwd })
  expect(done).toEqual({ code: 0, stdout: '', stderr: '4 decisions written to out.ndjson\n' })
  expect(readText(cwd, 'out.ndjson').split('\n')).toHaveLength(5)
  const { code, stderr } = await writ(['simulate', '.', ...log, '--output', 'nowhere/out.ndjson'], { cwd })
  expect(stderr).toContain('error W3030: nowhere/out.ndjson cannot be written: there is no such file or folder.')
  expect(code).toBe(2)
})

test('recorded text cannot steer the terminal', async () => {
  const cwd = folder({
    'a.writ':
      'module a\ncontract E version 1.0.0 { id: String key  at: Time time  who: String }\npolicy p version 1.0.0 {\n  on E as e\n  default deny because "by {e.who}"\n}\n',
    'e.ndjson': '{"id":"1","at":"2026-11-02T09:00:00Z","who":"\\u001b[2J\\u202eevil"}\n',
  })
  const { stdout } = await writ(['explain', '.', '--events', 'e.ndjson', '--event', '1'], { cwd })
  expect(stdout).toContain('evil')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be printed
  expect(stdout).not.toMatch(/[\u001b\u202e]/)
})

describe('long runs', () => {
  const lines = (count: number) =>
    Array.from(
      { length: count },
      (_, place) =>
        `{"id":"r${place}","at":"${new Date(1_793_610_000_000 + place * 1000).toISOString()}","customer":"c${place % 500}","amount":"${place % 90} USD"}\n`,
    ).join('')

  test('a reader that goes away ends the process quietly', async () => {
    const cwd = folder({ ...refunds, 'many.ndjson': lines(30_000) })
    const { spawnSync } = await import('node:child_process')
    const { bin } = await import('./writ.ts')
    const command = `"${process.execPath}" "${bin}" simulate . --events many.ndjson --format ndjson | head -2`
    const { stdout, stderr } = spawnSync('sh', ['-c', command], { cwd, encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(stdout.trimEnd().split('\n')).toHaveLength(2)
  })

  test('Ctrl-C while reading: a partial report, marked, exit 130', async () => {
    const cwd = folder({ ...refunds, 'many.ndjson': lines(800_000) })
    const { code, stdout, stderr } = await writ(
      ['simulate', '.', '--events', 'many.ndjson', '--format', 'json', '--progress'],
      { cwd, onOutput: kill => kill('SIGINT') },
    )
    expect(stderr).toMatch(/^reading {2}[\d,]+ events, /)
    expect(stderr).toContain('error W3040: interrupted after reading ')
    const result = simulationSchema.parse(JSON.parse(stdout))
    expect(result.partial).toBe(true)
    expect(result.events).toBeLessThan(800_000)
    // What was read was decided, all of it.
    expect(Object.values(result.decisions).reduce((sum, times) => sum + times, 0)).toBe(result.events)
    expect(code).toBe(130)
  })
})
