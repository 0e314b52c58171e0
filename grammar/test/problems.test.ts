/** Every W01xx code: its page, an input that triggers it, a harmless near miss, and its fix. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse, syntaxProblems } from '../src/parse.ts'
import { syntaxProblems as kinds } from '../src/problems/syntax.ts'

interface Case {
  /** The place of the problem stands between `«` and `»`. */
  readonly triggers: string
  readonly nearMiss: string
  /** The text after the first fix; absent where there is none. */
  readonly fixed?: string
}

const cases: Readonly<Record<keyof typeof kinds, Case>> = {
  W0101: { triggers: 'define a = 1 + (2 *«)»', nearMiss: 'define a = 1 + (2 * 3)' },
  W0102: {
    triggers: 'policy p {\n  «defualt» deny\n}',
    nearMiss: 'policy p {\n  default deny\n}',
    fixed: 'policy p {\n  default deny\n}',
  },
  W0103: { triggers: 'define a = «"b»', nearMiss: 'define a = "b\\""', fixed: 'define a = "b"' },
  W0104: { triggers: 'define a = max«(»2, 3', nearMiss: 'define a = [1, max(2, 3)]' },
  W0105: { triggers: 'define a = (1)«)»', nearMiss: 'define a = (1)', fixed: 'define a = (1)' },
  W0106: { triggers: 'define a = b «=» 1', nearMiss: 'define a = b == 1', fixed: 'define a = b == 1' },
  W0107: { triggers: 'define a = b «&&» c', nearMiss: 'define a = "b && c"', fixed: 'define a = b and c' },
  W0108: { triggers: 'define a = 1 < b «<» 3', nearMiss: 'define a = (1 < b) == c' },
  W0109: {
    triggers: 'define a = count of B by c over «24»',
    nearMiss: 'define a = count of B by c over day_length',
    fixed: 'define a = count of B by c over 24s',
  },
  W0110: { triggers: 'define a = "«\\d»"', nearMiss: 'define a = "\\\\d\\u{1F600}"', fixed: 'define a = "\\\\d"' },
  W0111: { triggers: 'define a = «sum(b)» + 1', nearMiss: 'define a = min(b, 1)' },
  W0112: { triggers: 'define a = 1 «/*» b', nearMiss: 'define a = 1 /* b */', fixed: 'define a = 1 /* b */' },
  W0113: { triggers: 'define a = 1«#»', nearMiss: 'define a = "#" // #', fixed: 'define a = 1' },
  W0114: { triggers: 'define a = «50USD»', nearMiss: 'define a = 50 USD', fixed: 'define a = 50 USD' },
  W0115: { triggers: 'define «when» = 1', nearMiss: 'define rule = a.when', fixed: 'define when_ = 1' },
  W0116: {
    triggers: 'policy p {\n  default deny because "a «{» b"\n}',
    nearMiss: 'policy p {\n  default deny because "a {{ b {c}"\n}',
    fixed: 'policy p {\n  default deny because "a {{ b"\n}',
  },
  W0117: { triggers: 'policy p {\n  rule «a» when b\n}', nearMiss: 'policy p {\n  rule a permit\n}' },
  W0118: { triggers: 'sample A { b «=» 1 }', nearMiss: 'sample A { b: 1 }', fixed: 'sample A { b : 1 }' },
  W0119: { triggers: "define a = «'b'»", nearMiss: 'define a = "\'b\'"', fixed: 'define a = "b"' },
}

describe.each(Object.entries(cases))('%s', (code, { triggers, nearMiss, fixed }) => {
  const text = triggers.replace(/[«»]/g, '')

  test('is reported once, at its place', () => {
    const found = problemsOf(text)
    expect(found.map(problem => problem.code)).toEqual([code])
    expect(found[0]?.span).toEqual({ start: triggers.indexOf('«'), end: triggers.indexOf('»') - 1 })
  })

  test('does not mind a near miss', () => {
    expect(problemsOf(nearMiss)).toEqual([])
  })

  test('is mended by its fix', () => {
    const [fix] = problemsOf(text)[0]?.fixes ?? []
    let mended = text
    for (const { span, text: replacement } of [...(fix?.edits ?? [])].reverse()) {
      mended = mended.slice(0, span.start) + replacement + mended.slice(span.end)
    }
    expect(fix === undefined ? undefined : mended).toBe(fixed)
    if (fixed !== undefined) expect(problemsOf(fixed)).toEqual([])
  })

  test('has a page whose example triggers it and whose mended example does not', () => {
    const page = readFileSync(new URL(`../../docs/problems/${code}.md`, import.meta.url), 'utf8')
    expect(page).toContain(`# ${code}: ${kinds[code as keyof typeof kinds].title}\n`)
    const [bad, good] = ['triggers', 'mended'].map(
      mark => new RegExp(`\`\`\`writ ${mark}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1],
    )
    expect(problemsOf(bad ?? '').map(problem => problem.code)).toContain(code)
    expect(problemsOf(good ?? '')).toEqual([])
  })
})

test('text that is no Writ at all is refused in a moment, with some problems', () => {
  for (const scrap of ['}', '} ', ') ', '{', 'rule x ', '/*', '# ', '" ', '= ', 'policy p {\n', 'a then ']) {
    for (const before of ['', 'define x = ', 'policy p {\n  rule a when ']) {
      const problems = problemsOf(before + scrap.repeat(3000))
      expect(problems.length).toBeGreaterThan(0)
      expect(problems.length).toBeLessThan(3100)
    }
  }
})

/** What is said where, in one line per problem. */
test.each([
  [
    'policy p { on A as a default deny rule x when a is gone permit }',
    'Found `gone`, but `present` or `absent` belongs here.',
  ],
  ['define a = [1 2]', 'Found `2`, but `,` or `]` belongs here.'],
  ['define a = (1 2)', 'Found `2`, but an operator or `)` belongs here.'],
  ['define a = b.', 'Found the end of the declaration, but the name of a member belongs here.'],
  [
    'define a = foo of B by c over 1d',
    'Found `foo of`, but `count of EVENT`, `sum(…) of EVENT` or another aggregate belongs here.',
  ],
  [
    'define a = A where b by c over 1d',
    'Found `A where`, but `exists`, `no` or `count of` before the event belongs here.',
  ],
  ['define a = count of B by c per year', 'Found `year`, but `hour`, `day`, `week` or `month` belongs here.'],
  ['define a = 2026-02-30', '`2026-02-30` is not a time. That month has days 01 to 28.'],
  ['define a = 30m1h', '`30m1h` is not a duration. Units go from large to small, each once, as in `1h30m`.'],
  ['define a = 1.5h', '`1.5h` is not a duration. Durations are whole numbers: `1h30m`, not `1.5h`.'],
  ['contract A version 2 { }', '`2` is not a version. A version has three parts, such as `2.1.0`.'],
  [
    'contract A version 1.0.0 {\n  amount Money\n}',
    'Found `amount`, but a field (`name : Type`) or `check`, `owner`, `compatibility`, `quality`, `freshness`, `retention` belongs here.',
  ],
  ['test "a" {\n  given A { } at noon\n}', 'Found `noon`, but a time such as 09:00 belongs here.'],
  [
    'test "a" {\n  expect }',
    'Found `}`, but what is expected: a decision, `approval from ROLE`, `then OBLIGATION`, `problem CODE` or a condition belongs here.',
  ],
  ['define a = 95 %', '`%` (U+0025) is not part of the language. A percentage is written without a space: `95%`.'],
  ['polcy', '`polcy` means nothing here. Did you mean `policy`?'],
  ['hello', 'Found `hello`, but a declaration such as `policy`, `contract`, `define` or `test` belongs here.'],
])('%s', (text, message) => {
  expect(problemsOf(text).map(problem => problem.message)).toContain(message)
})

test('nesting and size have limits, not crashes', () => {
  for (const text of [
    `define a = ${'('.repeat(100_000)}`,
    `define a = ${'not '.repeat(20_000)}b`,
    `define a = ${'- '.repeat(20_000)}b`,
    `define a = ${'1 + '.repeat(20_000)}1`,
    `define a = ${'if b then c else '.repeat(5_000)}d`,
    `define a = b${'.c'.repeat(20_000)}`,
    `type A = ${'List<'.repeat(5_000)}`,
    `define a = "${'x'.repeat(1_000_001)}"`,
  ]) {
    expect(problemsOf(text).map(problem => problem.code)).toEqual(['W0002'])
  }
  expect(problemsOf(`define a = ${'b and '.repeat(20_000)}c`)).toEqual([])
})

function problemsOf(text: string) {
  return syntaxProblems(parse('a.writ', text))
}
