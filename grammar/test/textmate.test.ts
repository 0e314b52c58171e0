/** The TextMate grammar: up to date, sound, and its patterns colour what they should. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { reservedWords, softWords } from '../src/keywords.ts'
import { type TextMateRule, textMateGrammar } from '../src/textmate.ts'

const grammar = textMateGrammar()

test('grammar/writ.tmLanguage.json is what `node scripts/textmate.mjs` writes', () => {
  const file = readFileSync(new URL('../writ.tmLanguage.json', import.meta.url), 'utf8')
  expect(file).toBe(`${JSON.stringify(grammar, null, 2)}\n`)
})

test('every include leads somewhere, every pattern compiles and every scope ends in .writ', () => {
  for (const rule of allRules()) {
    if (rule.include !== undefined) expect(Object.keys(grammar.repository)).toContain(rule.include.slice(1))
    for (const pattern of [rule.match, rule.begin, rule.end]) if (pattern !== undefined) new RegExp(pattern)
    if (rule.name !== undefined) expect(rule.name).toMatch(/\.writ$/)
  }
})

test('every word of the language is in some pattern', () => {
  const patterns = allRules()
    .map(rule => rule.match ?? '')
    .join('\n')
  for (const word of [...Object.keys(reservedWords), ...Object.keys(softWords)]) {
    expect(patterns).toMatch(new RegExp(`(?<![a-z_])${word}(?![a-z_])`))
  }
})

test.each([
  ['  when r.amount > 50 USD', 'when', 'keyword.other.clause.writ'],
  ['  when r.amount > 50 USD', 'amount', 'variable.other.property.writ'],
  ['  when r.amount > 50 USD', '50', 'constant.numeric.money.writ'],
  ['  when r.amount > 50 USD', 'USD', 'keyword.other.unit.currency.writ'],
  ['policy refunds version 1.2.3 {', 'policy', 'keyword.other.declaration.writ'],
  ['policy refunds version 1.2.3 {', 'refunds', 'entity.name.type.writ'],
  ['policy refunds version 1.2.3 {', '1.2.3', 'constant.numeric.version.writ'],
  ['  rule small "t"', 'small', 'entity.name.function.writ'],
  ['  permit', 'permit', 'keyword.control.effect.writ'],
  ['  let n = count of A by k over 1h30m', 'count', 'support.function.aggregate.writ'],
  ['  let n = count of A by k over 1h30m', '1h30m', 'constant.numeric.duration.writ'],
  ['  let n = count of A by k over 1h30m', 'by', 'keyword.other.history.writ'],
  ['  rule: String', 'rule', 'variable.other.field.writ'],
  ['  given A { b: 1 } at 09:00', 'given', 'keyword.control.step.writ'],
  ['  given A { b: 1 } at 09:00', '09:00', 'constant.other.time.writ'],
  ['/// said', '/// said', 'comment.line.documentation.writ'],
  ['x // said', '// said', 'comment.line.double-slash.writ'],
])('in `%s` the word `%s` is %s', (line, word, scope) => {
  expect(scopeOf(line, word)).toBe(scope)
})

/** A much reduced TextMate engine for one line: the first rule that matches earliest wins; captures name their parts. */
function scopeOf(line: string, word: string): string | undefined {
  const target = line.indexOf(word)
  let at = 0
  while (at < line.length) {
    let best: { rule: TextMateRule; match: RegExpExecArray } | undefined
    for (const rule of flat(grammar.patterns)) {
      if (rule.match === undefined) continue
      const pattern = new RegExp(rule.match, 'dg')
      pattern.lastIndex = at
      const match = pattern.exec(line)
      if (match !== null && match[0] !== '' && (best === undefined || match.index < best.match.index))
        best = { rule, match }
    }
    if (best === undefined) return undefined
    const { rule, match } = best
    for (const [index, { name }] of Object.entries(rule.captures ?? {})) {
      if (match.indices?.[Number(index)]?.[0] === target) return name
    }
    if (rule.captures === undefined && match.index <= target && target < match.index + match[0].length) return rule.name
    at = match.index + match[0].length
  }
  return undefined
}

function flat(rules: readonly TextMateRule[]): readonly TextMateRule[] {
  return rules.flatMap(rule =>
    rule.include === undefined ? [rule] : flat(grammar.repository[rule.include.slice(1)]?.patterns ?? []),
  )
}

function allRules(): readonly TextMateRule[] {
  const below = (rules: readonly TextMateRule[]): readonly TextMateRule[] =>
    rules.flatMap(rule => [rule, ...below(rule.patterns ?? [])])
  return below([...grammar.patterns, ...Object.values(grammar.repository)])
}
