/** What was not as objectives and contracts want it, as findings (W2110 to W2113): each with its moments, its figures, and the event that showed it. */
import type { Episode, Finding, LogView, Measures, Plan } from '@writ/engine'
import { type ProblemCode, problem } from '@writ/grammar'
import {
  keyText,
  lengthText,
  measuredText,
  momentText,
  numberText,
  percentText,
  pointsText,
  sourceText,
  targetText,
} from './measure-words.ts'

export function measureFindings(plan: Plan, view: LogView, measures: Measures): readonly Finding[] {
  return [...objectiveFindings(plan, view, measures), ...promiseFindings(plan, view, measures)]
}

function objectiveFindings(plan: Plan, view: LogView, { objectives }: Measures): readonly Finding[] {
  return plan.objectives.flatMap((objective, place) => {
    const indicator = plan.indicators[objective.indicator]
    const { name } = objective
    const target = targetText(plan, objective)
    return (objectives[place]?.keys ?? []).flatMap(key => {
      const whose = keyText(key)
      const breaches = key.breaches.map(episode => {
        const value = indicator ? measuredText(indicator, episode.figures[0] ?? null) : ''
        const worst = indicator && episode.worst !== null ? measuredText(indicator, episode.worst) : value
        const points = pointsText({ value: null, ...episode })
        return found('W2110', view, episode.seq, { name, whose, value, points, target, worst, ...momentsOf(episode) })
      })
      const alerts = key.alerts.flatMap((episodes, alert) => {
        const { text, conditions } = objective.alerts[alert] ?? { text: null, conditions: [] }
        return episodes.map(episode => {
          const figures = conditions.map(({ measure, overMilliseconds }, i) => {
            const figure = episode.figures[i] ?? '0'
            return measure === 'burn' && overMilliseconds !== null
              ? `burn ${numberText(figure)} over ${lengthText(overMilliseconds)}`
              : `${percentText(figure)} of the budget left`
          })
          const told = text === null ? '' : ` (${text})`
          const parameters = { name, whose, told, figures: figures.join(', '), ...momentsOf(episode) }
          return found('W2111', view, episode.seq, parameters)
        })
      })
      return [...breaches, ...alerts]
    })
  })
}

function promiseFindings(plan: Plan, view: LogView, { qualities, freshness }: Measures): readonly Finding[] {
  const missed = qualities.flatMap(({ contract, quality, episodes }) => {
    const shape = plan.contracts[contract]
    const promise = shape?.quality[quality]
    if (!shape || !promise) return []
    const text = (figure: string) => (promise.measure === 'volume' ? numberText(figure) : percentText(figure))
    return episodes.map(episode => {
      const value = text(episode.figures[0] ?? '0')
      const worst = text(episode.worst ?? episode.figures[0] ?? '0')
      const points = pointsText({ value: null, ...episode })
      const promised = sourceText(plan, promise.span)
      const parameters = { contract: shape.name, promise: promised, value, points, worst, ...momentsOf(episode) }
      return found('W2112', view, episode.seq, parameters)
    })
  })
  const stale = freshness.flatMap(({ contract, gaps }) => {
    const shape = plan.contracts[contract]
    if (!shape || shape.freshnessMilliseconds === null) return []
    const limit = lengthText(shape.freshnessMilliseconds)
    return gaps.map(gap => found('W2113', view, gap.seq, { contract: shape.name, limit, ...momentsOf(gap) }))
  })
  return [...missed, ...stale]
}

function momentsOf({ from, until }: Pick<Episode, 'from' | 'until'>) {
  const lasted = until === null ? 'until the end' : `until ${momentText(until)}`
  return { from: momentText(from), until: lasted }
}

/** `seq` -1: the closing of the log showed it, and there is no event to name. */
function found(
  code: ProblemCode,
  view: LogView,
  seq: number,
  parameters: Readonly<Record<string, string | number>>,
): Finding {
  const { message } = problem(code, { start: 0, end: 0 }, parameters)
  const event = seq < 0 ? null : view.event(seq)
  return { code, message, file: event?.file ?? '', line: null, index: event?.index ?? null, path: null }
}
