/** Problems of units become problems of files: offsets moved to where each declaration stands, related places and imports resolved. */
import type { Problem, SourceFile } from '@writ/grammar'
import type { Unit, UnitProblem } from '../bind/unit.ts'

/** A problem with its file; every span is in offsets of the file. */
export type FileProblem = Problem & { readonly path: string }

/** All problems of the units: those of the syntax, of names, of signatures and bodies, and of the whole. */
export function placedProblems(
  files: readonly SourceFile[],
  units: readonly Unit[],
  ofNames: ReadonlyMap<number, readonly UnitProblem[]>,
  ofWhole: ReadonlyMap<number, readonly UnitProblem[]>,
): readonly FileProblem[] {
  const problems: FileProblem[] = []
  let byId: ReadonlyMap<number, Unit> | null = null
  for (const unit of units) {
    const count =
      (unit.signature?.problems.length ?? 0) + (unit.body?.problems.length ?? 0) + unit.placed.problems.length
    if (count === 0 && !ofNames.has(unit.id) && !ofWhole.has(unit.id)) continue
    byId ??= new Map(units.map(unit => [unit.id, unit]))
    const known = byId
    const own: readonly UnitProblem[] = [
      ...(ofNames.get(unit.id) ?? []),
      ...(unit.signature?.problems ?? []),
      ...(unit.body?.problems ?? []),
      ...(ofWhole.get(unit.id) ?? []),
    ]
    const { path } = files[unit.file] ?? { path: '' }
    const found = unit.placed.problems.map(syntax => ({
      ...moved(syntax, unit.placed.start),
      path,
      related: syntax.related,
    }))
    for (const made of own) {
      const related = made.related.flatMap(place => {
        const there = place.unit === null ? unit : known.get(place.unit)
        const file = there && files[there.file]
        if (!there || !file) return []
        return [{ path: file.path, span: shifted(place.span, there.placed.start), message: place.message }]
      })
      const { imports, ...rest } = made
      const placed = moved({ ...rest, related }, unit.placed.start)
      const fix = imports && importFix(files[unit.file], imports)
      found.push({ ...placed, path, fixes: fix ? [...placed.fixes, fix] : placed.fixes })
    }
    problems.push(...found.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end))
  }
  return problems
}

function moved(found: Problem, by: number): Problem {
  const fixes = found.fixes.map(fix => ({
    ...fix,
    edits: fix.edits.map(edit => ({ ...edit, span: shifted(edit.span, by) })),
  }))
  return { ...found, span: shifted(found.span, by), fixes }
}

function shifted(span: { readonly start: number; readonly end: number }, by: number) {
  return { start: span.start + by, end: span.end + by }
}

/** Adds a name to the `use` of its module, or a `use` behind those that there are; in file offsets. */
export function importFix(
  file: SourceFile | undefined,
  imports: NonNullable<UnitProblem['imports']>,
): Problem['fixes'][number] | null {
  const title = `Import ${imports.name} from ${imports.module}`
  const declarations = file?.declarations ?? []
  const there = declarations.find(({ syntax }) => syntax.kind === 'use' && syntax.module.text === imports.module)
  const last = there?.syntax.kind === 'use' ? there.syntax.names.at(-1) : undefined
  if (there && last) {
    const at = there.start + last.span.end
    return { title, edits: [{ span: { start: at, end: at }, text: `, ${imports.name}` }] }
  }
  const head = declarations.findLast(({ syntax }) => syntax.kind === 'use' || syntax.kind === 'module')
  const at = head ? head.start + head.syntax.span.end : 0
  const line = `use ${imports.module} { ${imports.name} }`
  return { title, edits: [{ span: { start: at, end: at }, text: head ? `\n${line}` : `${line}\n` }] }
}
