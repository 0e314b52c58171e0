/** What leaves the operator's hands: archives, masked copies, replays, erasures; and local copies of CloudTrail. The command as a whole. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { tarOf, zipOf } from '../../ledger/test/archive/pack.ts'
import { madeTrail } from '../../ledger/test/cloudtrail/made-trail.ts'
import { filesOf } from '../../test/audit/written-log.ts'
import { evidenceSchema, pruneSchema, verificationSchema } from '../src/audit-schemas.ts'
import { folder, refunds, writ } from './writ.ts'

const policies = refunds['refunds.writ']
  .replace('customer : String', 'customer : String personal(identifier)')
  .replace('amount   : Money<USD>', 'amount   : Money<USD>\n  retention 10d')

async function logged(): Promise<{ readonly cwd: string; readonly key: readonly string[] }> {
  const cwd = folder({ ...refunds, 'refunds.writ': policies })
  const made = await writ(['key', 'new', 'example.com/refunds', '--output', 'log.key'], { cwd })
  const run = ['run', '.', '--log', 'audit', '--key', 'log.key', '--events', 'recorded/refunds.ndjson']
  expect((await writ(run, { cwd })).code).toBe(0)
  return { cwd, key: ['--key', made.stdout.trim()] }
}
const json = async (args: readonly string[], cwd: string) => {
  const { code, stdout, stderr } = await writ([...args, '--format', 'json'], { cwd })
  return { code, value: stdout === '' ? stderr : JSON.parse(stdout) }
}

test('an archive verifies like the folder; a masked copy too, and is replayed as far as it discloses', async () => {
  const { cwd, key } = await logged()
  const packed = [...filesOf(join(cwd, 'audit'))].map(([path, body]) => ({ path: `audit/${path}`, body }))
  writeFileSync(join(cwd, 'audit.tar.gz'), gzipSync(tarOf(packed)))
  writeFileSync(join(cwd, 'audit.zip'), zipOf(packed))
  writeFileSync(join(cwd, 'evil.tar'), tarOf([...packed, { path: '../out', body: Buffer.from('x') }]))
  for (const path of ['audit', 'audit.tar.gz', 'audit.zip']) {
    const { code, value } = await json(['verify', path, ...key, '--replay'], cwd)
    expect([code, verificationSchema.safeParse(value).success]).toEqual([0, true])
    expect(value).toMatchObject({ ranges: [{ from: 0, to: 3, state: 'anchored' }], replay: { equal: 4, unknown: 0 } })
  }
  const evil = await writ(['verify', 'evil.tar', ...key], { cwd })
  expect([evil.code, evil.stderr]).toEqual([2, expect.stringContaining('W4011')])

  const masked = await writ(['mask', 'audit', '--output', 'copy'], { cwd })
  expect([masked.code, masked.stdout]).toEqual([0, expect.stringContaining('0 values disclosed')])
  expect(existsSync(join(cwd, 'copy', 'journal'))).toBe(false)
  const blind = await json(['verify', 'copy', ...key, '--replay'], cwd)
  expect(blind).toMatchObject({ code: 0, value: { problems: [], replay: { equal: 0, unknown: 4, different: 0 } } })
  const text = await writ(['verify', 'copy', ...key, '--replay'], { cwd })
  expect(text.stdout).toContain('unknown for 4 of limits: Refund.customer is masked')
  await writ(['mask', 'audit', '--output', 'open', '--disclose', 'inputs.*'], { cwd })
  const slip = await writ(['mask', 'audit', '--output', 'slip', '--disclose', 'inputs.costumer,reason'], { cwd })
  expect([slip.code, slip.stderr]).toEqual([
    0,
    expect.stringContaining(
      '--disclose inputs.costumer: the log holds no value of this path; it has event.digest, inputs.cust',
    ),
  ])
  const open = await json(['verify', 'open', ...key, '--replay'], cwd)
  expect(open.value.replay).toMatchObject({ equal: 4, unknown: 0 })
  const again = await writ(['mask', 'audit', '--output', 'copy'], { cwd })
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('W4036')])
  const inside = await writ(['mask', 'audit', '--output', 'audit/copy'], { cwd })
  expect([inside.code, inside.stderr]).toEqual([2, expect.stringContaining('it lies inside the log')])
})

test('prune erases what is due, says so in a form of its own, and the log verifies', async () => {
  const { cwd, key } = await logged()
  const args = ['prune', 'audit', '--key', 'log.key', '--at', '2026-12-01T00:00:00Z']
  const dry = await json([...args, '--dry-run'], cwd)
  expect([dry.code, dry.value.erasure.rules[0].entries, dry.value.note]).toEqual([0, 4, null])
  const done = await json(args, cwd)
  expect(pruneSchema.safeParse(done.value).success).toBe(true)
  expect(done.value).toMatchObject({ note: 'erasures/000001.note', erasure: { rules: [{ contract: 'Refund' }] } })
  const again = await writ(args, { cwd })
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('audit: nothing is due')])
  const { code, value } = await json(['verify', 'audit', ...key, '--replay'], cwd)
  expect([code, value.withheld.opened, value.erased.notes, value.replay.equal]).toEqual([0, 0, 1, 0])
  const wrong = await writ(['prune', 'audit', '--key', 'log.key', '--at', 'soon'], { cwd })
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('W3003')])
})

test('evidence has the form that is published, and so has its verification', async () => {
  const { cwd, key } = await logged()
  await writ(['prove', 'audit', '--entry', '1', '--output', 'decision.json'], { cwd })
  const explaining = ['prove', 'audit', '--entry', '1', '--workspace', '.', '--events', 'recorded/refunds.ndjson']
  const refused = await writ(explaining, { cwd })
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('W4042')])
  expect((await writ([...explaining, '--disclose'], { cwd })).code).toBe(0)
  const evidence: unknown = JSON.parse(readFileSync(join(cwd, 'decision.json'), 'utf8'))
  expect(evidenceSchema.safeParse(evidence).success).toBe(true)
  const { code, value } = await json(['verify', 'decision.json', ...key], cwd)
  expect([code, value.ok, verificationSchema.safeParse(value).success]).toEqual([0, true, true])
})

test('copies of CloudTrail logs by their digests', async () => {
  const made = madeTrail(3)
  const cwd = folder({ 'keys.json': made.keyList })
  for (const [path, bytes] of made.files) {
    mkdirSync(dirname(join(cwd, 'trail', path)), { recursive: true })
    writeFileSync(join(cwd, 'trail', path), bytes)
  }
  const sound = await json(['verify', 'trail', '--cloudtrail', 'keys.json'], cwd)
  expect([sound.code, verificationSchema.safeParse(sound.value).success]).toEqual([0, true])
  expect(sound.value.trails[0].ranges.map((range: { state: string }) => range.state)).toEqual([
    'anchored',
    'unanchored',
  ])
  writeFileSync(join(cwd, 'trail', made.logs[0] ?? ''), gzipSync('{}'))
  const changed = await writ(['verify', 'trail', '--cloudtrail', 'keys.json'], { cwd })
  expect([changed.code, changed.stdout]).toEqual([1, expect.stringContaining('W4051')])
  const noKeys = await writ(['verify', 'trail', '--cloudtrail', 'trail'], { cwd })
  expect(noKeys.code).toBe(2)
})
