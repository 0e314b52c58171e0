/**
 * Conditions as rule books have them: conjunctions of plain questions about single fields, many of them about the same few.
 * The compiled evaluator answers those by index and bitmap, which expressions.ts alone would hardly ever reach.
 */
import { type Make, type Readable, type Scope, withGuard } from './expressions.ts'
import { literalText, stringLiteral } from './literals.ts'
import type { Random } from './random.ts'
import * as words from './vocabulary.ts'
import { innerType } from './vocabulary.ts'

/** A condition of one to four questions about `fields`, now and then with anything at all among them. */
export function rulebookCondition(random: Random, make: Make, scope: Scope, fields: readonly Readable[]): string {
  const parts: string[] = []
  let inside = scope
  for (let i = random.between(1, 4); i > 0; i--) {
    if (fields.length === 0 || random.chance(5)) {
      parts.push(make(words.bool, inside, 2))
      continue
    }
    const field = random.pick(fields)
    if (field.type.kind === 'optional' && !inside.guarded.has(field.text)) {
      if (random.chance(15)) {
        parts.push(`${field.text} is ${random.pick(['absent', 'present'])}`)
        continue
      }
      parts.push(`${field.text} is present`)
      inside = withGuard(inside, field.text)
    }
    const asked = question(random, field)
    parts.push(random.chance(8) ? `not (${asked})` : asked)
  }
  const joined = parts.join(' and ')
  return random.chance(12) ? `(${joined}) or (${make(words.bool, scope, 1)})` : joined
}

/** Fields that a rule book asks about: single values, no records or lists. */
export function askable(random: Random, scope: Scope): readonly Readable[] {
  const single = scope.readable.filter(({ type }) => !['record', 'list'].includes(innerType(type).kind))
  return random.sample([...new Set(single)], random.between(1, 5))
}

function question(random: Random, { text, type }: Readable): string {
  const inner = innerType(type)
  const literal = () => (inner.kind === 'string' ? stringLiteral(random.pick(texts)) : literalText(random, inner))
  switch (inner.kind) {
    case 'bool':
      return random.pick([text, text, `${text} == false`, `${text} != true`])
    case 'enum':
    case 'string': {
      const kind = random.weighted({ equal: 50, unequal: 10, list: 20, text: inner.kind === 'string' ? 20 : 0 })
      if (kind === 'equal') return `${text} == ${literal()}`
      if (kind === 'unequal') return `${text} != ${literal()}`
      if (kind === 'list')
        return `${text} ${random.pick(['in', 'in', 'not in'])} [${literal()}, ${literal()}, ${literal()}]`
      return `${text} ${random.pick(['starts_with', 'ends_with', 'contains', 'like'])} ${stringLiteral(random.pick(['c1', 'a', '*2', 'c?', '']))}`
    }
    default: {
      if (random.chance(15)) return `${text} in ${literal()} .. ${literal()}`
      if (random.chance(10)) return `${text} in [${literal()}, ${literal()}]`
      const operator = random.pick(['==', '!=', '<', '<=', '>', '>=', '<', '>='])
      return random.chance(20) ? `${literal()} ${operator} ${text}` : `${text} ${operator} ${literal()}`
    }
  }
}

const texts = ['c1', 'c2', 'c3', 'c7', 'a', 'b', 'abc', '', 'nobody']
