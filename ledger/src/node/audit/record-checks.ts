/**
 * What the records of a log name beside it: openings of what they withhold, and texts of the policies that decided. Each group of
 * entries is checked on its own; what they have in common is gathered.
 */
import { programOfEntry } from '../../audit/record.ts'
import { tileWidth } from '../../tlog/tiles.ts'
import { hex, sha256 } from './hashing.ts'
import type { LogFolder } from './log-folder.ts'
import { openingsPath, programPath } from './tree-files.ts'
import type { ReportProblem, VerifyTools } from './verify-tools.ts'

/** What the records of one bundle say, and their openings. */
export interface GroupRecords {
  readonly index: number
  /** By digest, the entries that the program decided, both inclusive. */
  readonly programs: ReadonlyMap<string, EntrySpan>
  readonly withheld: number
  readonly opened: number
  readonly problems: readonly Parameters<ReportProblem>[]
}
interface EntrySpan {
  readonly from: number
  readonly to: number
}

/** `entries`: null where they cannot be read; then nothing can be said of their openings. */
export function checkRecords(
  folder: LogFolder,
  index: number,
  entries: readonly Uint8Array[] | null,
  file: string,
  tools: VerifyTools,
): GroupRecords {
  const programs = new Map<string, { from: number; to: number }>()
  const problems: Parameters<ReportProblem>[] = []
  const committed = new Map<number, Readonly<Record<string, string>>>()
  let withheld = 0
  let entry = index * tileWidth - 1
  for (const bytes of entries ?? []) {
    entry++
    const record = tools.parseEntry(bytes)
    if (record === undefined) {
      problems.push(['W4033', { file, from: entry, to: entry }, { why: 'is no record' }])
      continue
    }
    const digest = programOfEntry(record)
    const span = programs.get(digest)
    if (span === undefined) programs.set(digest, { from: entry, to: entry })
    else span.to = entry
    if (record.withheld === undefined) continue
    committed.set(entry, record.withheld)
    withheld += Object.keys(record.withheld).length
  }
  const opened = entries === null ? 0 : checkOpenings(folder, index, committed, problems, tools)
  return { index, programs, withheld, opened, problems }
}

/** How many fit. */
function checkOpenings(
  folder: LogFolder,
  index: number,
  withheld: ReadonlyMap<number, Readonly<Record<string, string>>>,
  problems: Parameters<ReportProblem>[],
  tools: VerifyTools,
): number {
  const file = openingsPath(index)
  const text = folder.read(file)
  if (text === undefined) return 0
  let opened = 0
  const first = index * tileWidth
  const lines = text.toString('utf8').split('\n')
  const whole = Buffer.from(lines.join('\n')).equals(text)
  for (const [place, line] of lines.entries()) {
    if (line === '' && place === lines.length - 1) continue
    const opening = whole ? tools.parseOpening(line) : undefined
    const committed = opening && withheld.get(opening.entry)?.[opening.path]
    if (opening !== undefined && committed !== undefined && tools.opens(sha256, opening, committed)) {
      opened++
      continue
    }
    // Openings are written with the batch, so the last file may be ahead of the checkpoint.
    if (opening !== undefined && !withheld.has(opening.entry) && withheld.size === 0) continue
    const range =
      opening === undefined ? { from: first, to: first + tileWidth - 1 } : { from: opening.entry, to: opening.entry }
    const why =
      opening === undefined ? 'this is no opening' : `it does not open ${opening.path} of entry ${opening.entry}`
    problems.push(['W4027', { file, ...range }, { line: place + 1, why }])
  }
  return opened
}

/** Puts the groups together, and holds them against the files beside the log. */
export class RecordChecks {
  readonly #folder: LogFolder
  readonly #report: ReportProblem
  readonly #programs = new Map<string, EntrySpan>()
  readonly #openingFiles = new Set<string>()
  #withheld = 0
  #opened = 0

  constructor(folder: LogFolder, report: ReportProblem) {
    this.#folder = folder
    this.#report = report
  }

  get openings(): { readonly withheld: number; readonly opened: number } {
    return { withheld: this.#withheld, opened: this.#opened }
  }

  /** Groups come in their order. */
  add({ index, programs, withheld, opened, problems }: GroupRecords): void {
    this.#openingFiles.add(openingsPath(index))
    for (const [digest, span] of programs)
      this.#programs.set(digest, { from: this.#programs.get(digest)?.from ?? span.from, to: span.to })
    this.#withheld += withheld
    this.#opened += opened
    for (const problem of problems) this.#report(...problem)
  }

  finish(): void {
    for (const [digest, range] of this.#programs) {
      const file = programPath(digest)
      const text = this.#folder.read(file)
      if (text === undefined) this.#report('W4028', { file, ...range }, { why: 'is not there' })
      else if (hex(sha256(text)) !== digest) this.#report('W4028', { file, ...range }, { why: 'is another text' })
    }
    const known = new Set([...this.#programs.keys()].map(programPath))
    for (const file of this.#folder.files('programs'))
      if (!known.has(file) && !isProgram(this.#folder, file))
        this.#report('W4026', { file }, { why: 'is no program text' })
    for (const file of this.#folder.files('openings'))
      if (!this.#openingFiles.has(file)) this.#report('W4026', { file }, { why: 'opens nothing' })
  }
}

function isProgram(folder: LogFolder, file: string): boolean {
  const text = folder.read(file)
  return text !== undefined && programPath(hex(sha256(text))) === file
}
