/**
 * Groups of rules as functions: closures, or one generated function for the whole group where it is small enough for the
 * engine's optimising compiler; larger ones stay closures, whose code is the same for all rules.
 */
import { type RuleAtoms, restOf } from './atoms.ts'
import { truthClosure } from './closures.ts'
import { generate } from './generate.ts'
import type { Bucket, Group } from './groups.ts'
import type { TruthIr } from './ir.ts'
import type { Lowering } from './lower.ts'
import type { RuleGroup } from './rules.ts'
import { Captures, truthSource } from './source.ts'

export function groupClosure(group: Group, lowering: Lowering): RuleGroup {
  switch (group.kind) {
    case 'every':
      return everyClosure(group.rules, lowering)
    case 'masks':
      return group.match
    case 'dispatch':
      return dispatchClosure(group, lowering)
  }
}

/** Null where the group is too large to be generated in one piece. */
export function generatedGroup(group: Group, lowering: Lowering): RuleGroup | null {
  if (sizeOf(group) > largestGenerated) return null
  const captures = new Captures()
  const body = groupSource(group, lowering, captures)
  const made = generate('row, hits', `let n = 0; ${body} return n;`, captures)
  return made as RuleGroup
}

/** Rules in one generated function: beyond about this many its code is too long for the optimising compiler. */
const largestGenerated = 300

function sizeOf(group: Group): number {
  switch (group.kind) {
    case 'every':
      return group.rules.length
    case 'masks':
      return 1
    case 'dispatch':
      return group.buckets.reduce((size, bucket) => size + bucket.size, group.rest === null ? 0 : sizeOf(group.rest))
  }
}

function everyClosure(rules: readonly RuleAtoms[], lowering: Lowering): RuleGroup {
  const places = Int32Array.from(rules, ({ rule }) => rule.place * 4)
  const conditions = rules.map(rule => truthClosure(restOf(rule, lowering)))
  const [only] = conditions
  const place = places[0] ?? 0
  if (only !== undefined && conditions.length === 1)
    return (row, hits) => {
      const truth = only(row)
      if (truth === 0) return 0
      hits[0] = place + truth
      return 1
    }
  return (row, hits) => {
    let found = 0
    for (let i = 0; i < conditions.length; i++) {
      const truth = (conditions[i] as (row: number) => number)(row)
      if (truth !== 0) hits[found++] = (places[i] as number) + truth
    }
    return found
  }
}

function dispatchClosure(group: Extract<Group, { kind: 'dispatch' }>, lowering: Lowering): RuleGroup {
  const { codes, bucketOf } = group
  const functions: (RuleGroup | undefined)[] = new Array(group.buckets.length).fill(undefined)
  const rest = group.rest === null ? null : groupClosure(group.rest, lowering)
  const unindexed = unindexedClosure(group, lowering)
  const restHits = new Int32Array(group.rest === null ? 0 : lowering.rules)
  return (row, hits) => {
    const code = codes[row] as number
    if (code < 0) return unindexed(row, hits)
    const place = (bucketOf[code] as number) - 1
    let found = 0
    if (place >= 0) {
      let own = functions[place]
      if (own === undefined) {
        own = groupClosure((group.buckets[place] as Bucket).group(), lowering)
        functions[place] = own
      }
      found = own(row, hits)
    }
    return rest === null ? found : merged(hits, found, restHits, rest(row, restHits))
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

/** Asks every rule; made when the first event without a code comes. */
function unindexedClosure(group: Extract<Group, { kind: 'dispatch' }>, lowering: Lowering): RuleGroup {
  let every: RuleGroup | null = null
  return (row, hits) => {
    every ??= groupClosure(group.unindexed, lowering)
    return every(row, hits)
  }
}

/** Statements that add the group's hits to `hits` from place `n` on. */
function groupSource(group: Group, lowering: Lowering, captures: Captures): string {
  switch (group.kind) {
    case 'every':
      return group.rules.map(rule => ruleSource(rule.rule.place, restOf(rule, lowering), captures)).join('\n')
    case 'masks':
      return callSource(group.match, lowering, captures)
    case 'dispatch': {
      const codes = captures.name(group.codes)
      const buckets = captures.name(group.bucketOf)
      const unindexed = callSource(unindexedClosure(group, lowering), lowering, captures)
      const cases = group.buckets.map((bucket, place) => {
        const body = groupSource(bucket.group(), lowering, captures)
        return `case ${place + 1}: ${body} break;`
      })
      const indexed = `switch (${buckets}[${codes}[row]]) {\n${cases.join('\n')}\n}`
      const rest = group.rest === null ? '' : restSource(groupSource(group.rest, lowering, captures), captures)
      return `if (${codes}[row] < 0) { ${unindexed} } else { ${group.rest === null ? '' : 'const before = n;'} ${indexed} ${rest} }`
    }
  }
}

function restSource(rest: string, captures: Captures): string {
  return `const own = n; ${rest} if (own > before && n > own) ${captures.name(sortFrom)}(hits, before, n);`
}

function ruleSource(place: number, condition: TruthIr, captures: Captures): string {
  captures.freeLocals()
  const truth = captures.local()
  return `if ((${truth} = ${truthSource(condition, captures)}) !== 0) hits[n++] = ${place * 4} + ${truth};`
}

/** A call of a group that writes from place 0 on. */
function callSource(group: RuleGroup, lowering: Lowering, captures: Captures): string {
  const other = new Int32Array(lowering.rules)
  const append = (row: number, hits: Int32Array, n: number): number => {
    if (n === 0) return group(row, hits)
    const more = group(row, other)
    for (let i = 0; i < more; i++) hits[n + i] = other[i] as number
    return n + more
  }
  return `n = ${captures.name(append)}(row, hits, n);`
}

/** Few hits: by insertion. */
function sortFrom(hits: Int32Array, from: number, end: number): void {
  for (let i = from + 1; i < end; i++) {
    const hit = hits[i] as number
    let at = i - 1
    for (; at >= from && (hits[at] as number) > hit; at--) hits[at + 1] = hits[at] as number
    hits[at + 1] = hit
  }
}
