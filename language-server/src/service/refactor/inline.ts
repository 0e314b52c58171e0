/** Puts the value of a `let` or of a `define` where its name stands, in parentheses where it is more than one word. */
import { type Expression, type TextEdit, walkExpressions } from '@writ/grammar'
import { occurrenceAt, occurrencesOfSymbol } from '../../names/occurrences.ts'
import { surroundingsOf } from '../../names/surroundings.ts'
import { expressionAt, keptWhole, type Selected, textOf } from './place.ts'
import type { Refactoring } from './refactoring.ts'

/** Every use of the `let` at the place; the `let` itself goes. */
export function inlineLet(selected: Selected): Refactoring | null {
  const { snapshot, path, unit, span } = selected
  const found = occurrenceAt(snapshot, path, span.start)
  const symbol = found?.occurrence.symbols.find(({ kind }) => kind === 'let')
  if (!symbol || unit.syntax.kind !== 'policy') return null
  const item = unit.syntax.items.find(each => each.kind === 'let' && each.name.text === symbol.name)
  if (item?.kind !== 'let') return null
  const uses = occurrencesOfSymbol(snapshot, symbol).filter(({ occurrence }) => !occurrence.declares)
  // Tests read lets by name: there nothing could take its place.
  if (uses.length === 0 || uses.some(use => use.unit !== unit)) return null
  const value = parenthesized(item.value, textOf(selected, item.value.span))
  const after = unit.placed.text.slice(item.span.end)
  const end = item.span.end + after.length - after.trimStart().length
  const edits: TextEdit[] = uses.map(({ occurrence: { start, end } }) => ({ span: { start, end }, text: value }))
  edits.push({ span: { start: item.span.start, end }, text: '' })
  const kept = keptWhole(selected, edits)
  return kept && { title: `Inline let ${symbol.name}`, kind: 'refactor.inline', edits: kept }
}

/** The use of a define at the place, with its arguments in place of its parameters. */
export function inlineDefine(selected: Selected): Refactoring | null {
  const { snapshot, unit } = selected
  const use = expressionAt(selected)
  const name = use?.kind === 'name' ? use.name : use?.kind === 'call' ? use.function : null
  const home = name && surroundingsOf(snapshot).declared(unit, name.text)
  if (!use || !name || home?.syntax.kind !== 'define' || home === unit) return null
  const given = use.kind === 'call' ? use.arguments : []
  const { parameters, body } = home.syntax
  if (given.length !== parameters.length) return null
  const values = new Map(
    parameters.map((parameter, index) => {
      const argument = given.find(({ label }) => label?.text === parameter.name.text) ?? given[index]
      const text = argument ? parenthesized(argument.value, textOf(selected, argument.value.span)) : ''
      return [parameter.name.text, text]
    }),
  )
  const places: { readonly start: number; readonly end: number; readonly text: string }[] = []
  let isPlain = true
  walkExpressions(body, each => {
    // A variable of `any` may have the name of a parameter.
    if (each.kind === 'quantified') isPlain = false
    const value = each.kind === 'name' ? values.get(each.name.text) : undefined
    if (value !== undefined) places.push({ ...each.span, text: value })
  })
  if (!isPlain) return null
  let text = home.placed.text.slice(body.span.start, body.span.end)
  for (const place of places.toSorted((a, b) => b.start - a.start))
    text = text.slice(0, place.start - body.span.start) + place.text + text.slice(place.end - body.span.start)
  const kept = keptWhole(selected, [{ span: use.span, text: parenthesized(body, text) }])
  return kept && { title: `Inline define ${name.text}`, kind: 'refactor.inline', edits: kept }
}

function parenthesized({ kind }: Expression, text: string): string {
  const whole =
    kind === 'literal' ||
    kind === 'name' ||
    kind === 'member' ||
    kind === 'call' ||
    kind === 'it' ||
    kind === 'now' ||
    kind === 'list'
  return whole || /^\([^()]*\)$/.test(text) ? text : `(${text})`
}
