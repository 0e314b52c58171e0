/**
 * What is measured of a run, slow and obvious: at every moment each window is gathered from all points there were.
 * docs/language.md, "Indicators and objectives" and "Promises of contracts", as code. The fast implementation (measure/) must
 * agree with it in every member. What a budget is, is in measure/budget.ts alone.
 */
import type { EventView } from '../log/view.ts'
import { burnRate, figureOf, figureOrNull, type Held, holds, isWorse, remainingBudget } from '../measure/budget.ts'
import type { Measures, ObjectiveKeyFigures } from '../measure/figures.ts'
import { emptyOf } from '../measure/nothing.ts'
import { type Point, type PointKey, pointKey, pointValue, takes } from '../measure/point.ts'
import { transitionKinds } from '../obligation/instance.ts'
import { type MeasureRange, type PlanIndicator, type PlanObjective, streamFields } from '../plan/measure.ts'
import { decisionWords } from '../run/decisions.ts'
import { arithmetic } from '../value/operations.ts'
import { compare, divide, fromInteger, multiply, type Rational, rational } from '../value/rational.ts'
import { isRational, type Value } from '../value/value.ts'
import { calendarStart } from './calendar.ts'
import { episodesOf, figuresOf, type ReferenceRun } from './episodes.ts'
import { evaluateCondition, evaluateExpression } from './evaluate.ts'
import { referencePromises } from './promises.ts'
import { situationAt } from './situation.ts'

export function referenceMeasures(run: ReferenceRun): Measures {
  const { plan, view, ending } = run
  if (view.size === 0) return { endedAt: null, ...emptyOf(plan) }
  const last = view.event(view.size - 1).time
  const endedAt = ending === null ? last : 'closedAt' in ending ? ending.closedAt : ending.reached
  const empty = emptyOf(plan)
  if (empty.indicators.length + empty.qualities.length + empty.freshness.length === 0)
    return { endedAt: null, ...empty }
  const measured = plan.indicators.map(indicator => pointsOf(run, indicator))
  const indicators = plan.indicators.map((indicator, i) => ({
    keys: (measured[i]?.keys ?? []).map(({ key, points }) => ({
      key: key.words,
      ...figuresOf(heldAt(indicator, points, indicator.range, endedAt)),
    })),
    leftOut: measured[i]?.leftOut ?? 0,
  }))
  const objectives = plan.objectives.map(objective => {
    const indicator = plan.indicators[objective.indicator]
    const keys = measured[objective.indicator]?.keys ?? []
    return {
      keys: indicator ? keys.map(({ key, points }) => judged(objective, indicator, key, points, endedAt)) : [],
    }
  })
  return { endedAt, indicators, objectives, ...referencePromises(run, endedAt) }
}

/** What an indicator without a key is behind an event: of outcomes those before its time, else all up to and including it. */
export function indicatorBehind(run: ReferenceRun, indicator: PlanIndicator, event: EventView): Held {
  const points = pointsOf(run, indicator).keys.flatMap(key => key.points)
  const happened = points.filter(({ time, seq }) =>
    indicator.of.kind === 'outcomes' ? time < event.time : seq <= event.seq,
  )
  return heldAt(indicator, happened, indicator.range, event.time)
}

interface KeyPoints {
  readonly key: PointKey
  readonly points: Point[]
}

/** By key, in the order in which keys are first seen. */
function pointsOf(run: ReferenceRun, indicator: PlanIndicator) {
  const keys: KeyPoints[] = []
  let leftOut = 0
  for (const { event, time, elements } of occasions(run, indicator)) {
    const at = { ...situationAt(event, null), elements }
    const taken = takes(indicator.where === null ? true : evaluateCondition(indicator.where, at))
    if (taken === 0) continue
    const key =
      taken === 1
        ? pointKey(
            indicator,
            indicator.keys.map(({ name }) => event.value([name])),
          )
        : null
    const found = key === null || indicator.value === null ? null : evaluateExpression(indicator.value, at)
    const value = key === null ? null : pointValue(indicator, found)
    if (key === null || value === null) {
      leftOut++
      continue
    }
    let own = keys.find(known => known.key.identity === key.identity)
    if (!own) {
      own = { key, points: [] }
      keys.push(own)
    }
    own.points.push({ time, seq: event.seq, value })
  }
  return { keys, leftOut }
}

interface Occasion {
  readonly event: EventView
  readonly time: number
  readonly elements: ReadonlyMap<number, Value>
}

function occasions({ plan, view, rejected, decisions, obligations }: ReferenceRun, { of }: PlanIndicator): Occasion[] {
  switch (of.kind) {
    case 'events':
      return Array.from(view.of(of.contract))
        .filter(seq => !rejected.has(seq))
        .map(seq => ({ event: view.event(seq), time: view.event(seq).time, elements: new Map() }))
    case 'decisions': {
      const { permit, warn, hold, deny, rule } = streamFields.decisions
      return places(decisions.size)
        .filter(i => decisions.policy[i] === of.policy)
        .map(i => {
          const event = view.event(decisions.seq[i] ?? -1)
          const word = decisionWords[decisions.decision[i] ?? -1]
          const name = plan.policies[of.policy]?.rules[decisions.decidedBy[i] ?? -1]?.name ?? ''
          const elements = new Map<number, Value>([
            [permit, word === 'permit'],
            [warn, word === 'warn'],
            [hold, word === 'hold'],
            [deny, word === 'deny'],
            [rule, name],
          ])
          return { event, time: event.time, elements }
        })
    }
    case 'outcomes': {
      const { instances, transitions } = obligations
      const { fulfilled, breached, took } = streamFields.outcomes
      return places(transitions.size).flatMap(i => {
        const kind = transitionKinds[transitions.kind[i] ?? 0]
        const instance = transitions.instance[i] ?? 0
        const isOfRule = instances.policy[instance] === of.policy && instances.rule[instance] === of.rule
        if (!isOfRule || (kind !== 'fulfilled' && kind !== 'breached')) return []
        const event = view.event(instances.openedSeq[instance] ?? -1)
        const time = transitions.at[i] ?? 0
        const elements = new Map<number, Value>([
          [fulfilled, kind === 'fulfilled'],
          [breached, kind === 'breached'],
          [took, fromInteger(time - event.time)],
        ])
        return { event, time, elements }
      })
    }
  }
}

function places(size: number): readonly number[] {
  return Array.from({ length: size }, (_, i) => i)
}

/** What the window that ends at `time` holds of these points. */
function heldAt(indicator: PlanIndicator, points: readonly Point[], range: MeasureRange, time: number): Held {
  const inside = points.filter(point =>
    range.kind === 'over'
      ? point.time > time - range.milliseconds
      : point.time >= calendarStart(time, range.unit, range.zone),
  )
  const values = inside.map(point => point.value)
  const good = indicator.function === 'share' ? values.filter(value => value === true).length : null
  return { value: measured(indicator, values, good), points: values.length, good }
}

function measured(
  { function: name, rank }: PlanIndicator,
  values: readonly Value[],
  good: number | null,
): Rational | null {
  const size = values.length
  if (name === 'count') return fromInteger(size)
  if (name === 'distinct') return fromInteger(new Set(values).size)
  if (name === 'share') return size === 0 ? null : rational(BigInt(good ?? 0), BigInt(size))
  const numbers = values.filter(value => typeof value === 'object').filter(isRational)
  if (name === 'sum') return total(numbers)
  if (numbers.length === 0) return null
  if (name === 'avg') return divide(total(numbers), fromInteger(size)) ?? null
  const sorted = numbers.toSorted(compare)
  if (name === 'min') return sorted[0] ?? null
  if (name === 'max') return sorted.at(-1) ?? null
  const product = multiply(rank ?? fromInteger(1), fromInteger(size))
  const place = Math.ceil(Number(product.n) / Number(product.d))
  return sorted[Math.max(1, place) - 1] ?? null
}

function total(numbers: readonly Rational[]): Rational {
  return numbers.reduce<Rational>((sum, number) => {
    const next = arithmetic('+', sum, number, { kind: 'decimal' })
    return typeof next === 'object' && isRational(next) ? next : sum
  }, fromInteger(0))
}

function judged(
  objective: PlanObjective,
  indicator: PlanIndicator,
  key: PointKey,
  points: readonly Point[],
  endedAt: number,
): ObjectiveKeyFigures {
  const { target, alerts } = objective
  const name = indicator.function
  const moments = points.map((point, i): Moment => {
    const before = points.slice(0, i + 1)
    const held = heldAt(indicator, before, target.range, point.time)
    const missed = held.value !== null && !holds(held.value, target.operator, target.value)
    const rates = alerts.map(({ conditions }) =>
      conditions.map(({ overMilliseconds: length }) => {
        if (length === null) return remainingBudget(target, name, held)
        const own = heldAt(indicator, before, { kind: 'over', milliseconds: length }, point.time)
        return burnRate(target, name, own, length)
      }),
    )
    return { point, held, missed, rates }
  })
  const atEnd = heldAt(indicator, points, target.range, endedAt)
  return {
    key: key.words,
    ...figuresOf(atEnd),
    met: atEnd.value === null ? null : holds(atEnd.value, target.operator, target.value),
    remaining: figureOrNull(remainingBudget(target, name, atEnd)),
    breaches: episodesOf(
      moments.map(({ point, held, missed }) => ({
        ...point,
        held,
        isWrong: missed,
        figures: held.value === null ? [] : [figureOf(held.value)],
      })),
      (a, b) => isWorse(a, b, target.operator),
    ),
    alerts: alerts.map(({ conditions }, alert) =>
      episodesOf(
        moments.map(({ point, held, rates }) => {
          const own = rates[alert] ?? []
          const isWrong = conditions.every(({ operator, limit }, i) => {
            const rate = own[i] ?? null
            return rate !== null && holds(rate, operator, limit)
          })
          return { ...point, held, isWrong, figures: own.flatMap(rate => (rate === null ? [] : figureOf(rate))) }
        }),
        null,
      ),
    ),
  }
}

interface Moment {
  readonly point: Point
  readonly held: Held
  readonly missed: boolean
  readonly rates: readonly (readonly (Rational | null)[])[]
}
