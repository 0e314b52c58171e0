/**
 * `writ diff` of two versions over a million events in a fresh process, against one `writ simulate` of the same log: 100 rules, of
 * which three changed. And what a change means without a log, with a story, for every policy of the samples. Prints JSON lines.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check, distinguishingStories, onSharedLog, pairPlans, staticAnswers } from '@writ/engine'
import { parse } from '@writ/grammar'

const events = Number(process.env.WRIT_BENCH_EVENTS ?? 1_000_000)
const runs = 3
const areas = 50

const folder = mkdtempSync(join(tmpdir(), 'writ-bench-'))
try {
  const log = join(folder, 'events.ndjson')
  writeFileSync(log, '')
  for (let from = 0; from < events; from += 100_000) writeFileSync(log, records(from), { flag: 'a' })
  for (const version of ['old', 'new'] as const) {
    mkdirSync(join(folder, version))
    writeFileSync(join(folder, version, 'policies.writ'), workspace(version === 'new' ? 3 : 0))
  }
  spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' })
  const once: number[] = []
  const both: number[] = []
  const [old, now] = [join(folder, 'old'), join(folder, 'new')]
  for (let run = 0; run < runs; run++) {
    once.push(timed(['simulate', now, '--events', log, '--format', 'json']))
    both.push(timed(['diff', old, now, '--workspace', now, '--events', log, '--format', 'json', '--max-events', '0']))
  }
  const [one, two] = [median(once), median(both)]
  console.log(
    JSON.stringify({
      name: `writ diff, two versions over ${events / 1e6} M events NDJSON, 100 rules, cold process`,
      value: Math.round(two),
      unit: 'ms',
      goal: Math.round(1.3 * one),
      peer: { name: 'writ simulate of one version', value: Math.round(one) },
    }),
  )
} finally {
  rmSync(folder, { recursive: true })
}

const started = performance.now()
let policies = 0
let slowest = 0
let checking = 0
for (const sample of ['refunds', 'agent-guardrails', 'airline', 'cloudtrail']) {
  const files = readdirSync(join('samples', sample)).filter(name => name.endsWith('.writ'))
  const texts = files.map(name => [name, readFileSync(join('samples', sample, name), 'utf8')] as const)
  const before = check(texts.map(([name, text]) => parse(name, text))).plan
  // Every default turned round: each policy means something else.
  const turned = texts.map(([name, text]) => parse(name, text.replaceAll(/default (permit|deny)/g, turnedDefault)))
  const from = performance.now()
  const after = check(turned).plan
  checking += performance.now() - from
  const shared = before && after && onSharedLog(before, after)
  if (!before || !shared) throw new Error(`the versions of ${sample} do not check`)
  const began = performance.now()
  const pair = pairPlans(before, shared)
  policies += staticAnswers(pair).length
  distinguishingStories(pair, { maxEvents: 2, budget: 1_000 })
  slowest = Math.max(slowest, performance.now() - began)
}
console.log(
  JSON.stringify({
    name: `static answer and story for the ${policies} policies of the samples, slowest sample`,
    value: Math.round(slowest),
    unit: 'ms',
    goal: 2000,
    peer: { name: 'checking all samples once', value: Math.round(checking) },
    allSamplesMilliseconds: Math.round(performance.now() - started),
  }),
)

function turnedDefault(text: string): string {
  return text === 'default permit' ? 'default deny' : 'default permit'
}

function timed(args: readonly string[]): number {
  const from = performance.now()
  const run = spawnSync(process.execPath, ['cli/bin/writ.cjs', ...args], { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (run.status !== 0) throw new Error(`writ ${args.join(' ')} failed: ${run.stderr}`)
  return performance.now() - from
}
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}

function records(from: number): string {
  let state = 20_261_120 + from
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const lines: string[] = []
  for (let place = from; place < Math.min(events, from + 100_000); place++)
    lines.push(
      JSON.stringify({
        id: `e-${place}`,
        at: new Date(Date.UTC(2026, 0, 5) + place * 40).toISOString(),
        actor: `user-${next(10_000)}`,
        area: `area-${next(areas)}`,
        amount: next(100_000) / 100,
        risk: next(1000) / 1000,
      }),
    )
  return `${lines.join('\n')}\n`
}

/** `changed`: how many rules have another limit. */
function workspace(changed: number): string {
  const rules = Array.from({ length: 99 }, (_, rule) => {
    const amount = 400 + 5 * rule + (rule < changed ? 50 : 0)
    return `  rule r${rule} when r.area == "area-${rule % areas}" and r.amount > ${amount} and r.risk > 0.${300 + 5 * rule} ${rule % 3 === 0 ? 'deny' : 'hold'} "limit ${rule}"\n`
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
