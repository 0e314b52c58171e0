/** `writ property --format json`, and the properties of `writ test --format json`. */
import { decidedText, type Plan, type PropertyResult, storyOf, testSource, whatHolds } from '@writ/engine'
import { timeText } from './decision-lines.ts'
import { claimText } from './property-text.ts'

export function propertyJson(plan: Plan, { property, file, line, verdict }: PropertyResult): object {
  const claim = verdict.kind === 'refuted' ? property.claims[verdict.claim] : undefined
  return {
    name: property.name,
    title: property.title,
    module: property.module,
    file,
    line,
    verdict: verdict.kind === 'open' ? 'not proved' : verdict.kind,
    size: verdict.kind === 'open' ? verdict.size : null,
    evaluations: verdict.kind === 'proved' ? 0 : verdict.evaluations,
    exhausted: verdict.kind === 'open' ? verdict.exhausted : null,
    claim: claim ? claimText(plan, claim) : null,
    counterexample: verdict.kind === 'refuted' ? traceJson(plan, verdict.trace) : null,
  }
}

/** A trace as events with what is decided, and as a test. */
export function traceJson(plan: Plan, trace: Parameters<typeof storyOf>[1]): object {
  const { events } = storyOf(plan, trace)
  return {
    events: events.map(({ time, contract, fields, decisions }) => {
      const held = whatHolds(decisions)
      return {
        time: timeText(time),
        contract,
        fields,
        decision: held?.decision ?? null,
        decided: held && decidedText(plan, held),
      }
    }),
    test: testSource(plan, trace, 'counterexample', []),
  }
}
