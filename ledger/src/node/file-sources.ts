/**
 * Which source reads which file: by the globs of the sources, and where those leave several, by what the file looks like. Without a
 * declared source there is one for every format, by the rules of docs/language.md ("Without a source …").
 */
import {
  isApproval,
  type Plan,
  type PlanMap,
  type PlanSource,
  type RawCondition,
  type SourceFormat,
} from '@writ/engine'
import { beginsWithObjectLine, formatByName, type Look, lookOf } from '../formats/detect.ts'
import { type EventFile, type EventFiles, globMatches } from './event-files.ts'
import { type Head, readHead } from './file-bytes.ts'

export interface SourcedFile {
  readonly file: EventFile
  readonly source: PlanSource
}

export type Sourcing =
  | { readonly files: readonly SourcedFile[] }
  /** Several sources may be meant. */
  | { readonly ambiguous: readonly string[] }
  /** The file looks like no format. */
  | { readonly unknown: Look }

/** `sources`: the declared ones, or the one that was named; empty: none is declared. */
export function sourceFiles(plan: Plan, sources: readonly PlanSource[], found: EventFiles): Sourcing {
  if (sources.length === 0) return undeclared(plan, found)
  const files: SourcedFile[] = []
  for (const file of found.files) {
    const candidates = sources.filter(source => means(source, file, found.isFolder))
    const [only, second] = candidates
    if (only === undefined) {
      // A file that is named by the user is read, whatever the globs say.
      if (!found.isFolder) return pick(file, sources)
    } else if (second === undefined) {
      files.push({ file, source: only })
    } else {
      const picked = pick(file, candidates)
      if (!('files' in picked)) return picked
      files.push(...picked.files)
    }
  }
  return { files }
}

/** The source that is used where none is declared: the member `event` names the contract, fields are read by their names. */
export function defaultSource(plan: Plan, format: SourceFormat): PlanSource {
  // The contract of approvals comes last, and is not the author's.
  const [only, ...others] = plan.contracts
  const eventName = { kind: 'path', path: ['event'] } as const
  const maps = plan.contracts.map((contract, number): PlanMap => {
    const named: RawCondition = {
      kind: 'equals',
      left: eventName,
      right: { kind: 'literal', value: contract.name, text: contract.name },
    }
    const unnamed: RawCondition = { kind: 'not', operand: { kind: 'present', value: eventName } }
    return {
      contract: number,
      when: contract === only && others.every(isApproval) ? { kind: 'or', operands: [named, unnamed] } : named,
      fields: contract.fields.map(({ name }) => ({ field: name, value: { kind: 'path', path: [name] } })),
    }
  })
  return {
    name: format,
    format,
    files: [],
    time: { kind: 'contract' },
    latenessMilliseconds: 0,
    lateMode: 'record',
    maps,
    span: only?.span ?? { file: 0, start: 0, end: 0 },
  }
}

function undeclared(plan: Plan, found: EventFiles): Sourcing {
  const byFormat = new Map<SourceFormat, PlanSource>()
  const files: SourcedFile[] = []
  for (const file of found.files) {
    let format: SourceFormat | null = formatByName(file.name)
    if (format === null) {
      if (found.isFolder) continue
      const look = lookOf(headOf(file).bytes)
      format = look.format
      if (format === null && look.words !== 'it is empty') return { unknown: look }
      format ??= 'ndjson'
    }
    const source = byFormat.get(format) ?? defaultSource(plan, format)
    byFormat.set(format, source)
    files.push({ file, source })
  }
  return { files }
}

function means(source: PlanSource, file: EventFile, inFolder: boolean): boolean {
  if (source.files.length === 0) return true
  // Of a single file only the name is known, so only the last part of the glob can speak of it.
  return source.files.some(glob => globMatches(inFolder ? glob : glob.slice(glob.lastIndexOf('/') + 1), file.name))
}

function pick(file: EventFile, candidates: readonly PlanSource[]): Sourcing {
  const [first] = candidates
  if (first !== undefined && candidates.length === 1) return { files: [{ file, source: first }] }
  const named = candidates.filter(source => source.files.length > 0)
  const head = headOf(file).bytes
  const look = lookOf(head)
  const narrowed = [named, candidates].map(list => list.filter(source => source.format === look.format))
  for (const list of narrowed) {
    const [only] = list
    if (only !== undefined && list.length === 1) return { files: [{ file, source: only }] }
  }
  const fitting = candidates.filter(source => !contradicts(source.format, head))
  const [only] = fitting
  if (only !== undefined && fitting.length === 1) return { files: [{ file, source: only }] }
  return { ambiguous: (fitting.length > 0 ? fitting : candidates).map(source => source.name) }
}

/** Why the file that begins like this cannot be of the format; null where it may be. */
export function contradicts(format: SourceFormat, head: Uint8Array): Look | null {
  const look = lookOf(head)
  switch (format) {
    case 'ndjson': {
      if (look.format === null || beginsWithObjectLine(head)) return null
      if (look.format === 'csv') return hasObjectLine(head) ? null : look
      // One object in one line, or the beginning of a long line, may be NDJSON whatever it holds.
      const text = Buffer.from(head).toString('latin1').trim()
      return text.startsWith('{') && !text.includes('\n') ? null : look
    }
    case 'json':
      return look.format === 'csv' || look.words === 'it is not text' || isSeveralLines(head) ? look : null
    case 'csv':
      return look.format !== 'csv' && look.format !== null ? look : look.words === 'it is not text' ? look : null
    case 'chat':
    case 'cloudtrail':
      return look.format === 'csv' || (look.format === null && look.words !== 'it is empty') ? look : null
  }
}

function hasObjectLine(head: Uint8Array): boolean {
  return /^\s*\{/m.test(Buffer.from(head).toString('latin1'))
}

function isSeveralLines(head: Uint8Array): boolean {
  return beginsWithObjectLine(head) && /^[^\n]*\}\s*\n\s*\{/.test(Buffer.from(head).toString('latin1'))
}

function headOf(file: EventFile): Head {
  return readHead(file.path)
}
