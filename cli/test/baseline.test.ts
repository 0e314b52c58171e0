/** Baselines on the command line: one is counted from a log, named in writ.json, and rules ask for the drift from it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { baselineSchema } from '@writ/ledger/baselines'
import { describe, expect, test } from 'vitest'
import { folder, writ } from './writ.ts'

const program = `module pay
contract Paid version 1.0.0 {
  id: String key
  at: Time time
  amount: Money<EUR>
  channel: enum { chat, email, phone }
  check amount > 0 EUR
}
policy watch version 1.0.0 {
  on Paid as p
  default permit
  rule larger when (drift(amount against usual, ks) of Paid by all over 1h ?? 0) > 0.5 deny
}
`
const amounts = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
const line = (id: string, minute: number, euros: number, channel: string) =>
  JSON.stringify({ id, at: `2026-11-02T09:${String(minute).padStart(2, '0')}:00Z`, amount: `${euros} EUR`, channel })
const files = {
  'pay.writ': program,
  'writ.json': JSON.stringify({ baselines: { usual: 'usual.json' } }),
  'old.ndjson': `${amounts.map((euros, i) => line(`p${i}`, i, euros, i < 7 ? 'chat' : 'email')).join('\n')}\n${line('bad', 30, -5, 'phone')}\n`,
  'new.ndjson': `${line('n1', 0, 45, 'chat')}\n${line('n2', 1, 500, 'chat')}\n${line('n3', 2, 700, 'chat')}\n`,
}

test('a baseline is counted, and rules are held against it', async () => {
  const cwd = folder(files)
  const counted = await writ(
    ['baseline', '.', '--of', 'Paid.amount', '--bins', '5', '--events', 'old.ndjson', '--output', 'usual.json'],
    { cwd },
  )
  expect(counted.stderr).toContain('10 values in 5 bins')
  const written = baselineSchema.parse(JSON.parse(readFileSync(join(cwd, 'usual.json'), 'utf8')))
  expect(written).toEqual({
    of: 'Paid.amount',
    edges: ['20', '40', '60', '80'],
    currency: 'EUR',
    counts: [2, 2, 2, 2, 2],
  })
  expect((await writ(['check', '.'], { cwd })).code).toBe(0)
  const { stdout } = await writ(['simulate', '.', '--events', 'new.ndjson', '--format', 'ndjson'], { cwd })
  // After 45: |1 - 3/5|; after 500: |1/2 - 4/5| at most 2/5; after 700: |1/3 - 4/5|. One more large one and it is 3/5.
  expect(stdout.match(/"decision":"\w+"/g)).toEqual(Array.from({ length: 3 }, () => '"decision":"permit"'))
})

test('drift is explained, and the explanation is verified', async () => {
  const usual = { of: 'Paid.amount', edges: ['20', '40'], currency: 'EUR', counts: [9, 1, 0] }
  const cwd = folder({ ...files, 'usual.json': JSON.stringify(usual) })
  const { stdout, code } = await writ(['explain', '.', '--events', 'new.ndjson', '--at', 'new.ndjson:1', '--verify'], {
    cwd,
  })
  expect(code).toBe(0)
  expect(stdout).toContain('drift(amount against usual, ks)')
  // 45 and 500 EUR are above the last edge.
  expect(stdout).toContain('of 2: ≤ 20.00 EUR 0, ≤ 40.00 EUR 0, > 40.00 EUR 2; in usual of 10: 9, 1, 0')
  expect(stdout).toMatch(/verified/i)
})

test('the counts of a baseline are part of the identity of a run', async () => {
  const identity = async (counts: readonly number[]) => {
    const usual = { edges: ['20', '40'], currency: 'EUR', counts }
    const cwd = folder({ ...files, 'usual.json': JSON.stringify(usual) })
    const { stdout } = await writ(['simulate', '.', '--events', 'new.ndjson', '--format', 'json'], { cwd })
    return JSON.parse(stdout).run.identity
  }
  const [one, same, other] = [await identity([9, 1, 0]), await identity([9, 1, 0]), await identity([9, 2, 0])]
  expect(one).toBe(same)
  expect(one).not.toBe(other)
})

test('texts are counted one by one', async () => {
  const { stdout } = await writ(['baseline', '.', '--of', 'Paid.channel', '--events', 'old.ndjson'], {
    cwd: folder(files),
  })
  expect(JSON.parse(stdout)).toEqual({ of: 'Paid.channel', values: ['chat', 'email'], counts: [7, 3, 0] })
})

describe('a baseline that cannot be used', () => {
  const wrong: Record<string, [string | null, string]> = {
    missing: [null, 'it cannot be read'],
    'no JSON': ['{', 'it is no JSON'],
    'another form': ['{"counts":[1,"2"]}', 'counts.1 is not of the right form'],
    'neither edges nor values': ['{"counts":[1,2]}', 'it needs either edges or values'],
    'too few counts': ['{"edges":["1","2"],"counts":[1,2]}', 'it has 2 counts for 3 bins'],
    'edges that go back': ['{"edges":["2","1"],"counts":[1,2,3]}', 'its edges are not ascending'],
    'nothing counted': ['{"edges":["1"],"counts":[0,0]}', 'it counts nothing'],
  }
  test.each(Object.entries(wrong))('%s', async (_, [text, why]) => {
    const cwd = folder(text === null ? files : { ...files, 'usual.json': text })
    const { stderr, code } = await writ(['check', '.'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain('W3018')
    expect(stderr.replace(/\s+/g, ' ')).toContain(`usual.json, the baseline usual of writ.json: ${why}`)
  })
})

test.each([
  ['Paid.amuont', 'there is no such field'],
  ['Paid.at', 'its values fall into no bins'],
])('nothing can be counted of %s', async (field, why) => {
  const { stderr, code } = await writ(['baseline', '.', '--of', field, '--events', 'old.ndjson'], {
    cwd: folder(files),
  })
  expect(code).toBe(2)
  expect(stderr.replace(/\s+/g, ' ')).toContain(why)
})
