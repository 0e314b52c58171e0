/** The `use`s of a file in the order of their modules, names in theirs, each once, without those that nothing needs. */
import type { SourceFile, TextEdit } from '@writ/grammar'
import type { Snapshot } from '../../workspace/snapshot.ts'

export function organiseUses(snapshot: Snapshot, path: string): readonly TextEdit[] {
  const file = snapshot.files.get(path)
  const uses = file?.declarations.filter(({ syntax }) => syntax.kind === 'use') ?? []
  const [first] = uses
  const last = uses.at(-1)
  if (!file || !first || !last || !standTogether(file, first.start, last.end)) return []
  const unused = new Set(
    snapshot.checked.problems
      .filter(found => found.path === path && found.code === 'W0207')
      .map(({ span }) => span.start),
  )
  const modules = new Map<string, Set<string>>()
  for (const { start, syntax, problems } of uses) {
    // What could not be read stays as it is, and with it all the others.
    if (syntax.kind !== 'use' || problems.length > 0) return []
    const names = modules.get(syntax.module.text) ?? new Set<string>()
    modules.set(syntax.module.text, names)
    for (const { name, alias, span } of syntax.names)
      if (!unused.has(start + span.start)) names.add(alias ? `${name.text} as ${alias.text}` : name.text)
  }
  const lines = [...modules]
    .filter(([, names]) => names.size > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([module, names]) => `use ${module} { ${[...names].sort().join(', ')} }`)
  const text = lines.join('\n')
  return text === file.text.slice(first.start, last.end) ? [] : [{ span: { start: first.start, end: last.end }, text }]
}

/** Nothing but `use`s and space; comments keep their places. */
function standTogether({ text, declarations }: SourceFile, start: number, end: number): boolean {
  let at = start
  for (const placed of declarations) {
    if (placed.start < start || placed.end > end) continue
    if (text.slice(at, placed.start).trim() !== '' || placed.syntax.kind !== 'use' || placed.text.includes('//'))
      return false
    at = placed.end
  }
  return true
}
