/**
 * Two fields of the current event changed together, where neither change alone decides otherwise: values that were tried singly
 * and in vain (change.ts) are tried in twos. So neither half of a pair that is told could be left out.
 */
import type { Value } from '../value/value.ts'
import { type Attempt, type Change, change, type Trial, tried } from './change.ts'
import { joined, valueText } from './words.ts'

/** At most two; the pairs tried are bounded by the budget of the trial. */
export function pairChanges(trial: Trial): readonly Change[] {
  const byField = new Map<string, Attempt[]>()
  for (const attempt of trial.vain) {
    const known = byField.get(attempt.field) ?? []
    if (known.length < mostValues && !known.some(({ value }) => value === attempt.value))
      byField.set(attempt.field, [...known, attempt])
  }
  const fields = [...byField.values()].slice(0, mostFields)
  const pairs = fields.flatMap((some, i) => fields.slice(i + 1).flatMap(others => crossed(some, others)))
  const found: Change[] = []
  for (const { one, other } of pairs.sort((a, b) => a.rank - b.rank)) {
    if (found.length === mostTold || trial.budget <= 0) break
    const overlay = {
      fields: new Map<string, Value>([
        [one.field, one.value],
        [other.field, other.value],
      ]),
    }
    const decided = tried(trial, overlay)
    if (decided) found.push(change(trial, 'field', joined([one, other].map(part => words(part, trial))), decided))
  }
  return found
}

const mostFields = 5
const mostValues = 4
const mostTold = 2

/** Values that were tried first are nearest to what conditions ask. */
function crossed(some: readonly Attempt[], others: readonly Attempt[]) {
  return some.flatMap((one, i) => others.map((other, k) => ({ one, other, rank: i + k })))
}

function words({ field, type, value }: Attempt, { scope }: Trial): string {
  const now = scope.event.value(field.split('.'))
  return `${field} ${valueText(value, type)} instead of ${valueText(now, type)}`
}
