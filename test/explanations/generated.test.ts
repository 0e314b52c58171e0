/**
 * Explanations of generated programs over generated logs: each says what the reference interpreter decided, each is accepted
 * by the checker, and the checker rejects what is changed in them. A failing seed is in the message.
 */
import {
  changesOf,
  columnView,
  type Decisions,
  decisionWords,
  type Explanation,
  explain,
  explanationText,
  type LogView,
  obligationsOf,
  type Plan,
  reasonText,
  referenceRun,
} from '@writ/engine'
import { verifyExplanation } from '@writ/engine/verify'
import { expect, test } from 'vitest'
import { eventsOf, logOf, programOf } from '../differential/pair.ts'
import { mutationsOf, staysTrue } from './mutations.ts'

const programs = Number(process.env.WRIT_PROGRAMS ?? 250)
const firstSeed = Number(process.env.WRIT_SEED ?? 1)

test(`the checker accepts every explanation of ${programs} programs`, { timeout: 600_000 }, () => {
  let explained = 0
  const wrong: string[] = []
  for (const { seed, plan, view, decisions } of runs()) {
    for (let place = 0; place < decisions.size; place++) {
      const explanation = explanationAt(plan, view, decisions, place)
      const verification = verifyExplanation(plan, view, explanation)
      explained++
      if (!verification.accepted) wrong.push(`seed ${seed}: ${verification.where}: ${verification.why}`)
      if (!sameDecision(decisions, place, explanation)) wrong.push(`seed ${seed}: decision ${place} differs`)
    }
  }
  console.log(`${explained} explanations accepted, seeds ${firstSeed} to ${firstSeed + programs - 1}`)
  expect(wrong.slice(0, 5)).toEqual([])
  expect(explained).toBeGreaterThan(programs)
})

test('the checker rejects every mutation that says something else', { timeout: 600_000 }, () => {
  const counts = { rejected: 0, 'true of another event or policy': 0, 'an aside that is true as well': 0 }
  const wrong: string[] = []
  for (const { seed, plan, view, decisions } of runs(programs / 10)) {
    for (let place = seed % 5; place < decisions.size; place += 40) {
      const explanation = explanationAt(plan, view, decisions, place)
      for (const mutation of mutationsOf(explanation)) {
        if (!verifyExplanation(plan, view, mutation.mutated).accepted) counts.rejected++
        else {
          const excuse = staysTrue(plan, view, explanation, mutation)
          if (excuse === null) wrong.push(`seed ${seed}, decision ${place}: accepted with ${mutation.what}`)
          else counts[excuse]++
        }
      }
    }
  }
  console.log(counts)
  expect(wrong.slice(0, 5)).toEqual([])
  expect(counts.rejected).toBeGreaterThan(1000)
})

test('pages, changes and obligations of any decision can be made', { timeout: 600_000 }, () => {
  const wide: string[] = []
  for (const { seed, plan, view, decisions } of runs(programs / 5)) {
    for (let place = 0; place < decisions.size; place += 9) {
      const explanation = explanationAt(plan, view, decisions, place)
      const page = explanationText(plan, view, explanation, changesOf(plan, view, explanation))
      if (page.split('\n').some(line => line.length > 100)) wide.push(`seed ${seed}: decision ${place}`)
      const rule = decisions.decidedBy[place] ?? -1
      expect(reasonText(plan, view, explanation.seq, explanation.policy, rule)).toBe(explanation.reason)
      const matched = decisions.matchSets[decisions.matched[place] ?? 0]?.rules ?? []
      expect(() => obligationsOf(plan, view, explanation.seq, explanation.policy, matched)).not.toThrow()
    }
  }
  expect(wide).toEqual([])
})

function* runs(count = programs) {
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const { plan } = programOf(seed)
    if (!plan) continue
    const view = columnView(logOf(plan, eventsOf(seed, 0, plan), true), plan.contracts)
    yield { seed, plan, view, decisions: referenceRun(plan, view).decisions }
  }
}

function explanationAt(plan: Plan, view: LogView, decisions: Decisions, place: number): Explanation {
  return explain(plan, view, decisions.seq[place] ?? 0, decisions.policy[place] ?? 0)
}

function sameDecision(decisions: Decisions, place: number, explanation: Explanation): boolean {
  const matched = explanation.rules.filter(({ outcome }) => outcome.startsWith('matched')).map(({ rule }) => rule)
  const unknown = explanation.rules.filter(({ outcome }) => outcome === 'matched-unknown').map(({ rule }) => rule)
  const lasting = explanation.rules.filter(({ outcome }) => outcome === 'matched-lasting').map(({ rule }) => rule)
  const waived = explanation.rules.flatMap(({ rule, waiver }) => (waiver ? `${rule} ${waiver.exception}` : []))
  const set = decisions.matchSets[decisions.matched[place] ?? 0]
  return (
    explanation.decision === decisionWords[decisions.decision[place] ?? 0] &&
    explanation.decidedBy === decisions.decidedBy[place] &&
    matched.join() === set?.rules.join() &&
    unknown.join() === set?.unknown.join() &&
    lasting.join() === (set?.lasting ?? []).join() &&
    waived.join() === (set?.waived ?? []).map(({ rule, exception }) => `${rule} ${exception}`).join()
  )
}
