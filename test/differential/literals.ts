/** Literals of a type as text, from the pools of the vocabulary. */
import type { Type } from '@writ/engine'
import type { Random } from './random.ts'
import * as words from './vocabulary.ts'

export function literalText(random: Random, type: Type): string {
  switch (type.kind) {
    case 'bool':
      return random.pick(['true', 'false'])
    case 'string':
      return stringLiteral(random.pick(words.stringPool))
    case 'int':
      return signed(random.pick(words.intPool))
    case 'decimal':
      return signed(random.pick(words.decimalPool))
    case 'percent':
      return `${random.pick(words.percentPool)}%`
    case 'money':
      return signed(`${random.pick(words.amountPool)} ${type.currency ?? 'USD'}`)
    case 'duration':
      return durationLiteral(random.pick(words.durationPool))
    case 'time':
      return timeLiteral(words.firstTime + random.pick(words.stepPool))
    case 'version':
      return random.pick(words.versionPool)
    case 'enum':
      return random.pick(type.members)
    case 'list':
      return `[${Array.from({ length: random.between(1, 3) }, () => literalText(random, type.element)).join(', ')}]`
    case 'record':
      return `{ ${type.fields.map(({ name, type: member }) => `${name}: ${literalText(random, member)}`).join(', ')} }`
    case 'optional':
      return literalText(random, type.inner)
    case 'error':
      throw new Error('nothing is of the error type')
  }
}

export function stringLiteral(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

export function durationLiteral(milliseconds: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
    ['ms', 1],
  ]
  let rest = milliseconds
  let text = ''
  for (const [unit, length] of units) {
    const count = Math.floor(rest / length)
    if (count > 0) text += `${count}${unit}`
    rest -= count * length
  }
  return text || '0s'
}

export function timeLiteral(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

/** A minus is an operator of its own. */
function signed(text: string): string {
  return text.startsWith('-') ? `(${text})` : text
}
