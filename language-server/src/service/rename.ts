/**
 * Renaming over all files. A name that two contracts share through one alias or one key is renamed in both, or the program would mean
 * something else; a rename that would make a name mean something else is refused.
 */
import { type Name, reservedWords, type TextEdit } from '@writ/grammar'
import type { Position, Range, WorkspaceEdit } from 'vscode-languageserver-types'
import { type Found, occurrenceAt, occurrencesOfSymbol } from '../names/occurrences.ts'
import { surroundingsOf } from '../names/surroundings.ts'
import type { WritSymbol } from '../names/symbol.ts'
import { offsetAt, rangeOf, type Snapshot } from '../workspace/snapshot.ts'
import { attempt, type Edits, errorCount, movedOffset, workspaceEdit } from './attempt.ts'

/** What can be renamed at a place; null where nothing can. */
export function prepareRename(
  snapshot: Snapshot,
  path: string,
  position: Position,
): { readonly range: Range; readonly placeholder: string } | null {
  const file = snapshot.files.get(path)
  const found = occurrenceAt(snapshot, path, offsetAt(snapshot, path, position))
  if (!file || !found?.occurrence.symbols.every(symbol => isRenamed(snapshot, symbol))) return null
  return { range: rangeOf(file, found.span), placeholder: found.occurrence.text }
}

/** The edit, or why it cannot be made, as a sentence. */
export function rename(snapshot: Snapshot, path: string, position: Position, name: string): WorkspaceEdit | string {
  const offset = offsetAt(snapshot, path, position)
  const found = occurrenceAt(snapshot, path, offset)
  if (!found?.occurrence.symbols.every(symbol => isRenamed(snapshot, symbol)))
    return 'There is no name here that could be renamed.'
  const refused = refusal(name, found.occurrence.symbols[0])
  if (refused !== null) return refused
  if (name === found.occurrence.text) return { changes: {} }
  const places = sharedPlaces(snapshot, found)
  const edits = editsFor(snapshot, places, name, found)
  const after = attempt(snapshot, edits)
  const there = occurrenceAt(after, path, movedOffset(found.span.start, edits.get(path) ?? []))
  let count = 0
  for (const own of edits.values()) count += own.length
  const same = there ? sharedPlaces(after, there).length === count : false
  if (!same || errorCount(after) > errorCount(snapshot))
    return `\`${name}\` already means something where \`${found.occurrence.text}\` is used. Choose another name.`
  return workspaceEdit(snapshot, edits)
}

const fixed: ReadonlySet<string> = new Set(['function', 'basic-type', 'class'])

function isRenamed(snapshot: Snapshot, symbol: WritSymbol): boolean {
  if (fixed.has(symbol.kind)) return false
  const home = surroundingsOf(snapshot).homeOf(symbol)
  return home === null || home.module !== 'writ'
}

function refusal(name: string, symbol: WritSymbol | undefined): string | null {
  const pattern = symbol?.kind === 'module' ? /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/ : /^[A-Za-z_]\w*$/
  if (!pattern.test(name)) return `\`${name}\` is no name: write letters, digits and \`_\`, and begin with a letter.`
  if (Object.hasOwn(reservedWords, name)) return `\`${name}\` has a meaning in expressions and cannot be a name.`
  return null
}

/** The occurrences of all symbols that share one with the name at hand. */
function sharedPlaces(snapshot: Snapshot, from: Found): readonly Found[] {
  const places = new Map<string, Found>()
  const seen = new Set<string>()
  const pending = [...from.occurrence.symbols]
  for (let symbol = pending.pop(); symbol; symbol = pending.pop()) {
    if (seen.has(symbol.key)) continue
    seen.add(symbol.key)
    for (const found of occurrencesOfSymbol(snapshot, symbol)) {
      // A name that `use … as` gives is another name.
      if (found.occurrence.text !== from.occurrence.text) continue
      if (isAlias(from) && found.path !== from.path) continue
      places.set(`${found.path}:${found.span.start}`, found)
      pending.push(...found.occurrence.symbols)
    }
  }
  return [...places.values()]
}

function isAlias({ occurrence }: Found): boolean {
  return occurrence.symbols.every(({ name }) => name !== occurrence.text)
}

function editsFor(snapshot: Snapshot, places: readonly Found[], name: string, from: Found): Edits {
  const edits = new Map<string, TextEdit[]>()
  const add = (path: string, edit: TextEdit) => {
    const list = edits.get(path)
    if (list) list.push(edit)
    else edits.set(path, [edit])
  }
  for (const { path, span } of places) add(path, { span, text: name })
  const fields = new Set(places.flatMap(({ occurrence }) => occurrence.symbols.map(({ key }) => key)))
  for (const { path, edit } of rawNames(snapshot, fields, from.occurrence.text, name)) add(path, edit)
  return edits
}

/** A field without a line in a `map` is read from the raw member of its name, which keeps its name: the map says so from now on. */
function rawNames(
  snapshot: Snapshot,
  keys: ReadonlySet<string>,
  old: string,
  name: string,
): readonly { readonly path: string; readonly edit: TextEdit }[] {
  const around = surroundingsOf(snapshot)
  return around.units.flatMap(unit => {
    const { syntax, placed } = unit
    if (syntax.kind !== 'source') return []
    return syntax.items.flatMap(item => {
      if (item.kind !== 'map' || item.fields.some(field => isNamed(field.name, old))) return []
      const contract = around.contract(unit, item.contract.text)
      if (!contract || !keys.has(`field:${contract.module}/${contract.name}/${old}`)) return []
      const close = placed.start + item.span.end - 1
      const before = placed.text.slice(0, item.span.end - 1)
      const gap = before.endsWith('\n') || before.endsWith(' ') ? '' : ' '
      return [
        { path: around.pathOf(unit), edit: { span: { start: close, end: close }, text: `${gap}${name} = ${old} ` } },
      ]
    })
  })
}

function isNamed(name: Name, text: string): boolean {
  return name.text === text
}

/** A file that moves takes along the module that is named after it: its `module` line and every `use` of it. */
export function fileRenameEdit(snapshot: Snapshot, path: string, to: string): WorkspaceEdit | null {
  const file = snapshot.files.get(path)
  const head = file?.declarations.find(({ syntax }) => syntax.kind === 'module')
  if (!file || head?.syntax.kind !== 'module') return null
  const { text, span } = head.syntax.name
  const [before, after] = [baseName(path), baseName(to)]
  const last = text.slice(text.lastIndexOf('.') + 1)
  if (last !== before || before === after || !/^[A-Za-z_]\w*$/.test(after)) return null
  const symbol: WritSymbol = { key: `module:${text}`, kind: 'module', name: text }
  const declared = occurrencesOfSymbol(snapshot, symbol).filter(({ occurrence }) => occurrence.declares)
  // Other files of the module keep their name, and so does the module.
  if (declared.length > 1) return null
  const result = rename(
    snapshot,
    path,
    rangeOf(file, { start: head.start + span.start, end: head.start + span.start }).start,
    text.slice(0, text.length - last.length) + after,
  )
  return typeof result === 'string' ? null : result
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.writ$/, '')
}
