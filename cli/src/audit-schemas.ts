/**
 * The machine-readable outputs of the commands around audit logs, as zod schemas: `verify`, `prove`, `prune`, `serve`. As in schemas.ts
 * objects are open, for members that later versions add.
 */
import * as z from 'zod/mini'

const count = z.int().check(z.minimum(0))
const code = z.string().check(z.regex(/^W\d{4}$/), z.describe('Problem code; its page is docs/problems/CODE.md.'))
const time = z.string().check(z.describe('ISO 8601, UTC.'))
const state = z
  .enum(['anchored', 'unanchored', 'unverifiable', 'contradictory'])
  .check(
    z.describe(
      'anchored: under a trusted signature. unanchored: consistent, but under none. unverifiable: what is needed is not there. contradictory: not what was signed.',
    ),
  )

const logVerification = z.looseObject({
  path: z.string(),
  kind: z.literal('log'),
  checkpoint: z.nullable(
    z.looseObject({
      origin: z.string(),
      size: count,
      root: z.string().check(z.describe('Base64.')),
      signedBy: z.array(z.looseObject({ name: z.string(), time: z.nullable(time) })),
    }),
  ),
  ranges: z
    .array(z.looseObject({ from: count, to: count, state }))
    .check(z.describe('Entries, both ends inclusive, without gaps from 0.')),
  withheld: z.looseObject({ withheld: count, opened: count }),
  erased: z.looseObject({ notes: count, openings: count }).check(z.describe('As signed notes of "writ prune" say.')),
  problems: z.array(
    z.looseObject({
      code,
      message: z.string(),
      file: z.nullable(z.string()),
      from: z.nullable(count),
      to: z.nullable(count),
    }),
  ),
  replay: z.optional(
    z.looseObject({
      equal: count,
      unknown: count,
      different: count,
      others: count.check(z.describe('Entries that are no decisions.')),
      because: z.array(z.looseObject({ why: z.string(), policy: z.string(), decisions: count })),
    }),
  ),
})

const proofVerification = z.looseObject({
  path: z.string(),
  kind: z.enum(['evidence', 'proof']),
  ok: z.boolean(),
  why: z.optional(z.string()).check(z.describe('Where it is refused.')),
  entry: z.optional(count),
  origin: z.optional(z.string()),
  size: z.optional(count),
})

const trailVerification = z.looseObject({
  path: z.string(),
  kind: z.literal('cloudtrail'),
  trails: z.array(
    z.looseObject({
      trail: z.string(),
      digests: count,
      ranges: z.array(z.looseObject({ from: time, to: time, state })),
      logFiles: z.looseObject({ sound: count, changed: count, missing: count }),
    }),
  ),
  problems: z.array(
    z.looseObject({
      code,
      message: z.string(),
      file: z.string(),
      from: z.nullable(time),
      to: z.nullable(time),
    }),
  ),
})

export const verificationSchema = z.union([logVerification, proofVerification, trailVerification])

const opening = z.looseObject({
  entry: count,
  path: z.string().check(z.describe('In the record: inputs.customer.')),
  salt: z.string().check(z.describe('Base64, 32 bytes.')),
  value: z.unknown(),
})

export const evidenceSchema = z.looseObject({
  form: z.literal('writ evidence 1'),
  record: z.string().check(z.describe('The bytes of the entry, as text.')),
  proof: z.string().check(z.describe('A C2SP tlog-proof.')),
  program: z.nullable(z.string()).check(z.describe('The text of the policies; null: not at hand.')),
  openings: z.array(opening),
  explanation: z.nullable(z.string()).check(z.describe('Not covered by the signature.')),
})

export const pruneSchema = z.looseObject({
  path: z.string(),
  dryRun: z.boolean(),
  erasure: z
    .nullable(
      z.looseObject({
        form: z.literal('writ erasure 1'),
        log: z.string(),
        at: time,
        erasedAt: time,
        size: count,
        previous: z.nullable(z.string()).check(z.describe('SHA-256 of the note before.')),
        rules: z.array(
          z.looseObject({
            contract: z.string(),
            before: time,
            retentionMilliseconds: z.number(),
            programs: z.array(z.string()),
            entries: count,
            first: count,
            last: count,
            openings: count,
          }),
        ),
      }),
    )
    .check(z.describe('The text of the signed note; null: nothing was due.')),
  note: z.nullable(z.string()).check(z.describe('The file of the note in the log.')),
  finished: count.check(z.describe('Openings that an interrupted run had told of, destroyed now.')),
  undecided: count,
  inJournal: count,
})

export const servedSchema = z.looseObject({
  requestId: z.string(),
  index: count.check(z.describe('Place of the event in the stream.')),
  decisions: z
    .array(z.looseObject({ entry: count }))
    .check(
      z.describe('Entries of the log, as "writ run" prints them: docs/schemas/decision.schema.json with "entry".'),
    ),
  findings: z.array(
    z.looseObject({ code, message: z.string(), index: z.nullable(count), path: z.nullable(z.string()) }),
  ),
})
