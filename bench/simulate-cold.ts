/**
 * `writ simulate` in a fresh process: a million events of NDJSON, 100 rules of which one has a window. The peer does the same
 * with JSON.parse and plain JavaScript, also in a fresh process. Prints a JSON line; bench/run.ts collects it.
 */
import { spawnSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'

const events = Number(process.env.WRIT_BENCH_EVENTS ?? 1_000_000)
const runs = 3
const areas = 50
const folder = mkdtempSync(join(tmpdir(), 'writ-bench-'))
try {
  const log = join(folder, 'events.ndjson')
  await writeEvents(log)
  writeFileSync(join(folder, 'policies.writ'), workspace())
  writeFileSync(join(folder, 'peer.mjs'), peerProgram(log))
  spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' })
  const results = { writ: [] as Run[], peer: [] as Run[] }
  for (let run = 0; run < runs; run++) {
    results.writ.push(timed(['cli/bin/writ.cjs', 'simulate', folder, '--events', log, '--format', 'json']))
    results.peer.push(timed([join(folder, 'peer.mjs')]))
  }
  const ours = median(results.writ)
  const theirs = median(results.peer)
  if (JSON.stringify(ours.decisions) !== JSON.stringify(theirs.decisions)) {
    throw new Error(`decisions differ: ${JSON.stringify(ours.decisions)} and ${JSON.stringify(theirs.decisions)}`)
  }
  console.log(
    JSON.stringify({
      name: `writ simulate, ${events / 1e6} M events NDJSON, 100 rules, one window, cold process`,
      value: Math.round(ours.milliseconds),
      unit: 'ms',
      goal: 1200,
      peer: { name: 'JSON.parse and plain JavaScript', value: Math.round(theirs.milliseconds) },
      peakMegabytes: Math.round(ours.peakBytes / 1e6),
      peakGoalMegabytes: 250,
      peerPeakMegabytes: Math.round(theirs.peakBytes / 1e6),
    }),
  )
} finally {
  rmSync(folder, { recursive: true })
}

interface Run {
  readonly milliseconds: number
  readonly peakBytes: number
  readonly decisions: unknown
}

function timed(args: readonly string[]): Run {
  const started = performance.now()
  const run = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 })
  const milliseconds = performance.now() - started
  if (run.status !== 0) throw new Error(`${args.join(' ')} failed: ${run.stderr}`)
  const { peakBytes, decisions } = JSON.parse(run.stdout)
  return { milliseconds, peakBytes, decisions }
}
function median(results: readonly Run[]): Run {
  const run = results.toSorted((a, b) => a.milliseconds - b.milliseconds)[results.length >> 1]
  if (run === undefined) throw new Error('at least one run is needed')
  return run
}

async function writeEvents(path: string): Promise<void> {
  const stream = createWriteStream(path)
  let state = 20_261_120
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const started = Date.UTC(2026, 0, 5)
  for (let place = 0; place < events; place++) {
    const record = {
      id: `e-${place}`,
      at: new Date(started + place * 40).toISOString(),
      actor: `user-${next(10_000)}`,
      area: `area-${next(areas)}`,
      amount: next(100_000) / 100,
      risk: next(1000) / 1000,
      note: `request ${next(1_000_000)} of the day, sent from the console of the customer`,
    }
    if (!stream.write(`${JSON.stringify(record)}\n`)) await new Promise<void>(resolve => stream.once('drain', resolve))
  }
  stream.end()
  await finished(stream)
}

/** Rule k of an area: its amount and risk are above limits of its own; one more rule counts by actor over an hour. */
function limitsOf(rule: number): { area: number; amount: number; risk: number } {
  return { area: rule % areas, amount: 400 + 5 * rule, risk: 300 + 5 * rule }
}

function workspace(): string {
  const rules = Array.from({ length: 99 }, (_, rule) => {
    const limits = limitsOf(rule)
    return `  rule r${rule} when r.area == "area-${limits.area}" and r.amount > ${limits.amount} and r.risk > 0.${limits.risk} ${rule % 3 === 0 ? 'deny' : 'hold'} "limit ${rule}"\n`
  })
  return `module bench
contract Request version 1.0.0 {
  id : String key
  at : Time time
  actor : String
  area : String
  amount : Decimal
  risk : Decimal
}
policy limits version 1.0.0 {
  on Request as r
  default permit
${rules.join('')}  rule fast when count of Request by actor over 1h > 15 warn "many in an hour"
}
`
}

/** The same, as one would write it by hand: parse, sort out by area, a queue of times per actor. */
function peerProgram(log: string): string {
  const rules = Array.from({ length: 99 }, (_, rule) => {
    const limits = limitsOf(rule)
    return {
      area: `area-${limits.area}`,
      amount: limits.amount,
      risk: Number(`0.${limits.risk}`),
      deny: rule % 3 === 0,
    }
  })
  return `import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
const byArea = Map.groupBy(${JSON.stringify(rules)}, rule => rule.area)
const decisions = { permit: 0, warn: 0, hold: 0, deny: 0 }
const queues = new Map()
for await (const line of createInterface({ input: createReadStream(${JSON.stringify(log)}) })) {
  const record = JSON.parse(line)
  const time = Date.parse(record.at)
  let queue = queues.get(record.actor)
  if (queue === undefined) queues.set(record.actor, (queue = []))
  queue.push(time)
  while (queue[0] <= time - 3600000) queue.shift()
  let decision = queue.length > 15 ? 'warn' : 'permit'
  for (const rule of byArea.get(record.area) ?? []) {
    if (record.amount > rule.amount && record.risk > rule.risk) {
      if (rule.deny) { decision = 'deny'; break }
      decision = 'hold'
    }
  }
  decisions[decision]++
}
console.log(JSON.stringify({ decisions, peakBytes: process.resourceUsage().maxRSS * 1024 }))
`
}
