/**
 * kill -9 at any moment: a real `writ run` under load is killed, started again, and killed again until its stream is decided. Then
 * nothing that was answered is missing, nothing is twice, and everything is as if nobody had killed it: decisions, windows, approvals
 * and deadlines, entry by entry and by rolling hash. WRIT_KILLS: how often (8).
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { random } from '../../bench/requests.ts'
import { parseEntry } from '../../ledger/src/audit/record.ts'
import { verifierKeyText } from '../../ledger/src/node/audit/keys.ts'
import { verifiedEntries } from './independent-verifier.ts'
import { livingProgramText, streamLines, withApprovals } from './workload.ts'
import { newKey, removeLog, temporary, verdictOn } from './written-log.ts'

const kills = Number(process.env.WRIT_KILLS ?? 8)
const main = new URL('../../cli/src/main.ts', import.meta.url).href
const parent = temporary()
afterAll(() => removeLog({ folder: join(parent, 'log'), key: newKey(parent, 'unused'), vkey: '' }))

interface Ended {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

function start(folder: string, onOutput: () => void): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const args = ['run', 'policies', '--log', folder, '--key', 'example.com-payments.key', '--events', 'stream.ndjson']
  const more = ['--batch', '16', '--checkpoint-entries', '150', '--journal-megabytes', '0.1', '--closures']
  const child = spawn(process.execPath, ['writ.mjs', ...args, ...more], { cwd: parent })
  let output = ''
  let errors = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
    onOutput()
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  return { child, ended: new Promise(done => child.on('close', code => done({ code, output, errors }))) }
}

test(
  `${kills} kills at random moments`,
  async () => {
    const next = random(kills)
    const key = newKey(parent)
    mkdirSync(join(parent, 'policies'))
    writeFileSync(join(parent, 'writ.mjs'), `import { main } from ${JSON.stringify(main)}\nmain()\n`)
    writeFileSync(join(parent, 'policies', 'payments.writ'), livingProgramText)
    const all = withApprovals(streamLines(1500, 21), 22)
    writeFileSync(join(parent, 'stream.ndjson'), all.map(line => `${line}\n`).join(''))
    const whole = start('uninterrupted', () => {})
    expect(await whole.ended).toMatchObject({ code: 0, errors: expect.not.stringContaining('error') })

    const answered = new Map<number, string>()
    const twice: string[] = []
    let hash = ''
    let killed = 0
    for (let runs = 0; runs < kills * 5; runs++) {
      let told = () => {}
      const firstOutput = new Promise<void>(done => {
        told = done
      })
      const { child, ended } = start('log', () => told())
      // Sometimes while it starts and recovers, mostly under load.
      const willKill = killed < kills
      if (willKill) {
        await Promise.race([next(5) === 0 ? setTimeout(next(600)) : firstOutput, ended])
        await Promise.race([setTimeout(next(60)), ended])
        child.kill('SIGKILL')
      }
      const { code, output, errors } = await ended
      if (code === null) killed++
      for (const line of output.slice(0, output.lastIndexOf('\n') + 1).split('\n')) {
        if (line === '') continue
        const { entry } = JSON.parse(line)
        if (answered.has(entry)) twice.push(line)
        answered.set(entry, line)
      }
      if (code === null) continue
      expect([code, errors.includes('error')]).toEqual([0, false])
      hash = hashIn(errors)
      if (killed >= kills) break
      // All is decided before it was killed often enough: there is more.
      const more = withApprovals(streamLines(1000, 100 + runs), runs)
      appendFileSync(join(parent, 'stream.ndjson'), more.map(line => `${line}\n`).join(''))
    }
    expect(killed).toBe(kills)
    expect(twice).toEqual([])

    const again = start('at-once', () => {})
    const { code, errors } = await again.ended
    expect(code).toBe(0)
    expect(hash).toBe(hashIn(errors))
    const vkey = verifierKeyText(key.verifier)
    const decided = (folder: string) =>
      verifiedEntries(join(parent, folder), vkey).map(bytes => {
        const entry = parseEntry(bytes)
        // The clock and the salts are the only things that differ.
        return entry && { ...entry, decidedAt: '', recordedAt: '', withheld: Object.keys(entry.withheld ?? {}) }
      })
    const entries = decided('log')
    expect(entries).toEqual(decided('at-once'))
    expect(verdictOn({ folder: join(parent, 'log'), key, vkey }).problems).toEqual([])
    expect(new Set(entries.map(entry => entry?.form)).size).toBe(3)
    for (const [entry, line] of answered) {
      const { decision, decidedBy, event, rules, kind, effect } = JSON.parse(line)
      const record = entries[entry]
      expect(record?.event.index).toBe(event.index)
      if (record?.form === 'writ decision 1')
        expect([record.decision, record.decidedBy, record.matched]).toEqual([decision, decidedBy, rules])
      else expect(record?.form === 'writ approval 1' ? record.effect : record?.kind).toBe(effect ?? kind)
    }
  },
  kills * 20_000,
)

function hashIn(errors: string): string {
  return /^rolling hash ([0-9a-f]{64})$/m.exec(errors)?.[1] ?? 'no hash'
}
