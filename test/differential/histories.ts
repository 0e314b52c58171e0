/**
 * History forms as text: windows over another or the same contract, keyed by common fields or by an expression, over all
 * ranges, with conditions of their own. Types come from expressions.ts.
 */
import type { Type } from '@writ/engine'
import { type Make, readablesOf, type Scope } from './expressions.ts'
import { literalText } from './literals.ts'
import type { Random } from './random.ts'
import * as words from './vocabulary.ts'
import { innerType, typeName } from './vocabulary.ts'

/** A contract as the generator knows it. */
export interface ContractWords {
  readonly name: string
  readonly fields: readonly words.FieldWords[]
}
/** The event being decided: its contracts' common fields, and whether a bare `by customer` can only mean it. */
export interface CurrentEvent {
  readonly alias: string
  readonly fields: readonly words.FieldWords[]
  readonly alone: boolean
}

/** For `Scope.history`: makes a form of the wanted type, or null where no form has that type. */
export function historyMaker(
  random: Random,
  contracts: readonly ContractWords[],
  current: CurrentEvent,
): NonNullable<Scope['history']> {
  return (make, type, scope, depth) => {
    switch (type.kind) {
      case 'bool': {
        const kind = random.weighted({ comparison: 65, sequence: 15, exists: 20 })
        if (kind === 'comparison') return comparison(make, scope, depth)
        return kind === 'sequence'
          ? sequence(make, scope, depth)
          : `(${random.pick(['exists', 'no'])} ${window(make, scope, depth, null)})`
      }
      case 'int':
        return random.chance(60)
          ? `(count of ${window(make, scope, depth, null)})`
          : random.chance(50)
            ? ofValues(make, scope, depth, random.pick(distinctTypes), value => `distinct(${value}) of`)
            : reduced(make, scope, depth, type)
      case 'percent':
        return random.chance(50)
          ? `(${ofValues(make, scope, depth, words.bool, value => `share(${value}) of`)} ?? ${make(type, scope, 0)})`
          : reduced(make, scope, depth, type)
      case 'decimal':
      case 'money':
      case 'duration':
      case 'time':
        return reduced(make, scope, depth, type)
      case 'string':
      case 'version':
        return picked(make, scope, depth, type)
      default:
        return null
    }
  }

  /**
   * An aggregate of a recorded field against what it may well be: a field of the current event, another aggregate of the same
   * events, or a small number. Of all forms these tell wrong windows and wrong functions best.
   */
  function comparison(make: Make, scope: Scope, depth: number): string {
    const contract = random.pick(contracts)
    const fields = contract.fields.filter(({ type }) => !['list', 'record'].includes(innerType(type).kind))
    const field = fields.length > 0 && random.chance(85) ? random.pick(fields) : null
    const inner = field ? innerType(field.type) : words.int
    const inside = insideOf(contract, null, scope)
    const conditions = [
      ...(field?.type.kind === 'optional' ? [`${field.name} is present`] : []),
      ...(random.chance(35) ? [make(words.bool, inside, Math.min(depth, 1))] : []),
    ]
    const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`
    const found = `${contract.name}${where}${rangeAfter(make, scope, depth, [contract])}`
    const usual = field && usualOf(inner)
    if (usual && random.chance(8)) {
      const measure = random.pick(['', ', psi', ', ks'])
      const limit = random.pick(['0', '0.1', '0.25', '0.5', '1', '2'])
      return `(((drift(${field.name} against ${usual}${measure}) of ${found}) ?? ${random.pick(['0', '1'])}) ${random.pick(['<', '<=', '>', '>='])} ${limit})`
    }
    const [first, second] = [aggregateOf(field, inner), aggregateOf(field, inner)]
    const left = formOf(first, field, found, make, scope)
    const operators = inner.kind === 'enum' || inner.kind === 'bool' ? ['==', '!='] : ['==', '!=', '<', '<=', '>', '>=']
    const operator = random.pick(typeName(first.result) === 'int' ? ['==', '!=', '<', '<=', '>', '>='] : operators)
    const comparable = typeName(first.result) === typeName(second.result)
    const there = scope.readable.filter(({ type }) => mayMeet(type, first.result))
    const against = random.weighted({ other: comparable ? 40 : 0, readable: there.length > 0 ? 30 : 0, literal: 25 })
    const right =
      against === 'other'
        ? formOf(second, field, found, make, scope)
        : against === 'readable'
          ? random.pick(there).text
          : typeName(first.result) === 'int'
            ? String(random.between(0, 6))
            : literalText(random, first.result)
    return `(${left} ${operator} ${right})`
  }

  /** A function that takes values of the type (without a field: `count`), and the type of what it gives. */
  function aggregateOf(field: words.FieldWords | null, type: Type): { readonly name: string; readonly result: Type } {
    if (field === null) return { name: 'count', result: words.int }
    const name = random.pick(functionsOf(type))
    if (name === 'count' || name === 'distinct') return { name, result: words.int }
    return { name, result: name === 'avg' && type.kind === 'int' ? words.decimal : type }
  }

  function formOf(
    { name, result }: { readonly name: string; readonly result: Type },
    field: words.FieldWords | null,
    found: string,
    make: Make,
    scope: Scope,
  ): string {
    if (name === 'count') return `(count of ${found})`
    const rank = name === 'quantile' ? `, ${random.pick(['0%', '50%', '95%', '100%'])}` : ''
    const form = `${name}(${field?.name ?? ''}${rank}) of ${found}`
    return name === 'sum' || name === 'distinct' ? `(${form})` : `((${form}) ?? ${make(result, scope, 0)})`
  }

  /** `sum(…) of …`, or a form that may find nothing, with a default. */
  function reduced(make: Make, scope: Scope, depth: number, type: Type): string {
    const kind = random.weighted({
      sum: type.kind === 'time' ? 0 : 40,
      avg: type.kind === 'time' ? 0 : 15,
      min: 12,
      max: 12,
      quantile: 10,
      pick: 10,
    })
    if (kind === 'pick') return picked(make, scope, depth, type)
    // An average of whole numbers is none.
    if (kind === 'avg' && type.kind === 'int') return reduced(make, scope, depth, words.int)
    const rank = random.pick(['0%', '1%', '50%', '95%', '100%'])
    const form = ofValues(make, scope, depth, type, value =>
      kind === 'quantile' ? `quantile(${value}, ${rank}) of` : `${kind}(${value}) of`,
    )
    return kind === 'sum' ? form : `(${form} ?? ${make(type, scope, 0)})`
  }

  function picked(make: Make, scope: Scope, depth: number, type: Type): string {
    const form = ofValues(make, scope, depth, type, value => `${random.pick(['last', 'first'])}(${value}) of`)
    return `(${form} ?? ${make(type, scope, 0)})`
  }

  function ofValues(make: Make, scope: Scope, depth: number, type: Type, head: (value: string) => string): string {
    const text = window(make, scope, depth, { type, head })
    return `(${text})`
  }

  /** One pattern with its keys and range; with `values`, what stands before `of` as well. */
  function window(
    make: Make,
    scope: Scope,
    depth: number,
    values: { readonly type: Type; readonly head: (value: string) => string } | null,
  ): string {
    const fitting = contracts.filter(({ fields }) => values && fields.some(field => isOf(field, values.type)))
    const contract = random.pick(fitting.length > 0 && random.chance(85) ? fitting : contracts)
    const alias = random.chance(15) ? 'w' : null
    const inside = insideOf(contract, alias, scope)
    const own = contract.fields.filter(field => values && isOf(field, values.type))
    const value = own.length > 0 && random.chance(70) ? random.pick(own) : null
    const optional = value ? [value] : values ? contract.fields : []
    const guardable = optional.filter(({ type }) => type.kind === 'optional')
    const guard = guardable.length > 0 && (value || random.chance(40)) ? random.pick(guardable).name : null
    const guarded = guard === null ? inside : { ...inside, guarded: new Set(inside.guarded).add(guard) }
    const conditions = [
      ...(guard === null ? [] : [`${guard} is present`]),
      ...(random.chance(45) ? [make(words.bool, guarded, Math.min(depth, 2))] : []),
    ]
    const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`
    const head = values ? `${values.head(value?.name ?? make(values.type, guarded, Math.min(depth, 1)))} ` : ''
    const pattern = `${contract.name}${alias === null ? '' : ` as ${alias}`}${where}`
    return `${head}${pattern}${rangeAfter(make, scope, depth, [contract])}`
  }

  function sequence(make: Make, scope: Scope, depth: number): string {
    const steps = Array.from({ length: random.between(2, 3) }, () => random.pick(contracts))
    const patterns = steps.map(contract => {
      const where = random.chance(50)
        ? ` where ${make(words.bool, insideOf(contract, null, scope), Math.min(depth, 1))}`
        : ''
      return `${contract.name}${where}`
    })
    return `(${patterns.join(' then ')}${rangeAfter(make, scope, depth, steps)})`
  }

  /** ` by … over … [before this]`. */
  function rangeAfter(make: Make, scope: Scope, depth: number, found: readonly ContractWords[]): string {
    const kind = random.weighted({ over: 60, per: 18, since: 22 })
    const reset = kind === 'since' ? random.pick(contracts) : null
    const keys = keysOf(make, scope, reset ? [...found, reset] : found)
    const before = random.chance(20) ? ' before this' : ''
    if (reset) {
      const where = random.chance(60)
        ? ` where ${make(words.bool, insideOf(reset, null, scope), Math.min(depth, 1))}`
        : ''
      return `${keys} since ${reset.name}${where}${before}`
    }
    if (kind === 'per') return `${keys} per ${random.pick(['hour', 'day', 'week', 'month'])}${zone(random)}${before}`
    return `${keys} over ${random.pick(words.windowPool)}${before}`
  }

  /** Keys that all the contracts have. */
  function keysOf(make: Make, scope: Scope, found: readonly ContractWords[]): string {
    const common = words.keyNames.filter(name => found.every(({ fields }) => fields.some(field => field.name === name)))
    if (common.length === 0 || random.chance(15)) return ' by all'
    const names = random.sample(common, random.weighted({ 1: 80, 2: 18, 3: 2 }) === '1' ? 1 : 2)
    const keys = names.map(name => {
      const own = current.fields.find(field => field.name === name)
      if (own && current.alone && random.chance(70)) return name
      if (own && random.chance(85)) return `${name} = ${current.alias}.${name}`
      const type = words.fieldPool.find(field => field.name === name)?.type ?? words.string
      return `${name} = ${keyValue(make, innerType(type), scope)}`
    })
    return ` by ${keys.join(', ')}`
  }

  function keyValue(make: Make, type: Type, scope: Scope): string {
    // A member of an enum has its type from where it stands; not every place gives one.
    const paths = scope.readable.filter(({ type: has }) => typeName(innerType(has)) === typeName(type))
    return paths.length > 0 && random.chance(60)
      ? random.pick(paths).text
      : type.kind === 'enum'
        ? random.pick(type.members)
        : make(type, { ...scope, history: null }, 1)
  }

  /** Inside `where` bare names are the window's fields, and no history may be asked. */
  function insideOf(contract: ContractWords, alias: string | null, scope: Scope): Scope {
    const own = contract.fields.flatMap(({ name, type }) => [
      ...readablesOf(name, type),
      ...(random.chance(20) ? readablesOf(`${alias ?? 'it'}.${name}`, type) : []),
    ])
    return { ...scope, readable: [...own, ...own, ...own, ...scope.readable], history: null }
  }
}

/** The baseline (baselines.ts) that counts such values. */
function usualOf(type: Type): string | null {
  switch (type.kind) {
    case 'int':
    case 'decimal':
    case 'percent':
    case 'duration':
      return 'usual_numbers'
    case 'money':
      return type.currency === 'USD' ? 'usual_dollars' : null
    case 'string':
    case 'enum':
    case 'bool':
    case 'version':
      return 'usual_texts'
    default:
      return null
  }
}

const distinctTypes = [words.string, words.int, words.money, words.duration, words.bool, words.percent, words.version]

function functionsOf(type: Type): readonly string[] {
  const any = ['last', 'first', 'distinct']
  switch (type.kind) {
    case 'int':
    case 'decimal':
    case 'percent':
    case 'money':
    case 'duration':
      return [...any, 'sum', 'sum', 'avg', 'min', 'max', 'quantile']
    case 'time':
      return [...any, 'min', 'max', 'quantile']
    default:
      return any
  }
}

function isOf(field: words.FieldWords, type: Type): boolean {
  return typeName(innerType(field.type)) === typeName(type)
}

/** The same type, or money of which only the data knows whether it is of one currency. */
function mayMeet(type: Type, other: Type): boolean {
  if (type.kind !== 'money' || other.kind !== 'money') return typeName(type) === typeName(other)
  return type.currency === other.currency || type.currency === null || other.currency === null
}

/** Some whose clocks change about when generated logs begin, are half an hour off, or skip a midnight. */
function zone(random: Random): string {
  const names = [
    'Europe/Zurich',
    'Europe/Zurich',
    'Europe/Zurich',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
  ]
  return random.chance(60) ? ` in "${random.pick(names)}"` : ''
}
