/** The part of `writ simulate` for people that tells what was measured: indicators at the end, objectives, and promises of contracts. */
import type { Episode, KeyFigures, ObjectiveKeyFigures, PlanIndicator } from '@writ/engine'
import type { Output } from '../terminal/io.ts'
import { count, counted, padEnd, printable, width, wrap } from '../terminal/text.ts'
import {
  lengthText,
  measuredText,
  momentText,
  numberText,
  percentText,
  pointsText,
  rangeText,
  sourceText,
  targetText,
} from './measure-words.ts'
import type { Simulation } from './simulation.ts'

/** Keys that are shown of one indicator or objective. */
const mostKeys = 3

/** Empty where nothing is measured. */
export function measureSection(simulation: Simulation, output: Output): string[] {
  const { plan, result } = simulation
  const { endedAt, indicators, objectives } = result.measures
  const promises = promiseLines(simulation)
  if (endedAt === null || plan.indicators.length + promises.length === 0) return []
  const { paint, columns } = output
  const names = [...plan.indicators, ...plan.objectives].map(({ name }) => width(name))
  const left = Math.min(Math.max(0, ...names), 34)
  const line = (name: string, text: string): string[] =>
    wrap(text, columns - left - 4).map((part, i) => `  ${padEnd(i === 0 ? name : '', left)}  ${part}`.trimEnd())
  const measured = plan.indicators.flatMap((indicator, i) => {
    const keys = indicators[i]?.keys ?? []
    const leftOut = indicators[i]?.leftOut ?? 0
    const unknown = leftOut === 0 ? '' : `; ${counted(leftOut, 'point')} left out, unknown`
    return line(indicator.name, `${figuresText(indicator, keys)} ${rangeText(indicator.range)}${unknown}`)
  })
  const judged = plan.objectives.flatMap((objective, i) => {
    const indicator = plan.indicators[objective.indicator]
    const keys = objectives[i]?.keys ?? []
    if (!indicator) return []
    const isMissed = keys.some(({ breaches }) => breaches.length > 0)
    const lines = line(objective.name, `${targetText(plan, objective)}: ${objectiveText(indicator, keys)}`)
    return isMissed ? lines.map(paint.yellow) : lines
  })
  return [
    `${paint.bold('measured')}  at ${momentText(endedAt)}`,
    ...measured,
    ...(judged.length === 0 ? [] : [paint.bold('objectives'), ...judged]),
    ...(promises.length === 0 ? [] : [paint.bold('promises of contracts')]),
    ...promises.flatMap(({ text, isKept }) => {
      const lines = wrap(text, columns - 2).map((part, i) => `${i === 0 ? '  ' : '    '}${part}`)
      return isKept ? lines : lines.map(paint.yellow)
    }),
  ]
}

function figuresText(indicator: PlanIndicator, keys: readonly KeyFigures[]): string {
  if (keys.length === 0) return 'nothing to measure'
  const shown = keys.slice(0, mostKeys).map(figures => {
    const whose = figures.key.length === 0 ? '' : `${printable(figures.key.join(', '))} `
    return `${whose}${measuredText(indicator, figures.value)} ${pointsText(figures)}`
  })
  const more = keys.length > mostKeys ? [`${count(keys.length - mostKeys)} more`] : []
  return [...shown, ...more].join(', ')
}

function objectiveText(indicator: PlanIndicator, keys: readonly ObjectiveKeyFigures[]): string {
  if (keys.length === 0) return 'nothing to judge'
  const missed = keys.filter(({ breaches }) => breaches.length > 0)
  const alerts = keys.flatMap(key => key.alerts.flat())
  const whole = missed.length === 0 ? 'met throughout' : missedText(missed, keys.length)
  const left = keys.length === 1 ? remainingText(keys[0]?.remaining ?? null) : ''
  const raised = alerts.length === 0 ? '' : `; ${counted(alerts.length, 'alert')}, first at ${first(alerts)}`
  const now = keys.length === 1 && keys[0] ? `${measuredText(indicator, keys[0].value)} ${pointsText(keys[0])}, ` : ''
  return `${now}${whole}${left}${raised}`
}

function missedText(missed: readonly ObjectiveKeyFigures[], keys: number): string {
  const episodes = missed.flatMap(({ breaches }) => breaches)
  const times = episodes.length === 1 ? 'once' : `${count(episodes.length)} times`
  const whose = keys === 1 ? '' : ` for ${count(missed.length)} of ${count(keys)}`
  const lasts = missed.filter(({ breaches }) => breaches.at(-1)?.until === null).length
  const still = lasts === 0 ? '' : keys === 1 ? ', and still is' : `, and still is for ${count(lasts)}`
  return `missed ${times}${whose}, first at ${first(episodes)}${still}`
}

function remainingText(remaining: string | null): string {
  return remaining === null ? '' : `; ${percentText(remaining)} of the budget left`
}

function first(episodes: readonly Pick<Episode, 'from'>[]): string {
  return momentText(Math.min(...episodes.map(({ from }) => from)))
}

interface PromiseLine {
  readonly text: string
  readonly isKept: boolean
}

function promiseLines({ plan, result }: Simulation): readonly PromiseLine[] {
  const { qualities, freshness } = result.measures
  const kept = qualities.flatMap((figures): PromiseLine[] => {
    const shape = plan.contracts[figures.contract]
    const promise = shape?.quality[figures.quality]
    if (!shape || !promise) return []
    const value =
      figures.value === null
        ? 'nothing to measure'
        : promise.measure === 'volume'
          ? numberText(figures.value)
          : `${percentText(figures.value)} ${pointsText(figures)}`
    return [
      {
        text: `${shape.name}: ${sourceText(plan, promise.span)}: ${value}, ${howOften(figures.episodes)}`,
        isKept: figures.episodes.length === 0,
      },
    ]
  })
  const fresh = freshness.flatMap(({ contract, gaps }): PromiseLine[] => {
    const shape = plan.contracts[contract]
    if (!shape || shape.freshnessMilliseconds === null) return []
    const text = `${shape.name}: freshness ${lengthText(shape.freshnessMilliseconds)}: ${howOften(gaps)}`
    return [{ text, isKept: gaps.length === 0 }]
  })
  return [...kept, ...fresh]
}

function howOften(episodes: readonly Pick<Episode, 'from' | 'until'>[]): string {
  if (episodes.length === 0) return 'kept throughout'
  const times = episodes.length === 1 ? 'once' : `${count(episodes.length)} times`
  const still = episodes.at(-1)?.until === null ? ', and still is' : ''
  return `broken ${times}, first at ${first(episodes)}${still}`
}
