/**
 * What would have changed decisions, held against the engine: every change that is told for denied and held decisions of the samples,
 * and for decisions of generated programs, is applied to the log and decided again by the compiled engine, with the promised result.
 * `WRIT_FLIPS=1000` looks at so many decisions of the samples.
 */
import { changesOf, columnView, decisionWords, evaluate, explain, reruns } from '@writ/engine'
import { expect, test } from 'vitest'
import { type Simulation, samplePath, simulate } from '../../samples/simulate.ts'
import { eventsOf, logOf, programOf } from '../differential/pair.ts'

const decisions = Number(process.env.WRIT_FLIPS ?? 90)
const programs = Number(process.env.WRIT_PROGRAMS ?? 120)
const firstSeed = Number(process.env.WRIT_SEED ?? 1)

const samples = [
  { name: 'agent-guardrails', events: 'runs' },
  { name: 'airline', events: 'runs' },
  { name: 'cloudtrail', events: 'events' },
  { name: 'refunds', events: 'events' },
]

test('of denied and held decisions of the samples, most have a small change that permits more', {
  timeout: 3_600_000,
}, async () => {
  const simulated = await Promise.all(samples.map(({ name, events }) => simulate(name, samplePath(name, events), true)))
  const held = simulated.map(heldPlaces)
  const all = held.reduce((sum, places) => sum + places.length, 0)
  const wrong: string[] = []
  const sum = { looked: 0, flipped: 0, pairs: 0, changes: 0 }
  for (const [i, simulation] of simulated.entries()) {
    const places = held[i] ?? []
    const share = Math.min(places.length, Math.max(1, Math.round((decisions * places.length) / all)))
    const chosen = Array.from({ length: share }, (_, k) => places[Math.floor((k * places.length) / share)] ?? 0)
    const found = flipsAt(simulation, chosen)
    console.log(
      `${samples[i]?.name}: ${found.flipped} of ${found.looked} (${places.length} denied or held in all), ${found.changes} changes run again`,
    )
    if (process.env.WRIT_FLIPS_BY_RULE) console.log(found.without)
    wrong.push(...found.wrong)
    sum.looked += found.looked
    sum.flipped += found.flipped
    sum.pairs += found.pairs
    sum.changes += found.changes
  }
  console.log(
    `a flip for ${sum.flipped} of ${sum.looked} decisions (${((100 * sum.flipped) / sum.looked).toFixed(1)}%), ${sum.pairs} of them by two fields; ${sum.changes} changes run again`,
  )
  expect(wrong.slice(0, 5)).toEqual([])
  expect(sum.flipped / sum.looked).toBeGreaterThan(0.8)
})

test(`changes of ${programs} generated programs do what they promise`, { timeout: 3_600_000 }, () => {
  let held = 0
  for (let seed = firstSeed; seed < firstSeed + programs; seed++) {
    const { plan } = programOf(seed)
    if (!plan) continue
    const view = columnView(logOf(plan, eventsOf(seed, 0, plan), true), plan.contracts)
    const again = reruns(plan, view)
    const { decisions, rejected } = evaluate(plan, logOf(plan, eventsOf(seed, 0, plan), true))
    const out = new Set(rejected)
    for (let place = seed % 5; place < decisions.size; place += 23) {
      const options = { rejected: (seq: number) => out.has(seq) }
      const explanation = explain(plan, view, decisions.seq[place] ?? 0, decisions.policy[place] ?? 0, options)
      for (const change of changesOf(plan, view, explanation, options)) {
        if (change.kind === 'approval') continue
        expect(again.holds(explanation, change), `seed ${seed}, decision ${place}: ${change.text}`).toBe(true)
        held++
      }
    }
  }
  console.log(`${held} changes, seeds ${firstSeed} to ${firstSeed + programs - 1}`)
  expect(held).toBeGreaterThan(programs / 2)
})

function heldPlaces({ result: { decisions } }: Simulation): readonly number[] {
  const strict: readonly number[] = [decisionWords.indexOf('hold'), decisionWords.indexOf('deny')]
  return Array.from({ length: decisions.size }, (_, place) => place).filter(place =>
    strict.includes(decisions.decision[place] ?? 0),
  )
}

function flipsAt({ plan, opened, result }: Simulation, places: readonly number[]) {
  const view = columnView(opened.log, plan.contracts)
  const again = reruns(plan, view)
  const out = new Set(result.rejected)
  const options = { rejected: (seq: number) => out.has(seq) }
  const wrong: string[] = []
  const without: Record<string, number> = {}
  let [flipped, pairs, changes] = [0, 0, 0]
  for (const place of places) {
    const explanation = explain(
      plan,
      view,
      result.decisions.seq[place] ?? 0,
      result.decisions.policy[place] ?? 0,
      options,
    )
    const told = changesOf(plan, view, explanation, options)
    for (const change of told) {
      changes++
      if (!again.holds(explanation, change)) wrong.push(`decision ${place}: ${change.kind} ${change.text}`)
    }
    const now = decisionWords.indexOf(explanation.decision)
    const milder = told.filter(({ decision }) => decisionWords.indexOf(decision) < now)
    const [first] = milder
    if (first) flipped++
    else {
      const policy = plan.policies[explanation.policy]
      const rule = `${policy?.name}.${policy?.rules[explanation.decidedBy]?.name ?? 'default'}`
      without[rule] = (without[rule] ?? 0) + 1
    }
    const edits = milder.map(({ edit }) => (edit.kind === 'log' ? (edit.overlay.fields?.size ?? 0) : 0))
    if (first && edits.every((size, i) => size === 2 && milder[i]?.kind === 'field')) pairs++
  }
  return { looked: places.length, flipped, pairs, changes, wrong, without }
}
