/** `writ export`: events of a store as lines, for other programs. */
import { resolve } from 'node:path'
import {
  type Filter,
  filterSchema,
  type ListedEvent,
  noFilter,
  ocsfEvent,
  openStore,
  type StoreReader,
} from '@writ/ledger/store'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import { isRefusal, type Refusal, refuse, report, reportProblem } from '../refusal.ts'
import type { Io } from '../terminal/io.ts'

const formats = ['ocsf', 'events', 'records'] as const
type Format = (typeof formats)[number]

export const exportCommand: Command = {
  help: {
    name: 'export',
    summary: 'write events of a store for other programs',
    description:
      'Writes the events of a store, oldest first, one line each: as OCSF (API Activity, with the decision as disposition), as the common envelope (events), or the records as they were imported. A record of which several events were made is then written for each of them.',
    positionals: [{ name: 'STORE', required: true, many: false, does: 'a store that "writ import" made' }],
    options: [
      { name: 'format', value: 'FORMAT', oneOf: formats, does: 'form of the lines' },
      { name: 'decision', value: 'LIST', does: 'only these, such as deny,hold' },
      { name: 'from', value: 'TIME', does: 'only from this time on (ISO 8601 with a zone)' },
      { name: 'before', value: 'TIME', does: 'only before this time' },
      { name: 'containing', value: 'WORDS', does: 'only events with all these words' },
      { name: 'filter', value: 'JSON', does: 'only what this filter lets through; see docs/store.md' },
    ],
    examples: [
      { line: 'writ export events.store --decision deny | head -3', does: 'what was denied, as OCSF' },
      {
        line: 'writ export events.store --format records --containing 10.0.0.7',
        does: 'the records that name an address',
      },
    ],
  },
  run: async (args, io) => {
    const filter = filterOf(args)
    if (isRefusal(filter)) return report(io, filter)
    const shown = args.positionals[0] ?? ''
    const opened = openStore(resolve(io.cwd, shown), undefined, shown)
    if (!opened.ok) return reportProblem(io, opened.problem, null)
    try {
      return await write(opened.reader, filter, args.choice('format', formats), io)
    } finally {
      opened.reader.close()
    }
  },
}

const pageLength = 500

async function write(reader: StoreReader, filter: Filter, format: Format, io: Io): Promise<0 | 1 | 130> {
  let damaged = false
  for (let after: { readonly time: number; readonly id: number } | null = null; ; ) {
    const page = reader.page({ filter, after, newestFirst: false, limit: pageLength })
    for (const event of page.events) {
      const line = lineOf(reader, event, format)
      if (typeof line === 'string') io.output.write(`${line}\n`)
      else {
        damaged = true
        reportProblem(io, line, null)
      }
    }
    await io.output.drained()
    if (io.interrupted.aborted) return 130
    if (page.next === null) return damaged ? 1 : 0
    after = page.next
  }
}

function lineOf(reader: StoreReader, event: ListedEvent, format: Format) {
  if (format === 'events') return JSON.stringify(event)
  const detail = reader.detail(event.id)
  if (detail === undefined) throw new Error(`event ${event.id} was listed and is not there`)
  if (detail.damage !== null) return detail.damage
  // A record may stand on several lines, of which the breaks mean nothing; those in texts are written as signs.
  return format === 'ocsf' ? JSON.stringify(ocsfEvent(event, detail.record)) : detail.record.replace(/\r?\n/g, ' ')
}

function filterOf(args: Arguments): Filter | Refusal {
  const parts: unknown[] = []
  const decisions = args.value('decision')?.split(',')
  const from = args.value('from') ?? null
  const before = args.value('before') ?? null
  const words = args.value('containing')
  if (decisions !== undefined) parts.push({ kind: 'outcome', values: decisions })
  if (from !== null || before !== null) parts.push({ kind: 'time', from, before })
  if (words !== undefined) parts.push({ kind: 'words', text: words })
  const written = args.value('filter')
  if (written !== undefined) {
    try {
      parts.push(JSON.parse(written))
    } catch {
      return refuse('W4107', { why: 'it is not JSON' })
    }
  }
  const read = filterSchema.safeParse(parts.length === 0 ? noFilter : { kind: 'all', of: parts })
  if (read.success) return read.data
  const [issue] = read.error.issues
  const where = (issue?.path ?? []).filter(step => step !== 'of').join('.')
  return refuse('W4107', { why: `${where === '' ? '' : `at ${where}: `}${issue?.message ?? 'it is of another form'}` })
}
