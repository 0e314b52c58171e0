/**
 * What events are asked for, as data: a tree of conditions that can be sent, kept and read aloud. How it becomes a query is
 * filter-sql.ts. What comes from outside is held against `filterSchema`.
 */
import { z } from 'zod'
import { kinds, outcomes } from '../envelope/envelope.ts'
import { microseconds } from '../envelope/times.ts'

/** Fields with names that an event has one or none of. */
export const namedFields = ['actor', 'action', 'object', 'rule', 'policy', 'source', 'format'] as const
export type NamedField = (typeof namedFields)[number]

export type Filter =
  | { readonly kind: 'all'; readonly of: readonly Filter[] }
  | { readonly kind: 'any'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  /** The field has one of the values. */
  | { readonly kind: 'is'; readonly field: NamedField; readonly values: readonly string[] }
  | { readonly kind: 'starts'; readonly field: Exclude<NamedField, 'source' | 'format'>; readonly text: string }
  | { readonly kind: 'outcome'; readonly values: readonly (typeof outcomes)[number][] }
  | { readonly kind: 'about'; readonly values: readonly (typeof kinds)[number][] }
  /** `from` inclusive, `before` exclusive, as ISO 8601 with a zone; null: open. */
  | { readonly kind: 'time'; readonly from: string | null; readonly before: string | null }
  /** Every word is in it; a last word with * is the beginning of one. */
  | { readonly kind: 'words'; readonly text: string }

/** Everything. */
export const noFilter: Filter = { kind: 'all', of: [] }

const mostParts = 200
const deepest = 12
const name = z.string().max(400)
const instant = z.string().refine(text => microseconds(text) !== null, 'it is no time with a zone')

const shape: z.ZodType<Filter> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('all'), of: z.array(shape).max(50) }),
    z.strictObject({ kind: z.literal('any'), of: z.array(shape).max(50) }),
    z.strictObject({ kind: z.literal('not'), of: shape }),
    z.strictObject({ kind: z.literal('is'), field: z.enum(namedFields), values: z.array(name).min(1).max(200) }),
    z.strictObject({
      kind: z.literal('starts'),
      field: z.enum(['actor', 'action', 'object', 'rule', 'policy']),
      text: name.min(1),
    }),
    z.strictObject({ kind: z.literal('outcome'), values: z.array(z.enum(outcomes)).min(1).max(outcomes.length) }),
    z.strictObject({ kind: z.literal('about'), values: z.array(z.enum(kinds)).min(1).max(kinds.length) }),
    z.strictObject({ kind: z.literal('time'), from: instant.nullable(), before: instant.nullable() }),
    z.strictObject({ kind: z.literal('words'), text: z.string().min(1).max(400) }),
  ]),
)

/** A filter that came from outside; trees that are too deep are told before they are walked. */
export const filterSchema: z.ZodType<Filter> = z
  .unknown()
  .refine(value => depthOf(value, 0) <= deepest, `it is nested more than ${deepest} levels deep`)
  .pipe(shape)
  .refine(filter => partsOf(filter) <= mostParts, `it has more than ${mostParts} parts`)

/** The filter as a sentence: `decision is deny or hold, and actor is "alice"`. */
export function filterText(filter: Filter): string {
  if (filter.kind === 'all' && filter.of.length === 0) return 'all events'
  return sentence(filter, false)
}

function sentence(filter: Filter, inner: boolean): string {
  switch (filter.kind) {
    case 'all':
      if (filter.of.length === 0) return 'anything'
      return joined(filter.of, inner ? ' and ' : ', and ', inner)
    case 'any':
      if (filter.of.length === 0) return 'nothing'
      return joined(filter.of, ' or ', inner || filter.of.length > 1)
    case 'not':
      return negated(filter.of)
    case 'is':
      return `${filter.field} is ${listed(filter.values.map(quoted))}`
    case 'starts':
      return `${filter.field} starts with ${quoted(filter.text)}`
    case 'outcome':
      return `decision is ${listed(filter.values)}`
    case 'about':
      return `it is ${listed(filter.values.map(value => `${/^[aeiou]/.test(value) ? 'an' : 'a'} ${value}`))}`
    case 'time':
      if (filter.from !== null && filter.before !== null)
        return `time is from ${filter.from} to before ${filter.before}`
      if (filter.from !== null) return `time is from ${filter.from} on`
      return filter.before === null ? 'at any time' : `time is before ${filter.before}`
    case 'words':
      return `it contains ${quoted(filter.text)}`
  }
}

function negated(filter: Filter): string {
  if (filter.kind === 'is') return `${filter.field} is not ${listed(filter.values.map(quoted))}`
  if (filter.kind === 'outcome') return `decision is not ${listed(filter.values)}`
  if (filter.kind === 'words') return `it does not contain ${quoted(filter.text)}`
  if (filter.kind === 'not') return sentence(filter.of, true)
  return `it is not so that ${sentence(filter, true)}`
}

function joined(filters: readonly Filter[], word: string, inner: boolean): string {
  const [only] = filters
  if (only !== undefined && filters.length === 1) return sentence(only, inner)
  const text = filters.map(one => sentence(one, true)).join(word)
  return inner ? `(${text})` : text
}

function listed(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
}

function quoted(text: string): string {
  return JSON.stringify(text)
}

function partsOf(filter: Filter): number {
  if (filter.kind === 'all' || filter.kind === 'any') return 1 + filter.of.reduce((sum, one) => sum + partsOf(one), 0)
  return filter.kind === 'not' ? 1 + partsOf(filter.of) : 1
}

function depthOf(value: unknown, depth: number): number {
  if (depth > deepest || typeof value !== 'object' || value === null || !('of' in value)) return depth
  const { of } = value
  if (!Array.isArray(of)) return depthOf(of, depth + 1)
  let deep = depth
  for (const one of of.slice(0, mostParts)) deep = Math.max(deep, depthOf(one, depth + 1))
  return deep
}
