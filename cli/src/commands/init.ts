/** `writ init`: starts a workspace, from nothing or from recorded events. Drafting contracts from records is the ledger's. */
import { resolve } from 'node:path'
import type { Command } from '../command.ts'
import { type NewFile, writeNewFiles } from '../init/new-file.ts'
import { isRefusal, report } from '../refusal.ts'
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
    if (isRefusal(drafted)) return report(io, drafted)
    const refusal = writeNewFiles(folder, shown, drafted.files, args.has('force'))
    if (refusal !== undefined) return report(io, refusal)
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
