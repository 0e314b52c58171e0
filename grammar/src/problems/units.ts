/** Problems of units: currencies, percentages, durations and points in time. */
import { catalogue } from './problem.ts'

export const unitProblems = catalogue({
  W0501: {
    severity: 'error',
    title: 'Currencies do not mix',
    message:
      '{left} and {right} are different currencies, and nothing here converts them. Use the same currency on both sides.',
  },
  W0502: {
    severity: 'error',
    title: 'Percent is not a plain number',
    message: 'A Percent is not compared or mixed with {other}. Write the number as a percentage: {suggestion}.',
  },
  W0503: {
    severity: 'error',
    title: 'Money without a currency',
    message: 'Money is not compared or mixed with the plain number {text}. Say the currency: {suggestion}.',
  },
  W0505: {
    severity: 'error',
    title: 'Duration without a unit',
    message: 'A Duration is not compared or mixed with the plain number {text}. Say the unit: {suggestion}.',
  },
  W0506: {
    severity: 'warning',
    title: 'Division by zero',
    message: 'This always divides by zero, so the result is always unknown.',
  },
  W0507: {
    severity: 'error',
    title: 'Duration that is not constant',
    message: '{what} has to be a constant Duration above zero, such as `24h` or a define without parameters.',
  },
})
