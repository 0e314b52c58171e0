/** `writ init --from LOG`: reads a sample of recorded events and drafts a workspace for them. What is guessed from them is draft/. */
import type { SourceFormat } from '@writ/engine'
import { type Problem, type ProblemCode, problem } from '@writ/grammar'
import { draftContracts } from '../draft/contracts.ts'
import type { SampleRecord } from '../draft/drafted.ts'
import { type DraftFile, workspaceFiles } from '../draft/workspace-text.ts'
import { type Look, lookOf, withoutCompression } from '../formats/detect.ts'
import type { FormatReader, RecordSink } from '../formats/format-reader.ts'
import { formatReader } from '../formats/readers.ts'
import type { Json } from '../raw/json.ts'
import { type EventFile, type EventFiles, eventFiles } from './event-files.ts'
import { readBytes, readHead } from './file-bytes.ts'
import { reasonOf, systemCode } from './system-errors.ts'

export interface Draft {
  /** Empty where `problem` is not null. */
  readonly files: readonly DraftFile[]
  /** What was read and what to look at, in sentences. */
  readonly notes: readonly string[]
  readonly problem: Problem | null
}

const maxRecords = 50_000
const maxFiles = 2_000

/** `eventsPath`: how the workspace's `writ.json` is to name the log. */
export async function draftWorkspace(path: string, options: { readonly eventsPath: string }): Promise<Draft> {
  try {
    const found = eventFiles(path)
    const kind = formatOf(found)
    if (kind.format === null) {
      const advice = 'Logs are NDJSON, JSON, CSV, chat transcripts or CloudTrail files.'
      return refuse('W2063', { path, format: 'log of a known format', reason: kind.words, advice })
    }
    const { format } = kind
    const files = found.files.filter(file => !found.isFolder || readableAs(format, file))
    const records = await sampleOf(format, files)
    if (records.length === 0) return refuse('W2062', { path, reason: 'no record in it can be read' })
    const source = draftContracts(format, records)
    const globs = found.isFolder ? [...new Set(files.map(globOf))].toSorted() : []
    const guesses = source.contracts
      .flatMap(contract => contract.fields)
      .filter(field => field.guesses.length > 0).length
    return {
      files: workspaceFiles({ format, files: globs, source, eventsPath: options.eventsPath }),
      notes: [
        `drafted from ${count(records.length, 'record')} of ${count(files.length, 'file')}, format ${format}`,
        `${count(source.contracts.length, 'contract')} with ${count(guesses, 'guess')} to confirm: look for "guess:" in events.writ`,
      ],
      problem: null,
    }
  } catch (error) {
    const code = systemCode(error)
    if (code === null) throw error
    return code === 'ENOENT' ? refuse('W2060', { path }) : refuse('W2067', { path, reason: reasonOf(code) })
  }
}

/** Of a folder, the format that most of its first files look like. */
function formatOf(found: EventFiles): Look {
  const looks = found.files.slice(0, 50).map(file => lookOf(readHead(file.path).bytes))
  const votes = new Map<SourceFormat, number>()
  for (const { format } of looks) if (format !== null) votes.set(format, (votes.get(format) ?? 0) + 1)
  const [winner] = [...votes].toSorted(([, a], [, b]) => b - a)
  if (winner !== undefined) return { format: winner[0], words: '' }
  return looks[0] ?? { format: null, words: 'there is no file in it' }
}

function readableAs(format: SourceFormat, file: EventFile): boolean {
  return lookOf(readHead(file.path).bytes).format === format
}

async function sampleOf(format: SourceFormat, files: readonly EventFile[]): Promise<readonly SampleRecord[]> {
  const records: SampleRecord[] = []
  // Of very many files, some from everywhere.
  const step = Math.max(1, Math.ceil(files.length / maxFiles))
  const perFile = Math.max(100, Math.ceil((maxRecords * step) / Math.max(1, files.length)))
  for (let i = 0; i < files.length && records.length < maxRecords; i += step) {
    const file = files[i]
    if (file === undefined) break
    const before = records.length
    const sink: RecordSink = {
      record(raw: Json) {
        if (records.length - before < perFile) records.push({ file: file.name, value: raw })
      },
      broken() {},
      note() {},
    }
    const reader: FormatReader = formatReader(format, sink)
    const { packing } = readHead(file.path)
    const end = await readBytes(file.path, packing, {
      piece: bytes => reader.feed(bytes),
      progress() {},
      shouldStop: () => records.length - before >= perFile,
    })
    if (!end.stopped) reader.end(end.fault !== null)
  }
  return records
}

/** All files of the same ending, wherever they are. */
function globOf(file: EventFile): string {
  const plain = withoutCompression(file.name)
  const name = plain.slice(plain.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  const ending = dot < 0 ? '' : name.slice(dot)
  return `**/*${ending}${file.name.slice(plain.length)}`
}

function refuse(code: ProblemCode, words: Readonly<Record<string, string | number>>): Draft {
  return { files: [], notes: [], problem: problem(code, { start: 0, end: 0 }, words) }
}

function count(number: number, noun: string): string {
  const plural = noun === 'guess' ? 'guesses' : `${noun}s`
  return `${number} ${number === 1 ? noun : plural}`
}
