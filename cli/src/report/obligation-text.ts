/** The part of `writ simulate` for people that tells what lived on after events: expectations, requests for approval, who answered. */
import type { LivingRule, RoleLoad } from '@writ/engine'
import type { Output } from '../terminal/io.ts'
import { count, counted, cut, padEnd, padStart, width, wrap } from '../terminal/text.ts'
import { timeText } from './decision-lines.ts'
import type { Simulation } from './simulation.ts'

/** Empty where no rule lives on. */
export function obligationSection(simulation: Simulation, output: Output): string[] {
  const { rules, effects, roles } = simulation.living
  const { paint, columns } = output
  if (rules.length === 0) return []
  const nameOf = ({ policy, rule }: LivingRule): string => {
    const found = simulation.plan.policies[policy]
    return `${found?.name}.${found?.rules[rule]?.name}`
  }
  const left = Math.min(Math.max(...rules.map(rule => width(nameOf(rule))), 8), 40, columns - 57)
  const ends = ['fulfilled', 'breached', 'cancelled', 'pending'] as const
  const shown = ends.filter(end => end !== 'cancelled' || rules.some(({ ended }) => ended.cancelled > 0))
  const digits = Math.max(9, ...rules.map(({ opened }) => count(opened).length))
  const line = (name: string, figures: readonly string[]): string =>
    `  ${padEnd(cut(name, left), left)}${figures.map(figure => `  ${padStart(figure, digits)}`).join('')}`
  const { closedAt } = simulation.result.obligations
  const simulated = simulation.simulated ? ', answers simulated' : ''
  const closed = closedAt === null ? '' : `, the log closed at ${timeText(closedAt)}`
  const opened = rules.reduce((sum, rule) => sum + rule.opened, 0)
  return [
    `${paint.bold('obligations')}  ${counted(opened, 'instance')}${simulated}${closed}`,
    paint.dim(line('', ['opened', ...shown])),
    ...rules.map(rule => {
      const text = line(nameOf(rule), [rule.opened, ...shown.map(end => rule.ended[end])].map(count))
      return rule.ended.breached > 0 ? paint.yellow(text) : text
    }),
    ...(effects.length === 0
      ? []
      : wrapped(
          `approvals: ${effects.map(({ effect, count: times }) => `${count(times)} ${effect}`).join(', ')}`,
          columns,
        )),
    ...roles.flatMap(role => wrapped(loadText(role), columns)),
  ]
}

function loadText({ role, asked, answered, expired, busiest }: RoleLoad): string {
  const inVain = expired === 0 ? '' : `, ${count(expired)} in vain`
  return `${role}: asked ${asked === 1 ? 'once' : `${count(asked)} times`}${inVain}, ${counted(answered, 'answer')} that counted; at most ${count(busiest)} waiting at once`
}

function wrapped(text: string, columns: number): string[] {
  return wrap(text, columns - 2).map((line, place) => `${place === 0 ? '  ' : '    '}${line}`)
}
