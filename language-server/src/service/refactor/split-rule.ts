/** Makes of a rule with `when a or b` one rule for each condition: the decisions stay, and each says which condition it was. */

import { keptWhole, ruleAt, type Selected, textOf } from './place.ts'
import type { Refactoring } from './refactoring.ts'

export function splitRule(selected: Selected): Refactoring | null {
  const { unit } = selected
  const rule = ruleAt(selected)
  // What a rule sets in motion would be set in motion twice where both conditions hold; a breaker, an approval would begin twice.
  if (rule?.when?.kind !== 'or' || rule.then.length > 0 || rule.effect.kind !== 'decide' || rule.effect.lasting)
    return null
  const { when } = rule
  const taken = new Set(
    unit.syntax.kind === 'policy' ? unit.syntax.items.map(item => (item.kind === 'rule' ? item.name.text : '')) : [],
  )
  const lineStart = unit.placed.text.lastIndexOf('\n', rule.span.start - 1) + 1
  const indent = /^[ \t]*/.exec(unit.placed.text.slice(lineStart))?.[0] ?? ''
  let count = 0
  const fresh = (): string => {
    for (;;) {
      const name = `${rule.name.text}_${++count}`
      if (!taken.has(name)) return name
    }
  }
  const rules = when.operands.map(operand => {
    const before = textOf(selected, { start: rule.span.start, end: rule.name.span.start })
    const between = textOf(selected, { start: rule.name.span.end, end: when.span.start })
    const behind = textOf(selected, { start: when.span.end, end: rule.span.end })
    return before + fresh() + between + textOf(selected, operand.span) + behind
  })
  const kept = keptWhole(selected, [{ span: rule.span, text: rules.join(`\n\n${indent}`) }])
  return kept && { title: `Split ${rule.name.text} into ${rules.length} rules`, kind: 'refactor.rewrite', edits: kept }
}
