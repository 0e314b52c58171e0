/** Makes proofs from the folder of a log: that an entry is in it, and everything an evidence file holds (audit/evidence.ts). */
import { resolve } from 'node:path'
import { type Opening, parseOpening } from '../../audit/commitment.ts'
import { type Evidence, evidenceForm } from '../../audit/evidence.ts'
import { type AuditRecord, parseEntry, programOfEntry } from '../../audit/record.ts'
import { parseCheckpoint } from '../../tlog/checkpoint.ts'
import { logProofText } from '../../tlog/log-proof.ts'
import { inclusionProof } from '../../tlog/prove.ts'
import { tileWidth } from '../../tlog/tiles.ts'
import { sha256 } from './hashing.ts'
import { filesOnDisk } from './log-files.ts'
import { LogFolder, MissingHash } from './log-folder.ts'
import { openingsPath, programPath } from './tree-files.ts'

export type Proof =
  | {
      readonly ok: true
      readonly evidence: Omit<Evidence, 'explanation'>
      readonly record: AuditRecord
      /** The same proof alone, with the record in its `extra`. */
      readonly logProof: string
    }
  | { readonly ok: false; readonly why: string }

/** `disclose`: with the openings of what the record withholds. Throws the system's errors. */
export function proveEntry(path: string, entry: number, disclose: boolean): Proof {
  const folder = new LogFolder(filesOnDisk(resolve(path)))
  const note = checkpointNote(folder)
  if (note === undefined) return { ok: false, why: 'there is no checkpoint in the folder' }
  if (entry >= note.size) return { ok: false, why: `its checkpoint covers entries 0 to ${note.size - 1}` }
  const bytes = folder.entry(entry, note.size)
  if (bytes === undefined) return { ok: false, why: 'the bundle with the entry cannot be read' }
  const record = parseEntry(bytes)
  if (record === undefined) return { ok: false, why: 'the entry is no record' }
  try {
    const hashes = inclusionProof(sha256, folder.readHash(note.size), entry, note.size)
    const parts = { index: BigInt(entry), hashes, checkpoint: note.text }
    const evidence = {
      form: evidenceForm,
      record: Buffer.from(bytes).toString('utf8'),
      proof: logProofText({ ...parts, extra: null }),
      program: folder.read(programPath(programOfEntry(record)))?.toString('utf8') ?? null,
      openings: disclose ? [...openingsOf(folder, entry)] : [],
    } as const
    return { ok: true, evidence, record, logProof: logProofText({ ...parts, extra: bytes }) }
  } catch (error) {
    if (error instanceof MissingHash) return { ok: false, why: error.message }
    throw error
  }
}

/** Entries about the event with this place in its stream. */
export function entriesOfEvent(path: string, stream: string | null, index: number): readonly number[] {
  const folder = new LogFolder(filesOnDisk(resolve(path)))
  const size = checkpointNote(folder)?.size ?? 0
  const found: number[] = []
  for (let entry = 0; entry < size; entry++) {
    const bytes = folder.entry(entry, size)
    const event = bytes && parseEntry(bytes)?.event
    if (event !== undefined && event.index === index && (stream === null || event.stream === stream)) found.push(entry)
  }
  return found
}

function openingsOf(folder: LogFolder, entry: number): readonly Opening[] {
  const text = folder.read(openingsPath(Math.floor(entry / tileWidth)))?.toString('utf8') ?? ''
  return text.split('\n').flatMap(line => {
    const opening = line.startsWith(`{"entry":${entry},`) ? parseOpening(line) : undefined
    return opening === undefined ? [] : [opening]
  })
}

/** The note that more witnesses have seen, if there is one over the same entries; its signatures are the reader's to check. */
function checkpointNote(folder: LogFolder): { readonly text: string; readonly size: number } | undefined {
  const own = folder.read('checkpoint')?.toString('utf8')
  const witnessed = folder.read('witnessed')?.toString('utf8')
  const text = own !== undefined && witnessed?.startsWith(bodyOf(own)) === true ? witnessed : own
  const checkpoint = text === undefined ? undefined : parseCheckpoint(bodyOf(text).slice(0, -1))
  return text === undefined || checkpoint === undefined ? undefined : { text, size: Number(checkpoint.size) }
}

/** The text of a note with the empty line behind it. */
function bodyOf(note: string): string {
  return note.slice(0, note.lastIndexOf('\n\n') + 2)
}
