/**
 * After an edit only the rules that changed are run again, and that comes to the same: policies of generated programs with rules that
 * went, came, moved, or have another condition or decision, and with another default or way to combine. A failure names its seed.
 */
import { type Decisions, decide, onlyPolicies, type Plan, type PlanPolicy, redecide } from '@writ/engine'
import { expect, test } from 'vitest'
import { generateProgram as generateObligations } from './obligations/program.ts'
import { checked, eventsOf, logOf, programOf } from './pair.ts'
import { type Random, randomFrom } from './random.ts'

/** `WRIT_REDECIDE` is for longer runs. */
const programs = Number(process.env.WRIT_REDECIDE ?? 60)

test.each([
  { of: 'decisions', planOf: (seed: number) => programOf(seed).plan },
  { of: 'obligations', planOf: (seed: number) => checked(generateObligations(randomFrom(seed))).plan },
])('edited policies of $of', { timeout: 600_000 }, ({ planOf }) => {
  let again = 0
  for (let seed = 1; seed <= programs; seed++) {
    const plan = planOf(seed)
    if (plan === null) continue
    const log = logOf(plan, eventsOf(seed, 0, plan))
    const random = randomFrom(seed)
    for (const index of plan.policies.keys()) {
      let now = plan
      let decisions = decided(now, index)
      for (let edit = 0; edit < 6; edit++) {
        const before = { plan: now, index, decisions }
        now = edited(random, now, index)
        const whole = decided(now, index)
        const found = redecide(before, now, index, log)
        if (found === null) throw new Error('nobody stopped it')
        if (found !== 'whole') {
          again++
          expect(readable(found), `seed ${seed}, policy ${index}, edit ${edit}`).toEqual(readable(whole))
        }
        // What is made of parts is gone on with.
        decisions = found === 'whole' ? whole : found
      }
    }
    function decided(of: Plan, index: number): Decisions {
      const made = decide(onlyPolicies(of, [index]), log)
      if (made === null) throw new Error('nobody stopped it')
      return made
    }
  }
  expect(again).toBeGreaterThan(programs)
})

function edited(random: Random, plan: Plan, index: number): Plan {
  return {
    ...plan,
    policies: plan.policies.map((policy, at) => (at === index ? editedPolicy(random, policy) : policy)),
  }
}

function editedPolicy(random: Random, policy: PlanPolicy): PlanPolicy {
  const rules = [...policy.rules]
  const at = random.between(0, Math.max(0, rules.length - 1))
  const rule = rules[at]
  const other = rules.length === 0 ? undefined : random.pick(rules)
  const words = ['permit', 'warn', 'hold', 'deny'] as const
  if (rule && other) {
    switch (random.between(0, 6)) {
      case 0:
        rules.splice(at, 1)
        break
      case 1:
        rules.splice(at, 1)
        rules.splice(random.between(0, rules.length), 0, rule)
        break
      case 2:
        if (rule.expectation === null && other.expectation === null)
          rules[at] = { ...rule, when: other.when, contracts: other.contracts }
        break
      case 3:
        rules[at] = { ...rule, decision: random.pick(words) }
        break
      case 4:
        rules.splice(at, 0, { ...rule, name: `${rule.name}_too` })
        break
      case 5:
        return { ...policy, combine: random.pick(['strictest', 'first', 'permit_overrides'] as const) }
      default:
        return { ...policy, default: { ...policy.default, decision: random.pick(words) } }
    }
  }
  return { ...policy, rules }
}

function readable({ size, seq, decision, decidedBy, matched, matchSets }: Decisions) {
  return Array.from({ length: size }, (_, place) => ({
    seq: seq[place],
    decision: decision[place],
    decidedBy: decidedBy[place],
    set: matchSets[matched[place] ?? 0],
  }))
}
