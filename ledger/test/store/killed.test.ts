/**
 * An import that is killed (kill -9) at random moments and begun again comes to the store of one that was let be. WRIT_IMPORT_KILLS sets how
 * many are killed, WRIT_SEED what is random.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { checkStore } from '@writ/ledger/store'
import { expect, test } from 'vitest'
import { reading, scratch } from './importing.ts'
import { random } from './random.ts'

const kills = Number(process.env.WRIT_IMPORT_KILLS ?? 5)
const seed = Number(process.env.WRIT_SEED ?? Date.now() % 1_000_000)

test(
  `killed ${kills} times, the same store comes out (seed ${seed})`,
  async () => {
    const next = random(seed)
    const record = (number: number): object => ({
      specversion: '1.0',
      id: String(next(40) === 0 ? 0 : number),
      source: 'test',
      type: `t${number % 7}`,
      time: new Date(1.77e12 + number * 997).toISOString(),
      data: {
        user: `u${next(50)}`,
        decision: next(3) === 0 ? 'deny' : 'allow',
        note: Array.from({ length: 9 }, () => `w${next(500)}`).join(' '),
      },
    })
    const records = Array.from({ length: 3000 }, (_, number) => record(number))
    const lines = records.slice(0, 1500).map(one => JSON.stringify(one))
    const folder = scratch({
      'a.ndjson': `${lines.join('\n')}\n{"broken\n${lines.slice(0, 100).join('\n')}`,
      'b.json': JSON.stringify(records.slice(1500, 2500), null, 1),
      'c.csv.gz': gzipSync(
        `time,user,action\n${records.map((_, place) => `${new Date(1.76e12 + place * 1000).toISOString()},u${place},"read, or\nwrite"`).join('\n')}`,
      ),
    })
    const sources = ['a.ndjson', 'b.json', 'c.csv.gz'].map(name => join(folder, name))
    const steps = await child([join(folder, 'whole.store'), ...sources], Number.POSITIVE_INFINITY)
    const whole = reading(join(folder, 'whole.store'), checkStore)
    expect(whole.faults).toEqual([])

    const store = join(folder, 'killed.store')
    for (let killed = 0; killed < kills; killed++) await child([store, ...sources], next(steps))
    await child([store, ...sources], Number.POSITIVE_INFINITY)
    expect(reading(store, checkStore)).toEqual(whole)
    expect(reading(store, searched)).toEqual(reading(join(folder, 'whole.store'), searched))
  },
  60_000 + kills * 5000,
)

/** Lines that it printed, after how many of which it was killed. */
function child(args: readonly string[], killAfter: number): Promise<number> {
  const process_ = spawn(process.execPath, [join(import.meta.dirname, 'import-child.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let steps = 0
  process_.stdout.setEncoding('utf8').on('data', (text: string) => {
    steps += text.split('\n').length - 1
    if (steps > killAfter) process_.kill('SIGKILL')
  })
  return new Promise(done => process_.on('close', () => done(steps)))
}

function searched(db: Parameters<typeof checkStore>[0]): unknown {
  return db.prepare("SELECT rowid FROM words WHERE words MATCH 'w7' ORDER BY rowid").pluck().all()
}
