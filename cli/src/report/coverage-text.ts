/** `writ test --coverage` on a terminal: what the tests (and events) have not shown, under the rule it is about. */
import { type ConditionCoverage, isShown, type RuleCoverage } from '@writ/engine'
import type { Output } from '../terminal/io.ts'
import { count, counted, cut, padEnd, printable } from '../terminal/text.ts'
import { type CountedCoverage, lineOf, textOf } from '../test-coverage.ts'
import { shownPath } from '../workspace.ts'

/** `pairs`: also what was shown, and by which events. */
export function coverageText(counting: CountedCoverage, shown: string, output: Output, pairs = false): string {
  const { plan, coverage } = counting
  const { paint, columns } = output
  const lines: string[] = []
  const events = counting.events === null ? '' : ` and ${counted(counting.events, 'recorded event')}`
  lines.push(paint.bold(`coverage of ${counted(counting.tests, 'test')}${events}`))
  plan.policies.forEach((policy, index) => {
    const rules = coverage.rules.filter(rule => rule.policy === index)
    const path = shownPath(shown, plan.files[policy.span.file]?.path ?? '')
    lines.push('', `${paint.bold(policy.name)} ${paint.dim(printable(path))}`)
    const width = Math.max(7, ...rules.map(({ rule }) => policy.rules[rule]?.name.length ?? 0))
    for (const rule of rules) {
      const plain = policy.rules[rule.rule]
      if (!plain) continue
      const sign = ruleIsSeen(rule)
        ? rule.conditions.every(isShown)
          ? paint.green('✓')
          : paint.yellow('~')
        : paint.red('✗')
      const shownConditions = rule.conditions.filter(isShown).length
      const conditions =
        rule.conditions.length === 0 ? '' : ` · conditions ${shownConditions} of ${rule.conditions.length}`
      lines.push(`  ${sign} ${padEnd(plain.name, width)}  ${seenText(rule)}${conditions}`)
      for (const condition of rule.conditions) {
        if (isShown(condition)) {
          if (pairs) lines.push(...pairLines(counting, condition, output))
          continue
        }
        const place = `line ${lineOf(plan, condition.condition.span)}`
        const text = cut(printable(textOf(plan, condition.condition.span)), Math.max(20, columns - 60))
        lines.push(`      ${paint.red('✗')} ${text}: ${missingText(condition)}  ${paint.dim(place)}`)
      }
    }
    if (policy.contracts.length > 0) {
      const times = coverage.defaults[index] ?? 0
      lines.push(
        `  ${times > 0 ? paint.green('✓') : paint.red('✗')} ${padEnd('default', width)}  decided ${count(times)}`,
      )
    }
  })
  return `${[...lines, '', coverageSummary(counting)].join('\n')}\n`
}

function pairLines({ plan, where }: CountedCoverage, one: ConditionCoverage, { paint }: Output): readonly string[] {
  const { condition, trueMatters, falseMatters } = one
  if (trueMatters === null || falseMatters === null) return []
  return [
    `      ${paint.green('✓')} ${printable(textOf(plan, condition.span))}`,
    paint.dim(printable(`          true at ${where(trueMatters)}`)),
    paint.dim(printable(`          false at ${where(falseMatters)}`)),
  ]
}

/** `rules 4 of 5 seen · conditions 6 of 9 shown to matter (MC/DC)` */
export function coverageSummary({ coverage: { rules } }: CountedCoverage): string {
  const conditions = rules.flatMap(rule => rule.conditions)
  const seen = rules.filter(ruleIsSeen).length
  const shown = conditions.filter(isShown).length
  return `rules ${seen} of ${rules.length} seen · conditions ${shown} of ${conditions.length} shown to matter (MC/DC)`
}

/** A rule has decided; an expectation was met and breached. */
export function ruleIsSeen({ decided, instances }: RuleCoverage): boolean {
  return instances === null ? decided > 0 : instances.fulfilled > 0 && instances.breached > 0
}

function seenText({ matched, decided, instances }: RuleCoverage): string {
  if (instances) {
    const { began, fulfilled, breached } = instances
    return began === 0
      ? 'never began'
      : `began ${count(began)}, fulfilled ${count(fulfilled)}, breached ${count(breached)}`
  }
  if (matched === 0) return 'never matched'
  return decided === 0
    ? `matched ${count(matched)}, never decided`
    : `matched ${count(matched)}, decided ${count(decided)}`
}

/** What no event has shown yet. */
export function missingText({ seenTrue, seenFalse, trueMatters, falseMatters }: ConditionCoverage): string {
  if (seenTrue + seenFalse === 0) return 'never asked, or never known'
  if (seenTrue === 0) return 'never true'
  if (seenFalse === 0) return 'never false'
  if (trueMatters === null && falseMatters === null) return 'true and false, but the others alone decided each time'
  return `never ${trueMatters === null ? 'true' : 'false'} where it alone decided`
}
