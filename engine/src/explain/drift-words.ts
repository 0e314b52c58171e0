/** The two distributions behind a drift, in words: how many values of the window and of the baseline fall into each bin. */
import type { AggregateExpr } from '../plan/expression.ts'
import { binOf } from '../value/drift.ts'
import { presentMoney } from '../value/present.ts'
import { decimalText } from '../value/rational.ts'
import { evaluate } from './evaluate.ts'
import { bindEvent, type Scope } from './scope.ts'
import { grouped } from './words.ts'

/** More bins than this are told by the largest differences only. */
const mostBins = 12

/** `by bins: ≤ 20.00 EUR 0 of 4 (usual 9 of 15), …`; empty where there is nothing to tell. */
export function driftText({ drift, value, pattern }: AggregateExpr, events: readonly number[], scope: Scope): string {
  if (!drift || value === null || events.length === 0) return ''
  const { baseline } = drift
  const counts = baseline.counts.map(() => 0)
  for (const seq of events) {
    const event = scope.view.event(seq)
    const bin = binOf(baseline, evaluate(value, bindEvent(scope, pattern.variable, event)))
    if (bin >= 0) counts[bin] = (counts[bin] ?? 0) + 1
  }
  const all = baseline.counts.reduce((sum, count) => sum + count, 0)
  const difference = (bin: number) =>
    Math.abs((counts[bin] ?? 0) / events.length - (baseline.counts[bin] ?? 0) / Math.max(1, all))
  const bins = counts.map((_, bin) => bin)
  const told =
    bins.length <= mostBins
      ? bins
      : bins
          .toSorted((a, b) => difference(b) - difference(a) || a - b)
          .slice(0, mostBins)
          .sort((a, b) => a - b)
  const parts = told.map(bin => `${binText(baseline, bin)} ${grouped(counts[bin] ?? 0)}`)
  const usual = told.map(bin => grouped(baseline.counts[bin] ?? 0))
  const more = told.length < bins.length ? `, the ${told.length} of ${bins.length} bins that differ most` : ''
  return `of ${grouped(events.length)}: ${parts.join(', ')}; in ${baseline.name} of ${grouped(all)}: ${usual.join(', ')}${more}`
}

function binText(baseline: NonNullable<AggregateExpr['drift']>['baseline'], bin: number): string {
  if (baseline.of === 'texts') return baseline.values[bin] ?? 'others'
  const { edges, currency } = baseline
  const edge = edges[bin] ?? edges.at(-1)
  if (edge === undefined) return 'all'
  const text = currency === null ? decimalText(edge) : presentMoney({ amount: edge, currency })
  return bin < edges.length ? `≤ ${text}` : `> ${text}`
}
