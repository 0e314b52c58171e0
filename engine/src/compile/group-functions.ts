/**
 * Groups of rules as functions. Rules themselves stand in one table (rule-table.ts); a group only chooses which of them an
 * event has to be held against.
 */
import type { RuleAtoms } from './atoms.ts'
import type { Bucket, Group } from './groups.ts'
import type { RuleTable } from './rule-table.ts'
import type { RuleGroup } from './rules.ts'

/** `rules`: how many hits there may be at most. */
export function groupFunction(group: Group, table: RuleTable, rules: number): RuleGroup {
  switch (group.kind) {
    case 'every':
      return everyRule(group.rules, table)
    case 'masks':
      return group.match
    case 'dispatch':
      return dispatch(group, table, rules)
  }
}

function everyRule(rules: readonly RuleAtoms[], table: RuleTable): RuleGroup {
  const from = table.size
  for (const rule of rules) table.add(rule)
  const end = table.size
  let generated: RuleGroup | null = null
  let untilGenerated = table.generateAfter
  return (row, hits) => {
    if (generated !== null) return generated(row, hits)
    if (--untilGenerated === 0) generated = table.generated(from, end)
    return table.match(from, end, row, hits, 0)
  }
}

function dispatch(group: Extract<Group, { kind: 'dispatch' }>, table: RuleTable, rules: number): RuleGroup {
  const { codes, bucketOf, buckets } = group
  const rest = group.rest === null ? null : groupFunction(group.rest, table, rules)
  const restHits = new Int32Array(rest === null ? 0 : rules)
  const unindexed = lazily(() => groupFunction(group.unindexed, table, rules))
  /** By bucket: where its rules begin in the table, -1 where it has not been asked for yet, and where they end; or its own function. */
  const ranges = new Int32Array(buckets.length * 2).fill(-1)
  const others: (RuleGroup | undefined)[] = []
  const open = (place: number): void => {
    const own = (buckets[place] as Bucket).group()
    if (own.kind !== 'every') others[place] = groupFunction(own, table, rules)
    ranges[place * 2] = table.size
    if (own.kind === 'every') for (const rule of own.rules) table.add(rule)
    ranges[place * 2 + 1] = table.size
  }
  return (row, hits) => {
    const code = codes[row] as number
    if (code < 0) return unindexed(row, hits)
    const place = (bucketOf[code] as number) - 1
    let found = 0
    if (place >= 0) {
      if (ranges[place * 2] === -1) open(place)
      const first = ranges[place * 2] as number
      const behind = ranges[place * 2 + 1] as number
      found = first < behind ? table.match(first, behind, row, hits, 0) : (others[place]?.(row, hits) ?? 0)
    }
    return rest === null ? found : merged(hits, found, restHits, rest(row, restHits))
  }
}

/** Made when it is first asked. */
function lazily(make: () => RuleGroup): RuleGroup {
  let group: RuleGroup | null = null
  return (row, hits) => {
    group ??= make()
    return group(row, hits)
  }
}

/** Inserts the other hits where they belong; returns how many there are together. */
function merged(hits: Int32Array, found: number, others: Int32Array, more: number): number {
  let end = found + more
  const total = end
  let left = found - 1
  let right = more - 1
  while (right >= 0) {
    end--
    if (left >= 0 && (hits[left] as number) > (others[right] as number)) hits[end] = hits[left--] as number
    else hits[end] = others[right--] as number
  }
  return total
}
