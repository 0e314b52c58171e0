/** `writ contract diff`: files, folders and revisions compared, judged by mode and number, and what rules and decisions make of it. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { contractDiffSchema } from '../src/schemas.ts'
import { folder, refunds, writ } from './writ.ts'

const one =
  'module e\ncontract Paid version 1.0.0 {\n  compatibility backward\n  id: String key\n  channel: enum { chat, email, phone }\n}\n'
const two = one.replace(', phone', '').replace('1.0.0', '1.1.0')
const three = one.replace('1.0.0', '2.0.0').replace('  id', '  note: String?\n  id')

test('a change that breaks the declared mode: what, where, why, what to do, exit 1', async () => {
  const cwd = folder({ 'old.writ': one, 'new.writ': two })
  const { code, stdout } = await writ(['contract', 'diff', 'old.writ', 'new.writ'], { cwd })
  expect(stdout).toBe(`e.Paid  1.0.0 → 1.1.0  backward (declared)
  ✗ E04  \`channel\` may no longer be \`phone\`  new.writ:5:3
      backward ✗  forward ✓  major  may change decisions
      why      old events may have it, and the field is unknown in them
      do       Leave it in and write it no more.
      such as  channel: "phone"
  ! the version has to be 2.0.0, and is 1.1.0

✗ 1 change: 1 breaking, 1 version to raise
`)
  expect(code).toBe(1)
})

test('a mode of the command line goes before the declared one', async () => {
  const cwd = folder({ 'old.writ': one, 'new.writ': two.replace('1.1.0', '2.0.0') })
  expect((await writ(['contract', 'diff', 'old.writ', 'new.writ'], { cwd })).code).toBe(1)
  expect((await writ(['contract', 'diff', 'old.writ', 'new.writ', '--mode', 'forward'], { cwd })).code).toBe(0)
  expect((await writ(['contract', 'diff', 'old.writ', 'new.writ', '--fail-on', 'never'], { cwd })).code).toBe(0)
})

test('a compatible change with a raised number is fine', async () => {
  const cwd = folder({ 'old.writ': one, 'new.writ': three })
  const { code, stdout } = await writ(['contract', 'diff', 'old.writ', 'new.writ'], { cwd })
  expect(stdout).toMatch(/✓ F01 {2}`note` was added, optional/)
  expect(stdout).toMatch(/✓ 1 change, all compatible\n$/)
  expect(code).toBe(0)
  expect((await writ(['contract', 'diff', 'old.writ', 'old.writ'], { cwd })).stdout).toBe('✓ no changes\n')
})

test('a transitive mode looks at all earlier versions', async () => {
  const transitive = (text: string) => text.replace('backward', 'backward transitive')
  const cwd = folder({
    '1.writ': transitive(one),
    '2.writ': transitive(two).replace('1.1', '2.0'),
    '3.writ': transitive(two).replace('1.1.0', '2.0.1'),
  })
  expect((await writ(['contract', 'diff', '2.writ', '3.writ'], { cwd })).code).toBe(0)
  const { code, stdout } = await writ(['contract', 'diff', '1.writ', '2.writ', '3.writ'], { cwd })
  expect(code).toBe(1)
  expect(stdout).toContain('1.writ → 3.writ')
  expect(stdout).toContain('E04')
})

test('--format json is the published form', async () => {
  const cwd = folder({ 'old.writ': one, 'new.writ': two })
  const { stdout } = await writ(['contract', 'diff', 'old.writ', 'new.writ', '--format', 'json'], { cwd })
  const result = contractDiffSchema.parse(JSON.parse(stdout))
  expect(result).toMatchObject({ counts: { breaking: 1 }, versionsToRaise: 1, rules: null })
  expect(result.comparisons[0]?.contracts[0]).toMatchObject({
    contract: 'e.Paid',
    neededVersion: '2.0.0',
    changes: [{ kind: 'E04', path: 'channel', verdicts: { full: 'breaking' }, new: { file: 'new.writ', line: 5 } }],
  })
})

test('REVISION:PATH of git', async () => {
  const cwd = folder({ 'contracts/e.writ': one })
  git(cwd, 'init', '-q')
  git(cwd, 'add', '.')
  git(cwd, 'commit', '-qm', 'first')
  writeFileSync(join(cwd, 'contracts/e.writ'), two)
  for (const old of ['HEAD:contracts', 'HEAD:contracts/e.writ'])
    expect((await writ(['contract', 'diff', old, 'contracts'], { cwd })).stdout).toContain('E04')
  for (const [old, why] of [
    ['HEAD:nowhere', 'there are no .writ files'],
    ['v9:contracts', 'there is no revision v9'],
    ['--output=x:contracts', 'has no option'],
  ] as const) {
    const { code, stderr } = await writ(['contract', 'diff', old, 'contracts'], { cwd })
    expect(stderr).toContain(why)
    expect(code).toBe(2)
  }
  expect((await writ(['contract', 'diff', 'HEAD:e.writ', 'e.writ'], { cwd: folder() })).stderr).toContain(
    'this is no git repository',
  )
})

test('rules that become vacuous, and decisions that become others on a log', async () => {
  const narrowed = refunds['refunds.writ']
    .replace('Money<USD>\n', 'Money<USD> in 60 USD .. 900 USD\n')
    .replace('1.0.0', '2.0.0')
  const cwd = folder({
    'old/refunds.writ': refunds['refunds.writ'],
    'new/refunds.writ': narrowed,
    'recorded/r.ndjson': refunds['recorded/refunds.ndjson'],
  })
  const { stdout } = await writ(['contract', 'diff', 'old', 'new', '--events', 'recorded', '--format', 'json'], { cwd })
  const { rules } = contractDiffSchema.parse(JSON.parse(stdout))
  expect(rules?.vacuous.map(({ code }) => code)).toContain('W1201')
  expect(rules?.decisions).toMatchObject({
    decisions: 4,
    otherDecision: 1,
    findings: [1, 3],
    examples: [
      {
        event: { index: 0 },
        policy: 'limits',
        before: { decision: 'permit', rule: 'small' },
        after: { decision: 'deny', rule: null },
      },
    ],
  })
  const text = (await writ(['contract', 'diff', 'old', 'new', '--events', 'recorded'], { cwd })).stdout
  expect(text).toContain('1 of 4 decisions on 4 events become another decision')
  expect(text).toContain('was permit by small')
})

test('a retention that is shorter than a window', async () => {
  const kept = (duration: string) =>
    refunds['refunds.writ'].replace('  customer :', `  retention ${duration}\n  customer :`)
  const cwd = folder({ 'old/refunds.writ': kept('7d'), 'new/refunds.writ': kept('12h') })
  const { stdout } = await writ(['contract', 'diff', 'old', 'new'], { cwd })
  expect(stdout).toContain('S03.shortened')
  expect(stdout).toContain('windows look back 1 d on refunds.Refund, whose events are kept for 12 h')
})

test('policies that do not check with the other contracts are told', async () => {
  const without = refunds['refunds.writ'].replace('  customer : String\n', '')
  const cwd = folder({ 'old/refunds.writ': refunds['refunds.writ'], 'new/refunds.writ': without })
  const { stdout } = await writ(['contract', 'diff', 'old', 'new'], { cwd })
  expect(stdout).toContain('the policies do not check with the new contracts')
  expect(stdout).toContain('F07')
})

test.each([
  [['contract', 'diff', 'a.writ'], 'writ contract diff needs NEW'],
  [['contract', 'dif', 'a.writ'], 'Did you mean contract diff?'],
  [['contract', 'diff', 'a.writ', 'bad.writ'], 'error W3061: the contracts of bad.writ have errors'],
  [['contract', 'diff', 'a.writ', 'a.writ', '--events', 'x'], 'error W3062'],
])('%j is refused', async (args, message) => {
  const cwd = folder({ 'a.writ': one, 'bad.writ': one.replace('String', 'Sting') })
  const { code, stderr } = await writ(args, { cwd })
  expect(stderr.replace(/\n {2}/g, ' ')).toContain(message)
  expect(code).toBe(2)
})

function git(cwd: string, ...args: readonly string[]): void {
  const who = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', '-c', 'commit.gpgsign=false']
  execFileSync('git', [...who, ...args], { cwd, stdio: 'ignore' })
}
