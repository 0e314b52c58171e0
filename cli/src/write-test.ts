/** Puts traces that were found into a file as tests: only after the tests were checked with the workspace and passed. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { check, type Plan, runTests, type Trace, testSource } from '@writ/engine'
import { format, parse } from '@writ/grammar'
import { type Refusal, refuse } from './refusal.ts'
import { systemReason } from './system-reason.ts'
import type { Workspace } from './workspace.ts'

export interface TestToWrite {
  readonly title: string
  readonly documentation: readonly string[]
  readonly module: string
  readonly trace: Trace
}

/** Adds to `path` where it is there, else begins a file of the tests' module. Undefined when all was written. */
export function writeTests(
  plan: Plan,
  workspace: Workspace,
  cwd: string,
  path: string,
  tests: readonly TestToWrite[],
): Refusal | undefined {
  const absolute = resolve(cwd, path)
  const [first] = tests
  if (!first) return undefined
  const there = existsSync(absolute)
  const taken = new Set(plan.tests.map(({ module, title }) => `${module} ${title}`))
  const titled = tests.map(test => ({ ...test, title: freeTitle(test, taken) }))
  const texts = titled.map(test => testSource(plan, test.trace, test.title, test.documentation))
  let before: string
  try {
    before = there ? readFileSync(absolute, 'utf8') : header(plan, first.module, tests)
  } catch (error) {
    return refuse('W3030', { path, why: systemReason(error), hint: 'Name a .writ file.' })
  }
  const text = format(`${before.trimEnd()}\n\n${texts.join('\n')}`)
  const name = relative(workspace.folder, absolute).split(sep).join('/')
  const others = workspace.files.filter(file => file.path !== name).map(file => parse(file.path, file.text))
  const checked = check([...others, parse(name, text)], undefined, { baselines: workspace.baselines })
  const error = checked.problems.find(({ severity }) => severity === 'error')
  if (checked.plan === null) {
    const why = error
      ? `with it ${error.path} would have an error (${error.code}: ${error.message})`
      : 'it would not check'
    return refuse('W3070', { path, why })
  }
  const titles = new Set(titled.map(test => test.title))
  const failed = runTests(checked.plan, { select: test => titles.has(test.title) }).find(({ passed }) => !passed)
  if (failed) return refuse('W3070', { path, why: `the test "${failed.title}" would fail (${failed.message})` })
  try {
    writeFileSync(absolute, text)
  } catch (problem) {
    return refuse('W3030', { path, why: systemReason(problem), hint: 'Name a file in a folder that is there.' })
  }
  return undefined
}

function freeTitle({ module, title }: TestToWrite, taken: Set<string>): string {
  let free = title
  for (let number = 2; taken.has(`${module} ${free}`); number++) free = `${title} (${number})`
  taken.add(`${module} ${free}`)
  return free
}

function header(plan: Plan, module: string, tests: readonly TestToWrite[]): string {
  const uses = new Map<string, Set<string>>()
  for (const { contract } of tests.flatMap(({ trace }) => trace)) {
    const { name = '', module: home = '' } = plan.contracts[contract] ?? {}
    if (home === module) continue
    uses.set(home, (uses.get(home) ?? new Set<string>()).add(name))
  }
  const lines = [...uses].sort().map(([home, names]) => `use ${home} { ${[...names].sort().join(', ')} }`)
  return [`module ${module}`, '', ...lines].join('\n')
}
