/**
 * Small changes of the samples' policies: each is told as a change in meaning, with flips on the sample's log or with a story that
 * tells the versions apart, or is counted openly. Every mutant with WRIT_DIFF_MUTANTS=all.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  check,
  distinguishingStories,
  flipReport,
  type Log,
  meaningReport,
  onSharedLog,
  type Plan,
  pairPlans,
  runBoth,
} from '@writ/engine'
import { parse, type SourceFile } from '@writ/grammar'
import { openEvents } from '@writ/ledger/node'
import { expect, test } from 'vitest'
import { editsOf } from '../engine/src/mutation/edits.ts'

const all = process.env.WRIT_DIFF_MUTANTS === 'all'
const samples = resolveSamples(all ? ['refunds', 'agent-guardrails', 'airline', 'cloudtrail'] : ['refunds'])
const mostMutants = all ? Number.POSITIVE_INFINITY : 24

test.each(samples)('mutants of %s', { timeout: all ? 3_600_000 : 120_000 }, async (name, folder, events, source) => {
  const files = readdirSync(folder)
    .filter(file => file.endsWith('.writ'))
    .map(file => parse(file, readFileSync(join(folder, file), 'utf8')))
  const before = check(files).plan
  if (!before) throw new Error(`${name} checks`)
  const { log, problem } = await openEvents(before, join(folder, events), { source })
  expect(problem).toBeNull()
  const found = { flips: 0, story: 0, alike: 0, open: [] as string[] }
  for (const { after, told } of mutants(files, mostMutants)) {
    const shared = onSharedLog(before, after)
    if (!shared) continue
    const pair = pairPlans(before, shared)
    if (meaningReport(pair).same) {
      found.alike++
      expect(flipsOn(log, before, shared), told).toBe(0)
    } else if (flipsOn(log, before, shared) > 0) found.flips++
    else if (distinguishingStories(pair, { maxEvents: 2, budget: 500 }).some(({ story }) => story !== null))
      found.story++
    else found.open.push(told)
  }
  const { flips, story, alike, open } = found
  console.log(
    `${name}: ${flips} by flips, ${story} by a story, ${alike} mean the same, ${open.length} not distinguished`,
  )
  for (const told of open) console.log(`  not distinguished: ${told}`)
  expect(flips + story).toBeGreaterThan(open.length)
})

function flipsOn(log: Log, before: Plan, after: Plan): number {
  const pair = pairPlans(before, after)
  const logs = { before: log, after: log }
  const report = flipReport({ pair, logs, runs: runBoth(pair, logs) })
  expect(report.groups.reduce((sum, { count }) => sum + count, 0)).toBe(report.flips)
  return report.flips + report.otherRule
}

function* mutants(files: readonly SourceFile[], most: number) {
  const edits = files.flatMap(editsOf)
  const step = Math.max(1, Math.floor(edits.length / most))
  for (let place = 0; place < edits.length; place += step) {
    const edit = edits[place]
    const file = files.find(one => one.path === edit?.path)
    if (!edit || !file) continue
    const text = file.text.slice(0, edit.span.start) + edit.text + file.text.slice(edit.span.end)
    const after = check(files.map(one => (one === file ? parse(one.path, text) : one))).plan
    const line = file.text.slice(0, edit.span.start).split('\n').length
    if (after) yield { after, told: `${file.path}:${line} ${JSON.stringify(edit.text)}` }
  }
}

function resolveSamples(names: readonly string[]): readonly (readonly [string, string, string, string])[] {
  return names.map(name => {
    const folder = join(import.meta.dirname, '..', 'samples', name)
    const settings: unknown = JSON.parse(readFileSync(join(folder, 'writ.json'), 'utf8'))
    const { events, source } = settings as { events: Record<string, { path: string }>; source: string }
    return [name, folder, Object.values(events)[0]?.path ?? '', source] as const
  })
}
