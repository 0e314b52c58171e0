/**
 * Policies of equal meaning decide alike: generated programs are changed in small ways, and where `policyMeaning` calls the
 * change none, every decision has to be the same, by the same rule. A seed in a failure is enough to see it again.
 */
import { decisionWords, evaluate, type Plan, policyMeaning } from '@writ/engine'
import { parse } from '@writ/grammar'
import { expect, test } from 'vitest'
import { narrowProgram } from './narrow-program.ts'
import { checked, eventsOf, logOf } from './pair.ts'
import { generateProgram } from './program.ts'
import { type Random, randomFrom } from './random.ts'

/** `WRIT_FUZZ` changes that many programs of each kind instead. */
const asked = process.env.WRIT_FUZZ

test.each([
  { from: 'generated programs', write: generateProgram, programs: 50 },
  { from: 'rule books about few fields', write: narrowProgram, programs: 250 },
])('equal meaning, equal decisions: $from', { timeout: 600_000 }, ({ from, write, programs }) => {
  const wrong: string[] = []
  const counts = { same: 0, other: 0 }
  for (let seed = 1; seed <= Number(asked ?? programs) && wrong.length < 3; seed++) {
    const random = randomFrom(seed)
    const { text, plan } = checked(write(random))
    if (plan === null) continue
    for (let change = 0; change < 4; change++) {
      const after = changed(text, random)
      if (after === null || after === text) continue
      const other = checked(after).plan
      if (other === null) continue
      const isSame = meanings(plan).every((meaning, index) => meaning === meanings(other)[index])
      counts[isSame ? 'same' : 'other']++
      if (!isSame) continue
      const events = eventsOf(seed, 0, plan).slice(0, 60)
      const [was, is] = [decisionsOf(plan, events), decisionsOf(other, events)]
      const place = was.findIndex((decision, index) => decision !== is[index])
      if (place >= 0 || was.length !== is.length)
        wrong.push(`seed ${seed}: ${was[place]} and ${is[place]}\n${text}\n→\n${after}`)
    }
  }
  console.log(`${from}: ${counts.same} changes without, ${counts.other} with another meaning`)
  expect(wrong).toEqual([])
  expect(counts.same).toBeGreaterThan(3)
  expect(counts.other).toBeGreaterThan(3)
})

function meanings(plan: Plan): readonly string[] {
  return plan.policies.map((_, index) => policyMeaning(plan, index))
}

function decisionsOf(plan: Plan, events: ReturnType<typeof eventsOf>): readonly string[] {
  const { decisions } = evaluate(plan, logOf(plan, events))
  return Array.from({ length: decisions.size }, (_, place) => {
    const policy = plan.policies[decisions.policy[place] ?? 0]
    const rule = policy?.rules[decisions.decidedBy[place] ?? -1]?.name ?? 'default'
    return `${decisions.seq[place]} ${policy?.name} ${decisionWords[decisions.decision[place] ?? 0]} by ${rule}`
  })
}

/** One small change inside a policy, as somebody at work would make it; null: there is no policy. */
function changed(text: string, random: Random): string | null {
  const policies = parse('a.writ', text).declarations.filter(({ syntax }) => syntax.kind === 'policy')
  if (policies.length === 0) return null
  const { start, end, syntax } = random.pick(policies)
  if (syntax.kind !== 'policy') return null
  const body = text.slice(start, end)
  const replace = (pattern: RegExp, by: (found: string) => string): string => {
    const found = [...body.matchAll(pattern)]
    if (found.length === 0) return body
    const { index, 0: whole } = random.pick(found)
    return body.slice(0, index) + by(whole) + body.slice(index + whole.length)
  }
  const rules = syntax.items.filter(item => item.kind === 'rule').map(({ span }) => body.slice(span.start, span.end))
  const kind = random.weighted({ number: 2, operator: 2, decision: 2, negation: 1, order: 4, rest: 2 })
  let made = body
  switch (kind) {
    case 'number':
      made = replace(/\b\d+\b/g, found => String(Number(found) + 1))
      break
    case 'operator':
      made = replace(/ (?:and|or|<=|<|>=|>|==|!=) /g, found =>
        random.pick([' and ', ' or ', ' < ', ' >= ', ' == ', found]),
      )
      break
    case 'decision':
      made = replace(/\b(?:permit|warn|hold|deny)\b/g, () => random.pick(['permit', 'warn', 'hold', 'deny']))
      break
    case 'negation':
      made = replace(/\bnot /g, () => '')
      break
    case 'order': {
      const [first, second] = random.sample(rules, 2)
      if (first !== undefined && second !== undefined)
        made = body
          .replace(first, () => '\u0000')
          .replace(second, () => first)
          .replace('\u0000', () => second)
      break
    }
    case 'rest':
      made = replace(/"(?:[^"\\{}]|\\.)*"/g, found => random.pick([found, '"other"']))
  }
  return text.slice(0, start) + made + text.slice(end)
}
