/** `writ import`: fills a store from recorded events of many formats. Asking the store is the desktop's, and `writ export`. */
import { resolve } from 'node:path'
import {
  type DeclaredSource,
  declaredSource,
  type ImportOptions,
  type ImportProgress,
  type ImportResult,
  importFormats,
  importInto,
  isImportFormat,
} from '@writ/ledger/store'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import { openProgram } from '../open-program.ts'
import { isRefusal, type Refusal, refuse, report, reportProblem } from '../refusal.ts'
import { importJson, importText } from '../report/import-result.ts'
import { systemReason } from '../system-reason.ts'
import type { Io } from '../terminal/io.ts'
import { progressOn } from '../terminal/progress.ts'

const reports = ['text', 'json'] as const

export const importCommand: Command = {
  help: {
    name: 'import',
    summary: 'fill a store from logs of many formats',
    description:
      'Reads logs into one file that can be browsed and searched: audit logs of Writ (a folder), CloudTrail, OPA decision logs, Kubernetes audit, CloudEvents, OpenTelemetry logs, transcripts of agents, and any NDJSON, JSON or CSV, also packed with gzip or zstd. The format is told from the content. Evidence is kept byte for byte. An import that was ended goes on where it was; what is in the store already is recognised. See docs/store.md.',
    positionals: [
      { name: 'SOURCE', required: true, many: true, does: 'a file, a folder of files, or the folder of an audit log' },
    ],
    options: [
      { name: 'store', value: 'FILE', does: 'the store; made when it is not there' },
      { name: 'format', value: 'FORMAT', does: `instead of looking at the content: ${importFormats.join(', ')}` },
      { name: 'workspace', value: 'FOLDER', does: 'read with a source that a workspace declares' },
      { name: 'source', value: 'NAME', does: 'which one, where the workspace declares several' },
      { name: 'no-search', value: null, does: 'do not make the events searchable; a later import makes up for it' },
      { name: 'report', value: 'FORM', oneOf: reports, does: 'form of the result' },
      { name: 'progress', value: null, does: 'tell the progress even where stderr is no terminal' },
    ],
    examples: [
      { line: 'writ import samples/cloudtrail/events --store events.store', does: 'a folder of CloudTrail files' },
      { line: 'writ import app.csv.gz audit --store events.store', does: 'a packed table and an audit log' },
    ],
  },
  run: async (args, io) => {
    const options = await optionsOf(args, io)
    if (options === 'has errors') return 1
    if (isRefusal(options)) return report(io, options)
    const progress = progressOf(io, args.has('progress'))
    let result: ImportResult
    try {
      result = await importInto({ ...options, onProgress: progress.update, shouldStop: () => io.interrupted.aborted })
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (!/^(SQLITE_|E[A-Z]+$)/.test(code)) throw error
      return report(io, refuse('W4105', { path: options.shown, why: whyNot(code, error) }))
    } finally {
      progress.finish()
    }
    if (result.problem !== null) return reportProblem(io, result.problem, null)
    if (args.choice('report', reports) === 'json')
      io.output.write(`${JSON.stringify(importJson(options.shown, result), null, 2)}\n`)
    else io.output.write(importText(options.shown, result, io.output))
    if (result.stopped) return 130
    return result.sources.some(({ state }) => state === 'refused') || result.findings.length > 0 ? 1 : 0
  },
}

async function optionsOf(args: Arguments, io: Io): Promise<ImportOptions | Refusal | 'has errors'> {
  const store = args.value('store')
  if (store === undefined) return refuse('W3003', { option: '--store', wrong: 'is needed', expected: '--store FILE' })
  const format = args.value('format')
  if (format !== undefined && !isImportFormat(format)) {
    const expected = `one of ${importFormats.join(', ')}`
    return refuse('W3003', { option: '--format', wrong: `does not know "${format}"`, expected })
  }
  const mapping = await declared(args, io)
  if (mapping === 'has errors' || (mapping !== undefined && isRefusal(mapping))) return mapping
  return {
    sources: args.positionals.map(name => ({ name, path: resolve(io.cwd, name) })),
    store: resolve(io.cwd, store),
    shown: store,
    ...(format === undefined ? {} : { format }),
    ...(mapping === undefined ? {} : { mapping }),
    search: !args.has('no-search'),
  }
}

async function declared(args: Arguments, io: Io): Promise<DeclaredSource | Refusal | 'has errors' | undefined> {
  const folder = args.value('workspace')
  if (folder === undefined && !args.has('source')) return undefined
  const program = await openProgram(folder ?? '.', io)
  if (program === 'has errors' || isRefusal(program)) return program
  const { sources, contracts } = program.plan
  const name =
    args.value('source') ?? program.workspace.settings.source ?? (sources.length === 1 ? sources[0]?.name : undefined)
  const source = sources.find(one => one.name === name)
  if (source !== undefined) return declaredSource(source, contracts)
  const known = sources.map(one => one.name).join(', ')
  const expected = known === '' ? 'a workspace that declares a source' : `one of ${known}`
  return refuse('W3003', {
    option: '--source',
    wrong: name === undefined ? 'is needed' : `does not know "${name}"`,
    expected,
  })
}

function progressOf(io: Io, wanted: boolean): { update: (progress: ImportProgress) => void; finish: () => void } {
  let phase = ''
  let line = progressOn(io.error, 'reading', wanted, () => performance.now())
  return {
    update: progress => {
      if (progress.phase !== phase) {
        line.finish()
        phase = progress.phase
        line = progressOn(io.error, phase, wanted, () => performance.now())
      }
      const isReading = progress.phase === 'reading'
      if (isReading) line.update(progress.done, progress.total, progress.events)
      else line.update(0, 0, progress.done)
    },
    finish: () => line.finish(),
  }
}

function whyNot(code: string, error: unknown): string {
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') return 'the disk is full'
  if (code.startsWith('SQLITE_READONLY') || code === 'SQLITE_CANTOPEN') return 'you are not allowed to write there'
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return 'its file is damaged'
  return code.startsWith('SQLITE') && error instanceof Error ? error.message : systemReason(error)
}
