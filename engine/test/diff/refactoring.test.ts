/** Changes of the text that change nothing: renames, extracted lets, other orders, split files. And small ones that do count. */
import { parse } from '@writ/grammar'
import { expect, test } from 'vitest'
import { check } from '../../src/check/check.ts'
import { staticAnswers } from '../../src/diff/answer.ts'
import { distinguishingStories } from '../../src/diff/distinguishing.ts'
import { type PlanPair, pairPlans } from '../../src/diff/pair.ts'
import { flipReport, meaningReport } from '../../src/diff/report.ts'
import { runBoth } from '../../src/diff/run-both.ts'
import { onSharedLog, sharedReadSet } from '../../src/diff/shared-log.ts'
import { shareOf } from '../../src/diff/wilson.ts'
import { LogBuilder } from '../../src/log/builder.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { fromInteger } from '../../src/value/rational.ts'

const contract = `contract Call version 1.0.0 {
  at : Time time
  who : String
  tool : String
  size : Int
}
`
const policy = `policy guard version 1.0.0 {
  on Call as c
  combine strictest
  default permit
  let calls = count of Call by who over 1h
  rule big when c.size > 10 and c.tool == "send" and c.who != "root" deny "too big"
  rule often when calls > 3 or c.size > 100 hold
  rule seen when c.tool == "read" warn
}
`
const whole = `module m\n${contract}${policy}`

function planOf(...files: readonly string[]): Plan {
  const { plan, problems } = check(files.map((text, i) => parse(`f${i}.writ`, text)))
  if (!plan) throw new Error(problems.map(({ message }) => message).join('\n'))
  return plan
}

function paired(before: Plan, other: Plan): PlanPair {
  const after = onSharedLog(before, other)
  if (!after) throw new Error('the versions share a log')
  return pairPlans(before, after)
}

function reportOf(pair: PlanPair) {
  const builder = new LogBuilder(pair.before.contracts, sharedReadSet(pair.before, pair.after))
  for (let i = 0; i < 200; i++) {
    const fields = {
      at: fromInteger(i * 300_000),
      who: ['ann', 'bob', 'root'][i % 3] ?? '',
      tool: i % 2 ? 'send' : 'read',
      size: fromInteger((i * 7) % 120),
    }
    builder.add({ contract: 0, time: i * 300_000, file: 'f', index: i, fields })
  }
  const log = builder.build()
  const logs = { before: log, after: log }
  return flipReport({ pair, logs, runs: runBoth(pair, logs) })
}

const refactorings: Readonly<Record<string, readonly string[]>> = {
  'an alias is renamed': [whole.replace('as c', 'as x').replaceAll('c.', 'x.')],
  'a let is renamed': [whole.replaceAll('calls', 'many')],
  'a rule is renamed': [whole.replace('rule big', 'rule large')],
  'a policy is renamed': [whole.replace('policy guard', 'policy keep')],
  'a let is taken out': [
    whole
      .replace('  rule big', '  let huge = c.size > 10\n  rule big')
      .replace('c.size > 10 and c.tool', 'huge and c.tool'),
  ],
  'a let is put in its place': [
    whole
      .replace('  let calls = count of Call by who over 1h\n', '')
      .replace('calls >', '(count of Call by who over 1h) >'),
  ],
  'rules stand in another order': [
    whole.replace(/ {2}rule big.*\n/, '').replace('  rule seen', `${/ {2}rule big.*\n/.exec(policy)?.[0]}  rule seen`),
  ],
  'conjuncts stand in another order': [
    whole.replace(
      'c.size > 10 and c.tool == "send" and c.who != "root"',
      'c.who != "root" and c.size > 10 and "send" == c.tool',
    ),
  ],
  'disjuncts stand in another order': [whole.replace('calls > 3 or c.size > 100', '100 < c.size or calls > 3')],
  'the file is split': [`module m\nuse n { Call }\n${policy}`.replace('use n { Call }\n', ''), `module m\n${contract}`],
  'texts and comments': [
    whole.replace('"too big"', '"over the limit"').replace('  rule seen', '  // a comment\n  rule seen'),
  ],
}

test.each(Object.entries(refactorings))('%s: no change in meaning, no flips', (_, files) => {
  const pair = paired(planOf(whole), planOf(...files))
  expect(meaningReport(pair)).toMatchObject({ same: true, changes: [] })
  expect(reportOf(pair)).toMatchObject({ flips: 0, groups: [], decidedAgain: 0 })
  expect(staticAnswers(pair)).toEqual([])
})

test.each([
  ['a limit', whole.replace('> 10 and', '> 20 and'), 'looser', '`c.size > 10` became `c.size > 20`', 'condition'],
  [
    'a conjunct goes',
    whole.replace(' and c.who != "root"', ''),
    'stricter',
    '`c.who != "root"` is no longer asked',
    'condition',
  ],
  [
    'a disjunct comes',
    whole.replace('> 100', '> 100 or c.size == 7'),
    'stricter',
    '`c.size == 7` is enough too',
    'condition',
  ],
  ['a rule goes', whole.replace(/ {2}rule seen.*\n/, ''), 'looser', 'm.guard.seen is gone', 'rule-removed'],
  ['a decision', whole.replace('"read" warn', '"read" hold'), 'stricter', 'm.guard.seen decides otherwise', 'decision'],
  [
    'the default',
    whole.replace('default permit', 'default warn'),
    'stricter',
    'the default of m.guard was permit and is warn',
    'default',
  ],
])('%s: one cause, an answer for every log, a story', (_, text, answer, words, cause) => {
  const pair = paired(planOf(whole), planOf(text))
  const { groups, flips } = reportOf(pair)
  expect(flips).toBeGreaterThan(0)
  expect(groups.map(group => group.cause)).toEqual(groups.map(() => cause))
  expect(groups[0]?.text).toContain(words)
  expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(flips)
  expect(staticAnswers(pair)).toMatchObject([{ answer }])
  const [story] = distinguishingStories(pair, { maxEvents: 2, budget: 1_000 })
  expect(story?.story?.length).toBeGreaterThan(0)
  expect(story?.before).not.toBe(story?.after)
  expect(story?.test).toContain('expect')
})

test('of several parts that differ, the one is named that came out otherwise at the event', () => {
  const text = whole.replace('c.size > 10 and c.tool == "send"', 'c.size > 50 and c.tool == "read"')
  const { groups } = reportOf(paired(planOf(whole), planOf(text)))
  const parts = new Set(groups.map(group => group.part?.after))
  expect(parts).toEqual(new Set(['c.size > 50', 'c.tool == "read"']))
})

test('the interval of a share: figures of Wilson for 1 of 4, and both ends', () => {
  const { low = 0, high = 0 } = shareOf(1, 4) ?? {}
  expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.0456', '0.6994'])
  expect(shareOf(0, 10)).toMatchObject({ share: 0, low: 0 })
  expect(shareOf(10, 10)).toMatchObject({ share: 1, high: 1 })
  expect(shareOf(0, 0)).toBeNull()
})
