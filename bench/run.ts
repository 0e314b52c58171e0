/**
 * Runs every benchmark in a process of its own, one after the other, and rewrites bench/results.md: each figure beside its goal
 * and beside a peer that ran in the same minute. A benchmark is a program in this folder that prints rows as JSON lines; a new
 * one is added to the list below. With names as arguments, runs only those and prints their rows.
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'

/** In the order of the report. */
const programs = [
  { file: 'stateless.ts', title: 'Rules without history' },
  { file: 'growth.ts', title: 'Many rules' },
  { file: 'windows.ts', title: 'History' },
  { file: 'deadlines.ts', title: 'Deadlines' },
  { file: 'ndjson.ts', title: 'Reading events' },
  { file: 'simulate-cold.ts', title: 'The command, cold' },
  { file: 'diff.ts', title: null },
  { file: 'check-cold.ts', title: null },
  { file: 'keystroke.ts', title: 'While typing' },
  { file: 'language-server.ts', title: null },
  { file: 'flipped-counts.ts', title: null },
  { file: 'editor-simulation.ts', title: null },
  { file: 'merkle.ts', title: 'Audit logs' },
  { file: 'durable-run.ts', title: null },
  { file: 'store.ts', title: 'The store' },
] as const

/** What a program prints; other members are shown as notes. */
interface Row {
  readonly name: string
  readonly value: number
  /** Milliseconds are better when they are fewer, everything else when there is more. */
  readonly unit: string
  readonly goal: number | null
  readonly peer: { readonly name: string; readonly value: number }
}

const head = '| what | measured | goal | peer | peer measured | ratio | |\n|---|---|---|---|---|---|---|\n'

const wanted = process.argv.slice(2)
const started = performance.now()
const sections: string[] = []
let failed = false
for (const { file, title } of programs) {
  if (wanted.length > 0 && !wanted.some(name => file.startsWith(name))) continue
  process.stderr.write(`${file} `)
  const from = performance.now()
  const run = spawnSync(process.execPath, ['--expose-gc', join(import.meta.dirname, file)], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  process.stderr.write(`${((performance.now() - from) / 1000).toFixed(0)} s\n`)
  const rows = run.stdout.split('\n').filter(line => line.startsWith('{'))
  for (const row of rows) console.log(row)
  if (run.status !== 0) {
    failed = true
    process.stderr.write(`${file} failed:\n${run.stderr}`)
  }
  const lines = rows.map(line => tableLine(JSON.parse(line)))
  if (run.status !== 0) lines.push(`| ${file} failed | | | | | |`)
  sections.push(`${title === null ? '' : `\n## ${title}\n\n${head}`}${lines.join('\n')}`)
}
if (wanted.length === 0) {
  const seconds = (performance.now() - started) / 1000
  writeFileSync(join(import.meta.dirname, 'results.md'), `${report(seconds)}\n`)
}
process.exitCode = failed ? 1 : 0

function report(seconds: number): string {
  const [cpu] = cpus()
  return `# Benchmark results

Written by \`npm run bench\`, which ran for ${seconds.toFixed(0)} s; do not edit. Measured on ${availableParallelism()} × ${cpu?.model.trim()} with Node ${process.versions.node}.
Figures of a busy or slower machine move by a factor of several; the peer ran in the same minute, so that the ratio moves much less. Ratio: how many
times faster than the peer.
${sections.join('\n')}`
}

function tableLine({ name, value, unit, goal, peer, ...more }: Row): string {
  const fewer = unit === 'ms'
  const ratio = fewer ? peer.value / value : value / peer.value
  const goalText = goal === null ? '' : `${fewer ? '≤' : '≥'} ${figure(goal)} ${met(value, goal, fewer)}`
  const notes = Object.entries(more)
    .filter(([key]) => key !== 'ratio')
    .map(([key, note]) => `${words(key)} ${note}`)
  const cells = [name, `${figure(value)} ${unit}`, goalText, peer.name, `${figure(peer.value)} ${unit}`, figure(ratio)]
  return `| ${[...cells, notes.join(', ')].join(' | ')} |`
}

function met(value: number, goal: number, fewer: boolean): string {
  return (fewer ? value <= goal : value >= goal) ? '✓' : `✗ (${figure(value / goal)} of it)`
}

/** Three digits that count. */
function figure(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
}

function words(key: string): string {
  return key.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
}
