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
  const start = addAll(rules, table)
  let generated: RuleGroup | null = null
  let untilGenerated = table.generateAfter
  return (row, hits) => {
    if (generated !== null) return generated(row, hits)
    if (--untilGenerated === 0) generated = table.generated(start, rules.length)
    return table.match(start, rules.length, row, hits, 0)
  }
}

function dispatch(group: Extract<Group, { kind: 'dispatch' }>, table: RuleTable, rules: number): RuleGroup {
  const { codes, bucketOf, buckets } = group
  const rest = group.rest === null ? null : groupFunction(group.rest, table, rules)
  const restHits = new Int32Array(rest === null ? 0 : rules)
  const unindexed = lazily(() => groupFunction(group.unindexed, table, rules))
  /** By bucket: where its rules stand in the table and how many; -1 where it has not been asked for yet; 0 rules: a group of its own. */
  const ranges = new Int32Array(buckets.length * 2).fill(-1)
  const others: (RuleGroup | undefined)[] = []
  const open = (place: number): void => {
    const own = (buckets[place] as Bucket).group()
    const isEvery = own.kind === 'every'
    ranges[place * 2] = isEvery ? addAll(own.rules, table) : 0
    ranges[place * 2 + 1] = isEvery ? own.rules.length : 0
    if (!isEvery) others[place] = groupFunction(own, table, rules)
  }
  return (row, hits) => {
    const code = codes[row] as number
    if (code < 0) return unindexed(row, hits)
    const place = (bucketOf[code] as number) - 1
    let found = 0
    if (place >= 0) {
      if (ranges[place * 2] === -1) open(place)
      const count = ranges[place * 2 + 1] as number
      found =
        count > 0 ? table.match(ranges[place * 2] as number, count, row, hits, 0) : (others[place]?.(row, hits) ?? 0)
    }
    return rest === null ? found : merged(hits, found, restHits, rest(row, restHits))
  }
}

/** Where the first of the rules stands, with the others behind it. */
function addAll(rules: readonly RuleAtoms[], table: RuleTable): number {
  const [start = 0] = rules.map(rule => table.add(rule))
  return start
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
