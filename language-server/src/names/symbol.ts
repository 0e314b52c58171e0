/**
 * What a name can stand for. A symbol is told apart by its key alone, which says where it is declared (surroundings.ts). Members
 * of enums and of records belong to no declaration, because types of the language are compared by what they are made of.
 *
 * INVARIANT: no symbol holds on to a declaration: symbols are kept from snapshot to snapshot, declarations move.
 */
import type { Type } from '@writ/engine'
import type { ContractSignature, Signature, Unit } from '@writ/engine/editor'

/** In no order. */
export const symbolKinds = [
  'module',
  'contract',
  'type',
  'role',
  'table',
  'define',
  'policy',
  'sink',
  'exception',
  'indicator',
  'objective',
  'rollout',
  'property',
  'source',
  'layer',
  'field',
  'member',
  'row',
  'enum-member',
  'rule',
  'let',
  'alias',
  'parameter',
  'variable',
  'function',
  'basic-type',
  'class',
] as const
export type SymbolKind = (typeof symbolKinds)[number]

export function isSymbolKind(text: string): text is SymbolKind {
  return symbolKinds.some(kind => kind === text)
}

export interface WritSymbol {
  /** Equal exactly for occurrences of one symbol. */
  readonly key: string
  readonly kind: SymbolKind
  readonly name: string
}

/** A name at one place of a declaration. */
export interface Occurrence {
  /** Relative to its declaration. */
  readonly start: number
  readonly end: number
  /** As it is written; another name than the symbol's where `use … as …` gives one. */
  readonly text: string
  /** Several where an alias stands for several contracts, or `by customer` for the fields of two events. */
  readonly symbols: readonly WritSymbol[]
  readonly declares: boolean
  /** Where the name is a value: its type at this place. */
  readonly type: Type | null
}

/** A declaration by its name. */
export function declarationSymbol(module: string, kind: SymbolKind, name: string): WritSymbol {
  return { key: `${kind === 'source' ? 'source' : 'name'}:${module}/${name}`, kind, name }
}

/** Null for a name that cannot be known. */
export function signatureKind(signature: Signature): SymbolKind | null {
  return signature.kind === 'unknowable' ? null : signature.kind
}

/** Something that a policy, contract or table has: its rules, lets, aliases, fields, members of its rows. */
export function partSymbol(module: string, owner: string, kind: SymbolKind, name: string): WritSymbol {
  return { key: `${kind}:${module}/${owner}/${name}`, kind, name }
}

export function fieldSymbol(contract: ContractSignature, name: string): WritSymbol {
  return partSymbol(contract.module, contract.name, 'field', name)
}

/** Names that are known inside of one declaration, by the place where they are declared. */
export function localSymbol(
  unit: Unit,
  kind: 'alias' | 'parameter' | 'variable',
  name: string,
  start: number,
): WritSymbol {
  return { key: `local:${unit.id}/${start}`, kind, name }
}

/** A member of a record type, by the names of all its members. */
export function memberSymbol(names: readonly string[], name: string): WritSymbol {
  return { key: `member:${names.toSorted().join(',')}/${name}`, kind: 'member', name }
}
export function enumMemberSymbol(members: readonly string[], name: string): WritSymbol {
  return { key: `enum:${members.toSorted().join(',')}/${name}`, kind: 'enum-member', name }
}

/** Symbols of the whole workspace, whatever their module. */
export function wideSymbol(
  kind: 'module' | 'sink' | 'layer' | 'function' | 'basic-type' | 'class',
  name: string,
): WritSymbol {
  return { key: `${kind}:${name}`, kind, name }
}
