/** Which names an expression mentions: a rule concerns the events for which every alias that it mentions is bound. */
import type { EventPattern, Expression, RuleItem, TextTemplate, WindowSyntax } from '@writ/grammar'

/** Calls `visit` with every name that stands for a value, however deep. */
export function visitNames(e: Expression, visit: (name: string) => void): void {
  const again = (expression: Expression) => visitNames(expression, visit)
  switch (e.kind) {
    case 'literal':
    case 'it':
    case 'now':
    case 'missing':
      return
    case 'name':
      visit(e.name.text)
      return
    case 'member':
      again(e.object)
      return
    case 'not':
    case 'negate':
    case 'present':
      again(e.operand)
      return
    case 'and':
    case 'or':
      e.operands.forEach(again)
      return
    case 'compare':
    case 'text-test':
    case 'arithmetic':
      again(e.left)
      again(e.right)
      return
    case 'in-list':
      again(e.item)
      again(e.list)
      return
    case 'in-range':
      again(e.item)
      again(e.low)
      again(e.high)
      return
    case 'default':
      again(e.value)
      again(e.otherwise)
      return
    case 'if':
      again(e.condition)
      again(e.then)
      again(e.otherwise)
      return
    case 'call':
      for (const { value } of e.arguments) again(value)
      return
    case 'list':
      e.items.forEach(again)
      return
    case 'record':
      for (const { value } of e.fields) again(value)
      return
    case 'quantified':
      again(e.list)
      visitNames(e.where, except([e.variable.text], visit))
      return
    case 'aggregate': {
      const inside = insidePattern(e.event, visit)
      if (e.event.where) visitNames(e.event.where, inside)
      if (e.value) visitNames(e.value, inside)
      if (e.parameter) again(e.parameter)
      visitWindow(e.window, visit)
      return
    }
    case 'exists':
      if (e.event.where) visitNames(e.event.where, insidePattern(e.event, visit))
      visitWindow(e.window, visit)
      return
    case 'sequence':
      for (const step of e.steps) if (step.where) visitNames(step.where, insidePattern(step, visit))
      visitWindow(e.window, visit)
      return
  }
}

/**
 * Every name that a rule mentions, in its condition, its texts and its obligations. An expectation has names of its own: it
 * sees neither aliases nor lets of its policy.
 */
export function visitRuleNames(rule: RuleItem, visit: (name: string) => void): void {
  const template = (text: TextTemplate | null) => {
    for (const part of text?.parts ?? []) if (part.kind === 'hole') visitNames(part.value, visit)
  }
  if (rule.after) return
  if (rule.when) visitNames(rule.when, visit)
  template(rule.because)
  if (rule.effect.kind === 'decide') {
    template(rule.effect.text)
    for (const key of rule.effect.lasting?.keys ?? []) if (key.value) visitNames(key.value, visit)
  }
  if (rule.effect.kind === 'require-approval') template(rule.effect.otherwise?.text ?? null)
  for (const obligation of rule.then) for (const field of obligation.fields) visitNames(field.value, visit)
}

function visitWindow(window: WindowSyntax, visit: (name: string) => void): void {
  for (const key of window.keys) if (key.value) visitNames(key.value, visit)
  if (window.range?.kind === 'since' && window.range.event.where)
    visitNames(window.range.event.where, insidePattern(window.range.event, visit))
}

function insidePattern(event: EventPattern, visit: (name: string) => void): (name: string) => void {
  return event.alias ? except([event.alias.text], visit) : visit
}

function except(names: readonly string[], visit: (name: string) => void): (name: string) => void {
  return name => {
    if (!names.includes(name)) visit(name)
  }
}
