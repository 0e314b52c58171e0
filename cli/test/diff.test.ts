/** `writ diff`: two versions by meaning and on a log, its outputs, its gates, and what keeps it from comparing. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { diffSchema } from '../src/schemas.ts'
import { folder, refunds, writ } from './writ.ts'

const old = refunds['refunds.writ']
const stricter = old.replace('r.amount <= 50 USD', 'r.amount <= 25 USD')
const log = { 'recorded/r.ndjson': refunds['recorded/refunds.ndjson'] }

test('a limit that is lowered: what changed, what it would have done, and why', async () => {
  const cwd = folder({ 'old/refunds.writ': old, 'new/refunds.writ': stricter, ...log })
  const { code, stdout } = await writ(['diff', 'old', 'new', '--events', 'recorded'], { cwd })
  expect(stdout).toBe(`old → new

! refunds.limits.small: \`r.amount <= 50 USD\` became \`r.amount <= 25 USD\`  new/refunds.writ:15:10
· refunds.limits is never milder than before, whatever comes (fewer get permit, more get deny,
  refunds.limits.small matches less)

refunds.limits: a made-up story that is decided otherwise
  09:00  Refund { id: "r1", customer: "c1", amount: 50 USD }: was permit by limits.small, is deny
  by the default of limits

On recorded
  permit           1 →           1
  hold             1 →           1
  deny             2 →           2

✓ 0 decisions of 4 on 4 events would be another
`)
  expect(code).toBe(0)
  writeFileSync(join(cwd, 'new/refunds.writ'), old.replace('r.amount <= 50 USD', 'r.amount <= 15 USD'))
  const flipped = await writ(['diff', 'old', 'new', '--events', 'recorded'], { cwd })
  expect(flipped.stdout).toContain(`! 1 decision of 4 on 4 events would be another: 1 newly denied

1 × permit → deny  25.0% (4.6% to 69.9%)
  refunds.limits.small: \`r.amount <= 50 USD\` became \`r.amount <= 15 USD\`
  r.ndjson:0 2026-11-02T09:00:00.000Z
  customer: 1 value: c1 (1)
    Refund r.ndjson:0 2026-11-02T09:00:00.000Z
      \`r.amount <= 50 USD\` was true, \`r.amount <= 15 USD\` is false
      was permit by small: small refunds need nobody
      is  deny by default: 20.00 USD is more than anybody may refund
`)
})

test('Markdown, SARIF and HTML hold the same groups, and recorded text is no markup in them', async () => {
  const cwd = folder({
    'old/r.writ': old,
    'new/r.writ': old.replace('<= 50 USD', '<= 15 USD'),
    'recorded/r.ndjson': refunds['recorded/refunds.ndjson'].replaceAll('"c1"', '"<img src=x> @all `x` [a](b)"'),
  })
  const as = async (format: string) =>
    (await writ(['diff', 'old', 'new', '--events', 'recorded', '--format', format], { cwd })).stdout
  const markdown = await as('markdown')
  expect(markdown).toMatch(/^### Writ: 1 decision would be another\n/)
  expect(markdown).toContain(
    '| 1 | permit → deny | refunds.limits.small: `r.amount <= 50 USD` became `r.amount <= 15 USD` |',
  )
  expect(markdown).toContain('&lt;img src=x&gt; @\u200ball `x` \\[a\\](b)')
  expect(markdown).not.toContain('<img')
  const sarif = JSON.parse(await as('sarif'))
  expect(sarif.runs[0].results[0]).toMatchObject({
    ruleId: 'writ-diff/flips',
    locations: [
      { physicalLocation: { artifactLocation: { uri: 'new/r.writ' }, region: { startLine: 15, startColumn: 10 } } },
    ],
  })
  const html = await as('html')
  expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
  expect(html).toContain('aria-label="Picture of the lineage"')
  expect(html).not.toMatch(/<img|<script|https?:(?!\/\/www\.w3\.org\/2000\/svg)/)
})

test('--format json is the published form', async () => {
  const cwd = folder({ 'old/r.writ': old, 'new/r.writ': old.replace('<= 50 USD', '<= 15 USD'), ...log })
  const { stdout } = await writ(['diff', 'old', 'new', '--events', 'recorded', '--format', 'json'], { cwd })
  const result = diffSchema.parse(JSON.parse(stdout))
  expect(result.log).toMatchObject({ flips: 1, newDenials: 1, onePass: true, groups: [{ from: 'permit', to: 'deny' }] })
})

test('names, orders and texts that change nothing', async () => {
  const renamed = old
    .replace('rule small', 'rule little')
    .replace('by small', 'by little')
    .replaceAll(' as r', ' as x')
    .replaceAll('r.', 'x.')
  const cwd = folder({ 'old/r.writ': old, 'new/s.writ': renamed, ...log })
  const { stdout, code } = await writ(['diff', 'old', 'new', '--events', 'recorded', '--max-flips', '0'], { cwd })
  expect(stdout).toContain('✓ no change in meaning\n· refunds.limits.small is now called refunds.limits.little\n')
  expect(stdout).toContain('✓ 0 decisions of 4')
  expect(code).toBe(0)
})

test('gates of the command line go before those of writ.json, and say why', async () => {
  const settings = JSON.stringify({ events: { all: { path: 'recorded' } }, gate: { maxNewDenials: 0 } })
  const cwd = folder({ 'refunds.writ': old, 'writ.json': settings, ...log })
  git(cwd, 'init', '-q')
  git(cwd, 'add', '.')
  git(cwd, 'commit', '-qm', 'first')
  expect((await writ(['diff'], { cwd })).code).toBe(0)
  writeFileSync(join(cwd, 'refunds.writ'), old.replace('<= 50 USD', '<= 15 USD'))
  const { code, stdout } = await writ(['diff'], { cwd })
  expect(stdout).toContain('Gates\n  ✗ 1 event would be denied that was not; more than the 0 may\n')
  expect(code).toBe(1)
  expect((await writ(['diff', '--max-new-denials', '1'], { cwd })).code).toBe(0)
  const tested = await writ(['diff', '--max-new-denials', '1', '--require-tests-for-flips'], { cwd })
  expect(tested.stdout).toContain('✓ each cause of flips is shown by a test')
  const untested = old.replace('<= 50 USD', '<= 15 USD').replace('amount: 20 USD', 'amount: 5 USD')
  writeFileSync(join(cwd, 'refunds.writ'), untested)
  const shown = await writ(['diff', '--max-new-denials', '1', '--require-tests-for-flips'], { cwd })
  expect(shown.stdout).toContain('✗ 1 cause of flips is shown by no test: refunds.limits.small')
  expect(shown.code).toBe(1)
})

test('what cannot be compared is said', async () => {
  const cwd = folder({
    'refunds.writ': old,
    'broken/refunds.writ': old.replace('permit\n', 'allow\n'),
    'other/o.ndjson': '{"kind":"weather"}\n',
    ...log,
  })
  git(cwd, 'init', '-q')
  git(cwd, 'add', 'refunds.writ')
  git(cwd, 'commit', '-qm', 'first')
  for (const [args, why] of [
    [['v9'], 'W3060'],
    [['v9'], 'there is no revision v9'],
    [['HEAD:nowhere'], 'there are no .writ files'],
    [['broken', 'refunds.writ'], 'W3065'],
    [['HEAD', 'refunds.writ', '--events', 'other'], 'W3066'],
    [['HEAD', 'refunds.writ', '--events', 'nowhere'], 'W3063'],
    [['HEAD', 'refunds.writ', '--max-flips', 'few'], 'W3003'],
    [['HEAD', 'refunds.writ', '--max-flips', '1'], 'W3020'],
  ] as const) {
    const { code, stderr } = await writ(['diff', ...args], { cwd })
    expect(stderr, args.join(' ')).toContain(why)
    expect(code, args.join(' ')).toBe(2)
  }
})

test('contracts that changed incompatibly: each version reads the log by itself', async () => {
  const narrowed = old.replace('customer : String', 'customer : Int')
  const cwd = folder({ 'old/r.writ': old, 'new/r.writ': narrowed.replace('"c1"', '1'), ...log })
  const { stdout } = await writ(['diff', 'old', 'new', '--events', 'recorded'], { cwd })
  expect(stdout).toContain('✗ refunds.Refund')
  expect(stdout).toContain('breaking')
})

function git(cwd: string, ...args: readonly string[]): void {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org']
  execFileSync('git', [...identity, ...args], { cwd })
}
