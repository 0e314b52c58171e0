/** `writ check`: finds what is wrong in a workspace, says it for people, programs or code scanning, and mends what it can. */

import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { FileProblem } from '@writ/engine'
import type { Command } from '../command.ts'
import type { ExitCode } from '../exit-code.ts'
import { applyFixes } from '../fix.ts'
import { usage } from '../help.ts'
import { historyOfWorkspace } from '../history.ts'
import { type CheckOptions, checkWorkspace, type Program, severityCounts } from '../program.ts'
import { isRefusal, type Refusal, refuse, report } from '../refusal.ts'
import { checkJson } from '../report/problem-json.ts'
import { problemSummary, problemsText } from '../report/problem-text.ts'
import type { Io } from '../terminal/io.ts'
import { counted } from '../terminal/text.ts'
import { openWorkspace, openWorkspaceOf, sourceTexts, type Workspace, withBaselines } from '../workspace.ts'

export const check: Command = {
  help: {
    name: 'check',
    summary: 'find mistakes in contracts, policies and tests',
    description:
      'Checks every .writ file under FOLDER (the current one where none is named). Where FILEs are named, the workspace around each is checked and the problems of those files are printed.\n"writ.json" in the folder sets the level of a problem code: "lint": { "W0901": "off" }.',
    positionals: [{ name: 'FOLDER|FILE', required: false, many: true, does: 'a workspace, or .writ files of one' }],
    options: [
      { name: 'format', value: 'FORMAT', oneOf: ['text', 'json', 'sarif'], does: 'form of the result' },
      {
        name: 'against',
        value: 'REVISION',
        does: 'the git revision that contracts and policies are held against; without it what writ.json names, else HEAD',
      },
      { name: 'fix', value: null, does: 'apply the preferred fix of every problem that has one, then check again' },
    ],
    examples: [
      { line: 'writ check samples/agent-guardrails', does: 'check a whole workspace' },
      { line: 'writ check samples/refunds --against HEAD~1', does: 'with a look at what changed since' },
      { line: 'writ check samples/airline --format sarif > writ.sarif', does: 'for code scanning' },
    ],
  },
  run: async (args, io) => {
    const targets = await openTargets(args.positionals, io)
    if (isRefusal(targets)) return report(io, targets)
    const format = args.choice('format', ['text', 'json', 'sarif'])
    if (targets.length > 1 && format !== 'text') {
      const wrong = `gives one ${format} for one workspace, and these paths are of ${targets.length}`
      return report(io, refuse('W3004', { command: 'check', wrong, usage: usage(check.help) }))
    }
    let exit: ExitCode = 0
    for (const target of targets) {
      const against = args.value('against')
      const history = await historyOfWorkspace(target.workspace, against)
      if (history.kind === 'unknown' && history.asked)
        return report(io, refuse('W3060', { name: against ?? 'the history that writ.json names', why: history.why }))
      const options = { analysis: true, history }
      const program = args.has('fix') ? await fixed(target, io, options) : checkWorkspace(target.workspace, options)
      if (isRefusal(program)) return report(io, program)
      const problems = program.problems.filter(problem => target.files?.has(problem.path) ?? true)
      await print(problems, program.workspace, target.files?.size, format, io)
      const counts = severityCounts(problems)
      if (counts.error + counts.warning > 0) exit = 1
    }
    return exit
  },
}

interface Target {
  readonly workspace: Workspace
  /** Only the problems of these files are asked for; undefined: of all. */
  readonly files: Set<string> | undefined
}

async function openTargets(given: readonly string[], io: Io): Promise<Target[] | Refusal> {
  const targets = new Map<string, Target>()
  for (const path of given.length === 0 ? ['.'] : given) {
    if (statSync(resolve(io.cwd, path), { throwIfNoEntry: false })?.isDirectory() ?? !path.endsWith('.writ')) {
      const workspace = await opened(path, io)
      if (isRefusal(workspace)) return workspace
      targets.set(workspace.folder, { workspace, files: undefined })
      continue
    }
    const found = await openWorkspaceOf(path, io.cwd)
    if (isRefusal(found)) return found
    const workspace = await withBaselines(found.workspace)
    if (isRefusal(workspace)) return workspace
    const target = targets.get(workspace.folder) ?? { workspace, files: new Set<string>() }
    target.files?.add(found.path)
    targets.set(workspace.folder, target)
  }
  return [...targets.values()]
}

async function opened(path: string, io: Io): Promise<Workspace | Refusal> {
  const workspace = await openWorkspace(path, io.cwd)
  return isRefusal(workspace) ? workspace : await withBaselines(workspace)
}

/** Fixes can uncover further ones; after a few rounds what is left is left. */
async function fixed(target: Target, io: Io, options: CheckOptions): Promise<Program | Refusal> {
  let program = checkWorkspace(target.workspace, options)
  let applied = 0
  for (let round = 0; round < 10; round++) {
    const wanted = program.problems.filter(problem => target.files?.has(problem.path) ?? true)
    const result = applyFixes(program.workspace, wanted)
    if (isRefusal(result)) return result
    if (result.applied === 0) break
    applied += result.applied
    const workspace = await opened(target.workspace.shown, io)
    if (isRefusal(workspace)) return workspace
    program = checkWorkspace(workspace, options)
  }
  if (applied > 0) io.error.write(`${counted(applied, 'fix', 'fixes')} applied\n`)
  return program
}

async function print(
  problems: readonly FileProblem[],
  workspace: Workspace,
  files: number | undefined,
  format: 'text' | 'json' | 'sarif',
  io: Io,
): Promise<void> {
  const sources = sourceTexts(workspace)
  switch (format) {
    case 'text': {
      const { paint, columns } = io.output
      const text = problems.length === 0 ? '' : `${problemsText(problems, sources, paint, columns)}\n`
      io.output.write(`${text}${problemSummary(problems, files ?? workspace.files.length, paint)}\n`)
      return
    }
    case 'json':
      io.output.write(`${JSON.stringify(checkJson(problems, sources), null, 2)}\n`)
      return
    case 'sarif': {
      const { sarif } = await import('../report/sarif.ts')
      io.output.write(`${JSON.stringify(sarif(problems, sources), null, 2)}\n`)
      return
    }
  }
}
