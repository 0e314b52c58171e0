/**
 * From a keystroke in a rule to the counts of flipped decisions over a million recorded events: a real server process with its thread,
 * a folder in git, a policy of 100 rules of which two have windows. The peer is the whole policy run again, in this process.
 * Prints JSON lines; bench/run.ts collects them.
 */
import { execFileSync, spawn } from 'node:child_process'
import { createWriteStream, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { pathToFileURL } from 'node:url'
import { check, evaluate } from '@writ/engine'
import { parse } from '@writ/grammar'
import { openEvents } from '@writ/ledger/node'
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node'
import type { SimulationResult } from '../language-server/src/transport/simulation-messages.ts'

const events = Number(process.env.WRIT_BENCH_EVENTS ?? 1_000_000)
const rounds = 20
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'writ-bench-')))
try {
  await writeEvents(join(folder, 'events.ndjson'))
  writeFileSync(join(folder, 'rules.writ'), program(500, 300))
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: folder })
  git('init', '-q')
  git('add', 'rules.writ')
  git('commit', '-qm', 'as it is')
  const peer = await wholeRun()
  await edits('a constant of a rule without history', peer, round => program(500 + round, 300))
  await edits('a constant of a rule with a window', peer, round => program(500, 300 + round))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)

async function edits(
  what: string,
  peer: { readonly name: string; readonly value: number },
  text: (round: number) => string,
): Promise<void> {
  const server = spawn(process.execPath, ['language-server/src/transport/node.ts', '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  )
  let wake = (): void => undefined
  connection.onNotification('writ/simulationChanged', () => wake())
  connection.onUnhandledNotification(() => undefined)
  connection.listen()
  const rootUri = pathToFileURL(folder).href
  const uri = `${rootUri}/rules.writ`
  await connection.sendRequest('initialize', { processId: null, rootUri, capabilities: {} })
  await connection.sendNotification('initialized', {})
  const document = { uri, languageId: 'writ', version: 0, text: text(0) }
  await connection.sendNotification('textDocument/didOpen', { textDocument: document })
  const ready = async (): Promise<SimulationResult> => {
    for (;;) {
      const changed = new Promise<void>(done => {
        wake = done
      })
      const result: SimulationResult = await connection.sendRequest('writ/simulation', { uri })
      if (result.state === 'failed') throw new Error(result.message)
      if (result.state === 'ready' && !result.stale) return result
      await changed
    }
  }
  await connection.sendRequest('writ/attachLog', { uri, path: 'events.ndjson' })
  await ready()
  const times: number[] = []
  const inThread: number[] = []
  let flipped = 0
  for (let round = 1; round <= rounds; round++) {
    const began = performance.now()
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: round },
      contentChanges: [{ text: text(round) }],
    })
    const result = await ready()
    times.push(performance.now() - began)
    inThread.push(result.milliseconds)
    flipped += result.policies[0]?.flipped ?? 0
  }
  if (flipped === 0) throw new Error('no edit flipped a decision')
  server.kill()
  connection.dispose()
  console.log(
    JSON.stringify({
      name: `keystroke to flipped counts, ${events / 1e6} M events, 100 rules, ${what}, p95`,
      value: rounded(percentile(times, 0.95)),
      unit: 'ms',
      goal: 200,
      peer,
      median: rounded(percentile(times, 0.5)),
      medianInThread: rounded(percentile(inThread, 0.5)),
    }),
  )
}

async function wholeRun(): Promise<{ readonly name: string; readonly value: number }> {
  const { plan } = check([parse('rules.writ', program(500, 300))])
  if (plan === null) throw new Error('the program has errors')
  const opened = await openEvents(plan, join(folder, 'events.ndjson'))
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now()
    evaluate(plan, opened.log)
    return performance.now() - began
  })
  return { name: 'the whole policy run again', value: rounded(percentile(times, 0.5)) }
}

function program(limit: number, spent: number): string {
  const rules = Array.from({ length: 97 }, (_, rule) => {
    const [area, least] = [rule % 50, 400 + rule * 5]
    return `  rule area_${rule} when p.area == ${area} and p.amount > ${least} and p.risk > ${rule % 9} ${rule % 3 === 0 ? 'deny' : 'hold'}`
  })
  return `module bench
contract Paid version 1.0.0 {
  id: String key
  at: Time time
  payer: String
  area: Int
  amount: Int
  risk: Int
}
policy limits version 1.0.0 {
  on Paid as p
  default permit
  rule large when p.amount > ${limit} and p.risk > 7 hold
  rule often when count of Paid by payer over 10m > 20 hold
  rule spent when sum(amount) of Paid by payer over 24h > ${spent * 50} deny
${rules.join('\n')}
}
`
}

async function writeEvents(path: string): Promise<void> {
  const stream = createWriteStream(path)
  let seed = 1
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
    return (seed >>> 8) % below
  }
  for (let event = 0; event < events; event++) {
    const at = new Date(1_700_000_000_000 + event * 500).toISOString()
    const fields = {
      contract: 'Paid',
      id: `e${event}`,
      at,
      payer: `p${random(5000)}`,
      area: random(60),
      amount: random(1000),
      risk: random(10),
    }
    if (!stream.write(`${JSON.stringify(fields)}\n`))
      await new Promise<void>(done => stream.once('drain', () => done()))
  }
  stream.end()
  await finished(stream)
}

function percentile(values: readonly number[], rank: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * rank))] ?? 0
}
function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
