/**
 * The form of `writ.json`, checked where it enters. Published as docs/schemas/writ.json.schema.json, so that editors complete
 * it. zod is loaded only where a workspace has a `writ.json`.
 */
import * as z from 'zod/mini'

const level = z
  .enum(['off', 'information', 'warning', 'error'])
  .check(z.describe('How a problem with this code is reported. What is an error by nature stays one.'))

const eventLog = z
  .strictObject({
    path: z
      .string()
      .check(z.minLength(1), z.describe('A file or folder of recorded events, relative to the folder of writ.json.')),
    source: z.optional(
      z.string().check(z.minLength(1), z.describe('The source declaration that says how its records are read.')),
    ),
  })
  .check(z.describe('A log of recorded events.'))

export const settingsSchema = z
  .strictObject({
    $schema: z.optional(z.string()),
    events: z.optional(
      z
        .record(z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9_-]*$/)), eventLog)
        .check(z.describe('Logs of recorded events by name: "writ simulate --events NAME" finds them here.')),
    ),
    baselines: z.optional(
      z
        .record(
          z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/)),
          z
            .string()
            .check(
              z.minLength(1),
              z.describe('A file, relative to the folder of writ.json; "writ baseline" writes one.'),
            ),
        )
        .check(z.describe('How values were distributed once, by name: "drift(amount against NAME)" finds them here.')),
    ),
    source: z.optional(
      z
        .string()
        .check(
          z.minLength(1),
          z.describe('The source that reads events where neither --source nor the log itself names one.'),
        ),
    ),
    lint: z.optional(
      z
        .record(z.string().check(z.regex(/^W\d{4}$/)), level)
        .check(z.describe('Level by problem code, such as "W0901": "off".')),
    ),
    history: z.optional(
      z
        .strictObject({
          revision: z.optional(
            z
              .string()
              .check(
                z.minLength(1),
                z.describe('The git revision that contracts and policies are held against. Default: HEAD.'),
              ),
          ),
          folder: z.optional(
            z
              .string()
              .check(
                z.minLength(1),
                z.describe(
                  'A folder with the released .writ files, or with a folder of them per version, instead of git. Relative to the folder of writ.json; it is not part of the workspace.',
                ),
              ),
          ),
        })
        .check(z.describe('What `writ check` takes for the committed history.')),
    ),
    gate: z.optional(
      z
        .strictObject({
          maxFlips: z.optional(z.int().check(z.minimum(0), z.describe('The most decisions that may become others.'))),
          maxNewDenials: z.optional(
            z.int().check(z.minimum(0), z.describe('The most events that may be denied and were not.')),
          ),
          maxNewPermits: z.optional(
            z.int().check(z.minimum(0), z.describe('The most events that may pass and were held or denied.')),
          ),
          maxApprovalLoad: z.optional(
            z.int().check(z.minimum(0), z.describe('The most requests for approval that a role may get on one day.')),
          ),
          requireTestsForFlips: z.optional(
            z.boolean().check(z.describe('Each cause of flips has to be shown by a test.')),
          ),
        })
        .check(z.describe('What `writ diff` lets through; its options go before these.')),
    ),
    privacy: z.optional(
      z
        .strictObject({
          implicit: z.optional(
            z
              .enum(['off', 'warn', 'error'])
              .check(
                z.describe(
                  'How a decision is reported that only depends on a classified field, and so tells something about it (W1303). Default: off.',
                ),
              ),
          ),
        })
        .check(z.describe('What is reported of privacy flow.')),
    ),
  })
  .check(
    z.describe(
      'Settings of a Writ workspace: named event logs, baselines, the default source, levels of problems, committed history, gates of comparisons, privacy flow.',
    ),
  )

export type SettingsFile = z.infer<typeof settingsSchema>
