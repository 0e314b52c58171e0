/**
 * The formatter: one canonical layout for every declaration, comments kept. Declarations with syntax problems stay as they are.
 * How a declaration wishes to be laid out is print/layout.ts, how it is written is print/write.ts.
 */
import { parse } from './parse.ts'
import { type PlainToken, plainTokens } from './parser/plain-tokens.ts'
import { layoutOf } from './print/layout.ts'
import type { TextView } from './print/wishes.ts'
import { printed, write } from './print/write.ts'
import type { TextEdit } from './problems/problem.ts'
import { nextDeclaration } from './scan.ts'
import type { Span } from './span.ts'
import type { PlacedDeclaration, SourceFile } from './syntax.ts'

/** The text in canonical layout; idempotent. Only space changes: tokens and comments stay, in their order. */
export function format(text: string): string {
  const carriage = text.includes('\r\n')
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const plain = (carriage ? text.replaceAll('\r\n', '\n') : text).slice(mark.length)
  const file = parse('', plain)
  let written = ''
  let previous = ''
  const places: Span[] = []
  let at = 0
  for (const [index, declaration] of file.declarations.entries()) {
    const formatted = formatDeclaration(declaration)
    const tall = isTall(previous) || isTall(formatted)
    written += gapText(plain.slice(at, declaration.start), index === 0, tall)
    places.push({ start: written.length, end: written.length + formatted.length })
    written += formatted
    previous = formatted
    at = declaration.end
  }
  written += gapText(plain.slice(at), file.declarations.length === 0, false).trimEnd()
  if (written !== '' && !written.endsWith('\n')) written += '\n'
  if (!isCutAt(written, places)) return text
  return mark + (carriage ? written.replaceAll('\n', '\r\n') : written)
}

/** Edits that format the declarations of `file` that touch `range`, in file offsets. The gaps between them stay. */
export function formatDeclarations(file: SourceFile, range: Span): readonly TextEdit[] {
  const edits: TextEdit[] = []
  for (const declaration of file.declarations) {
    if (declaration.end < range.start || declaration.start > range.end) continue
    const text = formatDeclaration(declaration)
    if (text !== declaration.text) edits.push({ span: { start: declaration.start, end: declaration.end }, text })
  }
  return edits
}

/** One declaration in canonical layout; its own text where it has syntax problems. */
function formatDeclaration({ text, syntax, problems }: PlacedDeclaration): string {
  if (problems.length > 0 || syntax.kind === 'broken') return text
  const tokens = plainTokens(text)
  if (tokens === null) return text
  const written = write(text, tokens, layoutOf(syntax, viewOf(text, tokens)))
  return sameTokens(tokens, written) ? written : text
}

/** INVARIANT: formatting changes space only. Were a layout ever to glue tokens together, the text stays as it is. */
function sameTokens(tokens: readonly PlainToken[], written: string): boolean {
  const again = plainTokens(written)
  return (
    again !== null &&
    again.length === tokens.length &&
    again.every((token, index) => token.text === textOf(tokens[index]))
  )
}

function textOf(token: PlainToken | undefined): string {
  return token === undefined ? '' : printed(token)
}

/**
 * INVARIANT: formatting never changes where declarations begin and end. Around broken ones the space alone might do that;
 * then the whole text stays as it is.
 */
function isCutAt(text: string, places: readonly Span[]): boolean {
  let at = 0
  for (const { start, end } of places) {
    const cut = nextDeclaration(text, at)
    if (cut === null || cut.start !== start || cut.end !== end) return false
    at = cut.end
  }
  return nextDeclaration(text, at) === null
}

/** More than one line; an unclosed comment may bring line ends of its own. */
function isTall(text: string): boolean {
  return text.trimEnd().includes('\n')
}

/** The space and comments between declarations: comments keep their lines, empty lines are at most one, tall neighbours get one. */
function gapText(gap: string, first: boolean, tall: boolean): string {
  const comments = plainTokens(gap) ?? []
  if (first && comments.length === 0) return ''
  let written = ''
  let at = 0
  // Whether what is written so far stands on lines of its own, apart from the declaration before.
  let apart = first
  for (const [index, comment] of comments.entries()) {
    const newlines = linesIn(gap.slice(at, comment.start))
    if (index === 0 && first) written += ''
    else if (newlines === 0) written += index === 0 ? '  ' : ' '
    else {
      written += newlines > 1 || (tall && !apart) ? '\n\n' : '\n'
      apart = true
    }
    written += comment.text
    at = comment.end
  }
  return written + (linesIn(gap.slice(at)) > 1 || (tall && !apart) ? '\n\n' : '\n')
}

function linesIn(text: string): number {
  return text.split('\n').length - 1
}

function viewOf(text: string, tokens: readonly PlainToken[]): TextView {
  const code = tokens.filter(token => !token.kind.endsWith('comment') && token.kind !== 'documentation')
  const after = (offset: number): number => {
    let low = 0
    let high = code.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((code[middle]?.start ?? 0) < offset) low = middle + 1
      else high = middle
    }
    return low
  }
  return {
    text,
    tokenBefore: offset => code[after(offset) - 1]?.start ?? 0,
    find: (token, offset) => {
      for (let index = after(offset); index < code.length; index++) {
        if (token === '' || code[index]?.text === token) return code[index]?.start ?? -1
      }
      return -1
    },
  }
}
