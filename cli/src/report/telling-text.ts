/** The list of `writ explain` without an event: a few decisions, each with its reason and how to ask for the whole explanation. */
import { type Explanation, explanationLines, plainText } from '@writ/engine'
import type { TellingDecision } from '../telling.ts'
import type { Output } from '../terminal/io.ts'
import { count, counted, padEnd, printable, wrap } from '../terminal/text.ts'
import { decisionPaint } from './decision-paint.ts'
import { quoted, sameEvents } from './next-command.ts'
import type { Simulation } from './simulation.ts'

export interface ExplainedDecision extends TellingDecision {
  readonly explanation: Explanation
}

export function tellingText(
  simulation: Simulation,
  rows: readonly ExplainedDecision[],
  rule: string | undefined,
  output: Output,
): string {
  const { paint, columns } = output
  const { plan, view, workspace, choice } = simulation
  if (rows.length === 0) {
    const what = rule === undefined ? 'nothing was decided' : `the rule ${rule} decided nothing`
    return `${what} in the ${counted(view.size, 'event')} of ${printable(choice.shown)}\n`
  }
  const decisions = count(simulation.result.decisions.size)
  const head =
    rule === undefined
      ? `The most telling of ${decisions} decisions, one for each rule that decided, the strictest first`
      : `The first of ${counted(rows[0]?.of ?? 0, 'decision')} by the rule ${rule}`
  const lines = [paint.bold(head)]
  for (const row of rows) {
    const { explanation } = row
    const event = view.event(row.seq)
    const policy = plan.policies[row.policy]
    const by = policy?.rules[row.rule]?.name ?? 'default'
    const [first] = explanationLines(plan, view, explanation, [], 1000)
    // The answer line without the event's number, which the command below says too.
    const answer = plainText(first ?? []).replace(/\s{2,}event [\d,]+ of .*$/, '')
    const [word = '', ...rest] = answer.split('  ')
    const decision = decisionPaint(explanation.decision, paint)
    lines.push(
      '',
      `${paint.bold(decision(word))}  ${printable(rest.join('  '))}`,
      ...wrap(`because ${printable(explanation.reason)}`, columns),
      `  ${paint.dim(padEnd(`by ${policy?.name ?? ''}.${by}${rule === undefined ? `, as ${row.of === 1 ? 'once' : `${count(row.of)} times`}` : ''}`, 1))}`,
      `  ${paint.cyan(`writ explain ${sameEvents(workspace, choice)} --at ${quoted(`${event.file}:${event.index}`)}`)}`,
    )
  }
  return `${lines.join('\n')}\n`
}
