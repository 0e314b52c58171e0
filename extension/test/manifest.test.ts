/** What package.json of the extension promises: snippets check clean, problem matchers read what the command prints, files are there. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check, runTests } from '@writ/engine'
import { parse } from '@writ/grammar'
import { expect, test } from 'vitest'

const read = (name: string) => JSON.parse(readFileSync(`extension/${name}`, 'utf8'))
const manifest = read('package.json')
const snippets: Readonly<Record<string, { readonly body: string | readonly string[] }>> = read('snippets.json')

/** With what stands in the holes; a hole that is used again has what it had. */
function filled(name: string): string {
  const body = snippets[name]?.body ?? ''
  const text = typeof body === 'string' ? body : body.join('\n')
  const holes = new Map<string, string>()
  return text
    .replace(/\$\{(\d+):([^}]*)\}/g, (_, hole: string, value: string) => {
      const inner = value.replace(/\$(\d+)/g, (__, other: string) => holes.get(other) ?? '')
      holes.set(hole, inner)
      return inner
    })
    .replace(/\$(\d+)/g, (_, hole: string) => holes.get(hole) ?? '')
}

test('the snippet of a first file checks clean, and its test passes', () => {
  const { plan, problems } = check([parse('first.writ', filled('File with a first policy'))])
  expect(problems.map(({ message }) => message)).toEqual([])
  expect(plan && runTests(plan).map(({ passed }) => passed)).toEqual([true])
})

test('the other snippets stand in a policy', () => {
  const text = `module refunds
contract RefundRequested version 1.0.0 { id: String key  at: Time time  customer: String  agent: String requester  amount: Money<EUR> }
role Lead { members "ana" }
role Officer { members "kim", "lee" }
policy limits version 1.0.0 {
  on RefundRequested as r
  default permit
  ${filled('Sum over a time')}
  ${filled('Approval in two stages')}
  rule often when spent > 500 EUR deny
}
`
  expect(check([parse('more.writ', text)]).problems.map(({ message }) => message)).toEqual([])
})

test('the problem matcher of writ check reads what writ check prints', () => {
  const folder = mkdtempSync(join(tmpdir(), 'writ-matcher-'))
  try {
    writeFileSync(join(folder, 'a.writ'), 'module a\ntype X = Y\n')
    const command = join(import.meta.dirname, '../../cli/bin/writ.cjs')
    const { stdout } = spawnSync(process.execPath, [command, 'check', '.'], { cwd: folder, encoding: 'utf8' })
    const lines = stdout.split('\n')
    const [place, message] = manifest.contributes.problemMatchers[0].pattern
    const at = lines.findIndex(line => new RegExp(place.regexp).test(line))
    const found = new RegExp(place.regexp).exec(lines[at] ?? '')
    expect([found?.[place.file], found?.[place.line], found?.[place.severity], found?.[place.code]]).toEqual([
      'a.writ',
      '2',
      'error',
      'W0203',
    ])
    expect(new RegExp(message.regexp).exec(lines[at + 1] ?? '')?.[message.message]).toContain('no type called Y')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('every file that is named is there, and nothing of it is remote', () => {
  const { contributes } = manifest
  const named: readonly string[] = [
    ...contributes.walkthroughs.flatMap((walk: { steps: { media: { markdown: string } }[] }) =>
      walk.steps.map(({ media }) => media.markdown),
    ),
    ...contributes.snippets.map(({ path }: { path: string }) => path),
  ]
  for (const name of named) {
    expect(existsSync(join('extension', name)), name).toBe(true)
    expect(readFileSync(join('extension', name), 'utf8')).not.toMatch(/https?:/)
  }
})
