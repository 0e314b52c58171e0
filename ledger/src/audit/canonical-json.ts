/**
 * JSON in one form only (RFC 8785): members sorted by UTF-16 unit, no spaces, strings and numbers as ECMAScript writes them.
 * Numbers that a double cannot hold exactly as written are strings, so that no reader loses a digit.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json }

/** Throws where a number is not finite. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError(`${value} is no JSON number`)
    return JSON.stringify(value)
  }
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.keys(value).sort()
  return `{${members.map(name => `${JSON.stringify(name)}:${canonicalJson(value[name] ?? null)}`).join(',')}}`
}

/**
 * The JSON of a number given as decimal text (`12.5`): a number where a double holds it and every language writes it just so,
 * else a string (beyond 2^53, below 0.0001, or with too many digits).
 */
export function numberJson(decimal: string): string {
  const value = Number(decimal)
  const size = Math.abs(value)
  const plain = value === 0 || (size >= 0.0001 && size <= Number.MAX_SAFE_INTEGER)
  return plain && String(value) === decimal ? decimal : JSON.stringify(decimal)
}

/** As `numberJson`, of `scaled` / 10^scale; `scaled` is a safe integer. */
export function scaledJson(scaled: number, scale: number): string {
  if (scale === 0 || scaled === 0) return String(scaled === 0 ? 0 : scaled) // no -0
  const digits = String(Math.abs(scaled)).padStart(scale + 1, '0')
  const whole = digits.slice(0, -scale)
  const fraction = digits.slice(-scale).replace(/0+$/, '')
  return numberJson(`${scaled < 0 ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`)
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
