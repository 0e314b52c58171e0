/** What contracts promise of their events, slow and obvious: at every event of the log, each window is gathered anew. */
import type { EventView } from '../log/view.ts'
import { figureOf, type Held, holds, isWorse } from '../measure/budget.ts'
import type { FreshnessFigures, Gap, QualityFigures } from '../measure/figures.ts'
import type { PlanQuality } from '../plan/measure.ts'
import { isWhollyUnknown } from '../value/canonical.ts'
import { holdsUnknown, identity } from '../value/operations.ts'
import { fromInteger, rational } from '../value/rational.ts'
import { absent, type Value } from '../value/value.ts'
import { episodesOf, figuresOf, type ReferenceRun } from './episodes.ts'
import { evaluateCondition } from './evaluate.ts'
import { situationAt } from './situation.ts'

export function referencePromises(
  run: ReferenceRun,
  endedAt: number,
): { readonly qualities: readonly QualityFigures[]; readonly freshness: readonly FreshnessFigures[] } {
  const { plan, view } = run
  const events = Array.from({ length: view.size }, (_, seq) => view.event(seq))
  return {
    qualities: plan.contracts.flatMap((contract, index) =>
      contract.quality.map((quality, place) => qualityFigures(run, events, index, place, quality, endedAt)),
    ),
    freshness: plan.contracts.flatMap(({ freshnessMilliseconds }, contract) =>
      freshnessMilliseconds === null ? [] : freshnessFigures(run, events, contract, freshnessMilliseconds),
    ),
  }
}

function qualityFigures(
  run: ReferenceRun,
  events: readonly EventView[],
  contract: number,
  place: number,
  quality: PlanQuality,
  endedAt: number,
): QualityFigures {
  const { measure, operator, value: bound, milliseconds } = quality
  const looksAtAll = measure === 'completeness' || measure === 'validity'
  const looked = events.filter(event => event.contract === contract && (looksAtAll || !run.rejected.has(event.seq)))
  const start = events[0]?.time ?? 0
  const moments = events.map(event => {
    const inside = looked.filter(other => other.seq <= event.seq && other.time > event.time - milliseconds)
    const held = heldOf(run, inside, quality)
    const atLeast = operator === '>' || operator === '>='
    const isPartial = measure === 'volume' && atLeast && event.time - milliseconds < start
    const isWrong = held.value !== null && !isPartial && !holds(held.value, operator, bound)
    const figures = held.value === null ? [] : [figureOf(held.value)]
    return { time: event.time, seq: event.seq, held, isWrong, figures }
  })
  const atEnd = heldOf(
    run,
    looked.filter(event => event.time > endedAt - milliseconds),
    quality,
  )
  const episodes = episodesOf(moments, (a, b) => isWorse(a, b, operator))
  return { contract, quality: place, ...figuresOf(atEnd), episodes }
}

function heldOf(run: ReferenceRun, inside: readonly EventView[], quality: PlanQuality): Held {
  const { measure, fields } = quality
  const size = inside.length
  if (measure === 'volume') return { value: fromInteger(size), points: size, good: null }
  if (measure === 'uniqueness') {
    const values = inside.map(event => fields.map(field => event.value([field])))
    const known = values.filter(parts => parts.every(part => isThere(part) && !holdsUnknown(part)))
    return shareOf(new Set(known.map(parts => parts.map(identity).join())).size, known.length)
  }
  return shareOf(inside.filter(event => isGood(run, event, quality)).length, size)
}

function isGood({ failed }: ReferenceRun, event: EventView, { measure, fields, condition }: PlanQuality): boolean {
  if (condition !== null) return evaluateCondition(condition, situationAt(event, null)) === true
  const values = fields.map(field => event.value([field]))
  if (measure === 'completeness') return values.every(isThere)
  return fields.length === 0 ? !failed.has(event.seq) : values.every(value => !holdsUnknown(value))
}

function shareOf(good: number, points: number): Held {
  return { value: points === 0 ? null : rational(BigInt(good), BigInt(points)), points, good }
}

function isThere(value: Value): boolean {
  return value !== absent && !isWhollyUnknown(value)
}

function freshnessFigures(
  { ending }: ReferenceRun,
  events: readonly EventView[],
  contract: number,
  limit: number,
): FreshnessFigures {
  const passed = ending === null ? null : 'closedAt' in ending ? ending.closedAt : ending.reached
  const own = events.filter(event => event.contract === contract)
  const first = events[0]
  const starts = [...(first ? [{ time: first.time, seq: -1 }] : []), ...own]
  const gaps = starts.flatMap(({ time, seq }): Gap[] => {
    const from = time + limit
    const next = own.find(event => event.seq > seq)
    const notice = events.find(event => event.seq > seq && event.time > from)
    if (notice && (!next || notice.seq <= next.seq)) return [{ from, seq: notice.seq, until: next?.time ?? null }]
    return !next && passed !== null && passed > from ? [{ from, seq: -1, until: null }] : []
  })
  return { contract, lastAt: own.at(-1)?.time ?? null, gaps }
}
