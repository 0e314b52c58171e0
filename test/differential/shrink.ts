/**
 * Makes a failing pair small: takes events out of the log, then pieces out of the program's text, as long as it still checks
 * clean and still fails. Pieces are found in the syntax tree, so that any program can be shrunk, also a reader's own.
 */
import type { BuiltEvent } from '@writ/engine'
import { parse } from '@writ/grammar'
import { checked, judge } from './pair.ts'

export interface Small {
  readonly text: string
  readonly events: readonly BuiltEvent[]
  readonly difference: string
}

/** What differs on a pair, or null where nothing does or the pair makes no sense. */
export type Failing = (text: string, events: readonly BuiltEvent[]) => string | null

/** At most `attempts` runs. */
export function shrink(
  text: string,
  events: readonly BuiltEvent[],
  difference: string,
  failing: Failing = differenceOn,
  attempts = 3000,
): Small {
  let best: Small = { text, events, difference }
  let left = attempts
  function tryOut(candidateText: string, candidateEvents: readonly BuiltEvent[]): boolean {
    if (left-- <= 0) return false
    const found = failing(candidateText, candidateEvents)
    if (found === null) return false
    best = { text: candidateText, events: candidateEvents, difference: found }
    return true
  }
  for (let smaller = true; smaller && left > 0; ) {
    const before = best.text.length + best.events.length
    shrinkEvents(tryOut, () => best)
    shrinkText(tryOut, () => best)
    smaller = best.text.length + best.events.length < before
  }
  return { ...best, text: best.text.replace(/\n\s*\n+/g, '\n') }
}

type TryOut = (text: string, events: readonly BuiltEvent[]) => boolean

function differenceOn(text: string, events: readonly BuiltEvent[]): string | null {
  const { plan } = checked(text)
  if (!plan) return null
  // Events know their contract by its place; a program with other contracts cannot read them.
  if (events.some(event => plan.contracts[event.contract] === undefined)) return null
  try {
    return judge(plan, events).difference
  } catch {
    // The reference itself cannot run this one: it is no smaller case of the same failure.
    return null
  }
}

/** Halves, quarters, … single events. */
function shrinkEvents(tryOut: TryOut, best: () => Small): void {
  for (let size = Math.ceil(best().events.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < best().events.length; ) {
      const { text, events } = best()
      if (!tryOut(text, [...events.slice(0, start), ...events.slice(start + size)])) start += size
    }
  }
}

function shrinkText(tryOut: TryOut, best: () => Small): void {
  for (let i = 0; ; i++) {
    const { text, events } = best()
    const candidate = replacements(text)[i]
    if (candidate === undefined) return
    // The list is made anew from the smaller text; what stood before `i` was tried already.
    if (candidate.length < text.length && tryOut(candidate, events)) i--
  }
}

/** Texts that are the given one with a piece left out, or an expression replaced by one of its parts. */
function replacements(text: string): readonly string[] {
  const found: string[] = []
  for (const { start, end, syntax } of parse('generated.writ', text).declarations) {
    const cut = (from: number, to: number, by = '') => text.slice(0, start + from) + by + text.slice(start + to)
    if (removableDeclarations.has(syntax.kind)) found.push(cut(0, end - start))
    visit(syntax, null)

    function visit(node: unknown, parent: Spanned | null): void {
      if (typeof node !== 'object' || node === null) return
      if (Array.isArray(node)) {
        for (const part of node) visit(part, parent)
        return
      }
      const own = isSpanned(node) ? node : null
      if (own && 'modifiers' in own) found.push(cut(own.span.start, own.span.end))
      if (isPattern(node)) found.push(cut((node.alias ?? node.contract).span.end, node.where.span.end))
      if (own && parent && own.kind !== undefined) {
        if (removable.has(own.kind)) found.push(cut(own.span.start, own.span.end))
        if (isExpression(parent) && isExpression(own)) {
          found.push(cut(parent.span.start, parent.span.end, text.slice(start + own.span.start, start + own.span.end)))
        }
        if (isExpression(own)) {
          for (const simple of ['true', 'false', '0', '"a"']) found.push(cut(own.span.start, own.span.end, simple))
        }
      }
      for (const part of Object.values(node)) visit(part, own?.kind === undefined ? parent : own)
    }
  }
  return found
}

interface Spanned {
  readonly kind?: string
  readonly span: { readonly start: number; readonly end: number }
}

function isSpanned(node: object): node is Spanned {
  return 'span' in node
}

/** An event with a condition, in a history form. */
function isPattern(
  node: object,
): node is { readonly contract: Spanned; readonly alias: Spanned | null; readonly where: Spanned } {
  return 'contract' in node && 'where' in node && node.where !== null
}

/** Not contracts: events know theirs by its place. */
const removableDeclarations = new Set(['policy', 'define', 'role', 'type', 'sample', 'test'])
const removable = new Set(['rule', 'let', 'check', 'combine'])
const expressionKinds = new Set(
  'literal name member it now not negate and or compare text-test in-list in-range present arithmetic default if call list record quantified aggregate exists sequence'.split(
    ' ',
  ),
)

function isExpression(node: Spanned): boolean {
  return node.kind !== undefined && expressionKinds.has(node.kind)
}
