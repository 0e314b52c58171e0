/** The names that occur most often: from the totals where nothing is filtered, else counted. */
import { z } from 'zod'
import { type Outcome, outcomes } from '../envelope/envelope.ts'
import { type Filter, filterSchema } from './filter.ts'
import { eventsOf } from './filter-sql.ts'
import type { Connection } from './schema.ts'
import { lastEvent, readState } from './state.ts'

export const facetFields = ['actor', 'action', 'rule', 'policy'] as const
export type FacetField = (typeof facetFields)[number]

export const facetRequestSchema = z.strictObject({
  field: z.enum(facetFields),
  filter: filterSchema,
  most: z.int().min(1).max(1000),
})
export type FacetRequest = z.infer<typeof facetRequestSchema>

export interface Facet {
  readonly name: string
  readonly count: number
  readonly outcomes: Readonly<Record<Outcome, number>>
}

interface Row extends Readonly<Record<Outcome, number>> {
  readonly name: string
  readonly n: number
}

export function facetsOf(db: Connection, field: FacetField, filter: Filter, most: number): readonly Facet[] {
  const isWhole = filter.kind === 'all' && filter.of.length === 0
  const limit = Math.max(1, Math.min(1000, Math.trunc(most)))
  const hasTotals = field !== 'policy' && readState(db, 'finished') >= lastEvent(db)
  const rows = isWhole && hasTotals ? totals(db, field, limit) : counted(db, field, filter, limit)
  return rows.map(({ name, n, ...counts }) => ({ name, count: n, outcomes: counts }))
}

function totals(db: Connection, field: FacetField, limit: number): readonly Row[] {
  return db
    .prepare<[string], Row>(
      `SELECT term.text AS name, n, ${outcomes.join(', ')} FROM facet JOIN term ON term.id = facet.term
       WHERE field = ? ORDER BY n DESC, facet.term LIMIT ${limit}`,
    )
    .all(field)
}

function counted(db: Connection, field: FacetField, filter: Filter, limit: number): readonly Row[] {
  const { sql, values } = eventsOf(db, filter)
  const sums = outcomes.map((name, place) => `sum(outcome = ${place}) AS ${name}`).join(', ')
  return db
    .prepare<(string | number)[], Row>(
      `SELECT term.text AS name, found.* FROM
        (SELECT ${field} AS number, count(*) AS n, ${sums} FROM event WHERE ${field} IS NOT NULL AND (${sql}) AND tick()
         GROUP BY ${field} ORDER BY n DESC, ${field} LIMIT ${limit}) AS found
       JOIN term ON term.id = found.number ORDER BY n DESC, number`,
    )
    .all(...values)
    .map(({ number: _, ...row }: Row & { readonly number?: number }) => row)
}
