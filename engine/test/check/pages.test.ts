/**
 * Documentation that holds: every code of the catalogue has its page, whose examples report the code and, mended, do not; and
 * every example of docs/language.md checks clean. The unmarked blocks of a page belong to all of its examples.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { parse, problemCatalogue, syntaxProblems } from '@writ/grammar'
import { expect, test } from 'vitest'
import { analyze } from '../../src/analyze/analyze.ts'
import { check, type FileProblem } from '../../src/check/check.ts'
import { committed } from '../../src/evolution/committed.ts'
import { historyProblems, unjudgedProblems } from '../../src/evolution/history-problems.ts'
import type { Baseline, Baselines } from '../../src/plan/baseline.ts'
import { flow } from '../../src/privacy/flow.ts'
import { runTests } from '../../src/testing/run-tests.ts'
import { fromInteger } from '../../src/value/rational.ts'

const folder = new URL('../../../docs/', import.meta.url)
const codes = Object.keys(problemCatalogue)
/**
 * Findings about data and the command line come from no source, W0002 from sources too large for a page, and W0001 from nothing today:
 * these show fragments.
 */
const fromSyntax = codes.filter(code => code.startsWith('W01'))
/** These are about what was committed before: blocks marked `committed` are the state before, the others hold the whole state after. */
const fromHistory = codes.filter(code => code.startsWith('W065'))
const fromMeaning = codes.filter(
  code =>
    code < 'W2000' && code !== 'W0001' && code !== 'W0002' && !fromSyntax.includes(code) && !fromHistory.includes(code),
)

interface Block {
  readonly mark: string
  readonly text: string
}

function page(path: string): string {
  return readFileSync(new URL(path, folder), 'utf8')
}

function blocks(text: string): readonly Block[] {
  return [...text.matchAll(/^```writ *(.*)\n([\s\S]*?)^```$/gm)].map(([, mark = '', text = '']) => ({ mark, text }))
}

/** A block that begins with no `module` is of a module of its own. */
/** What the examples call `usual_amounts` and `usual_channels`. */
const named: Baselines = new Map<string, Baseline>([
  [
    'usual_amounts',
    {
      name: 'usual_amounts',
      of: 'numbers',
      edges: [fromInteger(20), fromInteger(50), fromInteger(100)],
      currency: 'EUR',
      counts: [40, 40, 15, 5],
    },
  ],
  ['usual_channels', { name: 'usual_channels', of: 'texts', values: ['chat', 'email'], counts: [70, 25, 5] }],
])

function problemsOf(
  texts: readonly string[],
  implicit: 'off' | 'warn' = 'off',
  baselines: Baselines | null = named,
): readonly FileProblem[] {
  const whole = texts.map(text => (/^\s*module\b/.test(text) ? text : `module example\n${text}`))
  return checkedTogether(whole, implicit, baselines)
}
function checkedTogether(
  texts: readonly string[],
  implicit: 'off' | 'warn' = 'off',
  baselines: Baselines | null = named,
): readonly FileProblem[] {
  const files = texts.map((text, index) => parse(`${index}.writ`, text))
  const { plan, problems } = check(files, undefined, { baselines })
  return plan === null ? problems : [...problems, ...flow(plan, { implicit }), ...analyze(plan)]
}

/** Hints are advice; anything else is a flaw. */
function flaws(found: readonly FileProblem[]): readonly string[] {
  return found
    .filter(problem => problem.severity !== 'hint' && problem.severity !== 'information')
    .map(({ code, message, path, span }) => `${code} in block ${path} at ${span.start}: ${message}`)
}

test.each(codes)('%s has a page with its title', code => {
  expect(existsSync(new URL(`problems/${code}.md`, folder))).toBe(true)
  const title = Object.entries(problemCatalogue).find(([key]) => key === code)?.[1].title
  expect(page(`problems/${code}.md`).split('\n')[0]).toBe(`# ${code}: ${title}`)
})

test('no page is of a code that does not exist', () => {
  const pages = readdirSync(new URL('problems/', folder)).map(file => file.replace(/\.md$/, ''))
  expect(pages.filter(code => !codes.includes(code))).toEqual([])
})

test.each(fromMeaning)('the examples of %s do what they say', code => {
  const { shared, wrong, mended } = examples(code)
  const implicit = code === 'W1303' ? 'warn' : 'off'
  for (const text of wrong) {
    const baselines = code === 'W0918' ? null : named
    const found = code === 'W0201' ? checkedTogether([text]) : problemsOf([...shared, text], implicit, baselines)
    expect(
      found.map(problem => problem.code),
      text,
    ).toContain(code)
  }
  for (const text of mended) {
    const found = problemsOf([...shared, text], implicit)
    expect(flaws(found), text).toEqual([])
    // A hint that the page is about has to be gone as well, but for declarations that only the example does not use.
    if (code !== 'W0209') expect(found.map(problem => problem.code)).not.toContain(code)
  }
})

test.each(fromSyntax)('the examples of %s do what they say', code => {
  const { wrong, mended } = examples(code)
  const codesOf = (text: string) => syntaxProblems(parse('a.writ', text)).map(problem => problem.code)
  for (const text of wrong) expect(codesOf(text), text).toContain(code)
  for (const text of mended) expect(codesOf(text), text).toEqual([])
})

test.each(fromHistory)('the examples of %s do what they say', code => {
  const before = blocks(page(`problems/${code}.md`)).filter(block => block.mark === 'committed')
  const { wrong, mended } = examples(code)
  const earlier = before.map(({ text }, index) => ({ label: `v${index + 1}`, files: [parse('0.writ', text)] }))
  const found = (text: string) => {
    const files = [parse('0.writ', text)]
    const state = committed(earlier, code === 'W0656' ? 'the clone is shallow' : null)
    if (state === null) return unjudgedProblems(files, 'this is no git repository')
    return historyProblems(files, check(files).plan, state)
  }
  for (const text of wrong)
    expect(
      found(text).map(problem => problem.code),
      text,
    ).toContain(code)
  for (const text of mended) expect(found(text).map(problem => `${problem.code} ${problem.message}`)).toEqual([])
})

test('the examples of the language reference are free of problems', () => {
  const examples = blocks(page('language.md')).filter(block => block.mark === '')
  expect(examples.length).toBeGreaterThan(3)
  expect(flaws(checkedTogether(examples.map(block => block.text)))).toEqual([])
})

test('the tests of the language reference pass', () => {
  const examples = blocks(page('language.md')).filter(block => block.mark === '')
  const files = examples.map((block, index) => parse(`${index}.writ`, block.text))
  const { plan } = check(files, undefined, { baselines: named })
  const results = plan === null ? [] : runTests(plan)
  expect(results.length).toBeGreaterThan(9)
  expect(results.filter(({ passed }) => !passed).map(({ title, message }) => `${title}: ${message}`)).toEqual([])
})

/** The blocks of a page: those that belong to all examples, those that report the code, those that do not. */
function examples(code: string) {
  const all = blocks(page(`problems/${code}.md`))
  const marked = (mark: string) => all.filter(block => block.mark === mark).map(block => block.text)
  const found = { shared: marked(''), wrong: marked('triggers'), mended: marked('mended') }
  expect(found.wrong.length, 'an example that reports the code').toBeGreaterThan(0)
  expect(found.mended.length, 'an example without the mistake').toBeGreaterThan(0)
  return found
}
