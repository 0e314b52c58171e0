/**
 * Approvals in a stream of other records: `{"writ":"Approval", …}` is one whatever the source maps, so that `writ serve` can take
 * approvals beside any kind of event. Sources that map approvals themselves go on doing so.
 */
import { approvalPlace, type Plan, type PlanMap, type PlanSource, type RawExpr } from '@writ/engine'
import * as z from 'zod/mini'

const text = z.string().check(z.minLength(1), z.maxLength(10_000))

/** What `POST /approve` takes. */
export const approvalSchema = z.strictObject({
  /** Key of the requesting event, as its decision was answered, or the digest of it. */
  request: text,
  by: text,
  role: text,
  verdict: z.enum(['approve', 'reject']),
  digest: z.optional(text),
  /** ISO 8601; the time of the machine without it. */
  at: z.optional(z.iso.datetime({ offset: true })),
  reason: z.optional(text),
})
export type ApprovalBody = z.infer<typeof approvalSchema>

/** The source with a map for approvals, where the program has any. */
export function withApprovals(plan: Plan, source: PlanSource): PlanSource {
  const place = approvalPlace(plan)
  const contract = plan.contracts[place]
  if (contract === undefined) return source
  const fields = contract.fields.map(({ name }) => ({ field: name, value: path(name) }))
  const when = { kind: 'equals', left: path('writ'), right: { kind: 'literal', value: mark, text: mark } } as const
  const map: PlanMap = { contract: place, when, fields }
  return { ...source, maps: [map, ...source.maps] }
}

/** The approval as a record of the stream, without a newline. `now`: milliseconds. */
export function approvalRecord(source: PlanSource, body: ApprovalBody, now: number): string {
  const at = body.at ?? new Date(now).toISOString()
  const record: Record<string, unknown> = { writ: mark, ...body, at }
  // Where the source says when a record happened, an approval has to say it there too.
  if (source.time.kind === 'path') {
    const time = Date.parse(at)
    const { unit } = source.time
    put(record, source.time.path, unit === 'iso8601' ? at : unit === 'seconds' ? time / 1000 : time)
  }
  return JSON.stringify(record)
}

const mark = 'Approval'

function path(name: string): RawExpr {
  return { kind: 'path', path: [name] }
}

function put(record: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: string | number): void {
  if (rest.length === 0) {
    if (!Object.hasOwn(record, name)) record[name] = value
    return
  }
  const inner: Record<string, unknown> = {}
  if (!Object.hasOwn(record, name)) record[name] = inner
  put(inner, rest, value)
}
