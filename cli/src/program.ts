/** From the files of a workspace to its checked program: parse, check, privacy flow, and the levels that `writ.json` gives to problems. */
import {
  analyze,
  type Checked,
  check,
  type FileProblem,
  flow,
  historyProblems,
  type Plan,
  unjudgedProblems,
} from '@writ/engine'
import { parse, type Severity, type SourceFile } from '@writ/grammar'
import type { History } from '@writ/ledger/history'
import type { Level } from './settings/settings.ts'
import type { Workspace } from './workspace.ts'

export interface Program {
  readonly workspace: Workspace
  /** Null where there is an error. */
  readonly plan: Plan | null
  /** After the levels of `writ.json`, by path and place. */
  readonly problems: readonly FileProblem[]
}

export interface CheckOptions {
  /** Also what can be said of a program that checks clean (W12xx), for those who show problems. */
  readonly analysis?: boolean
  /** What contracts and policies are held against (W065x). */
  readonly history?: History | null
}

export function checkWorkspace(workspace: Workspace, { analysis = false, history = null }: CheckOptions = {}): Program {
  const files: SourceFile[] = workspace.files.map(file => parse(file.path, file.text))
  const checked: Checked = check(files, undefined, { baselines: workspace.baselines })
  const { implicit } = workspace.settings
  const leaks = checked.plan === null ? [] : flow(checked.plan, { implicit })
  const analysed = analysis && checked.plan !== null ? analyze(checked.plan) : []
  const changed =
    history === null
      ? []
      : history.kind === 'known'
        ? historyProblems(files, checked.plan, history.committed)
        : unjudgedProblems(files, history.why)
  const { levels } = workspace.settings
  const problems = [...checked.problems, ...leaks, ...analysed, ...changed]
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
