/** From the files of a workspace to its checked program: parse, check, privacy flow, and the levels that `writ.json` gives to problems. */
import { analyze, type Checked, check, type FileProblem, flow, type Plan } from '@writ/engine'
import { parse, type Severity, type SourceFile } from '@writ/grammar'
import type { Level } from './settings/settings.ts'
import type { Workspace } from './workspace.ts'

export interface Program {
  readonly workspace: Workspace
  /** Null where there is an error. */
  readonly plan: Plan | null
  /** After the levels of `writ.json`, by path and place. */
  readonly problems: readonly FileProblem[]
}

/** `analysis`: also what can be said of a program that checks clean (W1201 to W1207), for those who show problems. */
export function checkWorkspace(workspace: Workspace, { analysis = false } = {}): Program {
  const files: SourceFile[] = workspace.files.map(file => parse(file.path, file.text))
  const checked: Checked = check(files)
  const { implicit } = workspace.settings
  const leaks = checked.plan === null ? [] : flow(checked.plan, { implicit })
  const analysed = analysis && checked.plan !== null ? analyze(checked.plan) : []
  const { levels } = workspace.settings
  const problems = [...checked.problems, ...leaks, ...analysed]
    .flatMap(problem => withLevel(problem, levels.get(problem.code)))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.span.start - b.span.start))
  const refused = leaks.some(leak => leak.severity === 'error' && (levels.get(leak.code) ?? 'error') === 'error')
  const plan = refused ? null : checked.plan
  return { workspace, plan, problems }
}

/** How many problems there are of each severity. */
export function severityCounts(
  problems: readonly { readonly severity: Severity }[],
): Readonly<Record<Severity, number>> {
  const counts = { error: 0, warning: 0, information: 0, hint: 0 }
  for (const problem of problems) counts[problem.severity]++
  return counts
}

function withLevel(problem: FileProblem, level: Level | undefined): FileProblem[] {
  if (level === undefined || problem.severity === level) return [problem]
  return level === 'off' ? [] : [{ ...problem, severity: level }]
}
