/** Gives an expression a name: as a `let` of its policy, or as a `define` with what it reads as parameters. */
import { showType } from '@writ/engine/editor'
import type { Expression, TextEdit } from '@writ/grammar'
import { childrenOf, isExpression } from '@writ/grammar'
import { freshName, keptWhole, knownOf, ruleAt, type Selected, textOf } from './place.ts'
import type { Refactoring } from './refactoring.ts'

/** Only where the expression reads nothing that is known inside of a window or of `any`/`all` alone. */
export function extractLet(selected: Selected): Refactoring | null {
  const { unit, expression } = selected
  if (unit.syntax.kind !== 'policy' || !expression || isTrivial(expression)) return null
  const rule = ruleAt(selected)
  const holder =
    rule ??
    unit.syntax.items.find(
      item => item.kind === 'let' && item.span.start <= expression.span.start && expression.span.end <= item.span.end,
    )
  if (!holder) return null
  const name = freshName(selected, 'value')
  const first = unit.syntax.items.find(item => item.kind === 'rule')
  const before = holder.kind === 'let' ? holder : first
  if (!before) return null
  const start = startOf(selected, before.span.start)
  const indent = textOf(selected, { start: lineStart(selected, start), end: start })
  const gap = before.kind === 'rule' ? `\n\n${indent}` : `\n${indent}`
  const edits: readonly TextEdit[] = [
    { span: { start, end: start }, text: `let ${name} = ${textOf(selected, expression.span)}${gap}` },
    { span: expression.span, text: name },
  ]
  const kept = keptWhole(selected, edits)
  return kept && { title: `Extract into let ${name}`, kind: 'refactor.extract', edits: kept }
}

/** What the expression reads of events and lets becomes parameters; history cannot be part of a define. */
export function extractDefine(selected: Selected): Refactoring | null {
  const { unit, expression } = selected
  if (!expression || isTrivial(expression) || unit.syntax.kind === 'define') return null
  const reads: { readonly expression: Expression; readonly text: string; readonly type: string }[] = []
  if (!collectReads(selected, expression, reads)) return null
  const name = freshName(selected, 'extracted')
  const parameters = new Map<string, { readonly name: string; readonly type: string }>()
  for (const read of reads) {
    if (parameters.has(read.text)) continue
    const wanted = read.text.slice(read.text.lastIndexOf('.') + 1)
    const taken = new Set([...parameters.values()].map(each => each.name))
    parameters.set(read.text, {
      name: taken.has(wanted) ? `${wanted}_${parameters.size + 1}` : wanted,
      type: read.type,
    })
  }
  let body = textOf(selected, expression.span)
  for (const read of reads.toSorted((a, b) => b.expression.span.start - a.expression.span.start)) {
    const at = read.expression.span.start - expression.span.start
    body = body.slice(0, at) + (parameters.get(read.text)?.name ?? '') + body.slice(at + read.text.length)
  }
  const type = knownOf(selected, expression)?.type
  const list = [...parameters.values()].map(each => `${each.name}: ${each.type}`).join(', ')
  const head = `${name}${list === '' ? '' : `(${list})`}${type ? `: ${showType(type)}` : ''}`
  const call = parameters.size === 0 ? name : `${name}(${[...parameters.keys()].join(', ')})`
  const { start } = unit.syntax.span
  const edits: readonly TextEdit[] = [
    { span: { start: 0, end: 0 }, text: `define ${head} = ${body}\n\n` },
    { span: expression.span, text: call },
  ]
  const kept = start >= 0 ? keptWhole(selected, edits) : null
  return kept && { title: `Extract into define ${name}`, kind: 'refactor.extract', edits: kept }
}

/** False where a define cannot hold the expression: it asks history, or reads what has no type. */
function collectReads(
  selected: Selected,
  e: Expression,
  into: { readonly expression: Expression; readonly text: string; readonly type: string }[],
): boolean {
  if (e.kind === 'aggregate' || e.kind === 'exists' || e.kind === 'sequence' || e.kind === 'missing') return false
  if (e.kind === 'quantified') return false
  const known = knownOf(selected, e)
  if (e.kind === 'name' || e.kind === 'member') {
    const made = known?.made
    if (!made || !known) return false
    if (made.kind === 'literal') return true
    if (made.kind === 'named' && made.of === 'define') return true
    if (made.kind === 'field' || made.kind === 'element' || made.kind === 'named') {
      if (known.type.kind === 'error') return false
      into.push({ expression: e, text: textOf(selected, e.span), type: showType(known.type) })
      return true
    }
    return false
  }
  return childrenOf(e).every(child => {
    if (isExpression(child)) return collectReads(selected, child, into)
    return childrenOf(child).every(inner => !isExpression(inner) || collectReads(selected, inner, into))
  })
}

function isTrivial({ kind }: Expression): boolean {
  return kind === 'literal' || kind === 'name' || kind === 'it' || kind === 'now' || kind === 'missing'
}

/** The documentation of an item stands before it and belongs to it. */
function startOf(selected: Selected, at: number): number {
  let start = at
  for (;;) {
    const before = textOf(selected, { start: 0, end: lineStart(selected, start) })
    const line = /([ \t]*)\/\/\/[^\n]*\n$/.exec(before)
    if (!line) return start
    start = before.length - line[0].length + (line[1]?.length ?? 0)
  }
}

function lineStart(selected: Selected, at: number): number {
  return selected.unit.placed.text.lastIndexOf('\n', at - 1) + 1
}
