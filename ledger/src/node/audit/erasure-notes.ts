/** The notes of erasures beside a log, `erasures/000001.note` and so on: reading them in their order, each signed and naming the one before. */
import { type Erasure, parseErasure } from '../../audit/erasure.ts'
import { openNote, type Signatures, type VerifierKey } from '../../tlog/signed-note.ts'
import { hex, sha256 } from './hashing.ts'
import type { LogFiles } from './log-files.ts'

export interface ErasureNote {
  readonly path: string
  readonly erasure: Erasure
  /** Hex SHA-256 of the file. */
  readonly digest: string
}

export interface ReadErasures {
  readonly notes: readonly ErasureNote[]
  /** What is wrong with which file; those behind it are not read. */
  readonly fault: { readonly path: string; readonly why: string } | null
}

export function erasurePath(number: number): string {
  return `erasures/${String(number).padStart(6, '0')}.note`
}

export function readErasures(files: LogFiles, signatures: Signatures, keys: readonly VerifierKey[]): ReadErasures {
  const notes: ErasureNote[] = []
  for (const [place, path] of files.list('erasures').entries()) {
    const fault = (why: string): ReadErasures => ({ notes, fault: { path, why } })
    if (path !== erasurePath(place + 1)) return fault(`${erasurePath(place + 1)} is missing before it`)
    const bytes = files.read(path) ?? Buffer.alloc(0)
    const text = bytes.toString('utf8')
    if (!Buffer.from(text).equals(bytes)) return fault('it is not UTF-8')
    const opened = openNote(signatures, text, keys)
    if (!opened.ok) return fault(opened.why)
    const erasure = parseErasure(opened.text)
    if (erasure === undefined) return fault('the signed note tells of no erasure')
    const byLog = opened.signedBy.some(({ key }) => key.kind === 'signature' && key.name === erasure.log)
    if (!byLog) return fault(`no trusted log named ${erasure.log} signed it`)
    const before = notes.at(-1)?.digest ?? null
    if (erasure.previous !== before) return fault('it does not go on from the note before it')
    notes.push({ path, erasure, digest: hex(sha256(bytes)) })
  }
  return { notes, fault: null }
}
