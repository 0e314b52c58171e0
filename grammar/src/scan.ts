/**
 * Where top-level declarations begin and end, without reading them: strings, comments and braces are stepped over.
 * Robust against a missing brace: a line at column 0 that looks like a declaration (`policy NAME {`) begins one wherever it stands.
 *
 * INVARIANT: `nextDeclaration(text, from)` depends on the text from `from` onwards alone, and `from` is outside of every
 * declaration. So after an edit, scanning may stop where it meets an old boundary behind the edit.
 */
import { declarationWords, reservedWords } from './keywords.ts'

/** A stretch of text, `///` documentation included. */
export interface Cut {
  readonly start: number
  readonly end: number
}

/** The first declaration at or after `from`; null where only space and comments are left. */
export function nextDeclaration(text: string, from: number): Cut | null {
  let start = -1
  let at = from
  // Outside of declarations: space, comments, and documentation, which belongs to what follows.
  for (;;) {
    at = skipSpace(text, at)
    if (at >= text.length) break
    if (text.startsWith('///', at) && text[at + 3] !== '/') {
      if (start === -1) start = at
      at = endOfLine(text, at)
    } else if (text.startsWith('//', at)) {
      at = endOfLine(text, at)
    } else if (text.startsWith('/*', at)) {
      const end = endOfComment(text, at)
      // An unclosed comment is a declaration by itself, so that somebody reports it.
      if (end === -1) return { start: start === -1 ? at : start, end: text.length }
      at = end
    } else {
      return { start: start === -1 ? at : start, end: endOfDeclaration(text, at) }
    }
  }
  // Documentation with nothing below it is a comment.
  return null
}

/** Kinds that end with the brace that closes their body. */
const braced: ReadonlySet<string> = new Set([
  'use',
  'contract',
  'source',
  'sample',
  'role',
  'table',
  'policy',
  'rollout',
  'exception',
  'objective',
  'sink',
  'test',
  'property',
])
const declarations: ReadonlySet<string> = new Set(declarationWords)
/** Words after which an operand follows, so that a keyword there is a name. */
const connecting: ReadonlySet<string> = new Set([...Object.keys(reservedWords), 'from'])
for (const word of ['true', 'false', 'it', 'now', 'present', 'absent', 'this']) (connecting as Set<string>).delete(word)

const looksLikeDeclaration =
  /(?:(?:contract|policy)[ \t]+\w+[ \t]*(?:version\b|\{)|(?:source|sample|role|exception|sink)[ \t]+\w+[ \t]*\{|property[ \t]+\w+[ \t]*[{"]|use[ \t]+[\w.]+[ \t]*\{|(?:type|indicator)[ \t]+\w+[ \t]*=|define[ \t]+\w+[ \t]*[=(:]|table[ \t]+\w+[ \t]+by\b|layers[ \t]+\w+[ \t]*>|(?:rollout|objective)[ \t]+\w+[ \t]+of\b|test[ \t]+"|module[ \t]+[\w.]+(?![\w.]|[ \t]*[:=(]))/y

function endOfDeclaration(text: string, from: number): number {
  let depth = 0
  let at = from
  let end = from
  const first = wordAt(text, from)
  const isBraced = braced.has(first) || !declarations.has(first)
  // The condition before the rows of a table may have records in parentheses: their braces are not its end.
  const minds = first === 'table'
  let inside = 0
  // Whether the token before lets a new declaration begin: not after an operator or a word that wants an operand.
  let complete = false
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === 32 || code === 10 || code === 9 || code === 13) {
      at++
      continue
    }
    if (isWordStart(code)) {
      const word = wordAt(text, at)
      if (at > from && declarations.has(word) && beginsDeclaration(text, at, word, depth, complete)) return end
      at += word.length
      end = at
      complete = !connecting.has(word) && (at - word.length > from || !declarations.has(word))
      continue
    }
    switch (code) {
      case 34: // "
        at = endOfText(text, at)
        end = at
        complete = true
        continue
      case 47: // /
        if (text.charCodeAt(at + 1) === 47) {
          at = endOfLine(text, at)
          continue
        }
        if (text.charCodeAt(at + 1) === 42) {
          const close = endOfComment(text, at)
          if (close === -1) return text.length
          at = close
          continue
        }
        complete = false
        break
      case 123: // {
        depth++
        complete = false
        break
      case 125: // }
        if (depth === 0) return at === from ? endOfStrayBraces(text, at) : end
        depth--
        complete = true
        if (depth === 0 && isBraced && (!minds || inside <= 0)) return at + 1
        break
      case 40: // (
      case 91: // [
        inside++
        complete = false
        break
      case 41: // )
      case 93: // ]
        inside--
        complete = true
        break
      case 62: // >
      case 63: // ?
      case 37: // %
        complete = true
        break
      default:
        complete = code >= 48 && code <= 57
    }
    at++
    end = at
  }
  return end
}

/** Closing braces that close nothing are one broken declaration, however many there are. */
function endOfStrayBraces(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(skipSpace(text, at)) === 125) at = skipSpace(text, at) + 1
  return at
}

function beginsDeclaration(text: string, at: number, word: string, depth: number, complete: boolean): boolean {
  const column0 = at === 0 || text.charCodeAt(at - 1) === 10 || text.charCodeAt(at - 1) === 13
  if (column0) {
    looksLikeDeclaration.lastIndex = at
    if (looksLikeDeclaration.test(text)) return true
  }
  if (depth > 0 || !complete) return false
  // At the top level a declaration may also begin in the middle of a line: `module a use b { C }`.
  let next = at + word.length
  while (isBlank(text.charCodeAt(next))) next++
  if (next === at + word.length) return false
  return word === 'test' ? text.charCodeAt(next) === 34 : isWordStart(text.charCodeAt(next))
}

function wordAt(text: string, from: number): string {
  let at = from
  while (isWordPart(text.charCodeAt(at))) at++
  return text.slice(from, at)
}

function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95
}

function isWordPart(code: number): boolean {
  return isWordStart(code) || (code >= 48 && code <= 57)
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}

const notSpace = /\S/g

function skipSpace(text: string, from: number): number {
  notSpace.lastIndex = from
  return notSpace.exec(text)?.index ?? text.length
}

function endOfLine(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 10 || code === 13) return at
  }
  return text.length
}

/** The offset after the closing quote, or the end of the line where there is none. */
function endOfText(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 34) return at + 1
    if (code === 10 || code === 13) return at
    if (code === 92) {
      const next = text.charCodeAt(at + 1)
      if (next !== 10 && next !== 13) at++
    }
  }
  return text.length
}

function endOfComment(text: string, from: number): number {
  const close = text.indexOf('*/', from + 2)
  return close === -1 ? -1 : close + 2
}
