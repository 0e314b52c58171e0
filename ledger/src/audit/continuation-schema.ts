/** The form in which what a run goes on from is stored, held against what the engine gives and takes (its run/continuation.ts). */
import { type Continuation, continuationVersion } from '@writ/engine'
import { z } from 'zod'

const count = z.int().nonnegative()
const place = z.int()
const hex = z.string().regex(/^[0-9a-f]*$/)
const link = z.string().regex(/^[0-9a-f]{64}$/)
const numbers = z.array(count)

const matchSet = z.strictObject({
  rules: numbers,
  unknown: numbers,
  lasting: numbers.exactOptional(),
  waived: z.array(z.strictObject({ rule: count, exception: count })).exactOptional(),
})
const decided = z.strictObject({
  link,
  kinds: z.array(z.strictObject({ policy: count, decision: count, decidedBy: place, set: matchSet })),
  known: count,
  block: z.array(z.tuple([count, count, count])),
})
const chain = z.strictObject({ link, block: hex, count })
const instance = { number: count, policy: count, rule: count, stage: count, names: z.array(z.string()) }
const obligations = z.strictObject({
  instances: count,
  pending: z.array(
    z.strictObject({
      ...instance,
      seq: count,
      due: z.number().nullable(),
      people: z.array(z.string()),
      approvals: count,
    }),
  ),
  ended: z.array(z.array(z.strictObject({ ...instance, late: z.boolean() }))),
  chains: z.strictObject({
    transitions: chain,
    effects: chain,
    opened: count,
    seq: count,
    time: z.number(),
    effectSeq: count,
  }),
})
const measure = z.strictObject({ times: z.array(z.number()), hits: z.array(z.boolean()), count, hitCount: count })
const rollouts = z.strictObject({
  stages: z.array(z.strictObject({ stage: place, began: z.number(), measures: z.array(measure) })),
  chains: z.strictObject({ changes: link, counts: link, open: z.string().regex(/^[01]*$/) }),
})

const truth = z.union([z.boolean(), z.string()])
const figure = z.string().regex(/^-?\d+(\/\d+)?$/)
const gap = z.strictObject({ from: z.number(), seq: place, until: z.number().nullable() })
const episode = z.strictObject({
  from: z.number(),
  seq: place,
  until: z.number().nullable(),
  figures: z.array(figure),
  points: count,
  good: count.nullable(),
  worst: figure.nullable(),
})
const episodes = z.strictObject({ done: z.array(episode), open: episode.nullable(), worst: figure.nullable() })
const measures = z.strictObject({
  start: z.number().nullable(),
  last: z.number().nullable(),
  indicators: z.array(
    z.strictObject({
      leftOut: count,
      keys: z.array(
        z.strictObject({
          identity: z.string(),
          words: z.array(z.string()),
          points: z.array(z.tuple([z.number(), count, truth])),
          objectives: z.array(z.strictObject({ breaches: episodes, alerts: z.array(episodes) })),
        }),
      ),
    }),
  ),
  qualities: z.array(z.strictObject({ entries: z.array(z.tuple([z.number(), truth])), episodes })),
  freshness: z.array(z.strictObject({ lastAt: z.number().nullable(), gaps: z.array(gap), open: gap.nullable() })),
})

export const continuationSchema: z.ZodType<Continuation> = z.strictObject({
  version: z.literal(continuationVersion),
  program: link,
  events: count,
  time: z.number().nullable(),
  hash: decided,
  obligations,
  rollouts,
  measures,
})
