/** The problems of a program as an editor shows them: check, privacy flow, analysis and committed history, with the levels of `writ.json`. */
import { analyze, type FileProblem, flow } from '@writ/engine'
import { problem, type Severity, type SourceFile } from '@writ/grammar'
import { type Diagnostic, type DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver-types'
import { locationOf, rangeOf, type Snapshot } from '../workspace/snapshot.ts'
import { historyProblemsOf } from './history.ts'

type ByPath = ReadonlyMap<string, readonly FileProblem[]>
const kept = new WeakMap<Snapshot, ByPath>()
const keptOfCheck = new WeakMap<Snapshot, ByPath>()
const nothing: readonly FileProblem[] = []

/** By path, in the order of their places; the same as `writ check` prints. */
export function problemsOf(snapshot: Snapshot): ByPath {
  const known = kept.get(snapshot)
  if (known) return known
  const { checked, settings } = snapshot
  const leaks = checked.plan === null ? nothing : flow(checked.plan, { implicit: settings.implicit })
  const analysed = checked.plan === null ? nothing : analyze(checked.plan)
  const byPath = grouped(snapshot, [...checked.problems, ...leaks, ...analysed, ...historyProblemsOf(snapshot)])
  kept.set(snapshot, byPath)
  return byPath
}

/** Without flow and analysis, which take as long as the check where nothing is kept from before: for the first look at a workspace. */
export function problemsOfCheck(snapshot: Snapshot): ByPath {
  const known = kept.get(snapshot) ?? keptOfCheck.get(snapshot)
  if (known) return known
  const byPath = grouped(snapshot, snapshot.checked.problems)
  keptOfCheck.set(snapshot, byPath)
  return byPath
}

function grouped({ settings, tooLarge }: Snapshot, problems: readonly FileProblem[]): ByPath {
  const byPath = new Map<string, FileProblem[]>()
  for (const found of [...[...tooLarge].map(reportedSize), ...problems]) {
    const level = settings.levels.get(found.code) ?? found.severity
    if (level === 'off') continue
    const list = byPath.get(found.path)
    const leveled = level === found.severity ? found : { ...found, severity: level }
    if (list) list.push(leveled)
    else byPath.set(found.path, [leveled])
  }
  for (const list of byPath.values()) list.sort((a, b) => a.span.start - b.span.start)
  return byPath
}

/** The problems of one file. */
export function diagnostics(snapshot: Snapshot, path: string): readonly Diagnostic[] {
  const file = snapshot.files.get(path)
  if (!file) return []
  return (problemsOf(snapshot).get(path) ?? nothing).map(found => diagnosticOf(snapshot, file, found))
}

/** One problem as the editor shows it. */
export function diagnosticOf(snapshot: Snapshot, file: SourceFile, found: FileProblem): Diagnostic {
  const related = found.related.flatMap(({ path, span, message }) => {
    const location = locationOf(snapshot, path, span)
    return location ? [{ location, message }] : []
  })
  return {
    range: rangeOf(file, found.span),
    severity: severities[found.severity],
    code: found.code,
    source: 'writ',
    message: found.message,
    ...(related.length > 0 ? { relatedInformation: related } : {}),
    ...(unused.has(found.code) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
  }
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = { error: 1, warning: 2, information: 3, hint: 4 }

/** Uses, lets and defines that nothing needs, and rules that change nothing, are shown faded. */
const unused: ReadonlySet<string> = new Set(['W0207', 'W0208', 'W0209', 'W1201', 'W1203', 'W1204'])

function reportedSize(path: string): FileProblem {
  const what = 'This file is not checked, because it'
  return { ...problem('W0002', { start: 0, end: 0 }, { what, limit: '5,000,000 characters' }), path }
}
