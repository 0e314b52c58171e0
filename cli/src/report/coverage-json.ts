/** Coverage for machines: the member `coverage` of `writ test --format json`, and lcov, which editors show beside the lines. */
import { isShown } from '@writ/engine'
import { type CountedCoverage, lineOf, textOf } from '../test-coverage.ts'
import { missingText, ruleIsSeen } from './coverage-text.ts'

export function coverageJson(counting: CountedCoverage): object {
  const { plan, coverage, where } = counting
  const conditions = coverage.rules.flatMap(rule => rule.conditions)
  return {
    tests: counting.tests,
    events: counting.events,
    rules: { all: coverage.rules.length, seen: coverage.rules.filter(ruleIsSeen).length },
    conditions: { all: conditions.length, shown: conditions.filter(isShown).length },
    policies: plan.policies.map((policy, index) => ({
      policy: policy.name,
      file: plan.files[policy.span.file]?.path ?? '',
      defaultDecided: policy.contracts.length > 0 ? (coverage.defaults[index] ?? 0) : null,
      rules: coverage.rules
        .filter(rule => rule.policy === index)
        .map(({ rule, matched, decided, instances, conditions }) => ({
          rule: policy.rules[rule]?.name ?? '',
          line: lineOf(plan, policy.rules[rule]?.span ?? policy.span),
          matched,
          decided,
          instances,
          conditions: conditions.map(one => ({
            condition: textOf(plan, one.condition.span),
            line: lineOf(plan, one.condition.span),
            seenTrue: one.seenTrue,
            seenFalse: one.seenFalse,
            shown: isShown(one),
            trueMatters: one.trueMatters && where(one.trueMatters),
            falseMatters: one.falseMatters && where(one.falseMatters),
            missing: isShown(one) ? null : missingText(one),
          })),
        })),
    })),
  }
}

/**
 * lcov tracefile: a rule is a function and the line of its `rule`; a condition is two branches of its line, taken where it was
 * seen to matter as true and as false. `path` makes the name of a source file.
 */
export function lcov({ plan, coverage }: CountedCoverage, path: (file: string) => string): string {
  const records = plan.files.flatMap(({ path: file }, index): string[] => {
    const rules = coverage.rules.filter(({ policy }) => plan.policies[policy]?.span.file === index)
    if (rules.length === 0) return []
    const lines = new Map<number, number>()
    const functions: string[] = []
    const branches: string[] = []
    let hit = 0
    let taken = 0
    for (const [block, { policy, rule, matched, instances, conditions }] of rules.entries()) {
      const { name = '', rules: all = [] } = plan.policies[policy] ?? {}
      const plain = all[rule]
      if (!plain) continue
      const times = instances?.began ?? matched
      const line = lineOf(plan, plain.span)
      lines.set(line, times)
      functions.push(`FN:${line},${name}.${plain.name}`, `FNDA:${times},${name}.${plain.name}`)
      if (times > 0) hit++
      conditions.forEach((one, i) => {
        const at = lineOf(plan, one.condition.span)
        lines.set(at, Math.max(lines.get(at) ?? 0, one.seenTrue + one.seenFalse))
        for (const [side, witness] of [one.trueMatters, one.falseMatters].entries()) {
          branches.push(`BRDA:${at},${block},${2 * i + side},${witness ? 1 : 0}`)
          if (witness) taken++
        }
      })
    }
    const counts = [...lines].sort(([a], [b]) => a - b)
    return [
      'TN:',
      `SF:${path(file)}`,
      ...functions,
      `FNF:${rules.length}`,
      `FNH:${hit}`,
      ...branches,
      `BRF:${branches.length}`,
      `BRH:${taken}`,
      ...counts.map(([line, times]) => `DA:${line},${times}`),
      `LF:${counts.length}`,
      `LH:${counts.filter(([, times]) => times > 0).length}`,
      'end_of_record',
    ]
  })
  return records.map(line => `${line}\n`).join('')
}
