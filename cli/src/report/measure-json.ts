/** What was measured, as members of `writ simulate --format json`. Figures are exact: `197/200`; beside them stands their text. */
import type { Episode, LogView, Plan, PlanIndicator, RunResult, WindowFigures } from '@writ/engine'
import { timeText } from './decision-lines.ts'
import { measuredText, numberText, percentText, rangeText, sourceText, targetText } from './measure-words.ts'

/** Keys that are told of one indicator or objective; how many there are stands beside them. */
const mostKeys = 1_000

export function measuresJson(plan: Plan, view: LogView, { measures }: RunResult): object {
  const { endedAt, indicators, objectives, qualities, freshness } = measures
  return {
    measuredAt: endedAt === null ? null : timeText(endedAt),
    indicators: plan.indicators.map((indicator, i) => {
      const keys = indicators[i]?.keys ?? []
      return {
        indicator: indicator.name,
        range: rangeText(indicator.range),
        keyCount: keys.length,
        keys: keys.slice(0, mostKeys).map(key => ({ key: key.key, ...figuresJson(indicator, key) })),
        leftOut: indicators[i]?.leftOut ?? 0,
      }
    }),
    objectives: plan.objectives.map((objective, i) => {
      const keys = objectives[i]?.keys ?? []
      const indicator = plan.indicators[objective.indicator]
      return {
        objective: objective.name,
        indicator: indicator?.name,
        owner: objective.owner,
        target: targetText(plan, objective),
        keyCount: keys.length,
        keys: keys.slice(0, mostKeys).map(key => ({
          key: key.key,
          ...figuresJson(indicator, key),
          met: key.met,
          remaining: key.remaining,
          remainingText: key.remaining === null ? null : percentText(key.remaining),
          breaches: key.breaches.map(episode => episodeJson(view, episode)),
          alerts: objective.alerts.map(({ text }, alert) => ({
            text,
            episodes: (key.alerts[alert] ?? []).map(episode => episodeJson(view, episode)),
          })),
        })),
      }
    }),
    qualities: qualities.map(({ contract, quality, value, points, good, episodes }) => {
      const promise = plan.contracts[contract]?.quality[quality]
      const text = promise?.measure === 'volume' ? numberText : percentText
      return {
        contract: plan.contracts[contract]?.name,
        quality: promise ? sourceText(plan, promise.span) : '',
        value,
        text: value === null ? null : text(value),
        points,
        good,
        episodes: episodes.map(episode => episodeJson(view, episode)),
      }
    }),
    freshness: freshness.map(({ contract, lastAt, gaps }) => ({
      contract: plan.contracts[contract]?.name,
      limitMs: plan.contracts[contract]?.freshnessMilliseconds,
      lastAt: lastAt === null ? null : timeText(lastAt),
      gaps: gaps.map(({ from, seq, until }) => ({ ...momentsJson({ from, until }), event: eventJson(view, seq) })),
    })),
  }
}

function figuresJson(indicator: PlanIndicator | undefined, { value, points, good }: WindowFigures) {
  const text = indicator === undefined || value === null ? null : measuredText(indicator, value)
  return { value, text, points, good }
}

function episodeJson(view: LogView, { from, seq, until, figures, points, good, worst }: Episode) {
  return { ...momentsJson({ from, until }), event: eventJson(view, seq), figures, points, good, worst }
}

function momentsJson({ from, until }: Pick<Episode, 'from' | 'until'>) {
  return { from: timeText(from), until: until === null ? null : timeText(until) }
}

/** Null: the closing of the log showed it. */
function eventJson(view: LogView, seq: number) {
  if (seq < 0) return null
  const { file, index } = view.event(seq)
  return { file, index }
}
