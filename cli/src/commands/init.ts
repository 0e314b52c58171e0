/** `writ init`: starts a workspace, from nothing or from recorded events. Drafting contracts from records is the ledger's. */
import { relative, resolve, sep } from 'node:path'
import type { Problem } from '@writ/grammar'
import type { Command } from '../command.ts'
import { type NewFile, writeNewFiles } from '../init/new-file.ts'
import { report, reportProblem } from '../refusal.ts'
import { quoted } from '../report/next-command.ts'

export const init: Command = {
  help: {
    name: 'init',
    summary: 'start a workspace, also from recorded events',
    description:
      'Writes a first workspace into FOLDER (the current one where none is named): contracts, a policy, tests, events and writ.json. With --from, contracts and source are drafted from what the records hold, each guess marked to be confirmed, with a first policy that permits everything and a test. Nothing is overwritten without --force.',
    positionals: [{ name: 'FOLDER', required: false, many: false, does: 'where to start it; made if it is not there' }],
    options: [
      { name: 'from', value: 'LOG', does: 'file or folder of recorded events to draft contracts from' },
      { name: 'force', value: null, does: 'replace files of the same name' },
      { name: 'format', value: 'FORMAT', oneOf: ['text', 'json'], does: 'form of the report' },
    ],
    examples: [
      { line: 'writ init hello', does: 'a small workspace to learn from' },
      { line: 'writ init audit --from samples/cloudtrail/events', does: 'contracts for events that were recorded' },
    ],
  },
  run: async (args, io) => {
    const shown = args.positionals[0] ?? '.'
    const folder = resolve(io.cwd, shown)
    const from = args.value('from')
    const drafted = from === undefined ? await teaching() : await fromLog(from, folder, io.cwd)
    if ('unreadable' in drafted) return reportProblem(io, drafted.unreadable, null)
    const refusal = writeNewFiles(folder, shown, drafted.files, args.has('force'))
    if (refusal !== undefined) return report(io, refusal)
    if (args.choice('format', ['text', 'json']) === 'json') {
      const result = { workspace: shown, files: drafted.files.map(file => file.path), notes: drafted.notes }
      io.output.write(`${JSON.stringify(result, null, 2)}\n`)
      return 0
    }
    const { paint } = io.output
    const name = quoted(shown)
    io.output.write(
      [
        `${paint.green('✓')} a workspace in ${name}`,
        ...drafted.files.map(file => `    ${file.path}`),
        ...drafted.notes.map(note => `  ${note}`),
        '',
        'next',
        `  ${paint.cyan(`writ check ${name}`)}`,
        `  ${paint.cyan(`writ test ${name}`)}`,
        `  ${paint.cyan(`writ simulate ${name}`)}`,
        '',
      ].join('\n'),
    )
    return 0
  },
}

interface Draft {
  readonly files: readonly NewFile[]
  readonly notes: readonly string[]
}

async function teaching(): Promise<Draft> {
  const { teachingWorkspace } = await import('../init/teaching.ts')
  return { files: teachingWorkspace(), notes: [] }
}

/** `writ.json` names the log relative to the new folder, so that both can move together. */
async function fromLog(log: string, folder: string, cwd: string): Promise<Draft | { readonly unreadable: Problem }> {
  const { draftWorkspace } = await import('@writ/ledger/node')
  const eventsPath = relative(folder, resolve(cwd, log)).split(sep).join('/')
  const { files, notes, problem } = await draftWorkspace(log, { eventsPath: eventsPath === '' ? '.' : eventsPath })
  return problem === null ? { files, notes } : { unreadable: problem }
}
