/** Simulation as an editor sees it: a real server process, a folder in git with a recorded log, edits, events, evidence, a test. */
import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { check, runTests } from '@writ/engine'
import { parse } from '@writ/grammar'
import { expect, onTestFinished, test } from 'vitest'
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node'
import type { EventPage } from '../src/simulation/rows.ts'
import type { DebugMomentResult, DebugQuestion, DebugStopsResult, Watched } from '../src/transport/debug-messages.ts'
import type { EvidenceResult, SimulationResult } from '../src/transport/simulation-messages.ts'

interface Editor {
  readonly folder: string
  readonly uri: string
  readonly connection: MessageConnection
  /** The simulation, as soon as it is as wanted. */
  until(wanted: (result: SimulationResult) => boolean): Promise<SimulationResult>
  change(from: string, to: string): Promise<void>
  /** The text as it is edited. */
  current(): string
}

async function editor(): Promise<Editor> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'writ-simulation-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  cpSync('samples/refunds', folder, { recursive: true })
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: folder })
  git('init', '-q')
  git('add', '.')
  git('commit', '-qm', 'as it is')
  const server = spawn(process.execPath, ['language-server/src/transport/node.ts', '--stdio'], { stdio: 'pipe' })
  onTestFinished(() => void server.kill())
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  )
  const waiting: (() => void)[] = []
  connection.onNotification('writ/simulationChanged', () => {
    for (const wake of waiting.splice(0)) wake()
  })
  connection.onUnhandledNotification(() => undefined)
  connection.listen()
  const rootUri = pathToFileURL(folder).href
  await connection.sendRequest('initialize', { processId: null, rootUri, capabilities: {} })
  await connection.sendNotification('initialized', {})
  const uri = `${rootUri}/refunds.writ`
  let text = readFileSync(join(folder, 'refunds.writ'), 'utf8')
  let version = 1
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'writ', version, text },
  })
  return {
    folder,
    uri,
    connection,
    current: () => text,
    until: async wanted => {
      for (;;) {
        const result: SimulationResult = await connection.sendRequest('writ/simulation', { uri })
        if (wanted(result)) return result
        await new Promise<void>(done => {
          waiting.push(done)
        })
      }
    },
    change: async (from, to) => {
      expect(text).toContain(from)
      text = text.replace(from, to)
      version++
      await connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      })
    },
  }
}

const rule = (result: SimulationResult, name: string) => result.rules.find(one => one.rule === name)

test('counts beside rules, flips after an edit, events, evidence and a test', { timeout: 60_000 }, async () => {
  const { uri, until, change, current, connection, folder } = await editor()
  expect((await until(() => true)).state).toBe('none')
  await connection.sendRequest('writ/attachLog', { uri })
  const first = await until(({ state, stale }) => state === 'ready' && !stale)
  const small = rule(first, 'small')
  expect(first).toMatchObject({ stale: false, base: 'HEAD' })
  expect(small?.decided).toBeGreaterThan(0)
  expect(small?.flipped).toBe(0)

  await change('r.amount <= 50 USD', 'r.amount <= 5 USD')
  const after = await until(({ state, stale }) => state === 'ready' && !stale)
  const flipped = rule(after, 'small')?.flipped ?? 0
  expect(rule(after, 'small')?.decided).toBeLessThan(small?.decided ?? 0)
  expect(flipped).toBe((small?.decided ?? 0) - (rule(after, 'small')?.decided ?? 0))

  const policy = 'refunds.refunds'
  const page: EventPage = await connection.sendRequest('writ/simulationEvents', {
    uri,
    policy,
    rule: null,
    which: 'flipped',
    offset: 0,
    limit: 5,
    filter: '',
  })
  expect(page.total).toBe(flipped)
  const ofRule: EventPage = await connection.sendRequest('writ/simulationEvents', {
    ...{ uri, policy, which: 'flipped', offset: 0, limit: 5, filter: '' },
    rule: 'small',
  })
  expect(ofRule.total).toBe(flipped)
  expect(page.rows[0]).toMatchObject({ before: 'permit', contract: 'RefundRequested' })
  const seq = page.rows[0]?.seq ?? 0
  const found: EventPage = await connection.sendRequest('writ/simulationEvents', {
    uri,
    policy,
    rule: null,
    which: 'flipped',
    offset: 0,
    limit: 5,
    filter: `:${page.rows[0]?.index} `,
  })
  expect(found.rows.map(row => row.seq)).toContain(seq)

  const evidence: EvidenceResult = await connection.sendRequest('writ/simulationEvidence', {
    uri,
    policy,
    seq,
    width: 80,
  })
  expect(evidence.text).toContain('RefundRequested')
  expect(evidence.marks.some(mark => mark.outcome === 'false')).toBe(true)

  const { text }: { text: string } = await connection.sendRequest('writ/simulationTest', { uri, policy, seq })
  const texts = { 'refunds.writ': current(), 'made.writ': `module refunds\nuse events { RefundRequested }\n${text}` }
  const others = readdirSync(folder).filter(path => path.endsWith('.writ') && !(path in texts))
  const written = others.map(path => [path, readFileSync(join(folder, path), 'utf8')] as const)
  const { plan } = check([...Object.entries(texts), ...written].map(([path, source]) => parse(path, source)))
  if (!plan) throw new Error('the test that was made has mistakes')
  const outcomes = runTests(plan, { select: ({ span }) => plan.files[span.file]?.path === 'made.writ' })
  expect(outcomes.map(({ passed }) => passed)).toEqual([true])
})

test('recorded events and tests are debugged', { timeout: 60_000 }, async () => {
  const { uri, until, connection } = await editor()
  const ask = <R>(question: DebugQuestion, more: object = {}): Promise<R> =>
    connection.sendRequest('writ/debug', { uri, question, ...more })
  const policy = 'refunds.refunds'
  expect(await ask({ kind: 'stops' })).toBe(null)
  await connection.sendRequest('writ/attachLog', { uri })
  const { events } = await until(({ state }) => state === 'ready')
  const wanted = [{ policy, rule: 'officers_sign' }]
  const seq = await ask<number>({ kind: 'find', from: events, direction: 'back', wanted })
  const moment = await ask<DebugMomentResult>({ kind: 'moment', seq, policy })
  expect(moment?.steps.at(-1)).toMatchObject({ title: 'hold by officers_sign', place: { uri } })
  const watched = await ask<Watched>({ kind: 'watch', seq, policy, expression: 'r.amount > 500 USD' })
  expect(watched).toMatchObject({ kind: 'value', value: { value: 'true', type: 'Bool' } })
  const stops = await ask<DebugStopsResult>({ kind: 'stops' })
  expect(stops?.find(({ rule }) => rule === 'small')?.place.uri).toBe(uri)

  const test = 'a lead signs 500 USD, and officers a cent more'
  const of = { uri: uri.replace('refunds.writ', 'limits.writ'), test }
  expect(await ask({ kind: 'find', from: -1, direction: 'forward', wanted }, of)).toBe(1)
  expect((await ask<DebugMomentResult>({ kind: 'moment', seq: 1, policy }, of))?.of).toBe(2)
  expect(await ask({ kind: 'moment', seq: 1, policy }, { ...of, test: 'no such test' })).toBe(null)
})

test('a text with errors leaves the numbers, marked as old', { timeout: 60_000 }, async () => {
  const { uri, until, change, connection } = await editor()
  await connection.sendRequest('writ/attachLog', { uri })
  const before = await until(({ state }) => state === 'ready')
  await change('r.amount <= 50 USD', 'r.amount <= ')
  const broken = await until(({ stale }) => stale)
  expect(rule(broken, 'lead_signs')).toMatchObject({ decided: rule(before, 'lead_signs')?.decided })
  await change('r.amount <= ', 'r.amount <= 50 USD')
  await until(({ stale }) => !stale)
})

test('a log that grows is read again; one that is not there is said so', { timeout: 60_000 }, async () => {
  const { uri, until, connection, folder } = await editor()
  await connection.sendRequest('writ/attachLog', { uri, path: 'nowhere.ndjson' })
  expect((await until(({ state }) => state === 'failed')).message).toContain('nowhere.ndjson')
  await connection.sendRequest('writ/attachLog', { uri })
  const { events, log } = await until(({ state }) => state === 'ready')
  const path = join(folder, log ?? '')
  const file = join(path, 'generated.ndjson')
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  appendFileSync(file, `${lines.at(-1)}\n`)
  await until(result => result.state === 'ready' && result.events === events + 1)
})
