/**
 * Every problem that has a fix: the example of its page before, the quick fixes of the editor applied until none is left, and what then
 * stands there checks clean. The pages are docs/problems; blocks marked `triggers` have the problem, unmarked ones belong to them.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { applied } from '../src/service/attempt.ts'
import { codeActions } from '../src/service/code-actions.ts'
import { problemsOf } from '../src/service/diagnostics.ts'
import { linesOf } from '../src/workspace/snapshot.ts'
import { Workspace } from '../src/workspace/workspace.ts'

const folder = new URL('../../docs/problems/', import.meta.url)

interface Example {
  readonly code: string
  /** The text that has the problem. */
  readonly text: string
  readonly around: readonly string[]
}

const examples = readdirSync(folder).flatMap(name =>
  examplesOf(name.slice(0, 5), readFileSync(new URL(name, folder), 'utf8')),
)

const paid = `module events
contract Paid version 1.0.0 { id: String key  at: Time time  amount: Money<EUR> }
`
const policy = (body: string): string =>
  `module m\nuse events { Paid }\npolicy p version 1.0.0 {\n  on Paid as p\n  default deny\n  ${body}\n}\n`
/** Problems whose pages show what no fix can know. */
const more: readonly Example[] = [
  { code: 'W0102', text: 'module m\nplicy p { default deny }\n', around: [] },
  { code: 'W0201', text: 'role A { members "x" }\n', around: [] },
  { code: 'W0215', text: policy('rule r when abss(amount(p.amount)) > 5 permit'), around: [paid] },
  { code: 'W0315', text: 'module m\ntype A = Money<eur>\n', around: [] },
  {
    code: 'W0706',
    text: 'module m\nuse events { Paid }\nsource s { format ndjson  lateness 5m recrd  map Paid {} }\n',
    around: [paid],
  },
  { code: 'W0802', text: policy('combine strictst'), around: [paid] },
  { code: 'W0835', text: policy('mode shadw'), around: [paid] },
]

function examplesOf(code: string, page: string): readonly Example[] {
  const blocks = [...page.matchAll(/^```writ *(.*)\n([\s\S]*?)^```$/gm)].map(([, mark = '', text = '']) => ({
    mark,
    text,
  }))
  const around = blocks.filter(({ mark }) => mark === '').map(({ text }) => whole(text))
  return blocks.filter(({ mark }) => mark === 'triggers').map(({ text }) => ({ code, text: whole(text), around }))
}
function whole(text: string): string {
  return /^\s*(?:\/\/[^\n]*\s*)*module\b/.test(text) ? text : `module example\n${text}`
}

function opened({ text, around }: Example) {
  const workspace = new Workspace()
  workspace.setFolders(['memory:/w/'])
  for (const [index, other] of around.entries()) workspace.setFile(`memory:/w/around${index}.writ`, other)
  workspace.open('memory:/w/example.writ', 1, text)
  const place = workspace.find('memory:/w/example.writ')
  if (!place) throw new Error('the example is open')
  return place
}

/** Applies the preferred fix of the first problem that has one; null where none has. */
function fixedOnce(example: Example, own: (code: string) => boolean): string | null {
  const { snapshot, path, file } = opened(example)
  const lines = linesOf(file)
  const all = problemsOf(snapshot).get(path) ?? []
  // What nothing needs may be needed once the errors are mended.
  for (const found of all.toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'))) {
    if (!own(found.code) || found.fixes.length === 0) continue
    const { line, column: character } = lines.position(found.span.start)
    const range = { start: { line, character }, end: { line, character } }
    const action = codeActions(snapshot, path, range, ['quickfix']).find(
      each => each.isPreferred && each.diagnostics?.[0]?.code === found.code,
    )
    const edits = action?.edit?.changes?.['memory:/w/example.writ'] ?? []
    expect(edits).not.toEqual([])
    return applied(
      file.text,
      edits.map(({ range, newText }) => ({
        span: {
          start: lines.offset(range.start.line, range.start.character),
          end: lines.offset(range.end.line, range.end.character),
        },
        text: newText,
      })),
    )
  }
  return null
}

/** The example's own problems first, then what they leave: a name that is mended in a `use` is mended where it is used. */
function fixedWhole(example: Example): string {
  let text = example.text
  for (let round = 0; round < 20; round++) {
    const next =
      fixedOnce({ ...example, text }, code => code === example.code) ?? fixedOnce({ ...example, text }, () => true)
    if (next === null) return text
    text = next
  }
  throw new Error(`the fixes of ${example.code} never end:\n${text}`)
}

function flaws(example: Example): readonly string[] {
  const { snapshot, path } = opened(example)
  return (
    (problemsOf(snapshot).get(path) ?? [])
      .filter(({ severity }) => severity === 'error' || severity === 'warning')
      // The pages of syntax problems show fragments, whose names mean nothing, and mistakes that have no fix beside those that have one.
      .filter(
        ({ code, fixes }) =>
          !example.code.startsWith('W01') || (code.startsWith('W01') && (code !== example.code || fixes.length > 0)),
      )
      .map(({ code, message }) => `${code} ${message}`)
  )
}

const withFix = [...examples, ...more].filter(example => fixedOnce(example, code => code === example.code) !== null)

describe('fixes', () => {
  test('are there for these codes', () => {
    expect([...new Set(withFix.map(({ code }) => code))].join(' ')).toMatchInlineSnapshot(
      `"W0103 W0105 W0106 W0107 W0109 W0110 W0112 W0113 W0114 W0115 W0116 W0118 W0119 W0203 W0204 W0205 W0207 W0208 W0214 W0309 W0313 W0401 W0403 W0404 W0502 W0503 W0505 W0605 W0701 W0702 W0703 W0705 W0708 W0801 W0831 W0834 W0841 W0862 W0875 W0902 W0905 W0913 W1003 W1006 W1011 W1022 W1301 W1302 W0201 W0215 W0315 W0706 W0802 W0835"`,
    )
  })
  test.each(withFix.map(example => [example.code, example] as const))('%s', (_, example) => {
    expect(flaws({ ...example, text: fixedWhole(example) })).toEqual([])
  })
})
