/** Opens a workspace for a command that needs a program without errors; errors are printed as `writ check` prints them. */
import type { Plan } from '@writ/engine'
import { checkWorkspace } from './program.ts'
import { isRefusal, type Refusal } from './refusal.ts'
import { problemSummary, problemsText } from './report/problem-text.ts'
import type { Io } from './terminal/io.ts'
import { openWorkspace, sourceTexts, type Workspace, withBaselines } from './workspace.ts'

export interface RunnableProgram {
  readonly workspace: Workspace
  readonly plan: Plan
}

export interface OpenOptions {
  /** False: the baselines that `writ.json` names are not read, and drift is unknown. */
  readonly baselines?: boolean
}

/** Warnings are not printed: they are `writ check`'s. After 'has errors' a command ends with exit code 1. */
export async function openProgram(
  folder: string,
  io: Io,
  options: OpenOptions = {},
): Promise<RunnableProgram | 'has errors' | Refusal> {
  const opened = await openWorkspace(folder, io.cwd)
  if (isRefusal(opened)) return opened
  const workspace = options.baselines === false ? opened : await withBaselines(opened)
  if (isRefusal(workspace)) return workspace
  const program = checkWorkspace(workspace)
  if (program.plan !== null) return { workspace, plan: program.plan }
  const errors = program.problems.filter(problem => problem.severity === 'error')
  const sources = sourceTexts(workspace)
  const { paint, columns } = io.error
  io.error.write(`${problemsText(errors, sources, paint, columns)}\n`)
  io.error.write(`${problemSummary(errors, workspace.files.length, paint)}; nothing was run\n`)
  return 'has errors'
}
