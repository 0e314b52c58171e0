/**
 * The index of names: the occurrences of each declaration, worked out when they are first asked for and kept while neither the
 * declaration nor anything it looked up has changed. What stands for what is collect.ts.
 */
import { inspect, type Unit } from '@writ/engine/editor'
import type { Declaration, SourceFile } from '@writ/grammar'
import { declarationAt, type Snapshot } from '../workspace/snapshot.ts'
import { type Collected, collectOccurrences } from './collect.ts'
import { stillHolds } from './questions.ts'
import { surroundingsOf } from './surroundings.ts'
import type { Occurrence, WritSymbol } from './symbol.ts'

interface Kept {
  readonly signature: Unit['signature']
  readonly body: Unit['body']
  readonly id: number
  readonly module: string
  readonly collected: Collected
}
const kept = new WeakMap<Declaration, Kept>()

/** In the order of their places. */
export function occurrencesOf(snapshot: Snapshot, unit: Unit): readonly Occurrence[] {
  const known = kept.get(unit.syntax)
  const { signature, body, id, module } = unit
  const around = surroundingsOf(snapshot)
  const same = known?.signature === signature && known.body === body && known.id === id && known.module === module
  if (known && same && stillHolds(known.collected.answers, unit, around)) return known.collected.occurrences
  const collected = collectOccurrences(unit, around, inspect(snapshot.checked, unit))
  kept.set(unit.syntax, { signature, body, id, module, collected })
  return collected.occurrences
}

/** An occurrence with its place in a file. */
export interface Found {
  readonly occurrence: Occurrence
  readonly unit: Unit
  readonly path: string
  /** In the file. */
  readonly span: { readonly start: number; readonly end: number }
}

/** The name at an offset of a file, its end included. */
export function occurrenceAt(snapshot: Snapshot, path: string, offset: number): Found | null {
  const file = snapshot.files.get(path)
  const unit = file && unitAt(snapshot, path, file, offset)
  if (!unit) return null
  const { start } = unit.placed
  const at = offset - start
  const touching = occurrencesOf(snapshot, unit).filter(each => each.start <= at && at <= each.end)
  // Where two names touch, the one that begins here is meant.
  const occurrence = touching.at(-1)
  return occurrence ? place(unit, path, occurrence) : null
}

export function unitAt(snapshot: Snapshot, path: string, file: SourceFile, offset: number): Unit | null {
  const placed = declarationAt(file, offset)
  if (!placed) return null
  return (
    surroundingsOf(snapshot)
      .unitsAt(path)
      .find(unit => unit.placed.start === placed.start) ?? null
  )
}

/** Every occurrence of a symbol in the program, by path and place. */
export function occurrencesOfSymbol(snapshot: Snapshot, symbol: WritSymbol): readonly Found[] {
  const around = surroundingsOf(snapshot)
  const home = symbol.key.startsWith('local:') && symbol.kind !== 'parameter' ? around.homeOf(symbol) : null
  const names = [symbol.name, ...importedAs(snapshot, symbol)]
  const found: Found[] = []
  for (const unit of home ? [home] : around.units) {
    if (!names.some(name => unit.placed.text.includes(name))) continue
    const path = around.pathOf(unit)
    if (!snapshot.files.has(path)) continue
    for (const occurrence of occurrencesOf(snapshot, unit)) {
      if (occurrence.symbols.some(({ key }) => key === symbol.key)) found.push(place(unit, path, occurrence))
    }
  }
  return found
}

/** Where a symbol is declared; several places for members of enums and records. */
export function declarationsOf(snapshot: Snapshot, symbol: WritSymbol): readonly Found[] {
  const around = surroundingsOf(snapshot)
  const home = around.homeOf(symbol)
  if (home) {
    const path = around.pathOf(home)
    if (!snapshot.files.has(path)) return []
    return occurrencesOf(snapshot, home)
      .filter(each => each.declares && each.symbols.some(({ key }) => key === symbol.key))
      .map(occurrence => place(home, path, occurrence))
  }
  return occurrencesOfSymbol(snapshot, symbol).filter(({ occurrence }) => occurrence.declares)
}

/** Other names that `use … as …` gives to a declaration. */
function importedAs(snapshot: Snapshot, { key }: WritSymbol): readonly string[] {
  if (!key.startsWith('name:')) return []
  const names: string[] = []
  for (const file of surroundingsOf(snapshot).binding.files) {
    for (const [local, { module, name }] of file.imports) {
      if (local !== name && key === `name:${module.name}/${name}`) names.push(local)
    }
  }
  return names
}

function place(unit: Unit, path: string, occurrence: Occurrence): Found {
  const { start } = unit.placed
  return { occurrence, unit, path, span: { start: start + occurrence.start, end: start + occurrence.end } }
}
