/** Short ways to write values and types in tests: `n('1.5')`, `usd('20')`. */
import { type Money, parseRational, type Rational, type Type } from '@writ/engine'

export function n(text: string | number): Rational {
  const value = parseRational(String(text))
  if (!value) throw new Error(`${text} is no number`)
  return value
}
export function usd(amount: string | number): Money {
  return { amount: n(amount), currency: 'USD' }
}
export function eur(amount: string | number): Money {
  return { amount: n(amount), currency: 'EUR' }
}

export const int: Type = { kind: 'int' }
export const decimal: Type = { kind: 'decimal' }
export const money: Type = { kind: 'money', currency: null }
export const duration: Type = { kind: 'duration' }
export const time: Type = { kind: 'time' }
export const percent: Type = { kind: 'percent' }
export const string: Type = { kind: 'string' }
export const version: Type = { kind: 'version' }
