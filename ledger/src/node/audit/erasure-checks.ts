/** Holds the notes of erasures against a log: they are signed and in their order, and what they say is gone is gone. */
import { parseOpening } from '../../audit/commitment.ts'
import { isErased } from '../../audit/erasure.ts'
import type { VerifierKey } from '../../tlog/signed-note.ts'
import { tileWidth } from '../../tlog/tiles.ts'
import { readErasures } from './erasure-notes.ts'
import type { LogFiles } from './log-files.ts'
import { LogFolder } from './log-folder.ts'
import { openingsPath } from './tree-files.ts'
import type { ReportProblem, VerifyTools } from './verify-tools.ts'

export function checkErasures(
  files: LogFiles,
  size: number,
  keys: readonly VerifierKey[],
  tools: VerifyTools,
  report: ReportProblem,
): { readonly notes: number; readonly openings: number } {
  const { notes, fault } = readErasures(files, tools.signatures, keys)
  if (fault !== null) report('W4037', { file: fault.path }, { why: fault.why })
  if (notes.length > 0) checkGone(new LogFolder(files), size, notes, tools, report)
  const openings = notes.flatMap(note => note.erasure.rules).reduce((sum, rule) => sum + rule.openings, 0)
  return { notes: notes.length, openings }
}

function checkGone(
  folder: LogFolder,
  size: number,
  notes: ReturnType<typeof readErasures>['notes'],
  tools: VerifyTools,
  report: ReportProblem,
): void {
  for (let index = 0; index * tileWidth < size; index++) {
    const file = openingsPath(index)
    const text = folder.read(file)?.toString('utf8')
    if (text === undefined || text === '') continue
    const entries = folder.entries(index, size) ?? []
    const found = new Set<number>()
    for (const line of text.split('\n')) {
      const opening = line === '' ? undefined : parseOpening(line)
      const bytes = opening && entries[opening.entry - index * tileWidth]
      const record = bytes && tools.parseEntry(bytes)
      if (opening === undefined || record === undefined || found.has(opening.entry)) continue
      if (!notes.some(note => isErased(note.erasure, opening.entry, record))) continue
      found.add(opening.entry)
      report('W4038', { file, from: opening.entry, to: opening.entry })
    }
  }
}
