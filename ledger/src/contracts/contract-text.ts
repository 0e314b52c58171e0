/**
 * Contracts that were read from another format, as text of the language: names made fit, bounds that types cannot say as checks.
 * INVARIANT: what comes out checks without errors; a type or item that would not is left out and told as a loss.
 */
import { check, decimalText, parseRational, patternProblem } from '@writ/engine'
import { format, parse } from '@writ/grammar'
import { contractName, identifier, isIdentifier, isPlainName, unusedName } from '../draft/names.ts'
import type { Bound, Loss, Losses, ReadContract, ReadField, Shape } from './shape.ts'

export interface ImportedContracts {
  /** A whole file. */
  readonly text: string
  /** Their names in it. */
  readonly contracts: readonly string[]
  readonly losses: readonly Loss[]
}

/** `about` is said at the top of the file. */
export function contractsText(
  module: string,
  about: string,
  contracts: readonly ReadContract[],
  losses: Losses,
): ImportedContracts {
  const taken = new Set<string>()
  const named = contracts.map(contract => {
    const wanted = isIdentifier(contract.name) ? contract.name : contractName(contract.name)
    const name = unusedName(isIdentifier(wanted) ? wanted : `${wanted}_`, taken)
    if (name !== contract.name) losses.add(contract.name, `is called ${name} here`)
    return { name, text: new Writer(losses).contract(name, contract) }
  })
  const head = `module ${moduleName(module)}\n\n${commentLines(about, '//')}`
  const text = format(`${head}\n\n${named.map(one => one.text).join('\n\n')}\n`)
  return { text, contracts: named.map(one => one.name), losses: losses.list() }
}

/** `a/orders.odcs.yaml` gives `orders`: what a document without a name is called by. */
export function stemOf(name: string): string {
  return name.replace(/^.*[/\\]/, '').replace(/(?:\.schema|\.odcs)?\.(?:json|ya?ml)$/i, '')
}

/** `Acme payments v2` gives `acme_payments_v2`; dots stay. */
function moduleName(text: string): string {
  const parts = text.split('.').filter(part => /[A-Za-z0-9]/.test(part))
  const names = parts.map(part => identifier(/^[A-Za-z_][A-Za-z0-9_]*$/.test(part) ? part : part.toLowerCase()))
  return names.length === 0 ? 'imported' : names.join('.')
}

interface Written {
  readonly text: string
  readonly checks: readonly { readonly text: string; readonly path: string }[]
}

/** How a check reaches a field: its path, and the fields on the way that may be absent. */
interface Reach {
  readonly path: string
  readonly guards: readonly string[]
  /** Inside a list: no check can name it. */
  readonly inList: boolean
  /** It is an element itself: its type cannot have bounds. */
  readonly isElement: boolean
}

const mostFields = 2_000

class Writer {
  readonly #losses: Losses
  #fields = 0

  constructor(losses: Losses) {
    this.#losses = losses
  }

  contract(name: string, contract: ReadContract): string {
    const head = `${documentation(contract.documentation)}contract ${name}${contract.version === null ? '' : ` version ${contract.version}`} {`
    const terms = [
      ...(contract.owner === null ? [] : [`owner ${quoted(contract.owner)}`]),
      ...(contract.compatibility === null ? [] : [`compatibility ${contract.compatibility}`]),
    ]
    const fields = this.#list(contract.fields, { path: '', guards: [], inList: false, isElement: false }, true)
    const body = (items: readonly string[]): string =>
      [head, ...terms.map(indent), ...fields.map(({ text }) => indent(text)), ...items.map(indent), '}'].join('\n')
    const items = [...fields.flatMap(({ checks }) => checks), ...contract.items]
    if (errorOf(body(items.map(({ text }) => text))) === null) return body(items.map(({ text }) => text))
    const kept = items.filter(({ text, path }) => {
      const error = errorOf(body([text]))
      if (error !== null) this.#losses.add(path, `\`${text}\` cannot be said here: ${error}`)
      return error === null
    })
    return body(kept.map(({ text }) => text))
  }

  #list(fields: readonly ReadField[], reach: Reach, isTop: boolean): readonly Written[] {
    const taken = new Set<string>()
    return fields.flatMap(field => {
      if (++this.#fields > mostFields) {
        this.#losses.add(field.path, `is left out: a contract has at most ${mostFields} fields here`)
        return []
      }
      const name = unusedName(isPlainName(field.name) ? field.name : identifier(field.name), taken)
      if (name !== field.name)
        this.#losses.add(field.path, `is called ${name} here; map ${field.name} onto it in the source`)
      return [this.#field(name, field, reach, isTop)]
    })
  }

  #field(name: string, field: ReadField, outer: Reach, isTop: boolean): Written {
    const alone = isIdentifier(name) ? name : `it.${name}`
    const path = outer.path === '' ? alone : `${outer.path}.${name}`
    const reach = { ...outer, path, isElement: false, guards: field.required ? outer.guards : [...outer.guards, path] }
    const modifiers = isTop
      ? field.modifiers
      : field.modifiers.filter(word => !['key', 'time', 'requester'].includes(word))
    const ending = modifiers.map(modifier => ` ${modifier}`).join('')
    const given = field.typeText === null ? null : this.#givenType(field.typeText, field.path)
    if (given !== null) return { text: `${documentation(field.documentation)}${name}: ${given}${ending}`, checks: [] }
    const { base, limit, checks } = this.#type(field.shape, field.path, reach)
    const type = `${base}${field.required ? '' : '?'}${limit}`
    return { text: `${documentation(field.documentation)}${name}: ${type}${ending}`, checks }
  }

  /** The type that the document says in the language, where it is one. */
  #givenType(text: string, path: string): string | null {
    const isType = text.length < 10_000 && !/[\n\r]/.test(text) && errorOf(`type Given = ${text}`) === null
    const [only, more] = parse('a.writ', `type Given = ${text}`).declarations
    if (isType && more === undefined && only?.syntax.kind === 'type') return text
    this.#losses.add(path, 'has a type of the language that is none')
    return null
  }

  #type(shape: Shape, path: string, reach: Reach): { base: string; limit: string; checks: Written['checks'] } {
    switch (shape.kind) {
      case 'boolean':
        return { base: 'Bool', limit: '', checks: [] }
      case 'time':
        return { base: 'Time', limit: '', checks: [] }
      case 'string':
        return this.#string(shape, path, reach)
      case 'integer':
      case 'number':
        return this.#number(shape, path, reach)
      case 'list': {
        const inner = this.#type(shape.element, `${path}[]`, { ...reach, inList: true, isElement: true })
        const checks = this.#checks(path, reach, [
          ...(shape.least === null || shape.least === 0 ? [] : [`size(${reach.path}) >= ${shape.least}`]),
          ...(shape.most === null ? [] : [`size(${reach.path}) <= ${shape.most}`]),
        ])
        return { base: `List<${inner.base}>`, limit: '', checks }
      }
      case 'record': {
        const fields = this.#list(shape.fields, reach, false)
        const isDocumented = fields.some(({ text }) => text.startsWith('///'))
        const inner = fields.map(({ text }) => text).join(isDocumented ? ',\n' : ', ')
        const base = isDocumented ? `{\n${inner}\n}` : `{ ${inner} }`
        return { base, limit: '', checks: fields.flatMap(({ checks }) => checks) }
      }
    }
  }

  #string(shape: Extract<Shape, { kind: 'string' }>, path: string, reach: Reach) {
    const values = shape.values === null ? null : [...new Set(shape.values)]
    if (values !== null && values.length > 0 && values.every(isIdentifier))
      return { base: `enum { ${values.join(', ')} }`, limit: '', checks: [] }
    const conditions = [
      ...(values === null || values.length === 0 ? [] : [`${reach.path} in [${values.map(quoted).join(', ')}]`]),
      ...(shape.least === null || shape.least === 0 ? [] : [`length(${reach.path}) >= ${shape.least}`]),
      ...(shape.most === null ? [] : [`length(${reach.path}) <= ${shape.most}`]),
    ]
    const checks = this.#checks(path, reach, conditions)
    if (shape.pattern === null) return { base: 'String', limit: '', checks }
    const pattern = wholePattern(shape.pattern)
    const problem = reach.isElement ? 'elements of lists have no pattern' : patternProblem(pattern)
    if (problem === null) return { base: 'String', limit: ` matches ${quoted(pattern)}`, checks }
    this.#losses.add(path, `has a pattern that cannot be said here: ${problem}`)
    return { base: 'String', limit: '', checks }
  }

  #number(shape: Extract<Shape, { kind: 'integer' | 'number' }>, path: string, reach: Reach) {
    const { low, high } = shape
    const isInteger = shape.kind === 'integer'
    const base = isInteger ? 'Int' : 'Decimal'
    const [least, most] = [numberText(low, isInteger, Math.ceil), numberText(high, isInteger, Math.floor)]
    const step =
      shape.multipleOf === null ? null : numberText({ value: shape.multipleOf, exclusive: false }, false, Math.ceil)
    const steps =
      step === null || shape.multipleOf === 1 ? [] : [`floor(${reach.path} / ${step}) * ${step} == ${reach.path}`]
    const isRange = least !== null && most !== null && low?.exclusive === false && high?.exclusive === false
    if (isRange && !reach.isElement)
      return { base, limit: ` in ${least} .. ${most}`, checks: this.#checks(path, reach, steps) }
    const checks = this.#checks(path, reach, [
      ...(least === null ? [] : [`${reach.path} ${low?.exclusive ? '>' : '>='} ${least}`]),
      ...(most === null ? [] : [`${reach.path} ${high?.exclusive ? '<' : '<='} ${most}`]),
      ...steps,
    ])
    return { base, limit: '', checks }
  }

  #checks(path: string, reach: Reach, conditions: readonly string[]): Written['checks'] {
    if (reach.inList && conditions.length > 0) {
      this.#losses.add(path, `no check can say of elements that \`${conditions.join(' and ')}\``)
      return []
    }
    const guards = reach.guards.map(guard => `${guard} is absent or `).join('')
    return conditions.map(condition => ({ text: `check ${guards}${condition}`, path }))
  }
}

/** The first error of a declaration of its own, in words; null: it checks. */
function errorOf(declaration: string): string | null {
  const { problems } = check([parse('a.writ', `module a\n${declaration}\n`)])
  return problems.find(({ severity }) => severity === 'error')?.message ?? null
}

/** Exact where the number is; integers are brought inside. Null: no bound, or none that can be written. */
function numberText(bound: Bound | null, isInteger: boolean, inside: (value: number) => number): string | null {
  if (bound === null || !Number.isFinite(bound.value)) return null
  const value = isInteger ? inside(bound.value) : bound.value
  const number = parseRational(String(value))
  const text = number && decimalText(number)
  return text === undefined || text.includes('≈') ? null : text
}

/** A pattern that matches somewhere, as one of the whole value. */
function wholePattern(pattern: string): string {
  const inner = /^\^(.*[^\\])\$$/s.exec(pattern)?.[1]
  if (inner !== undefined && !/(^|[^\\])(\\\\)*\|/.test(inner)) return unwrapped(inner)
  if (inner !== undefined && unwrapped(inner) !== inner) return unwrapped(inner)
  return `[\\s\\S]*(?:${pattern})[\\s\\S]*`
}
/** `(?:x)` as a whole is `x`. */
function unwrapped(pattern: string): string {
  const inner = /^\(\?:(.*)\)$/s.exec(pattern)?.[1]
  if (inner === undefined) return pattern
  let depth = 0
  for (const character of inner.replace(/\\./gs, '').replace(/\[\]?[^\]]*\]/g, '')) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0
    if (depth < 0) return pattern
  }
  return inner
}

/** A text of the language. */
export function quoted(text: string): string {
  const inner = text.replace(/[\\"\p{Cc}\p{Cs}\u2028\u2029]/gu, character => {
    switch (character) {
      case '"':
      case '\\':
        return `\\${character}`
      case '\n':
        return '\\n'
      case '\t':
        return '\\t'
      case '\r':
        return '\\r'
      default:
        return `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`
    }
  })
  return `"${inner}"`
}

function documentation(text: string | null): string {
  return text === null || text.trim() === '' ? '' : `${commentLines(text, '///')}\n`
}
function commentLines(text: string, slashes: string): string {
  const lines = text.trim().split(/\r\n|[\n\r\u2028\u2029]/)
  return lines.map(line => `${slashes} ${line.replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, ' ')}`.trimEnd()).join('\n')
}
function indent(text: string): string {
  return text.replace(/^/gm, '  ')
}
