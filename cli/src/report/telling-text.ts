/** The list of `writ explain` without an event: a few decisions, each with its reason and how to ask for the whole explanation. */
import { type Explanation, explanationLines, plainText } from '@writ/engine'
import type { TellingDecision } from '../telling.ts'
import type { Output } from '../terminal/io.ts'
import { count, counted, cut, printable, width, wrap } from '../terminal/text.ts'
import { decisionPaint } from './decision-paint.ts'
import { quoted, sameEvents } from './next-command.ts'
import type { Simulation } from './simulation.ts'

export interface ExplainedDecision extends TellingDecision {
  readonly explanation: Explanation
}

export function tellingText(
  simulation: Simulation,
  rows: readonly ExplainedDecision[],
  asked: string | undefined,
  output: Output,
): string {
  const { paint, columns } = output
  const { plan, view, workspace, choice } = simulation
  if (rows.length === 0) {
    const what = asked === undefined ? 'nothing was decided' : `the rule ${asked} decided nothing`
    return `${what} in the ${counted(view.size, 'event')} of ${printable(choice.shown)}\n`
  }
  const decisions = count(simulation.result.decisions.size)
  const head =
    asked === undefined
      ? `The most telling of ${decisions} decisions, one for each rule that decided, the strictest first`
      : `The first of ${counted(rows[0]?.of ?? 0, 'decision')} by the rule ${asked}`
  const lines = [paint.bold(head)]
  for (const row of rows) {
    const { explanation } = row
    const event = view.event(row.seq)
    const policy = plan.policies[row.policy]
    const [because = '', ...more] = wrap(`because ${printable(explanation.reason)}`, columns - 2)
    const rule = policy?.rules[row.rule]
    const by = `by ${rule === undefined ? 'the default' : `rule ${rule.name}`} of ${policy?.name ?? ''}`
    lines.push(
      '',
      answerLine(simulation, explanation, output),
      ...[because, ...more.map(line => `  ${line}`)].map(line => `  ${line}`),
      paint.dim(`  ${by}${row.of === 1 ? '' : `, ${count(row.of)} times in all`}`),
      `  ${paint.cyan(`writ explain ${sameEvents(workspace, choice)} --at ${quoted(`${event.file}:${event.index}`)}`)}`,
    )
  }
  if (asked === undefined) {
    lines.push('', paint.dim(`more of one rule: writ explain ${sameEvents(workspace, choice)} --rule NAME`))
  }
  return `${lines.join('\n')}\n`
}

/** The first line of the explanation without the number of the event, which the command below it says. */
function answerLine(simulation: Simulation, explanation: Explanation, output: Output): string {
  const { paint, columns } = output
  const [answer = []] = explanationLines(simulation.plan, simulation.view, explanation, [], 1000)
  const cite = answer.findIndex(segment => segment.role === 'cite')
  const [word, ...subject] = answer.slice(0, cite < 0 ? undefined : cite)
  const decision = decisionPaint(explanation.decision, paint)(word?.text ?? '')
  return `${paint.bold(decision)}${cut(plainText(subject), columns - width(word?.text ?? ''))}`
}
