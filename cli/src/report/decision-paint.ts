/** The colour of each kind of decision, the same in every report. The word is always there too. */
import type { DecisionWord } from '@writ/grammar'
import type { Paint } from '../terminal/paint.ts'

export function decisionPaint(word: DecisionWord, paint: Paint): (text: string) => string {
  switch (word) {
    case 'deny':
      return paint.red
    case 'hold':
      return paint.yellow
    case 'warn':
      return paint.cyan
    case 'permit':
      return paint.green
  }
}
