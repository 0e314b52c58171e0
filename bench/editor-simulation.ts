/**
 * What somebody waits for who edits a rule over a recorded log: from the keystroke to the count of decisions that are flipped, through a real
 * server process and its thread, over a million events. And the layout of a lineage of 1,000 fields. Prints JSON lines.
 */
import { execFileSync, spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, realpathSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { check, layoutLineage, lineage } from '@writ/engine'
import { parse } from '@writ/grammar'
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node'
import type { SimulationResult } from '../language-server/src/transport/simulation-messages.ts'

const events = Number(process.env.WRIT_BENCH_EVENTS ?? 1_000_000)
const edits = 40

await keystrokes()
layout()
process.exit(0)

async function keystrokes(): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'writ-bench-editor-')))
  const server = spawn(process.execPath, ['language-server/src/transport/node.ts', '--stdio'], { stdio: 'pipe' })
  try {
    const text = program()
    writeFileSync(join(folder, 'limits.writ'), text)
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: folder, stdio: 'ignore' })
    git('init', '-q')
    git('add', '.')
    git('commit', '-qm', 'as it is')
    writeEvents(join(folder, 'events.ndjson'))
    const connection = createMessageConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    )
    const editor = await opened(connection, folder, text)
    const times: number[] = []
    for (let edit = 0; edit < edits; edit++) {
      const limit = 900 - (edit % 9) * 10
      const began = performance.now()
      await editor.change(text.replace('amount > 900', `amount > ${limit}`))
      const { rules } = await editor.current()
      times.push(performance.now() - began)
      const flipped = rules.find(({ rule }) => rule === 'large')?.flipped ?? null
      if (flipped === null || flipped > 0 !== limit < 900)
        throw new Error(`at ${limit} ${flipped} decisions are flipped`)
    }
    const whole = await editor.milliseconds()
    const size = `${events / 1e6} M events`
    console.log(
      JSON.stringify({
        name: `keystroke to count of flipped decisions, ${size}, 20 policies, p95`,
        value: rounded(percentile(times, 0.95)),
        unit: 'ms',
        goal: 200,
        peer: { name: 'all policies, run once', value: rounded(whole) },
        median: rounded(percentile(times, 0.5)),
      }),
    )
  } finally {
    server.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Editor {
  change(text: string): Promise<void>
  /** As soon as it is of the newest text. */
  current(): Promise<SimulationResult>
  /** How long the first run took, of all policies. */
  milliseconds(): Promise<number>
}

async function opened(connection: MessageConnection, folder: string, text: string): Promise<Editor> {
  const waiting: (() => void)[] = []
  connection.onNotification('writ/simulationChanged', () => {
    for (const wake of waiting.splice(0)) wake()
  })
  connection.onUnhandledNotification(() => undefined)
  connection.listen()
  const rootUri = pathToFileURL(folder).href
  const uri = `${rootUri}/limits.writ`
  await connection.sendRequest('initialize', { processId: null, rootUri, capabilities: {} })
  await connection.sendNotification('initialized', {})
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'writ', version: 1, text },
  })
  await connection.sendRequest('writ/attachLog', { uri, path: join(folder, 'events.ndjson') })
  let version = 1
  const until = async (wanted: (result: SimulationResult) => boolean): Promise<SimulationResult> => {
    for (;;) {
      const next = new Promise<void>(done => {
        waiting.push(done)
      })
      const result: SimulationResult = await connection.sendRequest('writ/simulation', { uri })
      if (result.state === 'failed') throw new Error(result.message)
      if (wanted(result)) return result
      await next
    }
  }
  const first = await until(({ state, stale }) => state === 'ready' && !stale)
  if (first.events !== events) throw new Error(`${first.events} events were read`)
  return {
    change: async now => {
      version++
      await connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ text: now }],
      })
    },
    current: () => until(({ state, stale }) => state === 'ready' && !stale),
    milliseconds: async () => first.milliseconds,
  }
}

function program(): string {
  const others = Array.from(
    { length: 19 },
    (_, i) => `policy other_${i} version 1.0.0 {
  on Paid as p
  default permit
  rule area when p.area == "area-${i}" and p.amount > ${100 + i * 7} warn
}
`,
  )
  return `module limits
contract Paid version 1.0.0 { id: String key  at: Time time  actor: String  area: String  amount: Int }
source recorded { format ndjson map Paid { id = id } }
${others.join('')}policy edited version 1.0.0 {
  on Paid as p
  default permit
  let often = count of Paid by actor over 10m
  rule large when p.amount > 900 and often > 0 deny
}
`
}

function writeEvents(path: string): void {
  let state = 20_261_120
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const started = Date.UTC(2026, 0, 5)
  const file = openSync(path, 'w')
  for (let from = 0; from < events; from += 10_000) {
    const lines = Array.from({ length: Math.min(10_000, events - from) }, (_, i) => {
      const at = new Date(started + (from + i) * 40).toISOString()
      return `{"id":"e-${from + i}","at":"${at}","actor":"user-${next(10_000)}","area":"area-${next(50)}","amount":${next(1_000)}}\n`
    })
    writeSync(file, lines.join(''))
  }
  closeSync(file)
}

/** 40 contracts of 25 fields, of which every policy reads ten. */
function layout(): void {
  const contracts = Array.from({ length: 40 }, (_, c) => {
    const fields = Array.from({ length: 23 }, (_, f) => `  f${f} : Int`).join('\n')
    return `contract C${c} version 1.0.0 {\n  id : String key\n  at : Time time\n${fields}\n}\n`
  })
  const policies = Array.from({ length: 40 }, (_, c) => {
    const rules = Array.from({ length: 5 }, (_, r) => `  rule r${r} when e.f${r} > 1 and e.f${r + 10} < s deny\n`).join(
      '',
    )
    return `policy p${c} version 1.0.0 {\n  on C${c} as e\n  default permit\n  let s = sum(f${c % 20}) of C${(c + 7) % 40} by id over 1d\n${rules}}\n`
  })
  const { plan } = check([parse('large', `module large\n${contracts.join('')}${policies.join('')}`)])
  if (!plan) throw new Error('the program has errors')
  const graph = lineage(plan)
  const times = Array.from({ length: 20 }, () => {
    const began = performance.now()
    layoutLineage(graph)
    return performance.now() - began
  })
  const built = performance.now()
  lineage(plan)
  const fields = graph.nodes.filter(({ kind }) => kind === 'field').length
  console.log(
    JSON.stringify({
      name: `layout of a lineage of ${fields.toLocaleString('en')} fields, p95`,
      value: rounded(percentile(times, 0.95)),
      unit: 'ms',
      goal: 50,
      peer: { name: 'elkjs, as published for such a graph', value: 843 },
      median: rounded(percentile(times, 0.5)),
      nodes: graph.nodes.length,
      edges: graph.edges.length,
      graphMilliseconds: rounded(performance.now() - built),
    }),
  )
}

function percentile(values: readonly number[], rank: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * rank))] ?? 0
}
function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
