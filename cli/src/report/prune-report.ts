/** What `writ prune` says: what was erased, when, and under which rule. The signed note in the log says the same. */
import { presentDuration, rational } from '@writ/engine'
import type { Pruned } from '@writ/ledger/node'
import { count, counted, printable } from '../terminal/text.ts'

export function pruneJson(path: string, dryRun: boolean, pruned: Pruned): object {
  return { path, dryRun, ...pruned }
}

export function pruneText(path: string, dryRun: boolean, pruned: Pruned): string {
  const { erasure, note, finished, undecided, inJournal } = pruned
  const lines = [
    ...(finished > 0 ? [`${path}: ${counted(finished, 'opening')} that an interrupted run had told of destroyed`] : []),
    ...(erasure === null ? [`${path}: nothing is due`] : []),
    ...(erasure?.rules ?? []).map(rule => {
      const retention = presentDuration(rational(BigInt(rule.retentionMilliseconds)))
      const entries = `${counted(rule.entries, 'entry', 'entries')} (${count(rule.first)} to ${count(rule.last)})`
      const done = dryRun ? 'would be erased' : 'erased'
      return `${path}: ${counted(rule.openings, 'value')} of ${entries} ${done}: ${printable(rule.contract)} before ${rule.before}, retention ${retention}`
    }),
    ...(note === null ? [] : [`signed in ${note}`]),
    ...(undecided > 0
      ? [`${counted(undecided, 'entry', 'entries')} kept: the text of their policies is not in the log`]
      : []),
    ...(inJournal > 0
      ? [
          `${counted(inJournal, 'event')} stay in the journal as they came, because windows or what is pending still need them`,
        ]
      : []),
  ]
  return `${lines.join('\n')}\n`
}
