/**
 * The one helper of the checker's tests: sources with the expected problems marked in them. `[[W0203|amout]]` says that a
 * problem W0203 is reported at `amout`, and nowhere else; a source without marks has to be free of problems.
 */
import { parse } from '@writ/grammar'
import { expect } from 'vitest'
import { type Checked, check, type FileProblem } from '../../src/check/check.ts'

/** The module that short sources import from. */
const prelude = `module e
contract Paid version 1.0.0 {
  id: String key  at: Time time  who: String requester  payer: String?  amount: Money  euros: Money<EUR>  risk: Decimal?
  n: Int  part: Percent  took: Duration  day: Time  channel: enum { chat, email }  tags: List<String>
  home: { city: String, zip: String? }
}
contract Refused version 1.0.0 { id: String key  at: Time time  who: String requester  amount: Money  n: Int  channel: Int }
sample Paid {
  id: "p", who: "w", amount: 1 EUR, euros: 1 EUR, n: 1, part: 50%, took: 1s, day: 2026-01-01, channel: chat, tags: [],
  home: { city: "Bern" }
}
role Lead { members "ana", "bo" }
`

/** A policy around rules and lets; `p` is the event. */
export function policy(body: string, names = 'Paid'): string {
  return `module t\nuse e { ${names} }\npolicy t {\n  on Paid as p\n  default deny\n  ${body}\n}`
}
/** A policy with one condition. */
export function rule(when: string, names = 'Paid'): string {
  return policy(`rule r when ${when} permit`, names)
}

export interface Marked {
  readonly text: string
  readonly marks: readonly { readonly code: string; readonly text: string; readonly start: number }[]
}

/** Takes the marks out. */
export function unmark(source: string): Marked {
  const marks: { code: string; text: string; start: number }[] = []
  let text = ''
  let rest = source
  for (;;) {
    const found = /\[\[(W\d{4})\|([\s\S]*?)\]\](?!\])/.exec(rest)
    if (!found) return { text: text + rest, marks }
    text += rest.slice(0, found.index)
    marks.push({ code: found[1] ?? '', text: found[2] ?? '', start: text.length })
    text += found[2]
    rest = rest.slice(found.index + found[0].length)
  }
}

/** Checks the sources (files a.writ, b.writ, …) together with the module `e`. */
export function checkAll(...sources: readonly string[]): Checked {
  const files = sources.map((source, index) => parse(`${String.fromCharCode(97 + index)}.writ`, source))
  return check([...files, parse('e.writ', prelude)])
}

/** The marked problems, and no others, are reported. Hints about unused defines are not counted where none is marked. */
export function expectMarked(...sources: readonly string[]): readonly FileProblem[] {
  const marked = sources.map(unmark)
  const { problems } = checkAll(...marked.map(({ text }) => text))
  const wanted = marked.flatMap(({ marks }, index) =>
    marks.map(mark => `${String.fromCharCode(97 + index)}.writ ${mark.code} at ${mark.start}: ${mark.text}`),
  )
  const hints = wanted.some(mark => mark.includes('W0209'))
  const found = problems.filter(problem => hints || problem.code !== 'W0209')
  const text = (path: string) => (path === 'e.writ' ? prelude : (marked[path.charCodeAt(0) - 97]?.text ?? ''))
  const shown = found.map(
    ({ path, code, span }) => `${path} ${code} at ${span.start}: ${text(path).slice(span.start, span.end)}`,
  )
  expect(shown.sort(), problems.map(problem => problem.message).join('\n')).toEqual([...wanted].sort())
  return found
}

/** The first source after the first fix of its first problem. */
export function fixed(...sources: readonly string[]): string {
  const texts = sources.map(source => unmark(source).text)
  const [first = ''] = texts
  const { problems } = checkAll(...texts)
  const fix = problems.find(problem => problem.path === 'a.writ' && problem.fixes.length > 0)?.fixes[0]
  if (!fix) throw new Error(`no fix in ${problems.map(problem => problem.message).join('\n')}`)
  const edits = [...fix.edits].sort((a, b) => b.span.start - a.span.start)
  return edits.reduce((text, edit) => text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end), first)
}

/** One problem code: sources that show it, the same without the mistake, and what the fix makes of the first. */
export interface Case {
  readonly wrong: string | readonly string[]
  readonly fine: string | readonly string[]
  readonly fixed?: string
}

/** Runs one case: the wrong source reports what is marked, the fine one nothing, and the fix mends. */
export function runCase({ wrong, fine, fixed: mended }: Case): void {
  const wrongs = typeof wrong === 'string' ? [wrong] : wrong
  const fines = typeof fine === 'string' ? [fine] : fine
  expectMarked(...wrongs)
  expectMarked(...fines)
  if (mended !== undefined) expect(fixed(...wrongs)).toBe(mended)
}
