/** Mutants of the policies of a workspace: made, judged by tests and log, and where asked, written down as tests. */
import { check, type Log, type Mutant, mutationDefaults, type Plan, runMutants } from '@writ/engine'
import { parse } from '@writ/grammar'
import type { Arguments } from './arguments.ts'
import { suggestion } from './nearest.ts'
import { numberOption } from './number-option.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { MutationReport } from './report/mutation-text.ts'
import type { Io } from './terminal/io.ts'
import { searchProgress } from './terminal/search-progress.ts'
import type { Workspace } from './workspace.ts'
import { type TestToWrite, writeTests } from './write-test.ts'

/** The tests of `plan` pass. */
export function mutate(
  plan: Plan,
  workspace: Workspace,
  args: Arguments,
  log: Log | null,
  io: Io,
): MutationReport | Refusal {
  const maxEvents = numberOption(args, 'size', mutationDefaults.maxEvents, 50)
  if (typeof maxEvents !== 'number') return maxEvents
  const budget = numberOption(args, 'budget', mutationDefaults.budget, 100_000_000)
  if (typeof budget !== 'number') return budget
  const only = args.value('policy')
  const names = plan.policies.map(({ name }) => name)
  if (only !== undefined && !names.includes(only)) {
    const known = `It has ${names.join(', ')}.`
    return refuse('W3023', {
      kind: 'policy',
      name: only,
      folder: workspace.shown,
      suggestion: suggestion(only, names),
      known,
    })
  }
  const files = workspace.files.map(file => parse(file.path, file.text))
  const progress = searchProgress(io.error, args.has('progress'), () => performance.now())
  const result = runMutants(files, check(files, undefined, { baselines: workspace.baselines }), {
    log,
    maxEvents,
    budget,
    select: ({ policy }) => only === undefined || policy === only,
    onProgress: (done, total) => progress.update('changes', done, total),
  })
  progress.finish()
  return { plan, result, maxEvents, withLog: log !== null }
}

/** Undefined where all was written; each different story once, with the changes that it tells apart. */
export function writeKillers(
  { plan, result }: MutationReport,
  workspace: Workspace,
  cwd: string,
  path: string,
): { readonly written: number } | Refusal {
  const tests = killersOf(plan, result.mutants)
  const refused = writeTests(plan, workspace, cwd, path, tests)
  return refused ?? { written: tests.length }
}

function killersOf(plan: Plan, mutants: readonly Mutant[]): readonly TestToWrite[] {
  const found = new Map<string, TestToWrite>()
  for (const { edit, line, fate } of mutants) {
    if (fate.kind !== 'survived' || fate.told.trace === null) continue
    const { trace } = fate.told
    const policy = plan.policies.find(({ name }) => name === edit.policy) ?? plan.policies[0]
    const [own] = fate.told.outcomes
    // What lives on cannot be told by the decision about the last event.
    if (!policy || !/^(?:permit|warn|hold|deny) by \w+$/.test(own)) continue
    const key = JSON.stringify(trace, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
    const known = found.get(key)
    const told = `${edit.path}:${line} (${edit.kind})`
    const documentation = known ? [...known.documentation, told] : ['Tells small changes apart:', told]
    const title = known?.title ?? `${edit.rule ?? edit.policy ?? 'a definition'}: ${own}`
    found.set(key, { title, documentation: documentation.slice(0, 6), module: policy.module, trace })
  }
  return [...found.values()]
}
