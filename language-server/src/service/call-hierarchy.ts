/**
 * From event to rule to obligation to event, as a call hierarchy: a contract "calls" the rules that handle its events, a rule the
 * sinks it sends obligations to, the roles it asks and the events it waits for; backwards in turn, down to the sources of a contract.
 */
import type { Unit } from '@writ/engine/editor'
import type { RuleItem, Span } from '@writ/grammar'
import {
  type CallHierarchyIncomingCall,
  type CallHierarchyItem,
  type CallHierarchyOutgoingCall,
  type Position,
  type Range,
  SymbolKind,
} from 'vscode-languageserver-types'
import { declarationsOf, occurrenceAt, occurrencesOf } from '../names/occurrences.ts'
import { type Surroundings, surroundingsOf } from '../names/surroundings.ts'
import type { Occurrence, WritSymbol } from '../names/symbol.ts'
import { offsetAt, rangeOf, type Snapshot } from '../workspace/snapshot.ts'

const kinds: Readonly<Partial<Record<WritSymbol['kind'], SymbolKind>>> = {
  contract: SymbolKind.Event,
  rule: SymbolKind.Method,
  sink: SymbolKind.Package,
  role: SymbolKind.Interface,
  source: SymbolKind.Package,
}

/** The items at a place; empty where there is no event, rule, sink, role or source. */
export function prepareCallHierarchy(
  snapshot: Snapshot,
  path: string,
  position: Position,
): readonly CallHierarchyItem[] {
  const found = occurrenceAt(snapshot, path, offsetAt(snapshot, path, position))
  return (found?.occurrence.symbols ?? []).flatMap(symbol => itemOf(snapshot, symbol) ?? [])
}

export function outgoingCalls(snapshot: Snapshot, symbol: WritSymbol): readonly CallHierarchyOutgoingCall[] {
  return edges(snapshot)
    .filter(({ from }) => from.key === symbol.key)
    .flatMap(({ to, ranges }) => {
      const item = itemOf(snapshot, to)
      // The ranges of the protocol are those of the caller's file; a contract's handlers stand in another.
      return item ? [{ to: item, fromRanges: symbol.kind === 'contract' ? [] : ranges }] : []
    })
}

export function incomingCalls(snapshot: Snapshot, symbol: WritSymbol): readonly CallHierarchyIncomingCall[] {
  return edges(snapshot)
    .filter(({ to }) => to.key === symbol.key)
    .flatMap(({ from, ranges }) => {
      const item = itemOf(snapshot, from)
      return item ? [{ from: item, fromRanges: from.kind === 'contract' ? [] : ranges }] : []
    })
}

interface Edge {
  readonly from: WritSymbol
  readonly to: WritSymbol
  /** Where the policy or source says so. */
  readonly ranges: Range[]
}

const made = new WeakMap<Snapshot, readonly Edge[]>()

function edges(snapshot: Snapshot): readonly Edge[] {
  let known = made.get(snapshot)
  if (!known) {
    const around = surroundingsOf(snapshot)
    known = around.units.flatMap(unit => {
      if (unit.syntax.kind === 'policy') return edgesOfPolicy(snapshot, around, unit, unit.syntax)
      return unit.syntax.kind === 'source' ? edgesOfSource(snapshot, around, unit) : []
    })
    made.set(snapshot, known)
  }
  return known
}

function edgesOfPolicy(
  snapshot: Snapshot,
  around: Surroundings,
  unit: Unit,
  syntax: Extract<Unit['syntax'], { readonly kind: 'policy' }>,
): readonly Edge[] {
  const occurrences = occurrencesOf(snapshot, unit)
  const decided = syntax.items.flatMap(item =>
    item.kind === 'on' ? occurrences.filter(each => isOneOf(each, item.contracts)) : [],
  )
  const found = new Edges(snapshot, around, unit)
  for (const item of syntax.items) {
    if (item.kind !== 'rule') continue
    const rule = occurrences.find(each => each.start === item.name.span.start)?.symbols[0]
    if (!rule) continue
    const inside = occurrences.filter(each => each.start >= item.span.start && each.end <= item.span.end)
    if (!item.after) for (const event of decided) found.add(event.symbols[0], rule, event)
    for (const each of inside) {
      const [symbol] = each.symbols
      if (symbol?.kind === 'sink' || (symbol?.kind === 'role' && asks(item, each))) found.add(rule, symbol, each)
      else if (item.after && each.start === item.after.contract.span.start) found.add(symbol, rule, each)
      else if (item.effect.kind === 'expect' && each.start === item.effect.event.contract.span.start)
        found.add(rule, symbol, each)
    }
  }
  return found.all()
}

function asks({ effect }: RuleItem, { start }: Occurrence): boolean {
  return effect.kind === 'require-approval' && effect.stages.some(({ role }) => role.span.start === start)
}

function edgesOfSource(snapshot: Snapshot, around: Surroundings, unit: Unit): readonly Edge[] {
  const occurrences = occurrencesOf(snapshot, unit)
  const source = occurrences.find(({ declares }) => declares)?.symbols[0]
  const found = new Edges(snapshot, around, unit)
  for (const each of occurrences) if (each.symbols[0]?.kind === 'contract') found.add(source, each.symbols[0], each)
  return found.all()
}

class Edges {
  readonly #edges = new Map<string, Edge>()
  readonly #place: (span: Span) => Range | null

  constructor(snapshot: Snapshot, around: Surroundings, unit: Unit) {
    const file = snapshot.files.get(around.pathOf(unit))
    const { start } = unit.placed
    this.#place = span => (file ? rangeOf(file, { start: start + span.start, end: start + span.end }) : null)
  }

  add(from: WritSymbol | undefined, to: WritSymbol | undefined, where: Occurrence): void {
    const range = this.#place(where)
    if (!from || !to || !range) return
    const key = `${from.key} ${to.key}`
    const known = this.#edges.get(key)
    if (known) known.ranges.push(range)
    else this.#edges.set(key, { from, to, ranges: [range] })
  }
  all(): readonly Edge[] {
    return [...this.#edges.values()]
  }
}

function isOneOf({ start }: Occurrence, names: readonly { readonly span: Span }[]): boolean {
  return names.some(({ span }) => span.start === start)
}

function itemOf(snapshot: Snapshot, symbol: WritSymbol): CallHierarchyItem | null {
  const kind = kinds[symbol.kind]
  const [declared] = declarationsOf(snapshot, symbol)
  const file = declared && snapshot.files.get(declared.path)
  const uri = declared && snapshot.uris.get(declared.path)
  if (kind === undefined || !declared || !file || uri === undefined) return null
  const range = rangeOf(file, declared.span)
  const detail = symbol.kind === 'rule' ? symbol.key.slice(symbol.key.indexOf('/') + 1).split('/')[0] : symbol.kind
  return { name: symbol.name, kind, uri, range, selectionRange: range, data: symbol, ...(detail ? { detail } : {}) }
}
