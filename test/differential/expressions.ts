/**
 * Expressions as text that the checker accepts by construction: of a wanted type, over the names of a scope, with optional
 * values guarded or defaulted. History forms are in histories.ts, which asks for expressions of its own through `Make`.
 */
import type { Type } from '@writ/engine'
import { literalText } from './literals.ts'
import type { Random } from './random.ts'
import * as words from './vocabulary.ts'
import { innerType, typeName } from './vocabulary.ts'

/** A name or path that an expression may read. */
export interface Readable {
  readonly text: string
  readonly type: Type
}
/** A `define`: its parameters' types and its result. */
export interface Callable {
  readonly name: string
  readonly parameters: readonly Type[]
  readonly result: Type
}
export interface Scope {
  readonly readable: readonly Readable[]
  readonly callable: readonly Callable[]
  /** Optional paths that are known to be there. */
  readonly guarded: ReadonlySet<string>
  /** Makes a history form of a type, or null where there can be none. */
  readonly history: ((make: Make, type: Type, scope: Scope, depth: number) => string | null) | null
  /** How many `any`/`all` stand around. */
  readonly nesting: number
}
/** Gives an expression of `type`, never optional, in parentheses where it needs them. */
export type Make = (type: Type, scope: Scope, depth: number) => string

export function expressionMaker(random: Random): Make {
  return make

  function make(type: Type, scope: Scope, depth: number): string {
    if (depth <= 0) return simple(type, scope)
    const kind = random.weighted({ simple: 25, own: 60, conditional: 4, defaulted: 5, call: 4, history: 8 })
    const made =
      kind === 'own'
        ? composite(type, scope, depth - 1)
        : kind === 'conditional'
          ? conditional(type, scope, depth - 1)
          : kind === 'defaulted'
            ? defaulted(type, scope, depth - 1)
            : kind === 'call'
              ? callOf(type, scope, depth - 1)
              : kind === 'history'
                ? (scope.history?.(make, type, scope, depth - 1) ?? null)
                : null
    return made ?? simple(type, scope)
  }

  function simple(type: Type, scope: Scope): string {
    const there = readables(type, scope)
    if (type.kind === 'bool' && random.chance(there.length > 0 ? 60 : 90)) return simpleComparison(scope)
    return there.length > 0 && random.chance(75) ? random.pick(there) : literalText(random, type)
  }

  /** Something that events decide, not a literal. */
  function simpleComparison(scope: Scope): string {
    const typed = scope.readable.filter(({ type }) => orderedKinds.has(type.kind))
    if (typed.length === 0) return literalText(random, words.bool)
    const { text, type } = random.pick(typed)
    const operator = random.pick(type.kind === 'string' ? ['==', '!=', '=='] : ['==', '!=', '<', '<=', '>', '>='])
    return `(${text} ${operator} ${simple(type, scope)})`
  }

  /** What can be read as a value of the type without further ado. */
  function readables(type: Type, scope: Scope): readonly string[] {
    return scope.readable
      .filter(({ text, type: has }) => {
        if (has.kind === 'optional' && !scope.guarded.has(text)) return false
        return fits(innerType(has), type)
      })
      .map(({ text }) => text)
  }

  function optionals(scope: Scope, type?: Type): readonly Readable[] {
    return scope.readable.filter(
      ({ text, type: has }) =>
        has.kind === 'optional' && !scope.guarded.has(text) && (type === undefined || fits(innerType(has), type)),
    )
  }

  function conditional(type: Type, scope: Scope, depth: number): string | null {
    if (type.kind === 'enum' || type.kind === 'record') return null
    const guardable = optionals(scope, type)
    if (guardable.length > 0 && random.chance(50)) {
      const { text } = random.pick(guardable)
      const inside = withGuard(scope, text)
      return random.chance(50)
        ? `(if ${text} is present then ${make(type, inside, depth)} else ${make(type, scope, depth)})`
        : `(if ${text} is absent then ${make(type, scope, depth)} else ${make(type, inside, depth)})`
    }
    return `(if ${make(words.bool, scope, depth)} then ${make(type, scope, depth)} else ${make(type, scope, depth)})`
  }

  function defaulted(type: Type, scope: Scope, depth: number): string | null {
    const there = optionals(scope, type)
    return there.length === 0 ? null : `(${random.pick(there).text} ?? ${make(type, scope, depth)})`
  }

  function callOf(type: Type, scope: Scope, depth: number): string | null {
    const fitting = scope.callable.filter(({ result }) => fits(result, type))
    if (fitting.length === 0) return null
    const { name, parameters } = random.pick(fitting)
    if (parameters.length === 0) return name
    return `${name}(${parameters.map(parameter => make(parameter, scope, depth)).join(', ')})`
  }

  /** Built with an operator or function whose result is of the type; null where the type has none. */
  function composite(type: Type, scope: Scope, depth: number): string | null {
    const of = (operand: Type) => make(operand, scope, depth)
    switch (type.kind) {
      case 'bool':
        return condition(scope, depth)
      case 'int':
        return random.pick([
          () => `(${of(words.int)} ${random.pick(['+', '-', '*'])} ${of(words.int)})`,
          () => `(-${of(words.int)})`,
          () => `abs(${of(words.int)})`,
          () => `${random.pick(['floor', 'ceil'])}(${of(words.decimal)})`,
          () => `${random.pick(['min', 'max'])}(${of(words.int)}, ${of(words.int)})`,
          () => `length(${of(words.string)})`,
          () => `size(${of(random.pick([words.strings, words.ints, words.items]))})`,
          () => `${random.pick(['hour_of_day', 'day_of_week'])}(${of(words.time)})`,
          () => `bucket(${of(words.int)}, ${random.pick(['2', '10', '3'])})`,
        ])()
      case 'decimal':
        return random.pick([
          () => `(${of(words.decimal)} ${random.pick(['+', '-', '*', '/'])} ${of(words.decimal)})`,
          () => `(${of(words.money)} / ${of(words.money)})`,
          () => `(${of(words.duration)} / ${of(words.duration)})`,
          () => `amount(${of(random.pick([words.money, words.dollars, words.euros]))})`,
          () => `round(${of(words.decimal)}, ${random.pick(['0', '1', '2', '6'])})`,
          () => `${random.pick(['min', 'max'])}(${of(words.decimal)}, ${of(words.decimal)}, ${of(words.decimal)})`,
          () => `bucket(${of(words.decimal)}, ${random.pick(['0.5', '2', '0.01'])})`,
          () => `abs(${of(words.decimal)})`,
        ])()
      case 'percent':
        return random.pick([
          () => `(${of(words.percent)} / ${of(words.decimal)})`,
          () => `(${of(words.percent)} ${random.pick(['+', '-'])} ${of(words.percent)})`,
          () => `${random.pick(['min', 'max'])}(${of(words.percent)}, ${of(words.percent)})`,
          () => `round(${of(words.percent)}, 2)`,
        ])()
      case 'money':
        return random.pick([
          () => `(${of(type)} ${random.pick(['+', '-'])} ${of(type)})`,
          () => `(${of(type)} * ${of(words.decimal)})`,
          () => `(${of(words.int)} * ${of(type)})`,
          () => `(${of(words.percent)} * ${of(type)})`,
          () => `(${of(type)} / ${of(words.decimal)})`,
          () => `(-${of(type)})`,
          () => `abs(${of(type)})`,
          () => `round(${of(type)}, ${random.pick(['0', '2'])})`,
          () => `${random.pick(['min', 'max'])}(${of(type)}, ${of(type)})`,
        ])()
      case 'duration':
        return random.pick([
          () => `(${of(type)} ${random.pick(['+', '-'])} ${of(type)})`,
          () => `(${of(type)} * ${of(words.decimal)})`,
          () => `(${of(words.percent)} * ${of(type)})`,
          () => `(${of(type)} / ${of(words.decimal)})`,
          () => `(${of(words.time)} - ${of(words.time)})`,
          () => `bucket(${of(type)}, 1m)`,
          () => `abs(${of(type)})`,
        ])()
      case 'time':
        return random.pick([
          () => `(${of(type)} ${random.pick(['+', '-'])} ${of(words.duration)})`,
          () => `${random.pick(['min', 'max'])}(${of(type)}, ${of(type)})`,
          () => 'now',
        ])()
      case 'version':
        return `${random.pick(['min', 'max'])}(${of(type)}, ${of(type)})`
      case 'string':
        return random.pick([
          () => `(${of(type)} + ${of(type)})`,
          () => `${random.pick(['lower', 'upper', 'trim', 'hash'])}(${of(type)})`,
          () => `mask(${of(type)}, keep: ${random.pick(['0', '2', '4'])})`,
          () =>
            `text(${of(random.pick([words.int, words.money, words.duration, words.percent, words.decimal, words.time, words.bool]))})`,
          () => `currency(${of(random.pick([words.money, words.dollars]))})`,
          () => `${random.pick(['min', 'max'])}(${of(type)}, ${of(type)})`,
        ])()
      case 'list':
        if (typeName(type) === typeName(words.strings) && random.chance(50)) {
          return `find_all(${of(words.string)}, ${JSON.stringify(random.pick(words.patternPool))})`
        }
        return `[${Array.from({ length: random.between(1, 3) }, () => of(type.element)).join(', ')}]`
      case 'enum':
      case 'record':
      case 'optional':
      case 'error':
        return null
    }
  }

  function condition(scope: Scope, depth: number): string {
    const kind = random.weighted({
      and: 18,
      or: 14,
      not: 5,
      compare: 30,
      'in-list': 7,
      'in-range': 6,
      text: 8,
      contains: 4,
      present: 5,
      guarded: 8,
      quantified: 7,
      equal: 6,
    })
    const of = (type: Type) => make(type, scope, depth)
    switch (kind) {
      case 'and':
      case 'or': {
        const operands = Array.from({ length: random.between(2, 4) }, () => of(words.bool))
        return `(${operands.join(` ${kind} `)})`
      }
      case 'not':
        return `(not ${of(words.bool)})`
      case 'compare': {
        const type = random.pick([
          ...[words.int, words.decimal, words.percent, words.duration, words.time, words.version, words.string],
          ...[words.money, words.money, words.dollars, words.euros],
        ])
        return `(${of(type)} ${random.pick(['==', '!=', '<', '<=', '>', '>='])} ${of(comparable(type))})`
      }
      case 'in-list': {
        const type = random.pick([words.string, words.int, words.money, words.dollars, words.version, words.duration])
        const list = random.chance(60)
          ? `[${Array.from({ length: random.between(1, 4) }, () => (random.chance(70) ? literalText(random, type) : of(type))).join(', ')}]`
          : null
        if (list === null) {
          const element = random.pick([words.string, words.int])
          return `(${of(element)} ${negation('not in', 'in')} ${of({ kind: 'list', element })})`
        }
        return `(${of(type)} ${negation('not in', 'in')} ${list})`
      }
      case 'in-range': {
        const type = random.pick([words.int, words.decimal, words.percent, words.dollars, words.duration, words.time])
        const low = random.chance(70) ? literalText(random, type) : of(type)
        return `(${of(type)} ${negation('not in', 'in')} ${low} .. ${of(type)})`
      }
      case 'text': {
        const operator = random.pick(['like', 'matches', 'contains', 'starts_with', 'ends_with'])
        const right =
          operator === 'like'
            ? JSON.stringify(random.pick(words.globPool))
            : operator === 'matches'
              ? JSON.stringify(random.pick(words.patternPool))
              : of(words.string)
        return `(${of(words.string)} ${negation(`not ${operator}`, operator)} ${right})`
      }
      case 'contains': {
        const element = random.pick([words.string, words.int])
        return `(${of({ kind: 'list', element })} ${negation('not contains', 'contains')} ${of(element)})`
      }
      case 'present': {
        const there = optionals(scope)
        return there.length === 0
          ? of(words.bool)
          : `(${random.pick(there).text} is ${random.pick(['present', 'absent'])})`
      }
      case 'guarded': {
        const there = optionals(scope)
        if (there.length === 0) return of(words.bool)
        const { text } = random.pick(there)
        const inside = make(words.bool, withGuard(scope, text), depth)
        return random.chance(60) ? `(${text} is present and ${inside})` : `(${text} is absent or ${inside})`
      }
      case 'quantified':
        return quantified(scope, depth)
      case 'equal': {
        const type = random.pick([words.channel, words.bool, words.address, words.strings])
        // A member of an enum, or a record without some members, has its type from what it is compared with.
        const there = readables(type, scope)
        const left = there.length > 0 ? random.pick(there) : null
        if (left === null) return of(words.bool)
        return `(${left} ${random.pick(['==', '!='])} ${of(type)})`
      }
    }
  }

  function quantified(scope: Scope, depth: number): string {
    if (scope.nesting >= 2) return make(words.bool, scope, depth)
    const element = random.pick([words.string, words.string, words.int, words.item])
    const list = make({ kind: 'list', element }, scope, depth)
    const name = `x${scope.nesting}`
    const readable = [...readablesOf(name, element), ...scope.readable]
    const inside = make(words.bool, { ...scope, readable, nesting: scope.nesting + 1 }, depth)
    return `(${random.pick(['any', 'all'])} ${name} in ${list} where ${inside})`
  }

  function negation(negative: string, positive: string): string {
    return random.chance(20) ? negative : positive
  }

  /** Money of any currency may meet money of one; Int may meet Decimal. */
  function comparable(type: Type): Type {
    if (type.kind === 'money' && type.currency !== 'EUR' && random.chance(30)) {
      return type.currency === null ? words.dollars : words.money
    }
    return type.kind === 'decimal' && random.chance(20) ? words.int : type
  }
}

/** A name and, where it is a record, its members. */
export function readablesOf(text: string, type: Type): readonly Readable[] {
  const inner = innerType(type)
  const own = { text, type }
  // The members of an optional record need a guard of the record, which only whole paths have here.
  if (inner.kind !== 'record' || type.kind === 'optional') return [own]
  return [own, ...inner.fields.flatMap(({ name, type: member }) => readablesOf(`${text}.${name}`, member))]
}

export function withGuard(scope: Scope, text: string): Scope {
  const guarded = new Set(scope.guarded).add(text)
  const record = scope.readable.find(readable => readable.text === text)
  const inner = record && innerType(record.type)
  const members = inner?.kind === 'record' ? readablesOf(text, inner).slice(1) : []
  return { ...scope, guarded, readable: [...members, ...scope.readable] }
}

const orderedKinds = new Set<Type['kind']>([
  'int',
  'decimal',
  'percent',
  'money',
  'duration',
  'time',
  'version',
  'string',
])

/**
 * Money of any currency fits where one is wanted, and the other way round. Two currencies in one expression would not, so
 * that "any" money is either of no certain currency here, or dollars.
 */
function fits(from: Type, to: Type): boolean {
  if (from.kind === 'int' && to.kind === 'decimal') return true
  if (from.kind === 'money' && to.kind === 'money') {
    return from.currency === null || from.currency === (to.currency ?? 'USD')
  }
  return typeName(from) === typeName(to)
}
