/** What became of the rollouts of a run, for both forms of the report: each change with its moment and the figures that caused it. */
import {
  type ChangeCause,
  inForce,
  type Plan,
  type PlanGate,
  type PlanRollout,
  type RolloutChange,
  type RolloutFigure,
  type RunResult,
  rolledBack,
  stageName,
} from '@writ/engine'
import type { Output } from '../terminal/io.ts'
import { count, padEnd, printable, share, width, wrap } from '../terminal/text.ts'
import { timeText } from './decision-lines.ts'

/** The `rollouts` of docs/schemas/simulation.schema.json. */
export function rolloutsJson(plan: Plan, { rollouts }: RunResult): readonly object[] {
  return plan.rollouts.map((rollout, index) => ({
    rollout: rollout.name,
    policy: plan.policies[rollout.policy]?.name,
    version: plan.policies[rollout.policy]?.version,
    replaces: rollout.replaces === null ? null : plan.policies[rollout.replaces]?.name,
    stage: stageName(rollout, rollouts.stages[index] ?? -1),
    changes: rollouts.changes
      .filter(change => change.rollout === index)
      .map(change => ({
        cause: change.cause,
        at: timeText(change.at),
        event: change.by < 0 ? null : change.by + 1,
        from: stageName(rollout, change.from),
        to: stageName(rollout, change.to),
        figures: figuresOf(plan, rollout, change).map(({ measure, figure }) => ({ measure, ...figure })),
      })),
  }))
}

/** A section for each rollout; empty where the plan has none. */
export function rolloutSections(plan: Plan, { rollouts }: RunResult, { paint, columns }: Output): string[][] {
  return plan.rollouts.map((rollout, index) => {
    const policy = plan.policies[rollout.policy]
    const stage = rollouts.stages[index] ?? -1
    const now = stageName(rollout, stage)
    const painted =
      stage === inForce(rollout) ? paint.green(now) : stage === rolledBack(rollout) ? paint.red(now) : paint.yellow(now)
    const replaces = rollout.replaces === null ? '' : `, in the place of ${plan.policies[rollout.replaces]?.name}`
    const changes = rollouts.changes.filter(change => change.rollout === index)
    const stages = changes.map(change => stageName(rollout, change.to))
    const left = Math.max(0, ...stages.map(width))
    const lines = changes.flatMap((change, place) => {
      const time = timeText(change.at)
      const indent = time.length + left + 6
      const [first = '', ...rest] = wrap(whyText(plan, rollout, change), Math.max(20, columns - indent))
      const head = `  ${paint.dim(time)}  ${padEnd(stages[place] ?? '', left)}  ${first}`
      return [head, ...rest.map(line => `${' '.repeat(indent)}${line}`)]
    })
    const [title = '', ...more] = wrap(`of ${policy?.name} ${policy?.version}${replaces}:`, columns - width(now) - 2)
    return [
      `${paint.bold(`rollout ${rollout.name}`)} ${[title, ...more].join('\n  ')} ${painted}`,
      ...(lines.length > 0 ? lines : ['  no event for it to begin with']),
    ]
  })
}

function whyText(plan: Plan, rollout: PlanRollout, change: RolloutChange): string {
  const by = change.by < 0 ? '' : ` by event ${count(change.by + 1)}`
  const figures = figuresOf(plan, rollout, change).map(
    ({ measure, figure }) => `${printable(measure)} ${figureText(figure)}`,
  )
  return `${causes[change.cause]}${by}${figures.length > 0 ? `: ${figures.join(', ')}` : ''}`
}

const causes: Readonly<Record<ChangeCause, string>> = {
  started: 'begun',
  over: 'the stage before has lasted its time',
  promoted: 'promoted',
  'rolled-back': 'stopped',
  expired: 'not in force by the end of the rollout',
}

function figureText({ value, of }: RolloutFigure): string {
  return of === null ? count(value) : `${share(value, Math.max(1, of))} (${count(value)} of ${count(of)})`
}

/** Each measure as it is written, with what it came to. */
function figuresOf(plan: Plan, rollout: PlanRollout, change: RolloutChange) {
  const gate: PlanGate | null = change.cause === 'rolled-back' ? rollout.rollback : rollout.promote
  return change.figures.map((figure, place) => {
    const span = gate?.measures[place]?.span
    const text = span === undefined ? '' : (plan.files[span.file]?.text.slice(span.start, span.end) ?? '')
    return { measure: text.replace(/\s+/g, ' ').replace(/^\((.*)\)$/, '$1'), figure }
  })
}
