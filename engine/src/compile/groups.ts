/**
 * Rules in groups, so that an event meets only rules that may match it: by the code of an equality field (`dispatch`), by
 * bitmaps over the values of single columns (`masks`), or each in turn (`every`). How a group becomes a function is
 * group-functions.ts; all groups give the same hits.
 */
import type { Column } from '../log/columns.ts'
import { type Atom, atomsOf, type RuleAtoms, wantedCodes } from './atoms.ts'
import type { Lowering } from './lower.ts'
import { maskGroup } from './masks.ts'
import type { RuleTable } from './rule-table.ts'
import type { ContractRule, RuleGroup } from './rules.ts'

export type Group =
  | { readonly kind: 'every'; readonly rules: readonly RuleAtoms[] }
  | {
      readonly kind: 'dispatch'
      readonly codes: Int32Array
      /** By code: place in `buckets` + 1; 0: only `rest`. */
      readonly bucketOf: Int32Array
      readonly buckets: readonly Bucket[]
      readonly rest: Group | null
      /** For events whose code is absent or unknown: every rule of the group. */
      readonly unindexed: Group
    }
  | { readonly kind: 'masks'; readonly match: RuleGroup }

/** A group that is made when the first event asks for it. */
export interface Bucket {
  readonly group: () => Group
}

export function groupsOf(rules: readonly ContractRule[], lowering: Lowering, table: RuleTable): Group {
  return grouped(
    rules.map(rule => ({ rule, atoms: atomsOf(rule.when, lowering) })),
    lowering,
    table,
  )
}

/** Fewer rules than this are asked in turn. */
const worthDispatch = 3
const worthMasks = 10
/** A rule that names more codes than this is not put into their buckets. */
const mostCodes = 64

function grouped(rules: readonly RuleAtoms[], lowering: Lowering, table: RuleTable): Group {
  if (rules.length >= worthDispatch) {
    const dispatch = dispatched(rules, lowering, table)
    if (dispatch !== null) return dispatch
  }
  if (rules.length >= worthMasks) {
    const match = maskGroup(rules, lowering, table)
    if (match !== null) return { kind: 'masks', match }
  }
  return { kind: 'every', rules }
}

interface Indexed {
  readonly rule: RuleAtoms
  readonly atom: Atom
  readonly codes: readonly number[]
}

function dispatched(rules: readonly RuleAtoms[], lowering: Lowering, table: RuleTable): Group | null {
  const byColumn = new Map<Column, Indexed[]>()
  for (const rule of rules)
    for (const atom of rule.atoms) {
      if (atom.column?.kind !== 'code') continue
      const codes = wantedCodes(atom.expr, lowering)
      if (codes === null || codes.length > mostCodes) continue
      const indexed = byColumn.get(atom.column) ?? []
      byColumn.set(atom.column, indexed)
      if (indexed.at(-1)?.rule !== rule) indexed.push({ rule, atom, codes })
    }
  const best = [...byColumn].reduce<[Column, Indexed[]] | null>(
    (a, b) => (a === null || selectivity(b[1]) > selectivity(a[1]) ? b : a),
    null,
  )
  if (best === null || best[1].length < worthDispatch || best[0].kind !== 'code') return null
  const [column, indexed] = best
  const byCode = new Map<number, Indexed[]>()
  for (const each of indexed)
    for (const code of each.codes) {
      const bucket = byCode.get(code) ?? []
      byCode.set(code, bucket)
      bucket.push(each)
    }
  const bucketOf = new Int32Array(lowering.log.dictionary.size)
  const buckets = [...byCode].map(([code, members], place) => {
    bucketOf[code] = place + 1
    return lazily(members, lowering, table)
  })
  const inBuckets = new Set(indexed.map(each => each.rule))
  const rest = rules.filter(rule => !inBuckets.has(rule))
  return {
    kind: 'dispatch',
    codes: column.values,
    bucketOf,
    buckets,
    rest: rest.length === 0 ? null : grouped(rest, lowering, table),
    unindexed: { kind: 'every', rules },
  }
}

/** How many rules an event is spared: all of the column's but those of an average code. */
function selectivity(indexed: readonly Indexed[]): number {
  const codes = new Map<number, number>()
  for (const each of indexed) for (const code of each.codes) codes.set(code, (codes.get(code) ?? 0) + 1)
  let entries = 0
  for (const count of codes.values()) entries += count
  return indexed.length - entries / Math.max(1, codes.size)
}

function lazily(members: readonly Indexed[], lowering: Lowering, table: RuleTable): Bucket {
  let group: Group | null = null
  return {
    group: () => {
      // A rule in its code's bucket has this atom true, and need not ask it again.
      const left = () =>
        members.map(({ rule, atom }) => ({ rule: rule.rule, atoms: rule.atoms.filter(other => other !== atom) }))
      group ??= grouped(left(), lowering, table)
      return group
    },
  }
}
