/** What the tests of the compiled evaluator share: a program from text, values from text. */
import { parse } from '@writ/grammar'
import { check } from '../../src/check/check.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { parseRational, type Rational } from '../../src/value/rational.ts'
import type { Value } from '../../src/value/value.ts'

/** The plan of one file, which must check clean. */
export function planOfText(text: string): Plan {
  const { plan, problems } = check([parse('test.writ', text)])
  if (plan === null) throw new Error(problems.map(({ message }) => message).join('\n'))
  return plan
}

export function number(text: string | number): Rational {
  const value = parseRational(String(text))
  if (value === undefined) throw new Error(`${text} is no number`)
  return value
}

export function money(amount: string | number, currency = 'EUR'): Value {
  return { amount: number(amount), currency }
}
