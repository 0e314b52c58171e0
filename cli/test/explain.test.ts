/** `writ explain`. What an explanation says is tested in engine/. */
import { expect, test } from 'vitest'
import { explanationSchema } from '../src/schemas.ts'
import { folder, refunds, writ } from './writ.ts'

const log = ['--events', 'recorded/refunds.ndjson']

test('--at FILE:INDEX and --event N explain the same event', async () => {
  const cwd = folder(refunds)
  const at = await writ(['explain', '.', ...log, '--at', 'refunds.ndjson:2'], { cwd })
  expect(at.stdout).toMatch(/^HELD {2}Refund/)
  expect(at.stdout).toContain('because refund number 3 today')
  expect(at.code).toBe(0)
  expect((await writ(['explain', '.', ...log, '--event', '3'], { cwd })).stdout).toBe(at.stdout)
  expect((await writ(['explain', '.', ...log, '--at', '2'], { cwd })).stdout).toBe(at.stdout)
})

test('--verify has it checked independently', async () => {
  const { code, stdout } = await writ(['explain', '.', ...log, '--event', '3', '--verify'], { cwd: folder(refunds) })
  expect(stdout).toContain('✓ verified')
  expect(code).toBe(0)
})

test('without an event: the most telling decisions, each with its command', async () => {
  const { code, stdout } = await writ(['explain', '.', ...log], { cwd: folder(refunds) })
  expect(stdout).toMatch(/^The most telling of 4 decisions/)
  expect(stdout).toContain('  writ explain . --events recorded/refunds.ndjson --at refunds.ndjson:1\n')
  expect(stdout.indexOf('DENIED')).toBeLessThan(stdout.indexOf('HELD'))
  expect(code).toBe(0)
})

test('--rule: decisions that one rule made', async () => {
  const cwd = folder(refunds)
  expect((await writ(['explain', '.', ...log, '--rule', 'often'], { cwd })).stdout).toMatch(
    /^The first of 1 decision by the rule often/,
  )
  const unknown = await writ(['explain', '.', ...log, '--rule', 'oftn'], { cwd })
  expect(unknown.stderr).toContain('error W3023: there is no rule oftn in .. Did you mean often?')
  expect(unknown.code).toBe(2)
})

test('--format json is the published form', async () => {
  const { stdout } = await writ(['explain', '.', ...log, '--event', '3', '--format', 'json'], { cwd: folder(refunds) })
  const { explanations } = explanationSchema.parse(JSON.parse(stdout))
  expect(explanations).toMatchObject([
    {
      event: { file: 'refunds.ndjson', index: 2, number: 3 },
      decision: 'hold',
      decidedBy: 'often',
      rules: [
        { rule: 'small', outcome: 'matched' },
        { rule: 'often', outcome: 'matched' },
      ],
    },
  ])
})

test.each([
  [
    ['--at', 'refunds.ndjson:9'],
    'error W3024: there is no event refunds.ndjson:9 in recorded/refunds.ndjson. refunds.ndjson has events up to index 3;',
  ],
  [['--at', 'refund.ndjson:1'], 'Did you mean refunds.ndjson?'],
  [['--at', 'refunds.ndjson'], 'Write it as FILE:INDEX'],
  [['--event', '5'], 'error W3024: there is no event 5 in recorded/refunds.ndjson. The log has events 1 to 4.'],
  [['--event', 'x'], 'error W3024'],
])('%j', async (args, message) => {
  const { code, stderr } = await writ(['explain', '.', ...log, ...args], { cwd: folder(refunds) })
  expect(stderr.replace(/\n {2}/g, ' ')).toContain(message)
  expect(code).toBe(2)
})

test('secrets are covered in JSON as on the page, in values, lists of changes and of cited events', async () => {
  const cwd = folder({
    'logins.writ': `module logins
contract Login version 1.0.0 { id : String key  at : Time time  user : String  pin : String secret  tries : Int secret }
policy logins version 1.0.0 {
  on Login as l
  default permit
  rule weak when l.pin == "hunter-twelve" deny "too weak"
  rule again when exists Login where pin contains "hunter" and tries > 7 by user over 1h before this hold
}
`,
    'events.ndjson': [
      '{"id":"1","at":"2026-01-01T09:00:00Z","user":"u","pin":"hunter-seventeen","tries":8}',
      '{"id":"2","at":"2026-01-01T09:01:00Z","user":"u","pin":"x9","tries":123457}',
      '',
    ].join('\n'),
  })
  const args = ['explain', '.', '--events', 'events.ndjson', '--event', '2']
  const { stdout } = await writ([...args, '--format', 'json'], { cwd })
  expect(explanationSchema.safeParse(JSON.parse(stdout)).success).toBe(true)
  expect(stdout).toContain('••••••')
  for (const secret of ['hunter-seventeen', '"x9"', '“x9”', '123457']) expect(stdout).not.toContain(secret)
  expect((await writ(args, { cwd })).stdout).not.toMatch(/hunter-seventeen|x9|123457/)
})
