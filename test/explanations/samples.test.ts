/**
 * Every decision of the samples is explained, and every explanation is accepted by the checker; of each rule that decided, one
 * explanation is mutated and each mutation rejected.
 */
import { columnView, type Explanation, explain, type LogView, type Plan } from '@writ/engine'
import { verifyExplanation } from '@writ/engine/verify'
import { describe, expect, test } from 'vitest'
import { samplePath, simulate } from '../../samples/simulate.ts'
import { mutationsOf, staysTrue } from './mutations.ts'

const samples = [
  { name: 'agent-guardrails', events: 'runs' },
  { name: 'airline', events: 'runs' },
  { name: 'cloudtrail', events: 'events' },
]

describe.each(samples)('samples/$name', ({ name, events }) => {
  test('every explanation is accepted, and no mutation of one', { timeout: 600_000 }, async () => {
    const { plan, opened, result } = await simulate(name, samplePath(name, events))
    const { decisions } = result
    const view = columnView(opened.log, plan.contracts)
    const rejected = new Set(result.rejected)
    const wrong: string[] = []
    const oneOfEach = new Map<string, Explanation>()
    for (let place = 0; place < decisions.size; place++) {
      const seq = decisions.seq[place] ?? 0
      const explanation = explain(plan, view, seq, decisions.policy[place] ?? 0, {
        rejected: other => rejected.has(other),
      })
      const verification = verifyExplanation(plan, view, explanation)
      if (!verification.accepted) wrong.push(`event ${seq}: ${verification.where}: ${verification.why}`)
      if (explanation.decidedBy !== decisions.decidedBy[place]) wrong.push(`event ${seq}: decided by another rule`)
      oneOfEach.set(`${explanation.policy} ${explanation.decidedBy}`, explanation)
    }
    expect(wrong.slice(0, 5)).toEqual([])
    const mutations = [...oneOfEach.values()].map(explanation => accepted(plan, view, explanation))
    console.log(
      `${name}: ${decisions.size} explanations accepted; of ${oneOfEach.size} each mutation rejected, ${mutations.reduce((sum, { rejected: number }) => sum + number, 0)}`,
    )
    expect(mutations.flatMap(({ wrongly }) => wrongly).slice(0, 5)).toEqual([])
  })
})

/** All of them take minutes; `WRIT_MUTATIONS=1` tries them. */
const everyNth = Number(process.env.WRIT_MUTATIONS ?? 10)

/** Mutations that were accepted though they say something else, and how many were not. */
function accepted(plan: Plan, view: LogView, explanation: Explanation) {
  const wrongly: string[] = []
  let rejected = 0
  for (const [i, mutation] of mutationsOf(explanation).entries()) {
    if (i % everyNth !== 0) continue
    if (!verifyExplanation(plan, view, mutation.mutated).accepted) rejected++
    else if (staysTrue(plan, view, explanation, mutation) === null) wrongly.push(mutation.what)
  }
  return { wrongly, rejected }
}
