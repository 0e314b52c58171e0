/**
 * The one place that makes functions from text. Where the host forbids it (a strict content security policy) there is no
 * generated code, and the closures do the same work.
 */
import type { Captures } from './source.ts'

/** True where `new Function` may be used. */
export function canGenerate(): boolean {
  try {
    return new Function('return 1')() === 1
  } catch {
    // A content security policy forbids it: not a mistake, the closures take over.
    return false
  }
}

/** The function whose parameters are `parameters` and whose body is `body`; locals of `captures` are declared in it. */
export function generate(parameters: string, body: string, captures: Captures): unknown {
  const names = captures.values.map((_, i) => `k${i}`).join(', ')
  const locals = Array.from({ length: captures.locals }, (_, i) => `v${i}`).join(', ')
  const text = `'use strict'; return function (${parameters}) { ${locals === '' ? '' : `let ${locals};`} ${body} }`
  const make = new Function(names, text)
  return make(...captures.values)
}
