/**
 * Nothing that the analysis reports can be refuted: on generated programs and logs, every claim is held against the reference
 * interpreter at every event. Programs come from the generator of the differential tests, and from rule books about few fields,
 * in which rules often contradict, shadow and repeat each other. A seed in a failure is enough to see it again.
 */
import type { BuiltEvent, EventView, Expr, Plan } from '@writ/engine'
import { expect, test } from 'vitest'
import { findingsOf } from '../../engine/src/analyze/analyze.ts'
import type { Claim } from '../../engine/src/analyze/finding.ts'
import { decide } from '../../engine/src/reference/decide.ts'
import { evaluateCondition, evaluateExpression } from '../../engine/src/reference/evaluate.ts'
import { eventsInRange, whereHolds } from '../../engine/src/reference/history.ts'
import { checkContracts } from '../../engine/src/reference/run.ts'
import { type History, historyOf, situationAt } from '../../engine/src/reference/situation.ts'
import { and, or } from '../../engine/src/value/operations.ts'
import { directView } from './direct-view.ts'
import { narrowProgram } from './narrow-program.ts'
import { checked, eventsOf } from './pair.ts'
import { generateProgram } from './program.ts'
import { randomFrom } from './random.ts'

/** `WRIT_FUZZ` looks at that many programs of each kind instead. */
const asked = process.env.WRIT_FUZZ

test.each([
  { from: 'generated programs', write: generateProgram, programs: 40, logs: 2 },
  { from: 'rule books about few fields', write: narrowProgram, programs: 300, logs: 2 },
])('no claim about $from is refuted', { timeout: 600_000 }, ({ from, write, programs, logs }) => {
  const seen = new Map<string, number>()
  const refuted: string[] = []
  let judged = 0
  for (let seed = 1; seed <= Number(asked ?? programs) && refuted.length < 3; seed++) {
    const { text, plan } = checked(write(randomFrom(seed)))
    if (!plan) continue
    judged++
    const claims = plan.policies.flatMap((_, policy) =>
      findingsOf(plan, policy).map(({ claim, why }) => ({ claim, policy, why })),
    )
    for (const { claim } of claims) seen.set(claim.kind, (seen.get(claim.kind) ?? 0) + 1)
    if (claims.length === 0) continue
    for (let log = 0; log < logs; log++) {
      const events = eventsOf(seed, log, plan).slice(0, 40)
      for (const { claim, policy, why } of claims) {
        const event = refutation(plan, policy, claim, events)
        if (event !== null)
          refuted.push(`seed ${seed}, log ${log}, event ${event}: ${words(claim, plan)} (${why})\n${text}`)
      }
    }
  }
  console.log(`${from}: ${judged} programs; claims: ${[...seen].map(([kind, n]) => `${kind} ${n}`).join(', ')}`)
  expect(refuted).toEqual([])
  expect(judged).toBeGreaterThan(5)
  if (write === narrowProgram) expect([...seen.keys()]).toEqual(expect.arrayContaining([...everyKind]))
})

/** Of what lives on, and of windows that nothing ends, other programs have more. */
const everyKind: readonly Claim['kind'][] = [
  'default-never',
  'empty-window',
  'needs-forbidden',
  'never-decides',
  'never-false',
  'never-true',
  'redundant-operand',
  'redundant-rule',
  'rule-never-true',
  'same-condition',
]

/** The first event at which the claim is wrong, or null. */
function refutation(plan: Plan, policy: number, claim: Claim, events: readonly BuiltEvent[]): number | null {
  const view = directView(events)
  const { rejected } = checkContracts(plan, view)
  const history = historyOf(view, rejected)
  for (let seq = 0; seq < view.size; seq++)
    if (!rejected.has(seq) && isWrong(plan, policy, claim, view.event(seq), history)) return seq
  return null
}

function isWrong(plan: Plan, policy: number, claim: Claim, event: EventView, history: History): boolean {
  const at = situationAt(event, history)
  const truth = (condition: Expr) => evaluateCondition(condition, at)
  const verdict = decide(plan, policy, event, history)
  switch (claim.kind) {
    case 'rule-never-true': {
      if (!verdict?.matched.includes(claim.rule)) return false
      // Where it matched on unknown, its breaker makes it go on.
      return claim.evenUnknown || ![...verdict.matchedUnknown, ...verdict.lasting].includes(claim.rule)
    }
    case 'never-true':
    case 'never-false':
      return claim.contracts.includes(event.contract) && truth(claim.condition) === (claim.kind === 'never-true')
    case 'never-decides':
      return verdict?.decidedBy === claim.rule
    case 'default-never':
      return verdict?.decidedBy === -1
    case 'redundant-rule':
      return decide(without(plan, policy, claim.rule), policy, event, history)?.decision !== verdict?.decision
    case 'redundant-operand': {
      if (!claim.contracts.includes(event.contract)) return false
      const { kind, operands } = claim.joined
      const left = operands.filter((_, i) => i !== claim.operand).map(truth)
      return truth(claim.joined) !== (kind === 'and' ? and(left) : or(left))
    }
    case 'same-condition': {
      const [one, other] = [claim.rule, claim.other].map(rule => plan.policies[policy]?.rules[rule])
      if (!one?.when || !other?.when || !one.contracts.includes(event.contract)) return false
      return other.contracts.includes(event.contract) && truth(one.when) !== truth(other.when)
    }
    case 'empty-window': {
      if (!claim.contracts.includes(event.contract)) return false
      const { form } = claim
      const pattern = form.kind === 'sequence' ? form.steps[claim.step] : form.pattern
      if (!pattern) return true
      const inside = eventsInRange(form, pattern, at, evaluateExpression)
      return (
        typeof inside !== 'symbol' && inside.some(found => whereHolds(pattern, found, at, evaluateExpression) === true)
      )
    }
    case 'needs-forbidden': {
      if (event.contract !== claim.pattern.contract) return false
      const alone = situationAt(event, historyOf(directView([]), new Set()))
      if (whereHolds(claim.pattern, event, alone, evaluateExpression) !== true) return false
      const denied = decide(plan, claim.by.policy, event, history)
      return denied?.decision !== 'deny' || !denied.matched.includes(claim.by.rule)
    }
    // Of what lives on: by the judge of obligations, in obligations/campaign.ts.
    case 'never-begins':
    case 'never-met':
      return false
    // What the syntax says already.
    case 'waits-for-ever':
      return false
    case 'never-reset': {
      if (!claim.contracts.includes(event.contract) || claim.form.range.kind !== 'since') return false
      const { reset } = claim.form.range
      const came = history.upTo(reset.contract, event.seq)
      return came.some(found => whereHolds(reset, found, at, evaluateExpression) === true)
    }
  }
}

/** The rule goes on being there, so that exceptions still find theirs, but concerns no event. */
function without(plan: Plan, policy: number, rule: number): Plan {
  const silent = (found: Plan['policies'][number]) => ({
    ...found,
    rules: found.rules.map((other, i) => (i === rule ? { ...other, contracts: [] } : other)),
  })
  return { ...plan, policies: plan.policies.map((found, i) => (i === policy ? silent(found) : found)) }
}

function words(claim: Claim, plan: Plan): string {
  const at = 'condition' in claim ? claim.condition.span : 'joined' in claim ? claim.joined.span : null
  const text = at && plan.files[at.file]?.text.slice(at.start, at.end)
  return `${claim.kind} ${text ?? JSON.stringify(claim, (key, value) => (key === 'form' || typeof value === 'bigint' ? undefined : value))}`
}
