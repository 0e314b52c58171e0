/** `writ check`: what people, programs and code scanning get to see, and what `--fix` mends. */
import { expect, test } from 'vitest'
import { checkSchema } from '../src/schemas.ts'
import { folder, readText, refunds, writ } from './writ.ts'

const misspelt = { ...refunds, 'refunds.writ': refunds['refunds.writ'].replace('when r.amount <=', 'when r.amuont <=') }

test('nothing wrong: one line, exit 0', async () => {
  expect(await writ(['check'], { cwd: folder(refunds) })).toEqual({
    code: 0,
    stdout: '✓ 1 file, no problems\n',
    stderr: '',
  })
})

test('an unknown name: place, message, the source underlined, a fix, exit 1', async () => {
  const { code, stdout } = await writ(['check'], { cwd: folder(misspelt) })
  expect(code).toBe(1)
  expect(stdout).toMatch(/^refunds\.writ:15:\d+ {2}error W02\d\d\n/)
  expect(stdout).toMatch(/\n {2}15 │ {5}when r\.amuont <= 50 USD\n {5}│ {12}\^{6}\n/)
  expect(stdout).toContain('amount')
  expect(stdout).toMatch(/\n✗ 1 error in 1 file\n$/)
})

test('a rule that can never match is a warning, and its level can be set', async () => {
  const idle = {
    ...refunds,
    'refunds.writ': refunds['refunds.writ'].replace('when r.amount <=', 'when r.amount > 60 USD and r.amount <='),
  }
  const { code, stdout } = await writ(['check'], { cwd: folder(idle) })
  expect(code).toBe(1)
  expect(stdout).toMatch(/^refunds\.writ:15:\d+ {2}warning W1201\n/)
  expect(stdout).toContain('`r.amount > 60 USD` contradicts `r.amount <= 50 USD`')
  const settings = { 'writ.json': JSON.stringify({ lint: { W1201: 'off' } }) }
  expect((await writ(['check'], { cwd: folder({ ...idle, ...settings }) })).stdout).not.toContain('W1201')
})

test('the folder is part of the place, so that it can be clicked', async () => {
  const cwd = folder({ 'policies/refunds.writ': misspelt['refunds.writ'] })
  expect((await writ(['check', 'policies'], { cwd })).stdout).toMatch(/^policies\/refunds\.writ:15:/)
  expect((await writ(['check', 'policies/refunds.writ'], { cwd })).stdout).toMatch(/^policies\/refunds\.writ:15:/)
})

test('a syntax error', async () => {
  const cwd = folder({ 'a.writ': 'module a\n\ncontract Refund version 1.0.0 {\n  amount : \n}\n' })
  const { code, stdout } = await writ(['check'], { cwd })
  expect(code).toBe(1)
  expect(stdout).toMatch(/^a\.writ:[45]:\d+ {2}error W01\d\d\n/)
})

test('--format json is the published form', async () => {
  const { code, stdout } = await writ(['check', '--format', 'json'], { cwd: folder(misspelt) })
  const result = checkSchema.parse(JSON.parse(stdout))
  expect(code).toBe(1)
  expect(result.counts).toEqual({ error: 1, warning: 0, information: 0, hint: 0 })
  expect(result.problems).toMatchObject([{ severity: 'error', file: 'refunds.writ', line: 15, endLine: 15 }])
})

test('--format sarif: rules, results with regions, fixes', async () => {
  const { stdout } = await writ(['check', '--format', 'sarif'], { cwd: folder(misspelt) })
  const sarif = JSON.parse(stdout)
  expect(sarif.version).toBe('2.1.0')
  const [run] = sarif.runs
  expect(run.tool.driver.rules[0].id).toBe(run.results[0].ruleId)
  expect(run.results[0].locations[0].physicalLocation).toMatchObject({
    artifactLocation: { uri: 'refunds.writ' },
    region: { startLine: 15 },
  })
})

test('--fix applies the preferred fix', async () => {
  const cwd = folder(misspelt)
  const { code, stderr } = await writ(['check', '--fix'], { cwd })
  expect(stderr).toBe('1 fix applied\n')
  expect(code).toBe(0)
  expect(readText(cwd, 'refunds.writ')).toBe(refunds['refunds.writ'])
})

test('a long line is cut around the spot', async () => {
  const long = `module a\n\ncontract E version 1.0.0 { id: String key  ${'x'.repeat(300)}: Nonsense  y: Int }\n`
  const { stdout } = await writ(['check'], { cwd: folder({ 'a.writ': long }), env: { COLUMNS: '80' } })
  expect(stdout).toContain(': Nonsense')
  expect(stdout.split('\n').filter(line => line.length > 80)).toEqual([])
})

test('writ.json sets the level of a code', async () => {
  const unused = { ...refunds, 'more.writ': 'module more\n\nuse refunds { Refund }\n' }
  const warned = await writ(['check'], { cwd: folder(unused) })
  expect(warned.stdout).toContain('more.writ:3:15  warning W0207\n')
  expect(warned.stdout).toMatch(/\n! 1 warning in 2 files\n$/)
  expect(warned.code).toBe(1)
  const off = await writ(['check'], { cwd: folder({ ...unused, 'writ.json': '{ "lint": { "W0207": "off" } }' }) })
  expect(off).toEqual({ code: 0, stdout: '✓ 2 files, no problems\n', stderr: '' })
  const remark = await writ(['check'], {
    cwd: folder({ ...unused, 'writ.json': '{ "lint": { "W0207": "information" } }' }),
  })
  expect(remark.stdout).toContain('remark W0207')
  expect(remark.code).toBe(0)
})

test('several workspaces: text yes, one JSON for all no', async () => {
  const cwd = folder({ 'a/a.writ': 'module a\n', 'b/b.writ': 'module b\n' })
  expect((await writ(['check', 'a', 'b'], { cwd })).stdout).toBe('✓ 1 file, no problems\n✓ 1 file, no problems\n')
  const { code, stderr } = await writ(['check', 'a', 'b', '--format', 'json'], { cwd })
  expect(stderr).toContain('error W3004: writ check gives one json for one workspace, and these paths are of 2.')
  expect(code).toBe(2)
})

test('what is no .writ file is refused', async () => {
  const cwd = folder({ ...refunds, 'notes.txt': 'x' })
  const { code, stderr } = await writ(['check', 'notes.txt'], { cwd })
  expect(stderr).toContain('error W3011: notes.txt cannot be read: it is no .writ file.')
  expect(code).toBe(2)
})

const paid = `module payments
contract Paid version 1.0.0 { id: String key  payer: String personal(identifier)  pin: String secret }
policy pins {
  on Paid as p
  default permit
  rule guessed
    when p.pin == "1234"
    deny "{p.payer} has the pin {p.pin}"
}
`

test('a secret in a text is an error, with its way; nothing is run', async () => {
  const cwd = folder({ 'a.writ': paid })
  const { code, stdout } = await writ(['check'], { cwd })
  expect(code).toBe(1)
  expect(stdout).toMatch(/^a\.writ:8:12 {2}warning W1302\n/)
  expect(stdout).toMatch(/a\.writ:8:34 {2}error W1301\n/)
  expect(stdout).toContain('see    a.writ:2:83  pin of Paid is secret')
  expect((await writ(['test'], { cwd })).stderr).toContain('W1301')
  expect((await writ(['check', '--fix'], { cwd })).code).toBe(0)
  expect(readText(cwd, 'a.writ')).toContain('"{mask(p.payer, keep: 4)} has the pin {mask(p.pin, keep: 0)}"')
})

test('writ.json asks for implicit flow', async () => {
  const told = paid.replace(/deny ".*"/, 'deny "guessed"')
  const off = JSON.stringify({ privacy: { implicit: 'error' }, lint: { W1303: 'off' } })
  const quiet = await writ(['test'], { cwd: folder({ 'a.writ': told, 'writ.json': off }) })
  expect(quiet.stderr).not.toContain('nothing was run')
  expect((await writ(['check'], { cwd: folder({ 'a.writ': told }) })).code).toBe(0)
  for (const [implicit, severity] of [
    ['warn', 'warning'],
    ['error', 'error'],
  ]) {
    const cwd = folder({ 'a.writ': told, 'writ.json': JSON.stringify({ privacy: { implicit } }) })
    expect((await writ(['check'], { cwd })).stdout).toMatch(new RegExp(`^a\\.writ:7:10 {2}${severity} W1303\n`))
  }
})
