/**
 * Expressions of Cedar as text of the language, with types from the schema. Where Cedar reads an attribute that not every request has,
 * the smallest condition around it is guarded: in policies that Cedar's validator accepts it is evaluated only where the attribute is
 * there. What has no equivalent throws a CedarError; policies and their losses are import.ts.
 */

import { quoted } from '../contracts/contract-text.ts'
import { identifier, isPlainName } from '../draft/names.ts'
import type { CedarExpr, CedarOperator } from './policies.ts'
import { actionsIn, type CedarSchema, type CedarType, uidText } from './schema.ts'
import type { RequestShape, ShapeNode } from './shape.ts'
import { CedarError } from './tokens.ts'

interface Made {
  readonly text: string
  /** How tightly it holds together; higher is tighter. */
  readonly level: number
  readonly type: CedarType
  /** Where it is read from a request. */
  readonly node: ShapeNode | null
  /** What has to be present for it to be read. */
  readonly guards: readonly string[]
}

const levels = { or: 1, and: 2, not: 3, compare: 4, add: 5, multiply: 6, negate: 7, whole: 9 } as const

/** A condition as text; `true` and `false` where it is always so. */
export type Translated = Pick<Made, 'text' | 'level'>

export class Translator {
  readonly #schema: CedarSchema
  readonly #shape: RequestShape
  #items = 0

  constructor(schema: CedarSchema, shape: RequestShape) {
    this.#schema = schema
    this.#shape = shape
  }

  condition(expr: CedarExpr): Translated {
    return this.#condition(expr)
  }

  /** All of them hold. */
  all(conditions: readonly Translated[]): Translated {
    return conditions.reduce((a, b) => joined('and', a, b), condition('true', levels.whole))
  }

  not(one: Translated): Translated {
    return negated(one)
  }

  /** With its guards in it. */
  #condition(expr: CedarExpr): Made {
    switch (expr.kind) {
      case 'binary':
        if (expr.operator === '&&') return joined('and', this.#condition(expr.left), this.#condition(expr.right))
        if (expr.operator === '||') return joined('or', this.#condition(expr.left), this.#condition(expr.right))
        break
      case 'not':
        return negated(this.#condition(expr.operand))
      case 'if': {
        const asked = this.#condition(expr.condition)
        const [then, otherwise] = [this.#condition(expr.then), this.#condition(expr.otherwise)]
        return joined('or', joined('and', asked, then), joined('and', negated(asked), otherwise))
      }
    }
    const made = this.#value(expr)
    if (made.type.kind !== 'boolean') throw new CedarError('a condition is true or false', expr.at)
    const guards = made.guards.map(guard => condition(guard, levels.compare))
    return [...guards, { ...made, guards: [] }].reduce((a, b) => joined('and', a, b))
  }

  #value(expr: CedarExpr): Made {
    switch (expr.kind) {
      case 'literal':
        return literal(expr.value)
      case 'entity':
        return made(quoted(uidText(expr.type, expr.id)), levels.whole, { kind: 'entity', types: [expr.type] })
      case 'variable':
        return this.#variable(expr.name)
      case 'slot':
        throw new CedarError('templates have no equivalent: write the linked policy', expr.at)
      case 'not':
        return this.#condition(expr)
      case 'is':
      case 'has':
      case 'like':
        return this.#test(expr)
      case 'negate': {
        const inner = this.#value(expr.operand)
        return { ...inner, text: `-${within(inner, levels.negate)}`, level: levels.negate, node: null }
      }
      case 'binary':
        return this.#binary(expr.operator, expr.left, expr.right, expr.at)
      case 'attribute':
        return this.#attribute(expr.of, expr.name, expr.at)
      case 'method':
        return this.#method(this.#value(expr.of), expr.name, expr.arguments, expr.at)
      case 'call':
        return extension(expr)
      case 'if':
        return this.#choice(expr)
      case 'set': {
        const items = expr.items.map(item => this.#carried(item))
        const [first] = items
        const element: CedarType = first?.type ?? { kind: 'string' }
        return made(
          `[${items.map(({ text }) => text).join(', ')}]`,
          levels.whole,
          { kind: 'set', element },
          guardsOf(items),
        )
      }
      case 'record': {
        const fields = expr.fields.map(({ name, value }) => ({ name, value: this.#carried(value) }))
        const texts = fields.map(({ name, value }) => `${isPlainName(name) ? name : identifier(name)}: ${value.text}`)
        const types = new Map(fields.map(({ name, value }) => [name, { type: value.type, required: true }] as const))
        const type: CedarType = { kind: 'record', fields: types }
        return made(`{ ${texts.join(', ')} }`, levels.whole, type, guardsOf(fields.map(({ value }) => value)))
      }
    }
  }

  #variable(name: 'principal' | 'action' | 'resource' | 'context'): Made {
    if (name === 'action') return made('r.action', levels.whole, { kind: 'entity', types: ['Action'] })
    const node = this.#shape[name]
    return { text: `r.${name}`, level: levels.whole, type: node.type, node, guards: [] }
  }

  /** As a value to compare or to look for: entities are their uid, records are needed whole. */
  #carried(expr: CedarExpr): Made {
    const found = this.#value(expr)
    if (found.node === null) return found
    if (found.type.kind === 'record') found.node.isWhole = true
    if (found.type.kind !== 'entity' || !found.node.isOpened) return found
    return { ...found, text: `${found.text}.uid`, node: null }
  }

  #attribute(of: CedarExpr, name: string, at: number): Made {
    const owner = this.#value(of)
    const node = owner.node && this.#shape.member(owner.node, name)
    if (node === null) throw new CedarError(`${name} is read from something that is no part of the request`, at)
    if ('none' in node)
      throw new CedarError(
        node.none === 'mixed'
          ? `${name} has several types, by the type of its entity`
          : `the schema does not say what ${name} is`,
        at,
      )
    const text = `${owner.text}.${node.name}`
    const guards = node.required ? owner.guards : [...owner.guards, `${text} is present`]
    return { text, level: levels.whole, type: node.type, node, guards }
  }

  #test(expr: Extract<CedarExpr, { readonly kind: 'is' | 'has' | 'like' }>): Made {
    switch (expr.kind) {
      case 'is': {
        const found = this.#carried(expr.left)
        if (found.type.kind !== 'entity') throw new CedarError('only entities have a type', expr.at)
        const { types } = found.type
        if (found.node && !types.includes(expr.type)) return condition('false', levels.whole)
        const text = `${within(found, levels.compare)} starts_with ${quoted(`${expr.type}::"`)}`
        return made(text, levels.compare, { kind: 'boolean' }, found.guards)
      }
      case 'like': {
        const found = this.#value(expr.left)
        return made(
          `${within(found, levels.compare)} ${patternText(expr.pattern)}`,
          levels.compare,
          { kind: 'boolean' },
          found.guards,
        )
      }
      case 'has': {
        let owner = this.#value(expr.left)
        const conditions = [...owner.guards]
        for (const name of expr.path) {
          const node = owner.node && this.#shape.member(owner.node, name)
          if (node === null) throw new CedarError('only what is in the request can have attributes', expr.at)
          if ('none' in node) {
            if (node.none === 'unknown') return condition('false', levels.whole)
            throw new CedarError(`${name} has several types, by the type of its entity`, expr.at)
          }
          owner = { ...owner, text: `${owner.text}.${node.name}`, node, type: node.type }
          if (!node.required) conditions.push(`${owner.text} is present`)
        }
        const { text, level } = this.all(conditions.map(one => condition(one, levels.compare)))
        return condition(text, level)
      }
    }
  }

  #binary(operator: CedarOperator, left: CedarExpr, right: CedarExpr, at: number): Made {
    switch (operator) {
      case '&&':
      case '||':
        return this.#condition({ kind: 'binary', operator, left, right, at })
      case 'in':
        return this.#in(left, right, at)
      case '==':
      case '!=': {
        const [a, b] = [this.#carried(left), this.#carried(right)]
        if (a.type.kind === 'set' || b.type.kind === 'set')
          throw new CedarError('sets are compared without order, lists are not', at)
        if (a.type.kind !== b.type.kind) throw new CedarError('values of two types are compared', at)
        return compared(operator, a, b)
      }
      case '<':
      case '<=':
      case '>':
      case '>=':
        return compared(operator, this.#value(left), this.#value(right))
      case '+':
      case '-':
      case '*': {
        const [a, b] = [this.#value(left), this.#value(right)]
        const level = operator === '*' ? levels.multiply : levels.add
        return made(`${within(a, level)} ${operator} ${within(b, level + 1)}`, level, a.type, guardsOf([a, b]))
      }
    }
  }

  /** The entity itself or one that it is in. */
  #in(left: CedarExpr, right: CedarExpr, at: number): Made {
    if (left.kind === 'variable' && left.name === 'action') return this.#actionIn(right, at)
    const found = this.#value(left)
    if (found.node === null || found.type.kind !== 'entity')
      throw new CedarError('what an entity is in is known of principals, resources and their attributes', at)
    found.node.isOpened = true
    const [uid, ancestors] = [`${found.text}.uid`, `${found.text}.ancestors`]
    const one = (text: string): Made =>
      joined(
        'or',
        condition(`${uid} == ${text}`, levels.compare),
        condition(`${ancestors} contains ${text}`, levels.compare),
      )
    if (right.kind === 'set') {
      const items = right.items.map(item => this.#carried(item))
      const any = items
        .map(({ text }) => one(text))
        .reduce((a, b) => joined('or', a, b), condition('false', levels.whole))
      return { ...any, guards: guardsOf([found, ...items]) }
    }
    const target = this.#carried(right)
    if (target.type.kind === 'entity') return { ...one(target.text), guards: guardsOf([found, target]) }
    const item = `item${++this.#items}`
    const text = `(any ${item} in ${target.text} where ${one(item).text})`
    return made(text, levels.whole, { kind: 'boolean' }, guardsOf([found, target]))
  }

  #actionIn(right: CedarExpr, at: number): Made {
    const groups = right.kind === 'set' ? right.items : [right]
    const uids = groups.flatMap(group => {
      if (group.kind !== 'entity') throw new CedarError('groups of actions are written out', at)
      return actionsIn(this.#schema, uidText(group.type, group.id))
    })
    if (uids.length === 0) return condition('false', levels.whole)
    return condition(`r.action in [${[...new Set(uids)].map(quoted).join(', ')}]`, levels.compare)
  }

  #method(of: Made, name: string, given: readonly CedarExpr[], at: number): Made {
    const operator = extensionComparisons.get(name)
    const [first] = given
    const clock = first === undefined ? clockText(name, of) : null
    if (clock !== null) return { ...clock, guards: of.guards }
    if (name === 'isEmpty' && of.type.kind === 'set')
      return made(`size(${of.text}) == 0`, levels.compare, { kind: 'boolean' }, of.guards)
    if (first === undefined) throw new CedarError(`${name} has no equivalent`, at)
    if (operator !== undefined) return compared(operator, of, this.#value(first))
    if (name === 'offset' || name === 'durationSince') {
      const other = this.#value(first)
      const type: CedarType = { kind: name === 'offset' ? 'datetime' : 'duration' }
      const text = `${within(of, levels.add)} ${name === 'offset' ? '+' : '-'} ${within(other, levels.add + 1)}`
      return made(text, levels.add, type, guardsOf([of, other]))
    }
    if (of.type.kind !== 'set' || !['contains', 'containsAll', 'containsAny'].includes(name))
      throw new CedarError(`${name} has no equivalent`, at)
    if (of.node?.type.kind === 'set' && of.type.element.kind === 'record') of.node.isWhole = true
    const other = this.#carried(first)
    const guards = guardsOf([of, other])
    if (name === 'contains')
      return made(`${of.text} contains ${within(other, levels.add)}`, levels.compare, { kind: 'boolean' }, guards)
    if (first.kind === 'set' && first.items.length === 0)
      return made(name === 'containsAll' ? 'true' : 'false', levels.whole, { kind: 'boolean' }, guards)
    const item = `item${++this.#items}`
    const word = name === 'containsAll' ? 'all' : 'any'
    return made(
      `(${word} ${item} in ${other.text} where ${of.text} contains ${item})`,
      levels.whole,
      { kind: 'boolean' },
      guards,
    )
  }

  #choice({ condition: asked, then, otherwise, at }: Extract<CedarExpr, { readonly kind: 'if' }>): Made {
    const [a, b] = [this.#carried(then), this.#carried(otherwise)]
    if (a.type.kind === 'boolean') return this.#condition({ kind: 'if', condition: asked, then, otherwise, at })
    if (a.guards.length + b.guards.length > 0)
      throw new CedarError('an optional attribute in a branch of "if" has no equivalent', at)
    return made(`(if ${this.#condition(asked).text} then ${a.text} else ${b.text})`, levels.whole, a.type)
  }
}

const extensionComparisons: ReadonlyMap<string, string> = new Map([
  ['lessThan', '<'],
  ['lessThanOrEqual', '<='],
  ['greaterThan', '>'],
  ['greaterThanOrEqual', '>='],
] as const)

function made(text: string, level: number, type: CedarType, guards: readonly string[] = []): Made {
  return { text, level, type, guards, node: null }
}
function condition(text: string, level: number): Made {
  return made(text, level, { kind: 'boolean' })
}
function within({ text, level }: Translated, least: number): string {
  return level < least ? `(${text})` : text
}
function guardsOf(parts: readonly Made[]): readonly string[] {
  return [...new Set(parts.flatMap(({ guards }) => guards))]
}

function joined(word: 'and' | 'or', a: Translated, b: Translated): Made {
  const [neutral, settling] = word === 'and' ? ['true', 'false'] : ['false', 'true']
  if (a.text === neutral) return condition(b.text, b.level)
  if (b.text === neutral) return condition(a.text, a.level)
  if (a.text === settling || b.text === settling) return condition(settling, levels.whole)
  return condition(`${within(a, levels[word])} ${word} ${within(b, levels[word])}`, levels[word])
}

function negated(made: Translated): Made {
  if (made.text === 'true' || made.text === 'false')
    return condition(made.text === 'true' ? 'false' : 'true', levels.whole)
  return condition(`not (${made.text})`, levels.not)
}

function compared(operator: string, a: Made, b: Made): Made {
  const text = `${within(a, levels.add)} ${operator} ${within(b, levels.add)}`
  return made(text, levels.compare, { kind: 'boolean' }, guardsOf([a, b]))
}

function literal(value: string | bigint | boolean): Made {
  if (typeof value === 'string') return made(quoted(value), levels.whole, { kind: 'string' })
  if (typeof value === 'boolean') return condition(String(value), levels.whole)
  return made(String(value), levels.whole, { kind: 'long' })
}

function extension({ name, arguments: given, at }: Extract<CedarExpr, { readonly kind: 'call' }>): Made {
  const [first] = given
  const text = first?.kind === 'literal' && typeof first.value === 'string' ? first.value : null
  const found = text === null ? null : extensionText(name, text)
  if (found === null) throw new CedarError(`${name} has no equivalent`, at)
  const isNegative = found.startsWith('-')
  return made(found, isNegative ? levels.negate : levels.whole, { kind: name as 'decimal' | 'datetime' | 'duration' })
}

/** Parts of times, by whole days since the beginning of 1970 in UTC. */
function clockText(name: string, of: Made): Made | null {
  const since = `(${within(of, levels.add)} - 1970-01-01)`
  switch (name) {
    case 'toTime':
      return made(`(${since} - floor(${since} / 24h) * 24h)`, levels.whole, { kind: 'duration' })
    case 'toDate':
      return made(`(1970-01-01 + floor(${since} / 24h) * 24h)`, levels.whole, { kind: 'datetime' })
    case 'toMilliseconds':
      return made(`floor(${within(of, levels.negate)} / 1ms)`, levels.whole, { kind: 'long' })
    default:
      return null
  }
}

function extensionText(name: string, text: string): string | null {
  switch (name) {
    case 'decimal':
      return /^-?\d+\.\d{1,4}$/.test(text) ? text : null
    case 'duration':
      return /^-?(?:\d+(?:ms|[dhms]))+$/.test(text) ? text : null
    case 'datetime': {
      const time = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
      return Number.isNaN(time) ? null : new Date(time).toISOString().replace('.000Z', 'Z')
    }
    default:
      return null
  }
}

function patternText(pattern: readonly (string | null)[]): string {
  if (pattern.every(part => part === null || !/[*?]/.test(part)))
    return `like ${quoted(pattern.map(part => part ?? '*').join(''))}`
  const text = pattern.map(part => (part === null ? '.*' : part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))).join('')
  return `matches ${quoted(`(?s)${text}`)}`
}
