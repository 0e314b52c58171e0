/**
 * What can be asked of one decision where decisions are measured: its members, as fields of something that happened. How they
 * are counted is running-measure.ts; what a rollout makes of the counts is pass.ts.
 */
import type { EventView } from '../log/view.ts'
import type { PlanPolicy } from '../plan/plan.ts'
import { decisionWords } from '../run/decisions.ts'
import type { FieldType, Type } from '../value/type.ts'

export interface DecisionFacts {
  /** Index into `decisionWords`. */
  readonly decision: number
  /** Index of the rule in its policy that decided, or -1: the default did. */
  readonly decidedBy: number
  /** Whether it counts in what holds for the event. */
  readonly counts: boolean
  /** Against what would hold without its policy; a permit where no other policy decides. */
  readonly stricter: boolean
  readonly milder: boolean
}

/** The members of a decision. */
export function decisionFields(): readonly FieldType[] {
  const bools = [...decisionWords, 'counts', 'stricter', 'milder']
  return [...bools.map(name => field(name, { kind: 'bool' })), field('rule', { kind: 'string' })]
}

function field(name: string, type: Type): FieldType {
  return { name, type, refinement: null, classes: [] }
}

/** The decision as something that can be asked for its members. */
export function decisionView(policy: PlanPolicy, facts: DecisionFacts): EventView {
  return {
    seq: 0,
    contract: -1,
    time: 0,
    file: '',
    index: 0,
    value([name = '']) {
      switch (name) {
        case 'permit':
        case 'warn':
        case 'hold':
        case 'deny':
          return decisionWords[facts.decision] === name
        case 'counts':
        case 'stricter':
        case 'milder':
          return facts[name]
        case 'rule':
          return policy.rules[facts.decidedBy]?.name ?? ''
        default:
          throw new RangeError(`a decision has no member ${name}`)
      }
    },
  }
}
