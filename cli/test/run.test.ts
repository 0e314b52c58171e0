/** `writ key`, `run`, `verify`, `prove` and `witness`: the way of a decision from the stream to the auditor, and what is refused on it. */
import { spawn, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bin, folder, refunds, writ } from './writ.ts'

const events = [
  '{"id":"r1","at":"2026-11-02T09:00:00Z","customer":"c1","amount":"20 USD"}',
  '{"id":"r2","at":"2026-11-02T09:10:00Z","customer":"c1","amount":"700 USD"}',
  '{"id":"r3","at":"2026-11-02T09:20:00Z","customer":"c1","amount":"30 USD"}',
]
const stream = `${events.join('\n')}\n`
const privately = {
  ...refunds,
  'refunds.writ': refunds['refunds.writ'].replace('customer : String', 'customer : String personal(identifier)'),
}

/** A workspace with a key; gives the folder and the verifier key. */
async function prepared(files: Readonly<Record<string, string>> = refunds): Promise<{ cwd: string; vkey: string }> {
  const cwd = folder(files)
  const made = await writ(['key', 'new', 'example.com/refunds', '--output', 'log.key'], { cwd })
  expect(made.code).toBe(0)
  return { cwd, vkey: made.stdout.trim() }
}
const run = ['run', '.', '--log', 'audit', '--key', 'log.key']
const entriesOf = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line).entry)

describe('keys', () => {
  test('the private key is for its owner alone, and is never overwritten', async () => {
    const { cwd, vkey } = await prepared()
    expect(vkey).toMatch(/^example\.com\/refunds\+[0-9a-f]{8}\+A[A-Za-z0-9+/=]+$/)
    if (process.platform !== 'win32') expect(statSync(join(cwd, 'log.key')).mode & 0o777).toBe(0o600)
    const before = readFileSync(join(cwd, 'log.key'), 'utf8')
    const again = await writ(['key', 'new', 'example.com/refunds', '--output', 'log.key'], { cwd })
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('W4007')])
    expect(readFileSync(join(cwd, 'log.key'), 'utf8')).toBe(before)
  })

  test.skipIf(process.platform === 'win32')('a private key that others may read is refused', async () => {
    const { cwd } = await prepared()
    chmodSync(join(cwd, 'log.key'), 0o644)
    const { code, stderr } = await writ(run, { cwd, input: stream })
    expect(code).toBe(2)
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('others may read it (its mode is 0644). Run "chmod 600" on it.')
  })

  test('a name with a space is none', async () => {
    const { code, stderr } = await writ(['key', 'new', 'my log'], { cwd: folder() })
    expect([code, stderr]).toEqual([2, expect.stringContaining('W4008')])
  })
})

describe('run', () => {
  test('answers as simulate does, in entries that verify', async () => {
    const { cwd, vkey } = await prepared()
    const { code, stdout, stderr } = await writ(run, { cwd, input: stream })
    expect(code).toBe(0)
    expect(stderr).toMatch(
      /^3 entries written; audit has 3 entries, all under its checkpoint\nrolling hash [0-9a-f]{64}\n$/,
    )
    writeFileSync(join(cwd, 'stdin'), stream)
    const simulated = await writ(['simulate', '.', '--events', 'stdin', '--format', 'ndjson'], { cwd })
    expect(stdout.replaceAll(/"entry":\d+,/g, '')).toBe(simulated.stdout)
    const verified = await writ(['verify', 'audit', '--key', vkey], { cwd })
    expect(verified.code).toBe(0)
    expect(verified.stdout).toContain('entries 0 to 2  anchored')
  })

  test('goes on where the log ends: windows, entries, and the place in a file', async () => {
    const { cwd } = await prepared({ ...refunds, 'stream.ndjson': `${events.slice(0, 2).join('\n')}\n` })
    const args = [...run, '--events', 'stream.ndjson']
    expect(entriesOf((await writ(args, { cwd })).stdout)).toEqual([0, 1])
    expect((await writ(args, { cwd })).stdout).toBe('')
    appendFileSync(join(cwd, 'stream.ndjson'), `${events[2]}\n`)
    const { stdout, stderr } = await writ(args, { cwd })
    expect(JSON.parse(stdout)).toMatchObject({ entry: 2, decision: 'hold', reason: 'refund number 3 today' })
    expect(stderr).toContain('going on after record 2 of the stream, with 2 entries in the log')
    writeFileSync(join(cwd, 'stream.ndjson'), 'short\n')
    expect((await writ(args, { cwd })).stderr).toContain('W4010')
  })

  test('a file of events that is not there: no log is made', async () => {
    const { cwd } = await prepared()
    const { code, stderr } = await writ([...run, '--events', 'no.ndjson'], { cwd })
    expect([code, stderr, existsSync(join(cwd, 'audit'))]).toEqual([2, expect.stringContaining('W3011'), false])
  })

  test('--from-start passes over what is decided', async () => {
    const { cwd } = await prepared()
    await writ(run, { cwd, input: `${events[0]}\n` })
    expect(entriesOf((await writ([...run, '--from-start'], { cwd, input: stream })).stdout)).toEqual([1, 2])
  })

  test('a record that breaks its contract is decided and told of; a last line without an end counts', async () => {
    const { cwd } = await prepared()
    const broken = events[0]?.replace('20 USD', 'a lot') ?? ''
    const { stdout, stderr } = await writ(run, { cwd, input: `${events[0]}\nnonsense\n\n${broken}` })
    expect(entriesOf(stdout)).toEqual([0, 1])
    expect(stderr).toMatch(/^stdin:1: W20\d\d .*\nstdin:2: W20\d\d .*amount/)
  })

  test.skipIf(process.platform === 'win32')(
    'SIGTERM ends it gracefully; a second writer is refused meanwhile',
    async () => {
      const { cwd, vkey } = await prepared()
      const child = spawn(process.execPath, [bin, ...run], { cwd })
      const ended = new Promise<number | null>(done => child.on('close', done))
      child.stdin.write(stream)
      await new Promise(done => child.stdout.once('data', done))
      const second = await writ(run, { cwd, input: stream })
      expect(second.code).toBe(2)
      expect(second.stderr).toContain(`W4001: audit is being written by process ${child.pid}`)
      child.kill('SIGTERM')
      expect(await ended).toBe(0)
      expect((await writ(['verify', 'audit', '--key', vkey], { cwd })).stdout).toContain('entries 0 to 2  anchored')
      expect(existsSync(join(cwd, 'audit', 'journal', 'lock'))).toBe(false)
    },
  )

  test('what is no log is left alone; a log of another key is not continued, nor one without its journal', async () => {
    const { cwd } = await prepared({ ...refunds, 'mine/letter.txt': 'dear' })
    const foreign = await writ(['run', '.', '--log', 'mine', '--key', 'log.key'], { cwd, input: stream })
    expect([foreign.code, foreign.stderr]).toEqual([2, expect.stringContaining('W4002')])
    expect(readdirSync(join(cwd, 'mine'))).toEqual(['letter.txt'])
    await writ(run, { cwd, input: stream })
    await writ(['key', 'new', 'example.com/other', '--output', 'other.key'], { cwd })
    const other = await writ(['run', '.', '--log', 'audit', '--key', 'other.key'], { cwd, input: stream })
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('W4004')])
    writeFileSync(join(cwd, 'audit', 'journal', 'snapshot'), 'WRITSNP1 something else')
    const damaged = await writ(run, { cwd, input: stream })
    expect([damaged.code, damaged.stderr]).toEqual([2, expect.stringContaining('W4005')])
  })

  test.skipIf(process.platform === 'win32')('a folder that cannot be written', async () => {
    const { cwd } = await prepared()
    // Permissions do not stop root; the system's own folder takes none from anybody.
    const root = process.getuid?.() === 0
    const place = root ? '/sys/audit' : 'audit'
    if (!root) mkdirSync(join(cwd, place), { mode: 0o500 })
    const command = run.map(word => (word === 'audit' ? place : word))
    const { code, stderr, stdout } = await writ(command, { cwd, input: stream })
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(`W4006: ${place} cannot be written: `)])
  })

  test('a log that is no folder', async () => {
    const { cwd } = await prepared({ ...refunds, audit: 'a file' })
    const { code, stderr, stdout } = await writ(run, { cwd, input: stream })
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining('W4006')])
  })

  test.skipIf(process.platform === 'win32')(
    'a full disk: what was answered is in the log, and it goes on when there is room',
    async () => {
      const many = Array.from({ length: 400 }, (_, place) => (events[0] ?? '').replace('r1', `r${place}`))
      const { cwd, vkey } = await prepared({ ...refunds, 'stream.ndjson': `${many.join('\n')}\n` })
      const args = [...run, '--events', 'stream.ndjson', '--batch', '8', '--checkpoint-entries', '50']
      // A limit on the size of files is met in the middle of a write, as the end of a disk is.
      const limited = `ulimit -f 100; exec "$0" "$@"`
      const full = spawnSync('bash', ['-c', limited, process.execPath, bin, ...args], { cwd, encoding: 'utf8' })
      expect([full.status, full.stderr.replaceAll(/\s+/g, ' ')]).toEqual([
        2,
        expect.stringContaining('W4006: audit cannot be written'),
      ])
      const answered = entriesOf(full.stdout)
      expect(answered.length).toBeGreaterThan(8)
      expect(answered.length).toBeLessThan(400)
      const rest = entriesOf((await writ(args, { cwd })).stdout)
      expect([...answered, ...rest]).toEqual(Array.from({ length: 400 }, (_, place) => place))
      expect(await writ(['verify', 'audit', '--key', vkey], { cwd })).toMatchObject({ code: 0 })
    },
  )
})

describe('evidence', () => {
  const script = resolve(import.meta.dirname, '../../docs/verify-evidence.py')
  const hasPython = spawnSync('python3', ['--version']).status === 0

  test('of a decision holds for writ and for the script; a changed one for neither', async () => {
    const { cwd, vkey } = await prepared(privately)
    await writ(run, { cwd, input: stream })
    writeFileSync(join(cwd, 'stdin'), stream)
    const explained = ['--workspace', '.', '--events', 'stdin']
    const proven = await writ(['prove', 'audit', '--event', '2', '--disclose', '--output', 'e.json', ...explained], {
      cwd,
    })
    expect([proven.code, proven.stderr]).toEqual([0, ''])
    const evidence = JSON.parse(readFileSync(join(cwd, 'e.json'), 'utf8'))
    expect(evidence.explanation).toContain('hold')
    const { code, stdout } = await writ(['verify', 'e.json', '--key', vkey], { cwd })
    expect(code).toBe(0)
    expect(stdout).toContain('proven: entry 2 of example.com/refunds, in a log of 3 entries')
    expect(stdout).toContain('Disclosed, and as withheld in the log: event.digest, inputs.customer, obligations.0.')
    writeFileSync(
      join(cwd, 'changed.json'),
      JSON.stringify({ ...evidence, record: evidence.record.replace('"hold"', '"deny"') }),
    )
    const changed = await writ(['verify', 'changed.json', '--key', vkey], { cwd })
    expect([changed.code, changed.stderr]).toEqual([1, expect.stringContaining('W4030')])
    if (!hasPython) return
    const python = (file: string, key = vkey) => spawnSync('python3', [script, file, key], { cwd, encoding: 'utf8' })
    expect(python('e.json')).toMatchObject({ status: 0, stdout: expect.stringContaining('proven: entry 2') })
    expect(python('changed.json')).toMatchObject({ status: 1, stderr: 'refused: the record is not in the log\n' })
    const other = (await writ(['key', 'new', 'example.com/refunds', '--output', 'other.key'], { cwd })).stdout.trim()
    expect(python('e.json', other)).toMatchObject({
      status: 1,
      stderr: 'refused: the key did not sign the checkpoint\n',
    })
  })

  test('a log that is handed over without openings and journal verifies, and holds no sensitive value', async () => {
    const { cwd, vkey } = await prepared(privately)
    await writ(run, { cwd, input: stream.replaceAll('c1', 'confidential') })
    const given = ['checkpoint', 'programs', 'tile']
    const handed = folder()
    for (const name of given) spawnSync('cp', ['-r', join(cwd, 'audit', name), handed])
    const { code, stdout } = await writ(['verify', handed, '--key', vkey])
    expect([code, stdout]).toEqual([0, expect.stringContaining('7 values withheld; none of them is opened')])
    expect(spawnSync('grep', ['-r', 'confidential', handed]).status).toBe(1)
    expect(spawnSync('grep', ['-rq', 'confidential', join(cwd, 'audit', 'openings')]).status).toBe(0)
  })
})

describe('witnesses', () => {
  test('sign what goes on, refuse what does not; a policy that asks for them is content only then', async () => {
    const { cwd, vkey } = await prepared()
    await writ(run, { cwd, input: stream })
    const wkey = (
      await writ(['key', 'new', 'witness.example', '--witness', '--output', 'w.key'], { cwd })
    ).stdout.trim()
    writeFileSync(join(cwd, 'trust'), `log ${vkey}\nwitness w ${wkey}\nquorum w\n`)
    const verify = () => writ(['verify', 'audit', '--trust', 'trust'], { cwd })
    expect((await verify()).stdout).toContain('W4029')
    const args = ['witness', '--log', 'audit', '--of', vkey, '--key', 'w.key', '--state', 'seen.json']
    expect(await writ(args, { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('seen for the first time'),
    })
    expect(await verify()).toMatchObject({ code: 0 })
    await writ(run, { cwd, input: stream.replaceAll('"r', '"s') })
    const between = await verify()
    expect(between.stdout.replaceAll(/\s+/g, ' ')).toContain('entries 0 to 2 anchored')
    expect(between.stdout.replaceAll(/\s+/g, ' ')).toContain('entries 3 to 5 consistent, but not anchored')
    expect(await writ(args, { cwd })).toMatchObject({ code: 0, stdout: expect.stringContaining('it had 3 when') })
    expect(await verify()).toMatchObject({ code: 0 })
    const elsewhere = ['run', '.', '--log', 'elsewhere', '--key', 'log.key']
    await writ(elsewhere, { cwd, input: `${stream}${stream}${stream}` })
    const refused = await writ(['witness', '--log', 'elsewhere', ...args.slice(3)], { cwd })
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('W4040')])
  })
})
