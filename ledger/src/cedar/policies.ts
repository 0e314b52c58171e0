/**
 * Cedar policies from their text: annotations, effect, scope and conditions as a tree. Everything of the language is read, also what
 * has no equivalent here (translate.ts says so); what is no Cedar throws a CedarError with its place.
 */
import { CedarError, TokenReader, unescaped } from './tokens.ts'

export interface CedarPolicy {
  /** Of its `@id`, else `policy0`, `policy1`, … as Cedar counts. */
  readonly id: string
  readonly effect: 'permit' | 'forbid'
  /** Conditions on one variable each; without those that are always true. */
  readonly scope: readonly CedarExpr[]
  readonly conditions: readonly { readonly kind: 'when' | 'unless'; readonly body: CedarExpr }[]
  readonly at: number
}

export type CedarVariable = 'principal' | 'action' | 'resource' | 'context'
export type CedarOperator = '&&' | '||' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | 'in'

/** `at`: offset in the text. */
export type CedarExpr = { readonly at: number } & (
  | { readonly kind: 'literal'; readonly value: string | bigint | boolean }
  | { readonly kind: 'entity'; readonly type: string; readonly id: string }
  | { readonly kind: 'variable'; readonly name: CedarVariable }
  | { readonly kind: 'slot' }
  | { readonly kind: 'not' | 'negate'; readonly operand: CedarExpr }
  | { readonly kind: 'binary'; readonly operator: CedarOperator; readonly left: CedarExpr; readonly right: CedarExpr }
  | { readonly kind: 'is'; readonly left: CedarExpr; readonly type: string }
  | { readonly kind: 'has'; readonly left: CedarExpr; readonly path: readonly string[] }
  /** Null: any text. */
  | { readonly kind: 'like'; readonly left: CedarExpr; readonly pattern: readonly (string | null)[] }
  | { readonly kind: 'attribute'; readonly of: CedarExpr; readonly name: string }
  | { readonly kind: 'method'; readonly of: CedarExpr; readonly name: string; readonly arguments: readonly CedarExpr[] }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly CedarExpr[] }
  | { readonly kind: 'if'; readonly condition: CedarExpr; readonly then: CedarExpr; readonly otherwise: CedarExpr }
  | { readonly kind: 'set'; readonly items: readonly CedarExpr[] }
  | { readonly kind: 'record'; readonly fields: readonly { readonly name: string; readonly value: CedarExpr }[] }
)

/** Nested deeper than this it is refused: nobody wrote it by hand. */
const mostDepth = 200

export function parsePolicies(text: string): readonly CedarPolicy[] {
  const reader = new PolicyReader(text)
  const policies: CedarPolicy[] = []
  while (!reader.done) policies.push(reader.policy(policies.length))
  return policies
}

class PolicyReader {
  readonly #read: TokenReader
  #depth = 0

  constructor(text: string) {
    this.#read = new TokenReader(text)
  }

  get done(): boolean {
    return this.#read.token.kind === 'end'
  }

  policy(index: number): CedarPolicy {
    const read = this.#read
    let id = `policy${index}`
    const { at } = read.token
    while (read.takes('@')) {
      const name = read.name()
      if (!read.takes('(')) continue
      const value = read.string()
      read.expect(')')
      if (name === 'id') id = value
    }
    if (!read.sees('permit') && !read.sees('forbid')) throw read.error('"permit" or "forbid" is expected')
    const effect = read.take().text === 'permit' ? 'permit' : 'forbid'
    read.expect('(')
    const scope: CedarExpr[] = []
    for (const [i, name] of (['principal', 'action', 'resource'] as const).entries()) {
      if (i > 0) read.expect(',')
      scope.push(...this.#scope(name))
    }
    read.takes(',')
    read.expect(')')
    const conditions: CedarPolicy['conditions'][number][] = []
    while (read.sees('when') || read.sees('unless')) {
      const kind = read.take().text === 'when' ? 'when' : 'unless'
      read.expect('{')
      conditions.push({ kind, body: this.#expression() })
      read.expect('}')
    }
    read.expect(';')
    return { id, effect, scope, conditions, at }
  }

  #scope(name: 'principal' | 'action' | 'resource'): readonly CedarExpr[] {
    const read = this.#read
    const { at } = read.expect(name)
    const left: CedarExpr = { kind: 'variable', name, at }
    const found: CedarExpr[] = []
    if (read.takes('is')) found.push({ kind: 'is', left, type: read.path(), at })
    if (read.sees('==') || read.sees('in')) {
      const operator = read.take().text === 'in' ? 'in' : '=='
      found.push({ kind: 'binary', operator, left, right: this.#unary(), at })
    }
    return found
  }

  #expression(): CedarExpr {
    if (++this.#depth > mostDepth) throw this.#read.error(`at most ${mostDepth} levels can be read`)
    const read = this.#read
    const { at } = read.token
    let made: CedarExpr
    if (read.takes('if')) {
      const condition = this.#expression()
      read.expect('then')
      const then = this.#expression()
      read.expect('else')
      made = { kind: 'if', condition, then, otherwise: this.#expression(), at }
    } else {
      made = this.#chain(['||'], () => this.#chain(['&&'], () => this.#relation()))
    }
    this.#depth--
    return made
  }

  #chain(operators: readonly CedarOperator[], operand: () => CedarExpr): CedarExpr {
    const { at } = this.#read.token
    let left = operand()
    for (;;) {
      const operator = operators.find(one => this.#read.sees(one))
      if (operator === undefined) return left
      this.#read.take()
      left = { kind: 'binary', operator, left, right: operand(), at }
    }
  }

  #relation(): CedarExpr {
    const read = this.#read
    const { at } = read.token
    const left = this.#sum()
    const operator = (['==', '!=', '<=', '>=', '<', '>', 'in'] as const).find(one => read.sees(one))
    if (operator !== undefined) {
      read.take()
      return { kind: 'binary', operator, left, right: this.#sum(), at }
    }
    if (read.takes('has')) {
      const path = [read.token.kind === 'string' ? read.string() : read.name()]
      while (read.takes('.')) path.push(read.name())
      return { kind: 'has', left, path, at }
    }
    if (read.takes('like')) {
      const token = read.take()
      if (token.kind !== 'string') throw new CedarError('a pattern in quotation marks is expected', token.at)
      return { kind: 'like', left, pattern: patternOf(token.raw, token.at), at }
    }
    if (read.takes('is')) {
      const is: CedarExpr = { kind: 'is', left, type: read.path(), at }
      if (!read.takes('in')) return is
      const within: CedarExpr = { kind: 'binary', operator: 'in', left, right: this.#sum(), at }
      return { kind: 'binary', operator: '&&', left: is, right: within, at }
    }
    return left
  }

  #sum(): CedarExpr {
    return this.#chain(['+', '-'], () => this.#chain(['*'], () => this.#unary()))
  }

  #unary(): CedarExpr {
    const { at } = this.#read.token
    if (++this.#depth > mostDepth) throw this.#read.error(`at most ${mostDepth} levels can be read`)
    const kind = this.#read.takes('!') ? 'not' : this.#read.takes('-') ? 'negate' : null
    const made: CedarExpr = kind === null ? this.#member() : { kind, operand: this.#unary(), at }
    this.#depth--
    return made
  }

  #member(): CedarExpr {
    const read = this.#read
    let of = this.#primary()
    for (;;) {
      const { at } = read.token
      if (read.takes('.')) {
        const name = read.name()
        of = read.takes('(')
          ? { kind: 'method', of, name, arguments: this.#list(')'), at }
          : { kind: 'attribute', of, name, at }
      } else if (read.takes('[')) {
        of = { kind: 'attribute', of, name: read.string(), at }
        read.expect(']')
      } else return of
    }
  }

  #primary(): CedarExpr {
    const read = this.#read
    const { kind, text, at } = read.token
    if (kind === 'string') return { kind: 'literal', value: read.string(), at }
    if (kind === 'number') {
      read.take()
      return { kind: 'literal', value: BigInt(text), at }
    }
    if (read.takes('(')) {
      const inner = this.#expression()
      read.expect(')')
      return inner
    }
    if (read.takes('[')) return { kind: 'set', items: this.#list(']'), at }
    if (read.takes('{')) return { kind: 'record', fields: this.#fields(), at }
    if (read.takes('?')) {
      read.name()
      return { kind: 'slot', at }
    }
    if (kind !== 'name') throw read.error('an expression is expected')
    const path = read.path()
    if (read.takes('::')) return { kind: 'entity', type: path, id: read.string(), at }
    if (read.takes('(')) return { kind: 'call', name: path, arguments: this.#list(')'), at }
    if (path === 'true' || path === 'false') return { kind: 'literal', value: path === 'true', at }
    if (path === 'principal' || path === 'action' || path === 'resource' || path === 'context')
      return { kind: 'variable', name: path, at }
    throw new CedarError(`${path} is nothing that Cedar knows`, at)
  }

  #list(closing: ')' | ']'): readonly CedarExpr[] {
    const items: CedarExpr[] = []
    while (!this.#read.takes(closing)) {
      items.push(this.#expression())
      if (!this.#read.sees(closing)) this.#read.expect(',')
    }
    return items
  }

  #fields(): readonly { readonly name: string; readonly value: CedarExpr }[] {
    const read = this.#read
    const fields: { name: string; value: CedarExpr }[] = []
    while (!read.takes('}')) {
      const name = read.token.kind === 'string' ? read.string() : read.name()
      read.expect(':')
      fields.push({ name, value: this.#expression() })
      if (!read.sees('}')) read.expect(',')
    }
    return fields
  }
}

/** Stars of the text are any text, `\*` is a star. */
function patternOf(raw: string, at: number): readonly (string | null)[] {
  const parts = raw.split(/((?<!\\)(?:\\\\)*)\*/)
  const made: (string | null)[] = []
  for (let i = 0; i < parts.length; i += 2) {
    const text = unescaped(`${parts[i] ?? ''}${parts[i + 1] ?? ''}`, at).replaceAll('\\*', '*')
    if (text !== '') made.push(text)
    if (i + 2 < parts.length) made.push(null)
  }
  return made
}
