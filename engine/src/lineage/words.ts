/** What the kinds of nodes and edges of a lineage graph are called, in pictures, lists and legends alike. */
import type { LineageEdge, LineageKind } from './graph.ts'

/** What each kind is called. */
export const kindWords: Readonly<Record<LineageKind, string>> = {
  source: 'source',
  'record-field': 'recorded field',
  contract: 'contract',
  field: 'field',
  window: 'window',
  let: 'let',
  rule: 'rule',
  rollout: 'rollout',
  decision: 'decision',
  approval: 'approval',
  obligation: 'obligation',
  'obligation-field': 'field of an obligation',
  sink: 'sink',
  indicator: 'indicator',
  objective: 'objective',
}

/** What stands between the names of the two ends: `amount is worked into spent`. */
export function edgeWords({ flow, masking }: LineageEdge): string {
  const lowered = masking === null ? '' : `, by ${masking}`
  switch (flow) {
    case 'IDENTITY':
      return `goes unchanged${lowered} into`
    case 'TRANSFORMATION':
      return `is worked${lowered} into`
    case 'AGGREGATION':
      return `is gathered${lowered} in`
    case 'OBLIGES':
      return 'sets in motion'
    case 'APPROVES':
      return 'answers'
    case 'MEASURES':
      return 'is measured for'
    case 'FILTER':
      return 'chooses the events of'
    case 'JOIN':
      return 'finds the events of'
    case 'GROUP_BY':
      return 'is the key of'
    case 'WINDOW':
      return 'bounds in time'
    case 'CONDITIONAL':
      return 'chooses the value of'
    case 'GUARD':
      return 'decides about'
    case 'EXCEPTION':
      return 'waives'
    case 'DEFAULT':
      return 'has without a rule'
  }
}
