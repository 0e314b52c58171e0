/** Explanations on a terminal: the engine's lines with their roles painted. What the lines say is the engine's. */
import {
  type Change,
  type Explanation,
  explanationLines,
  type Line,
  type LogView,
  type Plan,
  type Role,
} from '@writ/engine'
import type { DecisionWord } from '@writ/grammar'
import type { Output } from '../terminal/io.ts'
import type { Paint } from '../terminal/paint.ts'
import { decisionPaint } from './decision-paint.ts'

export function explanationPage(
  plan: Plan,
  view: LogView,
  explanation: Explanation,
  changes: readonly Change[],
  output: Output,
): string {
  const lines = explanationLines(plan, view, explanation, changes, output.columns)
  return lines.map(line => `${paintedLine(line, explanation.decision, output.paint)}\n`).join('')
}

function paintedLine(line: Line, decision: DecisionWord, paint: Paint): string {
  return line
    .map(({ text, role }) => painted(text, role, decision, paint))
    .join('')
    .trimEnd()
}

function painted(text: string, role: Role, decision: DecisionWord, paint: Paint): string {
  switch (role) {
    case 'decision':
      return paint.bold(decisionPaint(decision, paint)(text))
    case 'subject':
    case 'rule':
    case 'heading':
      return paint.bold(text)
    case 'good':
      return paint.green(text)
    case 'bad':
      return paint.red(text)
    case 'open':
      return paint.yellow(text)
    case 'cite':
      return paint.cyan(text)
    case 'muted':
      return paint.dim(text)
    case 'source':
    case 'plain':
      return text
  }
}
