/** Where a name comes from and where it leads: definition, type definition, implementation, references, highlights. */
import type { Type } from '@writ/engine'
import { type Unit, withoutOptional } from '@writ/engine/editor'
import type { EventPattern, SyntaxNode } from '@writ/grammar'
import { childrenOf } from '@writ/grammar'
import {
  type DocumentHighlight,
  DocumentHighlightKind,
  type Location,
  type Position,
} from 'vscode-languageserver-types'
import { declarationsOf, type Found, occurrenceAt, occurrencesOfSymbol } from '../names/occurrences.ts'
import { surroundingsOf } from '../names/surroundings.ts'
import type { WritSymbol } from '../names/symbol.ts'
import { locationOf, offsetAt, rangeOf, type Snapshot } from '../workspace/snapshot.ts'

/** The declarations of the name at a place. */
export function definition(snapshot: Snapshot, path: string, position: Position): readonly Location[] {
  const found = occurrenceAt(snapshot, path, offsetAt(snapshot, path, position))
  if (!found) return []
  if (found.occurrence.symbols[0]?.kind === 'module') return moduleLocations(snapshot, found.occurrence.text)
  const declared = found.occurrence.symbols.flatMap(symbol => declarationsOf(snapshot, symbol))
  return locations(snapshot, declared)
}

/** Where the type of the value at a place is declared; of an alias, its contracts. */
export function typeDefinition(snapshot: Snapshot, path: string, position: Position): readonly Location[] {
  const found = occurrenceAt(snapshot, path, offsetAt(snapshot, path, position))
  if (!found) return []
  const { type, symbols } = found.occurrence
  const contracts = symbols.flatMap(symbol => contractsOfAlias(snapshot, symbol))
  if (contracts.length > 0)
    return locations(
      snapshot,
      contracts.flatMap(unit => nameOf(snapshot, unit)),
    )
  const name = type && typeName(type)
  if (!name) return []
  const around = surroundingsOf(snapshot)
  const units = around.units.filter(({ syntax }) => syntax.kind === 'type' && syntax.name.text === name)
  return locations(
    snapshot,
    units.flatMap(unit => nameOf(snapshot, unit)),
  )
}

/**
 * Of a contract: who raises its events (maps of sources) and who handles them (policies, expectations, tables). Of a sink: the
 * obligations that go to it. Of a role: the rules that ask it. Of a policy's rule: the exceptions and tests about it.
 */
export function implementation(snapshot: Snapshot, path: string, position: Position): readonly Location[] {
  const found = occurrenceAt(snapshot, path, offsetAt(snapshot, path, position))
  if (!found) return []
  return found.occurrence.symbols.flatMap(symbol => {
    const all = occurrencesOfSymbol(snapshot, symbol).filter(({ occurrence }) => !occurrence.declares)
    if (symbol.kind !== 'contract')
      return locations(
        snapshot,
        all.filter(({ unit }) => unit.syntax.kind !== 'use'),
      )
    return locations(snapshot, all.filter(handles))
  })
}

/** Every occurrence of the name at a place, over all files. */
export function references(
  snapshot: Snapshot,
  path: string,
  position: Position,
  withDeclaration: boolean,
): readonly Location[] {
  const found = occurrenceAt(snapshot, path, offsetAt(snapshot, path, position))
  if (!found) return []
  const all = found.occurrence.symbols.flatMap(symbol => occurrencesOfSymbol(snapshot, symbol))
  return locations(
    snapshot,
    all.filter(({ occurrence }) => withDeclaration || !occurrence.declares),
  )
}

/** The occurrences of the name in its own file; declarations are marked as written. */
export function highlights(snapshot: Snapshot, path: string, position: Position): readonly DocumentHighlight[] {
  const file = snapshot.files.get(path)
  const found = occurrenceAt(snapshot, path, offsetAt(snapshot, path, position))
  if (!file || !found) return []
  const seen = new Set<number>()
  return found.occurrence.symbols
    .flatMap(symbol => occurrencesOfSymbol(snapshot, symbol))
    .filter(each => {
      if (each.path !== path || seen.has(each.span.start)) return false
      seen.add(each.span.start)
      return true
    })
    .map(({ occurrence, span }) => ({
      range: rangeOf(file, span),
      kind: occurrence.declares ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
    }))
}

/** In a policy, table or source, but not where it is only imported, filled or tried. */
function handles({ unit, occurrence }: Found): boolean {
  const { syntax } = unit
  switch (syntax.kind) {
    case 'source':
    case 'table':
      return true
    case 'policy':
      return syntax.items.some(
        item =>
          (item.kind === 'on' && item.contracts.some(name => name.span.start === occurrence.start)) ||
          (item.kind === 'rule' &&
            [item.after, ...(item.effect.kind === 'expect' ? [item.effect.event, item.effect.unless] : [])].some(
              event => event?.contract.span.start === occurrence.start,
            )),
      )
    default:
      return false
  }
}

function contractsOfAlias(snapshot: Snapshot, { key, kind, name }: WritSymbol): readonly Unit[] {
  if (kind !== 'alias') return []
  const around = surroundingsOf(snapshot)
  const home = around.homeOf({ key, kind, name })
  if (!home) return []
  const names: string[] = []
  if (home.syntax.kind === 'policy') {
    for (const item of home.syntax.items)
      if (item.kind === 'on' && item.alias?.text === name && key.startsWith('alias:'))
        names.push(...item.contracts.map(({ text }) => text))
  }
  if (key.startsWith('local:')) {
    const start = Number(key.slice(key.lastIndexOf('/') + 1))
    const pattern = patternWithAlias(home.syntax, start)
    if (pattern) names.push(pattern.contract.text)
  }
  return names.flatMap(each => around.declared(home, each) ?? [])
}

function patternWithAlias(node: SyntaxNode, start: number): EventPattern | null {
  if (isPattern(node) && node.alias?.span.start === start) return node
  for (const child of childrenOf(node)) {
    if (child.span.start > start || child.span.end <= start) continue
    const found = patternWithAlias(child, start)
    if (found) return found
  }
  return null
}
function isPattern(node: SyntaxNode): node is EventPattern {
  return node.kind === undefined && 'contract' in node && 'alias' in node && 'where' in node
}

function typeName(type: Type): string | null {
  const inner = withoutOptional(type)
  if (inner.kind === 'list') return typeName(inner.element)
  return inner.kind === 'enum' || inner.kind === 'record' ? inner.name : null
}

function nameOf(snapshot: Snapshot, unit: Unit): readonly Found[] {
  const signature = unit.signature?.value
  if (!signature) return []
  return declarationsOf(snapshot, {
    key: `name:${signature.module}/${signature.name}`,
    kind: 'type',
    name: signature.name,
  })
}

function moduleLocations(snapshot: Snapshot, name: string): readonly Location[] {
  return locations(
    snapshot,
    occurrencesOfSymbol(snapshot, { key: `module:${name}`, kind: 'module', name }).filter(
      each => each.occurrence.declares,
    ),
  )
}

function locations(snapshot: Snapshot, found: readonly Found[]): readonly Location[] {
  const seen = new Set<string>()
  return found.flatMap(({ path, span }) => {
    const place = `${path}:${span.start}`
    if (seen.has(place)) return []
    seen.add(place)
    return locationOf(snapshot, path, span) ?? []
  })
}
