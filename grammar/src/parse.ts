/**
 * Text to a syntax tree, declaration by declaration. After an edit only the declarations that the edit touched are read again.
 * Where declarations begin is scan.ts, what is in one is parser/declaration.ts.
 */
import { parseDeclaration } from './parser/declaration.ts'
import type { Problem } from './problems/problem.ts'
import { nextDeclaration } from './scan.ts'
import { shiftProblem } from './shift.ts'
import type { PlacedDeclaration, SourceFile } from './syntax.ts'

/**
 * Reads a file. Never throws: what cannot be read is a `broken` declaration with problems.
 * A declaration of `previous` whose text is unchanged is reused: the same object where it did not move, else a new
 * `PlacedDeclaration` with the same `syntax` and `problems` objects. So caches may be keyed by `syntax`.
 */
export function parse(path: string, text: string, previous?: SourceFile): SourceFile {
  if (previous === undefined || previous.declarations.length === 0)
    return { path, text, declarations: readAll(text, 0, text.length) }
  if (previous.text === text) return previous.path === path ? previous : { ...previous, path }
  const kept = keptBefore(previous, text)
  const behind = keptBehind(previous, text)
  const shift = text.length - previous.text.length
  const declarations = previous.declarations.slice(0, kept)
  let at = declarations.at(-1)?.end ?? 0
  // The old declarations that lie wholly in the unchanged end of the text, by their new start.
  let next = behind
  const reusable = reusableByText(previous, kept, behind)
  for (;;) {
    const cut = nextDeclaration(text, at)
    if (cut === null) break
    for (let old = previous.declarations[next]; old !== undefined && old.start + shift < cut.start; next++)
      old = previous.declarations[next + 1]
    const met = previous.declarations[next]
    if (met !== undefined && met.start + shift === cut.start && met.end + shift === cut.end) {
      // From here on the text and therefore the cuts are those of before.
      for (const old of previous.declarations.slice(next)) declarations.push(moved(old, shift))
      break
    }
    const cutText = text.slice(cut.start, cut.end)
    const same = reusable.get(cutText)
    declarations.push(same === undefined ? place(cutText, cut.start) : moved(same, cut.start - same.start))
    at = cut.end
  }
  return { path, text, declarations }
}

/** The problems of all declarations, in file offsets and in order. */
export function syntaxProblems(file: SourceFile): readonly Problem[] {
  const problems: Problem[] = []
  for (const { start, problems: own } of file.declarations) {
    for (const problem of own) problems.push(shiftProblem(problem, start))
  }
  return problems
}

function readAll(text: string, from: number, until: number): PlacedDeclaration[] {
  const declarations: PlacedDeclaration[] = []
  for (let cut = nextDeclaration(text, from); cut !== null && cut.start < until; cut = nextDeclaration(text, cut.end)) {
    declarations.push(place(text.slice(cut.start, cut.end), cut.start))
  }
  return declarations
}

function place(text: string, start: number): PlacedDeclaration {
  return { start, end: start + text.length, text, ...parseDeclaration(text) }
}

function moved(declaration: PlacedDeclaration, shift: number): PlacedDeclaration {
  if (shift === 0) return declaration
  const { start, end, text, syntax, problems } = declaration
  return { start: start + shift, end: end + shift, text, syntax, problems }
}

/**
 * How many of the first declarations stay. Where a declaration ends may depend on the first words of the next one,
 * so only those whose successor is unchanged too.
 */
function keptBefore({ text: old, declarations }: SourceFile, text: string): number {
  const same = commonStart(old, text)
  let kept = 0
  for (let index = 0; index + 1 < declarations.length; index++) {
    const after = declarations[index + 1]
    if (after === undefined || after.end > same) break
    kept = index + 1
  }
  return kept
}

/** The index of the first declaration that lies wholly in the unchanged end of the text. */
function keptBehind({ text: old, declarations }: SourceFile, text: string): number {
  const from = old.length - commonEnd(old, text)
  let index = declarations.length
  while (index > 0) {
    const before = declarations[index - 1]
    if (before === undefined || before.start < from) break
    index--
  }
  return index
}

/** Texts are compared in slices of this many characters, which the machine does at once; only the last slice is looked at one by one. */
const sliceSize = 8192

function commonStart(a: string, b: string): number {
  const limit = Math.min(a.length, b.length)
  let same = 0
  while (same + sliceSize <= limit && a.slice(same, same + sliceSize) === b.slice(same, same + sliceSize))
    same += sliceSize
  while (same < limit && a.charCodeAt(same) === b.charCodeAt(same)) same++
  return same
}

function commonEnd(a: string, b: string): number {
  const limit = Math.min(a.length, b.length)
  let same = 0
  while (
    same + sliceSize <= limit &&
    a.slice(a.length - same - sliceSize, a.length - same) === b.slice(b.length - same - sliceSize, b.length - same)
  ) {
    same += sliceSize
  }
  while (same < limit && a.charCodeAt(a.length - 1 - same) === b.charCodeAt(b.length - 1 - same)) same++
  return same
}

/** The old declarations of the changed stretch by their text; all of it may just have moved. */
function reusableByText(
  { declarations }: SourceFile,
  from: number,
  until: number,
): ReadonlyMap<string, PlacedDeclaration> {
  const byText = new Map<string, PlacedDeclaration>()
  for (const declaration of declarations.slice(from, until)) byText.set(declaration.text, declaration)
  return byText
}
