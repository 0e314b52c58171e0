/** Options that are whole numbers from 1. */
import type { Arguments } from './arguments.ts'
import { type Refusal, refuse } from './refusal.ts'

export function numberOption(args: Arguments, option: string, otherwise: number, most: number): number | Refusal {
  const text = args.value(option)
  if (text === undefined) return otherwise
  const number = /^\d{1,12}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= most) return number
  const expected = `a whole number from 1 to ${most}`
  return refuse('W3003', { option: `--${option}`, wrong: `does not know "${text}"`, expected })
}
