/** `writ test`. What a test means is tested in engine/. */
import { expect, test } from 'vitest'
import { testSchema } from '../src/schemas.ts'
import { folder, readText, refunds, writ } from './writ.ts'

const failing = {
  ...refunds,
  'more.writ': `module refunds

test "900 USD pass too" {
  given Refund { id: "r1", customer: "c1", amount: 900 USD }
  expect permit
}
`,
}

test('all pass: exit 0', async () => {
  const { code, stdout } = await writ(['test'], { cwd: folder(refunds) })
  expect(stdout).toMatch(/^refunds\.writ\n {2}✓ 20 USD pass\n\n✓ 1 test passed in \d+ ms\n$/)
  expect(code).toBe(0)
})

test('one fails: what was expected, what came, where; exit 1', async () => {
  const { code, stdout } = await writ(['test'], { cwd: folder(failing) })
  expect(stdout).toContain('✗ 900 USD pass too\n')
  expect(stdout).toContain('more.writ:5\n')
  expect(stdout).toContain('✗ 1 test failed, 1 passed in ')
  expect(code).toBe(1)
})

test('--format json is the published form', async () => {
  const { code, stdout } = await writ(['test', '--format', 'json'], { cwd: folder(failing) })
  const result = testSchema.parse(JSON.parse(stdout))
  expect(code).toBe(1)
  expect(
    result.tests.map(({ name, file, line, passed, failedLine }) => ({ name, file, line, passed, failedLine })),
  ).toEqual([
    { name: '900 USD pass too', file: 'more.writ', line: 3, passed: false, failedLine: 5 },
    { name: '20 USD pass', file: 'refunds.writ', line: 24, passed: true, failedLine: null },
  ])
})

test('--filter', async () => {
  const cwd = folder(failing)
  expect((await writ(['test', '--filter', '20 usd'], { cwd })).code).toBe(0)
  const none = await writ(['test', '--filter', 'elephant'], { cwd })
  expect(none.stderr).toContain('error W3032: none of the 2 tests has "elephant" in its title.')
  expect(none.code).toBe(2)
})

test('no tests: how to write one, exit 0', async () => {
  const { code, stdout } = await writ(['test'], { cwd: folder({ 'a.writ': 'module a\n' }) })
  expect(stdout).toMatch(/^no tests in \.\. One looks like this:|^no tests in \./)
  expect(code).toBe(0)
})

test('errors are printed and nothing is run', async () => {
  const cwd = folder({ ...refunds, 'b.writ': 'module b\n\ntype T = Nonsense\n' })
  const { code, stdout, stderr } = await writ(['test'], { cwd })
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^b\.writ:3:10 {2}error W\d{4}\n/)
  expect(stderr).toMatch(/✗ 1 error in 2 files; nothing was run\n$/)
  expect(code).toBe(1)
})

test('--coverage says what no test has shown, also as JSON and lcov', async () => {
  const cwd = folder(refunds)
  const { code, stdout } = await writ(['test', '--coverage', '--lcov', 'lcov.info'], { cwd })
  expect(code).toBe(0)
  expect(stdout).toContain('coverage of 1 test\n')
  expect(stdout).toContain('MC/DC')
  const lines = readText(cwd, 'lcov.info').split('\n')
  expect(lines).toContain('SF:refunds.writ')
  expect(lines).toContain('end_of_record')
  const json = testSchema.parse(JSON.parse((await writ(['test', '--coverage', '--format', 'json'], { cwd })).stdout))
  expect(json.coverage?.tests).toBe(1)
  expect(json.coverage?.policies[0]?.rules[0]?.conditions[0]).toMatchObject({ seenTrue: 1, seenFalse: 0, shown: false })
})

test('--coverage --pairs names the events that show a condition to matter', async () => {
  const { stdout } = await writ(['test', '--coverage', '--pairs', '--events', 'recorded'], { cwd: folder(refunds) })
  expect(stdout).toContain(
    '✓ r.amount <= 50 USD\n          true at test "20 USD pass", event 1\n          false at refunds.ndjson:1\n',
  )
})

test('--coverage counts a log too', async () => {
  const { stdout } = await writ(['test', '--coverage', '--events', 'recorded'], { cwd: folder(refunds) })
  expect(stdout).toMatch(/coverage of 1 test and \d+ recorded events/)
  const alone = await writ(['test', '--events', 'recorded'], { cwd: folder(refunds) })
  expect(alone.stderr).toContain('error W3003: --events has no use here')
})

test('--mutate lists the changes that no test notices, with what would, and writes it down', async () => {
  const cwd = folder(refunds)
  const { code, stdout, stderr } = await writ(['test', '--mutate', '--write-test', 'more.writ'], { cwd })
  expect(code).toBe(0)
  expect(stdout).toContain(
    '-     when r.amount <= 50 USD\n  +     when r.amount < 50 USD\n    would be told apart by:\n',
  )
  expect(stdout).toMatch(/\d+ changes: \d+ noticed by tests, \d+ by nobody/)
  expect(stderr).toMatch(/tests added to more\.writ/)
  const again = testSchema.parse(JSON.parse((await writ(['test', '--mutate', '--format', 'json'], { cwd })).stdout))
  expect(again.failed).toBe(0)
  expect(again.mutation?.mutants.filter(one => one.toldApartBy !== null)).toEqual([])
})

test('--mutate asks a log too', async () => {
  const cwd = folder(refunds)
  const { stdout } = await writ(['test', '--mutate', '--events', 'recorded', '--policy', 'limits'], { cwd })
  expect(stdout).toMatch(/noticed by tests, [1-9]\d* by the log/)
})

test.each([
  [['test', '--mutate', '--policy', 'nobody'], 'error W3023'],
  [['test', '--budget', '5'], 'error W3003: --budget has no use here'],
])('%s is refused', async (args, message) => {
  const { code, stderr } = await writ(args, { cwd: folder(refunds) })
  expect(stderr).toContain(message)
  expect(code).toBe(2)
})
