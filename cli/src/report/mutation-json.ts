/** The member `mutation` of `writ test --format json`. */

import type { MutationReport } from './mutation-text.ts'
import { traceJson } from './property-json.ts'

export function mutationJson({ plan, result, maxEvents, withLog }: MutationReport): object {
  return {
    size: maxEvents,
    withLog,
    rejected: result.rejected,
    mutants: result.mutants.map(({ edit, line, before, after, fate }) => ({
      file: edit.path,
      line,
      policy: edit.policy,
      rule: edit.rule,
      kind: edit.kind,
      before,
      after,
      killedBy: killerOf(fate),
      toldApartBy: fate.kind === 'survived' && fate.told.trace !== null ? traceJson(plan, fate.told.trace) : null,
      outcomes: fate.kind === 'survived' && fate.told.trace !== null ? fate.told.outcomes : null,
      exhausted: fate.kind === 'survived' && fate.told.trace === null ? fate.told.exhausted : null,
    })),
  }
}

function killerOf(fate: MutationReport['result']['mutants'][number]['fate']): string | null {
  if (fate.kind === 'survived') return null
  switch (fate.by) {
    case 'test':
      return `test "${fate.test.title}"`
    case 'property':
      return `property ${fate.property.name}`
    case 'log':
      return 'log'
  }
}
