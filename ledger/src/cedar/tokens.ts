/** Cedar text as tokens, each with its place; what they mean is policies.ts and schema-text.ts. Reads every text in linear time. */

export interface Token {
  readonly kind: 'name' | 'string' | 'number' | 'symbol' | 'end'
  /** Of a string, with its escapes resolved; of a pattern see `raw`. */
  readonly text: string
  /** As it is written, without quotation marks. */
  readonly raw: string
  readonly at: number
}

/** A mistake in the text, or something that cannot be read. */
export class CedarError extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

const tokenAt =
  /(?:\s+|\/\/[^\n]*)|([A-Za-z_][A-Za-z0-9_]*)|"((?:[^"\\]|\\[\s\S])*)"|(\d+)|(::|==|!=|<=|>=|&&|\|\||[?@(){}[\],;.:<>=!+\-*])/y

/** Throws a CedarError at what is no token. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  tokenAt.lastIndex = 0
  while (tokenAt.lastIndex < text.length) {
    const at = tokenAt.lastIndex
    const found = tokenAt.exec(text)
    if (found === null)
      throw new CedarError(`nothing of Cedar begins with ${JSON.stringify(text.slice(at, at + 1))}`, at)
    const [, name, string, number, symbol] = found
    if (name !== undefined) tokens.push({ kind: 'name', text: name, raw: name, at })
    else if (string !== undefined) tokens.push({ kind: 'string', text: unescaped(string, at), raw: string, at })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, raw: number, at })
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol, raw: symbol, at })
  }
  tokens.push({ kind: 'end', text: '', raw: '', at: text.length })
  return tokens
}

/** `\*` stays as it is: only patterns have it. */
export function unescaped(raw: string, at: number): string {
  return raw.replace(/\\(?:u\{([0-9A-Fa-f]{1,6})\}|x([0-7][0-9A-Fa-f])|([\s\S]))/g, (whole, unicode, ascii, one) => {
    const code = unicode ?? ascii
    if (code !== undefined) {
      const point = Number.parseInt(String(code), 16)
      if (point > 0x10ffff) throw new CedarError(`${whole} is no character`, at)
      return String.fromCodePoint(point)
    }
    const known = escapes.get(String(one))
    if (known !== undefined) return known
    if (one === '*') return whole
    throw new CedarError(`${whole} is no escape of Cedar`, at)
  })
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['0', '\0'],
  ['\\', '\\'],
  ['"', '"'],
  ["'", "'"],
])

/** A walk over tokens, for parsers. */
export class TokenReader {
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(text: string) {
    this.#tokens = tokensOf(text)
  }

  get token(): Token {
    const token = this.#tokens[this.#next] ?? this.#tokens.at(-1)
    if (!token) throw new Error('there is always an end')
    return token
  }

  take(): Token {
    const { token } = this
    if (token.kind !== 'end') this.#next++
    return token
  }

  /** Whether a symbol or word comes next. */
  sees(text: string): boolean {
    const { kind, text: own } = this.token
    return own === text && (kind === 'symbol' || kind === 'name')
  }

  takes(text: string): boolean {
    const found = this.sees(text)
    if (found) this.take()
    return found
  }

  expect(text: string): Token {
    if (!this.sees(text)) throw this.error(`${JSON.stringify(text)} is expected`)
    return this.take()
  }

  name(): string {
    if (this.token.kind !== 'name') throw this.error('a name is expected')
    return this.take().text
  }

  string(): string {
    if (this.token.kind !== 'string') throw this.error('a text in quotation marks is expected')
    return this.take().text
  }

  /** `A::B::C`. */
  path(): string {
    let path = this.name()
    while (this.sees('::') && this.#tokens[this.#next + 1]?.kind === 'name') {
      this.take()
      path += `::${this.name()}`
    }
    return path
  }

  error(message: string): CedarError {
    const { kind, raw, at } = this.token
    return new CedarError(`${message}, not ${kind === 'end' ? 'the end' : JSON.stringify(raw)}`, at)
  }
}
