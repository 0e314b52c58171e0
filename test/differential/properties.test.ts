/**
 * No property that is called proved can be refuted: on generated programs, with conditions taken from their own rules and
 * claims by chance, each is held against the reference interpreter at every event of generated logs. Stories that refute are
 * run again by the engine where they are found (property/judge.ts), so that one is enough to see that they are.
 */
import { decisionWords, type Plan, type PlanProperty } from '@writ/engine'
import { expect, test } from 'vitest'
import { brokenClaim, type Decided } from '../../engine/src/property/claim.ts'
import { judgeProperty, refutedClaim } from '../../engine/src/property/judge.ts'
import { isProved } from '../../engine/src/property/prove.ts'
import { decide } from '../../engine/src/reference/decide.ts'
import { evaluateCondition } from '../../engine/src/reference/evaluate.ts'
import { checkContracts } from '../../engine/src/reference/run.ts'
import { historyOf, situationAt } from '../../engine/src/reference/situation.ts'
import { directView } from './direct-view.ts'
import { narrowProgram } from './narrow-program.ts'
import { checked, eventsOf } from './pair.ts'
import { generateProgram } from './program.ts'
import { type Random, randomFrom } from './random.ts'

/** `WRIT_FUZZ` looks at that many programs of each kind instead. */
const asked = process.env.WRIT_FUZZ

test.each([
  { from: 'generated programs', write: generateProgram, programs: 40 },
  { from: 'rule books about few fields', write: narrowProgram, programs: 120 },
])('no property of $from that is proved is refuted', { timeout: 600_000 }, ({ from, write, programs }) => {
  const wrong: string[] = []
  const seen = { proved: 0, refuted: 0, open: 0 }
  for (let seed = 1; seed <= Number(asked ?? programs) && wrong.length < 3; seed++) {
    const random = randomFrom(seed * 7919)
    const { text, plan } = checked(write(randomFrom(seed)))
    if (!plan) continue
    const properties = Array.from({ length: 8 }, (_, i) => propertyOf(plan, random, i)).flatMap(one => one ?? [])
    for (const property of properties) {
      if (isProved(plan, property)) {
        seen.proved++
        for (let log = 0; log < 2; log++) {
          const event = refutation(plan, property, eventsOf(seed, log, plan).slice(0, 40))
          if (event !== null) wrong.push(`seed ${seed}, ${property.name}, log ${log}, event ${event}\n${text}`)
        }
        continue
      }
      // INVARIANT of judge.ts: throws where the engine does not confirm what was found.
      const verdict = judgeProperty(plan, property, { budget: 40, maxEvents: 2 })
      seen[verdict.kind]++
      if (verdict.kind === 'refuted') expect(refutedClaim(plan, property, verdict.trace)).toBe(verdict.claim)
    }
  }
  console.log(`${from}: ${JSON.stringify(seen)}`)
  expect(wrong).toEqual([])
  expect(seen.proved).toBeGreaterThan(1)
  expect(seen.refuted).toBeGreaterThan(1)
})

/** A condition of some rule, or none, and one or two claims. */
function propertyOf(plan: Plan, random: Random, number: number): PlanProperty | null {
  const place = random.between(0, plan.policies.length - 1)
  const policy = plan.policies[place]
  const rules = policy?.rules.filter(rule => rule.contracts.length > 0) ?? []
  const rule = rules[random.between(0, Math.max(0, rules.length - 1))]
  if (!policy || !rule) return null
  const claims = Array.from({ length: 1 + random.between(0, 1) }, () => ({
    always: random.chance(50),
    decisions: decisionWords.filter(() => random.chance(50)),
    by: random.chance(33)
      ? null
      : { policy: place, rule: random.chance(33) ? random.between(0, policy.rules.length - 1) : null },
    span: rule.span,
  }))
  const where = random.chance(20) ? null : rule.when
  const { span, contracts } = rule
  return { name: `p${number}`, module: policy.module, title: null, documentation: null, contracts, where, claims, span }
}

/** The first event at which a claim does not hold, or null. */
function refutation(plan: Plan, property: PlanProperty, events: ReturnType<typeof eventsOf>): number | null {
  const view = directView(events)
  const { rejected } = checkContracts(plan, view)
  const history = historyOf(view, rejected)
  for (let seq = 0; seq < view.size; seq++) {
    const event = view.event(seq)
    if (rejected.has(seq) || !property.contracts.includes(event.contract)) continue
    if (property.where !== null && evaluateCondition(property.where, situationAt(event, history)) !== true) continue
    const decided = plan.policies.flatMap((_, policy): Decided[] => {
      const verdict = decide(plan, policy, event, history)
      const counts = plan.policies[policy]?.mode === 'enforce'
      return verdict ? [{ policy, decision: verdict.decision, decidedBy: verdict.decidedBy, counts }] : []
    })
    if (brokenClaim(property, decided) >= 0) return seq
  }
  return null
}
