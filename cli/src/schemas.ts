/**
 * The machine-readable outputs as zod schemas: what is published in docs/schemas is made from them (cli/write-schemas.ts),
 * and the tests hold real output against them. The command itself does not load this file.
 *
 * Members may be added by later versions, so objects are open; none is taken away or changes its meaning.
 */
import { baselineSchema } from '@writ/ledger/baselines'
import * as z from 'zod/mini'
import { evidenceSchema, pruneSchema, servedSchema, verificationSchema } from './audit-schemas.ts'
import { settingsSchema } from './settings/schema.ts'

const decisionWord = z.enum(['permit', 'warn', 'hold', 'deny'])
const severity = z.enum(['error', 'warning', 'information', 'hint'])
const line = z.int().check(z.minimum(1), z.describe('From 1.'))
const count = z.int().check(z.minimum(0))
const counts = (what: string) => z.record(decisionWord, count).check(z.describe(what))
const code = z.string().check(z.regex(/^W\d{4}$/), z.describe('Problem code; its page is docs/problems/CODE.md.'))

const place = {
  file: z.string().check(z.describe('Relative to the workspace, with /.')),
  line,
  column: z.int().check(z.minimum(1), z.describe('From 1, in UTF-16 units.')),
  endLine: line,
  endColumn: z.int().check(z.minimum(1), z.describe('Exclusive.')),
}

export const checkSchema = z.looseObject({
  workspace: z.string(),
  files: count,
  counts: z.record(severity, count),
  problems: z.array(
    z.looseObject({
      code,
      severity,
      message: z.string(),
      ...place,
      related: z.array(z.looseObject({ ...place, message: z.string() })),
      fixes: z
        .array(z.looseObject({ title: z.string(), edits: z.array(z.looseObject({ ...place, text: z.string() })) }))
        .check(z.describe('The first is preferred; the edits of one fix are applied together.')),
    }),
  ),
})

const madeUpTrace = z.looseObject({
  events: z.array(
    z.looseObject({
      time: z.string(),
      contract: z.string(),
      fields: z.string().check(z.describe('As the language writes them.')),
      decision: z
        .nullable(decisionWord)
        .check(z.describe('What holds for the event; null where no policy decides it.')),
      decided: z.nullable(z.string()).check(z.describe('With the rule, or the default, that decided.')),
    }),
  ),
  test: z.string().check(z.describe('The same as a test of the language.')),
})

const propertyResult = z.looseObject({
  name: z.string(),
  title: z.nullable(z.string()),
  module: z.string(),
  file: place.file,
  line: line.check(z.describe('Of the property, from 1.')),
  verdict: z.enum(['proved', 'refuted', 'not proved']),
  size: z.nullable(count).check(z.describe('Of not proved: nothing was found up to so many events.')),
  evaluations: count.check(z.describe('Traces that were tried.')),
  exhausted: z
    .nullable(z.boolean())
    .check(z.describe('Of not proved: whether all was tried that is worth it, or the budget ended the search.')),
  claim: z.nullable(z.string()).check(z.describe('Of refuted: what does not hold.')),
  counterexample: z.nullable(madeUpTrace),
})

export const propertySchema = z.looseObject({ workspace: z.string(), properties: z.array(propertyResult) })

const coverageResult = z.looseObject({
  tests: count,
  events: z.nullable(count).check(z.describe('Of the log; null where none was named.')),
  rules: z.looseObject({ all: count, seen: count }),
  conditions: z.looseObject({ all: count, shown: count }),
  policies: z.array(
    z.looseObject({
      policy: z.string(),
      file: place.file,
      defaultDecided: z.nullable(count),
      rules: z.array(
        z.looseObject({
          rule: z.string(),
          line,
          matched: count,
          decided: count,
          instances: z.nullable(z.looseObject({ began: count, fulfilled: count, breached: count })),
          conditions: z.array(
            z.looseObject({
              condition: z.string(),
              line,
              seenTrue: count,
              seenFalse: count,
              shown: z.boolean().check(z.describe('Masking MC/DC: a pair of events shows that it matters.')),
              trueMatters: z.nullable(z.string()).check(z.describe('The event at which it is true and alone decides.')),
              falseMatters: z.nullable(z.string()),
              missing: z.nullable(z.string()),
            }),
          ),
        }),
      ),
    }),
  ),
})

const mutationResult = z.looseObject({
  size: count.check(z.describe('How many events a story may have that tells a change apart.')),
  withLog: z.boolean(),
  rejected: count.check(z.describe('Changes after which the program does not check.')),
  mutants: z.array(
    z.looseObject({
      file: place.file,
      line,
      policy: z.nullable(z.string()),
      rule: z.nullable(z.string()),
      kind: z.string(),
      before: z.array(z.string()),
      after: z.array(z.string()),
      killedBy: z.nullable(z.string()).check(z.describe('`test "…"`, `property …` or `log`; null: nobody noticed.')),
      toldApartBy: z.nullable(madeUpTrace).check(z.describe('Of one that nobody noticed: the events that would.')),
      outcomes: z.nullable(z.array(z.string())).check(z.describe('What is decided without and with the change.')),
      exhausted: z.nullable(z.boolean()).check(z.describe('Where nothing was found: whether all was tried.')),
    }),
  ),
})

export const testSchema = z.looseObject({
  workspace: z.string(),
  passed: count,
  failed: count,
  elapsedMs: z.number(),
  tests: z.array(
    z.looseObject({
      name: z.string(),
      module: z.string(),
      file: place.file,
      line: line.check(z.describe('Of the test, from 1.')),
      passed: z.boolean(),
      message: z.nullable(z.string()).check(z.describe('What was expected and what came; null where it passed.')),
      failedLine: z.nullable(line).check(z.describe('Of the step that failed.')),
    }),
  ),
  properties: z.array(propertyResult),
  coverage: z.optional(coverageResult).check(z.describe('With --coverage.')),
  mutation: z.optional(mutationResult).check(z.describe('With --mutate, where all tests pass.')),
})

const stage = z.string()

const finding = z.looseObject({
  code,
  message: z.string(),
  file: z.string().check(z.describe('Relative to the events.')),
  line: z.nullable(line),
  index: z.nullable(count).check(z.describe("The record's place in its file, from 0.")),
  path: z.nullable(z.string()).check(z.describe('Of the field, such as args.amount.')),
})

const moments = {
  from: z.string().check(z.describe('ISO 8601, UTC.')),
  until: z.nullable(z.string()).check(z.describe('The first moment at which it was over; null: it lasts.')),
  event: z
    .nullable(z.looseObject({ file: z.string(), index: count }))
    .check(
      z.describe('The event that showed it; of outcomes the one that the instance began with; null: the closing did.'),
    ),
}
const figure = z.string().check(z.describe('Exact: a whole number, or a fraction such as 197/200.'))
const figures = {
  value: z.nullable(figure).check(z.describe('Null where there is nothing to measure.')),
  text: z.nullable(z.string()).check(z.describe('The value in words.')),
  points: count.check(z.describe('In the range.')),
  good: z.nullable(count).check(z.describe('Of shares: points for which the condition holds.')),
}
const episodes = z.array(
  z.looseObject({
    ...moments,
    figures: z.array(figure).check(z.describe('As it began: the value, or of alerts that of each condition.')),
    points: count,
    good: z.nullable(count),
    worst: z.nullable(figure).check(z.describe('The value farthest from what was wanted.')),
  }),
)

const eventPlace = z.looseObject({ contract: z.string(), file: z.string(), index: count })
const decidedSchema = z.looseObject({
  decision: z.enum(['permit', 'warn', 'hold', 'deny']),
  decidedBy: z.nullable(z.string()),
})
const endedSchema = z.looseObject({
  status: z.enum(['pending', 'fulfilled', 'breached', 'cancelled']),
  at: z.nullable(z.string()),
})

export const simulationSchema = z.looseObject({
  workspace: z.string(),
  log: z.string(),
  source: z.nullable(z.string()),
  partial: z.boolean().check(z.describe('Interrupted: everything is of the events read until then.')),
  events: count,
  files: count,
  records: count.check(z.describe('Read from the files; those that are no events are skipped or have a finding.')),
  skipped: count.check(z.describe('Records that no map of the source takes.')),
  rejected: count.check(z.describe('Events that a check of their contract took out.')),
  decisions: counts('All decisions by kind.'),
  effective: z
    .looseObject({ events: count, decisions: counts('By kind.') })
    .check(z.describe('What holds for events: the strictest decision of the policies that enforce.')),
  policies: z.array(
    z.looseObject({
      policy: z.string(),
      version: z.string(),
      mode: z.enum(['enforce', 'shadow']),
      layer: z.nullable(z.string()),
      effective: z.optional(count).check(z.describe('Events for which its decision is the one that holds.')),
      stricter: z
        .optional(count)
        .check(
          z.describe(
            'Of a policy in shadow or with a rollout: events for which it does not count and would decide more strictly.',
          ),
        ),
      milder: z.optional(count).check(z.describe('Likewise, events that it would decide less strictly.')),
      decisions: counts('By kind.'),
      byDefault: count.check(z.describe('Decisions of the default.')),
    }),
  ),
  rules: z.array(
    z.looseObject({
      policy: z.string(),
      rule: z.string(),
      decision: decisionWord,
      file: place.file,
      line,
      matched: count,
      decided: count,
      unknown: count.check(z.describe('Of matched: because the condition was unknown.')),
    }),
  ),
  exceptions: z.array(
    z.looseObject({
      exception: z.string(),
      policy: z.string(),
      rule: z.string(),
      grantedBy: z.string(),
      until: z.string(),
      used: count.check(z.describe('Events for which it waived the rule.')),
    }),
  ),
  rollouts: z.array(
    z.looseObject({
      rollout: z.string(),
      policy: z.string(),
      version: z.string(),
      replaces: z.nullable(z.string()),
      stage: stage.check(z.describe('At the end of the run.')),
      changes: z.array(
        z.looseObject({
          cause: z.enum(['started', 'over', 'promoted', 'rolled-back', 'expired']),
          at: z.string().check(z.describe('The time of the event that caused it, or the moment that passed.')),
          event: z.nullable(line).check(z.describe('The number of the event that caused it; null where time did.')),
          from: stage,
          to: stage,
          figures: z.array(
            z.looseObject({
              measure: z.string().check(z.describe('As it is written.')),
              value: count,
              of: z.nullable(count).check(z.describe('Of a share: of how many; null of a count.')),
            }),
          ),
        }),
      ),
    }),
  ),
  obligations: z.array(
    z.looseObject({
      policy: z.string(),
      rule: z.string(),
      kind: z.enum(['expectation', 'approval']),
      file: place.file,
      line,
      opened: count.check(z.describe('Instances that began.')),
      pending: count,
      fulfilled: count,
      breached: count,
      cancelled: count,
    }),
  ),
  approvals: z.looseObject({
    effects: z.record(z.string(), count).check(z.describe('By what they did: counted, rejected, late, duplicate, …')),
    roles: z.array(
      z.looseObject({
        role: z.string(),
        asked: count.check(z.describe('Requests that came to a stage of this role.')),
        answered: count.check(z.describe('Approvals that counted, and rejections.')),
        expired: count.check(z.describe('Stages of this role that passed in vain.')),
        busiest: count.check(z.describe('The most requests that waited for this role at one time.')),
        mostPerDay: count.check(z.describe('The most requests that came to it on one day (UTC).')),
      }),
    ),
  }),
  revisions: z
    .optional(
      z.looseObject({
        late: z.array(eventPlace).check(z.describe('Events that came late.')),
        decisions: z.array(
          z.looseObject({ event: eventPlace, policy: z.string(), from: decidedSchema, to: decidedSchema }),
        ),
        instances: z.array(
          z.looseObject({
            event: eventPlace,
            policy: z.string(),
            rule: z.string(),
            from: z.nullable(endedSchema),
            to: z.nullable(endedSchema),
          }),
        ),
      }),
    )
    .check(z.describe('Where a source revises: what late events changed, from what was decided when events came.')),
  closedAt: z.nullable(z.string()).check(z.describe('Null: the log ends open.')),
  measuredAt: z.nullable(z.string()).check(z.describe('The moment that values are of; null: nothing is measured.')),
  indicators: z.array(
    z.looseObject({
      indicator: z.string(),
      range: z.string(),
      keyCount: count,
      keys: z
        .array(z.looseObject({ key: z.array(z.string()), ...figures }))
        .check(z.describe('The first ones; keyCount counts all.')),
      leftOut: count.check(z.describe('Points that could not be measured, because something was unknown.')),
    }),
  ),
  objectives: z.array(
    z.looseObject({
      objective: z.string(),
      indicator: z.string(),
      owner: z.nullable(z.string()),
      target: z.string(),
      keyCount: count,
      keys: z.array(
        z.looseObject({
          key: z.array(z.string()),
          ...figures,
          met: z.nullable(z.boolean()),
          remaining: z.nullable(figure).check(z.describe('The part of the budget that is left.')),
          remainingText: z.nullable(z.string()),
          breaches: episodes,
          alerts: z.array(z.looseObject({ text: z.nullable(z.string()), episodes })),
        }),
      ),
    }),
  ),
  qualities: z.array(z.looseObject({ contract: z.string(), quality: z.string(), ...figures, episodes })),
  freshness: z.array(
    z.looseObject({
      contract: z.string(),
      limitMs: count,
      lastAt: z.nullable(z.string()),
      gaps: z.array(z.looseObject(moments)),
    }),
  ),
  findings: z.array(finding).check(z.describe('The first ones; findingCounts has all.')),
  findingCounts: z.record(code, count),
  run: z.looseObject({
    identity: z.string().check(z.describe('SHA-256 of program, semantics version, source and mode.')),
    hash: z.string().check(z.describe('Rolling SHA-256 over the decisions.')),
  }),
  elapsedMs: z.number(),
  eventsPerSecond: z.number(),
  peakBytes: z.number(),
})

export const decisionSchema = z.looseObject({
  event: z.looseObject({
    contract: z.string(),
    file: z.string().check(z.describe('Relative to the path given with --events.')),
    index: count.check(z.describe("The record's place in its file, from 0.")),
    time: z.string().check(z.describe('ISO 8601, UTC, milliseconds.')),
  }),
  counts: z
    .optional(z.boolean())
    .check(z.describe('Where the program has rollouts: whether it counts in what holds for the event.')),
  stage: z.optional(stage).check(z.describe("Of the policy's rollout, where it has one.")),
  policy: z.string(),
  version: z.string(),
  decision: decisionWord,
  rules: z.array(z.string()).check(z.describe('Those that matched, in text order.')),
  reason: z.string(),
  decidedBy: z.nullable(z.string()).check(z.describe('The rule that decided; null: the default.')),
  mode: z.optional(z.literal('shadow')).check(z.describe('The policy is in shadow: the decision does not count.')),
  layer: z.optional(z.string()),
  unknown: z.optional(z.array(z.string())).check(z.describe('Rules that matched because their condition was unknown.')),
  lasting: z
    .optional(z.array(z.string()))
    .check(z.describe('Rules that matched only because their breaker is tripped.')),
  waivedBy: z
    .optional(z.array(z.looseObject({ rule: z.string(), exception: z.string(), grantedBy: z.string() })))
    .check(z.describe('Rules that would have matched but for an exception.')),
  obligations: z.optional(
    z.array(
      z.discriminatedUnion('kind', [
        z.looseObject({
          kind: z.literal('effect'),
          rule: z.string(),
          verb: z.string(),
          sink: z.nullable(z.string()),
          fields: z.record(z.string(), z.string()),
        }),
        z.looseObject({
          kind: z.literal('approval'),
          rule: z.string(),
          stages: z.array(z.looseObject({ role: z.string(), quorum: z.int(), until: z.nullable(z.string()) })),
          otherwise: z.nullable(z.looseObject({ decision: decisionWord, text: z.nullable(z.string()) })),
        }),
      ]),
    ),
  ),
})

export const obligationSchema = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.enum(['opened', 'escalated', 'fulfilled', 'breached', 'cancelled']),
    instance: count.check(z.describe('Place among the instances of the run, from 0.')),
    policy: z.string(),
    rule: z.string(),
    at: z.string().check(z.describe('ISO 8601, UTC; a breach by its deadline has the time of the deadline.')),
    event: eventPlace.check(z.describe('The event it began with.')),
    by: z.optional(eventPlace).check(z.describe('The event that did it; without it the deadline did.')),
    stage: z.optional(z.int().check(z.minimum(1))),
    role: z.optional(z.string()),
    quorum: z.optional(z.int()),
    due: z.optional(z.nullable(z.string())),
    noticedAt: z.optional(z.string()).check(z.describe('Time of the first event that showed it, or of the closing.')),
    outcome: z.optional(
      z.looseObject({
        decision: decisionWord,
        text: z.nullable(z.string()),
        effects: z.array(
          z.looseObject({ verb: z.string(), sink: z.nullable(z.string()), fields: z.record(z.string(), z.string()) }),
        ),
      }),
    ),
  }),
  z.looseObject({
    kind: z.literal('approval'),
    effect: z
      .string()
      .check(z.describe('counted, rejected, late, duplicate, foreign, self, altered, settled, unmatched, unreadable')),
    instance: z.nullable(count).check(z.describe('The request it was held against.')),
    at: z.string(),
    event: eventPlace,
    request: z.nullable(z.string()),
    by: z.nullable(z.string()),
    role: z.nullable(z.string()),
    verdict: z.nullable(z.string()),
  }),
])

/** Decisions, changes and approvals as simulations tell them, each with its place in the log. */
export const runSchema = z.intersection(
  z.looseObject({ entry: count.check(z.describe('The entry of the log that says the same.')) }),
  z.union([decisionSchema, obligationSchema]),
)

export const explanationSchema = z.looseObject({
  obligations: z
    .optional(
      z.array(
        z.looseObject({
          instance: count,
          policy: z.string(),
          rule: z.string(),
          status: z.enum(['pending', 'fulfilled', 'breached', 'cancelled']),
          lines: z.array(z.string()),
        }),
      ),
    )
    .check(z.describe('What lived on after the event, or ended with it.')),
  explanations: z.array(
    z.looseObject({
      event: z.looseObject({
        contract: z.string(),
        file: z.string(),
        index: count,
        time: z.string(),
        number: z.int().check(z.minimum(1), z.describe('Place in the whole log, from 1.')),
      }),
      policy: z.string(),
      version: z.string(),
      decision: decisionWord,
      decidedBy: z.nullable(z.string()),
      reason: z.string(),
      standing: z
        .optional(
          z.looseObject({
            counts: z.boolean().check(z.describe('Whether the decision counts in what holds for the event.')),
            rollout: z.optional(z.string()),
            stage: z.optional(stage),
            bucket: z
              .optional(z.nullable(z.number()))
              .check(
                z.describe('In a canary: that of the event, from 0 to below 2^32; null where its key is unknown.'),
              ),
            replacedBy: z.optional(z.string()).check(z.describe('The policy that counts in its place.')),
          }),
        )
        .check(z.describe('Where rollouts have a say about the policy.')),
      rules: z.array(
        z.looseObject({
          rule: z.string(),
          decision: decisionWord,
          outcome: z.enum(['matched', 'matched-unknown', 'matched-lasting', 'waived', 'not-matched', 'not-concerned']),
          trip: z
            .optional(z.looseObject({ event: z.int().check(z.minimum(1)), until: z.string() }))
            .check(z.describe('Of matched-lasting: the event that tripped the breaker, and the last moment of it.')),
          waivedBy: z
            .optional(
              z.looseObject({ exception: z.string(), condition: z.nullable(z.looseObject({ kind: z.string() })) }),
            )
            .check(z.describe('Of waived: the exception, and why it fits.')),
          condition: z
            .nullable(z.looseObject({ kind: z.string(), source: z.string() }))
            .check(z.describe('The proof tree: kind, source and value of each node, and what it rests on.')),
        }),
      ),
      changes: z.array(
        z.looseObject({ kind: z.string(), text: z.string(), decision: decisionWord, rule: z.nullable(z.string()) }),
      ),
      verified: z.nullable(z.boolean()).check(z.describe('Null where --verify was not asked for.')),
      text: z.array(z.string()).check(z.describe('The lines that a terminal shows.')),
    }),
  ),
})

const verdict = z.enum(['compatible', 'conditional', 'unclassified', 'breaking'])
const ruling = z
  .nullable(z.looseObject({ decision: decisionWord, rule: z.nullable(z.string()), reason: z.string() }))
  .check(z.describe('Null: a check takes the event out. Rule null: the default.'))
const messages = (what: string) =>
  z.array(z.looseObject({ code, message: z.string(), file: z.string() })).check(z.describe(what))

export const contractDiffSchema = z.looseObject({
  counts: z.record(verdict, count).check(z.describe('Changes by verdict under the modes that judge them.')),
  versionsToRaise: count,
  comparisons: z.array(
    z.looseObject({
      old: z.string(),
      new: z.string(),
      contracts: z.array(
        z.looseObject({
          contract: z.string().check(z.describe('Module and name.')),
          oldVersion: z.nullable(z.string()),
          newVersion: z.nullable(z.string()),
          mode: z.enum(['backward', 'forward', 'full', 'none']),
          transitive: z.boolean(),
          modeFrom: z.enum(['declared', 'given', 'default']),
          neededVersion: z.nullable(z.string()).check(z.describe('Null: the number is high enough.')),
          changes: z.array(
            z.looseObject({
              kind: z.string().check(z.describe('Id in docs/contract-changes.md.')),
              title: z.string(),
              path: z.string().check(z.describe('Of the field; empty: the contract as a whole.')),
              what: z.string(),
              before: z.nullable(z.string()),
              after: z.nullable(z.string()),
              verdict: verdict.check(z.describe('Under the mode.')),
              verdicts: z.looseObject({ backward: verdict, forward: verdict, full: verdict }),
              bump: z.enum(['major', 'minor', 'patch']),
              decisions: z.boolean().check(z.describe('Decisions may become others.')),
              privacy: z.boolean().check(z.describe('Whoever answers for privacy has to agree.')),
              reason: z.string(),
              advice: z.string(),
              witness: z.nullable(z.string()).check(z.describe('A value that one side has and the other cannot read.')),
              old: z.nullable(z.looseObject(place)),
              new: z.nullable(z.looseObject(place)),
            }),
          ),
        }),
      ),
    }),
  ),
  rules: z.nullable(
    z.looseObject({
      failsBefore: messages('Errors of the policies with the old contracts; then nothing is compared.'),
      failsAfter: messages('Errors of the policies with the new contracts; then nothing is compared.'),
      vacuous: messages('What the analysis finds with the new contracts and not with the old ones.'),
      types: z.array(
        z.looseObject({
          policy: z.string(),
          rule: z.string(),
          value: z.string(),
          before: z.string(),
          after: z.string(),
        }),
      ),
      kept: z
        .array(z.looseObject({ contract: z.string(), keptMilliseconds: count, reachMilliseconds: z.nullable(count) }))
        .check(z.describe('Contracts on which windows now reach further back than events are kept; null: for ever.')),
      decisions: z
        .nullable(
          z.looseObject({
            events: count,
            decisions: count,
            otherDecision: count,
            otherRule: count.check(z.describe('The same decision, made by another rule.')),
            findings: z
              .tuple([count, count])
              .check(z.describe('About the records: with the old contracts, with the new.')),
            examples: z.array(
              z.looseObject({
                event: z.looseObject({ contract: z.string(), file: z.string(), index: count, time: z.string() }),
                policy: z.string(),
                before: ruling,
                after: ruling,
              }),
            ),
          }),
        )
        .check(z.describe('Null without --events.')),
    }),
  ),
})

const lineageNode = {
  id: z.string().check(z.describe('Stays the same while names do.')),
  kind: z
    .string()
    .check(z.describe('source, contract, field, window, let, rule, decision, approval, obligation, sink, …')),
  card: z.nullable(z.string()).check(z.describe('The node that this one is a row of.')),
  name: z.string(),
  detail: z.string(),
  classes: z.array(z.string()).check(z.describe('Privacy classes of what it holds.')),
  place: z.nullable(z.looseObject(place)),
}
const lineageEdge = z.looseObject({
  from: z.string(),
  to: z.string(),
  type: z.enum(['DIRECT', 'INDIRECT']).check(z.describe('Whether values go along, or only what they depend on.')),
  subtype: z.string().check(z.describe('As in OpenLineage, and GUARD, EXCEPTION, DEFAULT, OBLIGES, APPROVES.')),
  masking: z.nullable(z.enum(['mask', 'hash', 'bucket'])),
  place: z.nullable(z.looseObject(place)),
})

const bothWays = <T extends z.core.SomeType>(of: T) => z.looseObject({ before: of, after: of })
const diffShare = z.nullable(
  z
    .looseObject({ share: z.number(), low: z.number(), high: z.number() })
    .check(
      z.describe(
        'Of 1; low and high hold the true share with 95% confidence where the log is a random sample (Wilson).',
      ),
    ),
)
const diffPlace = z.nullable(z.looseObject(place))
const diffPart = z.looseObject({ before: z.nullable(z.string()), after: z.nullable(z.string()) })
const diffEvent = z.looseObject({
  contract: z.string(),
  file: z.string(),
  index: count.check(z.describe("The record's place in its file, from 0.")),
  time: z.string(),
})
const diffRuling = z.nullable(
  z.looseObject({
    decision: decisionWord,
    rule: z.nullable(z.string()).check(z.describe('Null: the default.')),
    reason: z.string(),
    explanation: z.array(z.string()).check(z.describe('The page of writ explain, line by line.')),
  }),
)
const diffRole = z.nullable(
  z.looseObject({ asked: count, answered: count, expired: count, busiest: count, mostPerDay: count }),
)
const diffLiving = z.array(
  z.looseObject({ policy: z.string(), rule: z.string(), kind: z.enum(['expectation', 'approval']), opened: count }),
)

export const diffSchema = z.looseObject({
  before: z.string().check(z.describe('The older version, as it was named.')),
  after: z.string(),
  meaning: z.looseObject({
    same: z.boolean().check(z.describe('No change in meaning.')),
    renamed: z.array(z.looseObject({ before: z.string(), after: z.string() })),
    changes: z.array(
      z.looseObject({
        kind: z.string(),
        of: z.string(),
        text: z.string(),
        parts: z.array(diffPart).check(z.describe('Of a condition: its smallest parts that differ.')),
        before: diffPlace,
        after: diffPlace,
      }),
    ),
  }),
  contracts: z
    .array(z.looseObject({ contract: z.string(), kind: z.string(), what: z.string(), verdict: z.string() }))
    .check(
      z.describe('Changes of contracts that are not compatible both ways; kinds are those of contract-changes.md.'),
    ),
  answers: z
    .nullable(
      z.array(
        z.looseObject({
          policy: z.string(),
          answer: z.enum(['same', 'stricter', 'looser', 'incomparable', 'open']),
          outcomes: z.array(
            z.looseObject({ decision: decisionWord, answer: z.enum(['same', 'wider', 'narrower', 'open']) }),
          ),
          rules: z.array(z.looseObject({ rule: z.string(), answer: z.enum(['same', 'wider', 'narrower', 'open']) })),
        }),
      ),
    )
    .check(z.describe('What can be said for every log; null: the contracts of the versions differ.')),
  stories: z
    .nullable(
      z.array(
        z.looseObject({
          policy: z.string(),
          story: z.nullable(
            z.array(
              z.looseObject({
                when: z.string(),
                contract: z.string(),
                fields: z.string(),
                before: z.array(z.string()),
                after: z.array(z.string()),
              }),
            ),
          ),
          before: z.string(),
          after: z.string(),
          onlyRule: z.boolean(),
          maxEvents: count,
          evaluations: count,
          exhausted: z.boolean(),
          test: z.nullable(z.string()).check(z.describe('A test of the language for the newer version.')),
        }),
      ),
    )
    .check(z.describe('Made-up events that tell the versions apart, run by the engine; null: none were looked for.')),
  log: z.nullable(
    z.looseObject({
      log: z.string(),
      onePass: z.boolean().check(z.describe('The log was read once for both.')),
      partial: z.boolean(),
      events: bothWays(count),
      decisions: bothWays(count),
      decidedAgain: count.check(z.describe('Policies that had to be decided again.')),
      holds: bothWays(counts('What holds for events.')),
      policies: z.array(
        z.looseObject({
          policy: z.string(),
          before: z.nullable(counts('Null: it is not there.')),
          after: z.nullable(counts('Null: it is not there.')),
        }),
      ),
      flips: count.check(z.describe('Decisions that become others; the counts of all groups add up to it.')),
      share: diffShare,
      inForce: count,
      newDenials: count,
      newHolds: count,
      newPermits: count.check(z.describe('Events that were held or denied and pass.')),
      otherRule: count.check(z.describe('The same decision, made by another rule.')),
      groups: z.array(
        z.looseObject({
          policy: z.string(),
          cause: z.string(),
          text: z.string(),
          part: z.nullable(diffPart),
          before: diffPlace,
          after: diffPlace,
          from: z.string(),
          to: z.string(),
          count,
          share: diffShare,
          first: diffEvent,
          last: diffEvent,
          affected: z.array(
            z.looseObject({
              field: z.string(),
              values: count,
              most: z.nullable(z.array(z.looseObject({ value: z.string(), count }))),
              of: count,
            }),
          ),
          examples: z.array(
            z.looseObject({ event: diffEvent, differs: z.string(), before: diffRuling, after: diffRuling }),
          ),
        }),
      ),
      untested: z.nullable(z.array(z.string())),
      approvals: z.array(z.looseObject({ role: z.string(), before: diffRole, after: diffRole })),
      obligations: bothWays(diffLiving),
      measures: bothWays(z.looseObject({ indicators: z.array(z.unknown()), objectives: z.array(z.unknown()) })),
      runs: bothWays(z.looseObject({ hash: z.string() })),
    }),
  ),
  gates: z.array(
    z.looseObject({
      gate: z.string(),
      limit: z.nullable(count),
      found: count,
      passed: z.boolean(),
      text: z.string(),
    }),
  ),
  passed: z.boolean(),
})

export const lineageSchema = z.looseObject({
  workspace: z.string(),
  nodes: z.array(z.looseObject(lineageNode)),
  edges: z.array(lineageEdge),
})

export const decisionLineageSchema = z.looseObject({
  workspace: z.string(),
  event: z.looseObject({
    contract: z.string(),
    file: z.string(),
    index: z.int(),
    time: z.string(),
    number: z.int().check(z.describe('In the whole log, from 1.')),
  }),
  decisions: z
    .array(
      z.looseObject({
        node: z.string().check(z.describe('Id of its node.')),
        policy: z.string(),
        version: z.string(),
        decision: z.enum(['permit', 'warn', 'hold', 'deny']),
        decidedBy: z.nullable(z.string()).check(z.describe('The rule; null: the default.')),
        reason: z.string(),
        changes: z
          .array(
            z.looseObject({
              kind: z.enum(['field', 'wait', 'event', 'approval']),
              text: z.string(),
              decision: z.enum(['permit', 'warn', 'hold', 'deny']),
              rule: z.nullable(z.string()),
            }),
          )
          .check(z.describe('Small changes after which it would be decided otherwise, each tried.')),
      }),
    )
    .check(z.describe('The strictest first.')),
  nodes: z.array(
    z.looseObject({
      ...lineageNode,
      of: z.string().check(z.describe('Its node in the lineage of the program.')),
      event: z.nullable(z.int()).check(z.describe('The number of the event that it is or is a part of.')),
    }),
  ),
  edges: z.array(lineageEdge).check(z.describe('Each is one of the lineage of the program, between the nodes "of".')),
})

export const storedEventSchema = z.looseObject({
  id: z.int().check(z.minimum(1), z.describe('In the store.')),
  time: z.int().check(z.describe('Microseconds since 1970.')),
  timeInferred: z.boolean().check(z.describe('The record had no time; it is that of the record before.')),
  kind: z.enum(['action', 'decision', 'message', 'result']),
  outcome: z.enum(['none', 'permit', 'warn', 'hold', 'deny', 'error']),
  actor: z.nullable(z.string()),
  action: z.nullable(z.string()),
  object: z.nullable(z.string()),
  rule: z.nullable(z.string()),
  policy: z.nullable(z.string()),
  partial: z.boolean().check(z.describe('Something of what was decided on is not in the record.')),
  source: z.string(),
  format: z.string(),
  line,
})

export const importSchema = z.looseObject({
  store: z.string(),
  events: count.check(z.describe('In the store, afterwards.')),
  searchable: count.check(z.describe('Events up to this number can be searched.')),
  partial: z.boolean().check(z.describe('Interrupted: the same command goes on.')),
  read: count.check(z.describe('Records; the sum of kept, skipped, broken and duplicate.')),
  kept: count,
  skipped: count.check(z.describe('Sound JSON that is none of the format.')),
  broken: count,
  duplicate: count.check(z.describe('In the store already.')),
  sources: z.array(
    z.looseObject({
      name: z.string(),
      format: z.string(),
      detected: z.string().check(z.describe('What was seen in it.')),
      state: z.enum(['new', 'known', 'continued', 'refused']),
      sameAs: z.nullable(z.string()).check(z.describe('The source with the same content, of another name.')),
      read: count,
      kept: count,
      skipped: count,
      broken: count,
      duplicate: count,
      events: count.check(z.describe('Made of the records that were kept.')),
      unfinished: z.nullable(z.string()).check(z.describe('Why its end was not read.')),
      findings: z.record(z.string(), count).check(z.describe('By code.')),
    }),
  ),
  findings: z
    .array(z.looseObject({ source: z.string(), line: count, code, message: z.string() }))
    .check(z.describe('The first thousand.')),
})

export const contractImportSchema = z.looseObject({
  text: z.string().check(z.describe('A whole .writ file.')),
  contracts: z.array(z.string()).check(z.describe('Their names in it.')),
  losses: z
    .array(z.looseObject({ path: z.string().check(z.describe('In the document.')), what: z.string() }))
    .check(z.describe('What the document says and the contracts do not.')),
})

export const policyImportSchema = z.looseObject({
  text: z.string().check(z.describe('A whole .writ file.')),
  rules: z
    .array(z.looseObject({ policy: z.string(), rule: z.string() }))
    .check(z.describe('Its rules, by the id of the policy that each was made of.')),
  losses: z
    .array(
      z.looseObject({
        place: z.string().check(z.describe('File and line.')),
        policy: z.nullable(z.string()),
        what: z.string(),
      }),
    )
    .check(z.describe('What has no equivalent, and what was done about it.')),
})

/** By file name in docs/schemas, without `.schema.json`. */
export const publishedSchemas = {
  'writ.json': { title: 'writ.json', schema: settingsSchema },
  baseline: { title: 'a baseline file', schema: baselineSchema },
  check: { title: 'writ check --format json', schema: checkSchema },
  test: { title: 'writ test --format json', schema: testSchema },
  property: { title: 'writ property --format json', schema: propertySchema },
  simulation: { title: 'writ simulate --format json', schema: simulationSchema },
  explanation: { title: 'writ explain --format json', schema: explanationSchema },
  lineage: { title: 'writ lineage --format json', schema: lineageSchema },
  'decision-lineage': { title: 'writ lineage --event N --format json', schema: decisionLineageSchema },
  decision: { title: 'one line of writ simulate --format ndjson', schema: decisionSchema },
  'contract-diff': { title: 'writ contract diff --format json', schema: contractDiffSchema },
  diff: { title: 'writ diff --format json', schema: diffSchema },
  import: { title: 'writ import --report json', schema: importSchema },
  'stored-event': { title: 'one line of writ export --format events', schema: storedEventSchema },
  'contract-import': { title: 'writ contract import --format json', schema: contractImportSchema },
  'policy-import': { title: 'writ policy import --format json', schema: policyImportSchema },
  obligation: { title: 'one line of writ simulate --obligations', schema: obligationSchema },
  run: { title: 'one line of writ run', schema: runSchema },
  verification: { title: 'writ verify --format json', schema: verificationSchema },
  evidence: { title: 'the file of writ prove', schema: evidenceSchema },
  prune: { title: 'writ prune --format json', schema: pruneSchema },
  served: { title: 'the answer of writ serve to one event or approval', schema: servedSchema },
} as const

/** The files of docs/schemas as text, by path. */
export function publishedTexts(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(publishedSchemas).map(([name, { title, schema }]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' })
      return [`docs/schemas/${name}.schema.json`, jsonText({ $schema, title, ...rest })] as const
    }),
  )
}

/** As the project formats JSON: lists of names on one line where they fit. */
function jsonText(value: object): string {
  const listOfNames = /^(.*)\[\s+("[^"\n]*"(?:,\s+"[^"\n]*")*)\s+\](,?)$/gm
  const text = JSON.stringify(value, null, 2).replace(
    listOfNames,
    (whole, before: string, names: string, comma: string) => {
      const line = `${before}[${names.replace(/,\s+/g, ', ')}]${comma}`
      return line.length <= 120 ? line : whole
    },
  )
  return `${text}\n`
}
