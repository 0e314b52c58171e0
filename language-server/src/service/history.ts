/**
 * What the committed history says of a snapshot: its problems in the places that they have now, and the numbers that a declaration
 * had. The judgement comes later than the text (transport/history.ts), so that declarations may have moved since, or changed.
 */
import type { FileProblem, PastVersion } from '@writ/engine'
import type { PlacedDeclaration, SourceFile, Span } from '@writ/grammar'
import type { Snapshot } from '../workspace/snapshot.ts'

/** Problems of declarations that have changed since they were judged stay until the next judgement, without their fixes. */
export function historyProblemsOf({ history, files }: Snapshot): readonly FileProblem[] {
  if (history === null) return []
  return history.problems.flatMap(found => {
    const judged = history.files.get(found.path)
    const now = files.get(found.path)
    if (!judged || !now) return []
    return judged === now || judged.text === now.text ? [found] : moved(found, judged, now)
  })
}

function moved(found: FileProblem, judged: SourceFile, now: SourceFile): readonly FileProblem[] {
  const was = judged.declarations.find(({ start, end }) => start <= found.span.start && found.span.start <= end)
  if (!was) return []
  const same = now.declarations.filter(({ text }) => text === was.text)
  const place = judged.declarations.filter(({ text }) => text === was.text).indexOf(was)
  const is = same[place] ?? same[0]
  if (is) {
    const by = is.start - was.start
    const shifted = ({ start, end }: Span): Span => ({ start: start + by, end: end + by })
    const fixes = found.fixes.map(fix => ({
      ...fix,
      edits: fix.edits.map(edit => ({ ...edit, span: shifted(edit.span) })),
    }))
    return [{ ...found, span: shifted(found.span), fixes }]
  }
  const changed = now.declarations.find(
    ({ syntax }) => nameOf(syntax) !== null && nameOf(syntax) === nameOf(was.syntax),
  )
  if (!changed) return []
  const within = (offset: number): number => Math.min(changed.start + offset - was.start, changed.end)
  return [{ ...found, span: { start: within(found.span.start), end: within(found.span.end) }, fixes: [] }]
}

function nameOf(syntax: PlacedDeclaration['syntax']): string | null {
  return 'name' in syntax && syntax.name !== null && 'text' in syntax.name ? `${syntax.kind} ${syntax.name.text}` : null
}

/** The oldest first; empty where nothing is known. `name` with its module: `events.Paid`. */
export function pastVersions({ history }: Snapshot, name: string): readonly PastVersion[] {
  return history?.versions.get(name) ?? []
}
