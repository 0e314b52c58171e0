/**
 * The reference interpreter and the compiled evaluator, generated code and closures, give the same result on generated
 * programs and logs. Reproduce a failure by its seed: `WRIT_SEED=… WRIT_DIFFERENTIAL=1 node test/differential/long.ts`.
 */
import { describe, expect, test } from 'vitest'
import { campaign } from './campaign.ts'
import { checked, judge } from './pair.ts'
import { generateProgram } from './program.ts'
import { randomFrom } from './random.ts'
import { regressions } from './regressions.ts'

const logsPerProgram = 3
const programs = 720
/** A new stretch of seeds every day would find more, but a failure should not depend on the day: long.ts explores. */
const firstSeed = 1

describe('reference = compiled', () => {
  test.each(regressions)('once failed: $what', ({ program, events }) => {
    const { plan, problems } = checked(program)
    expect(problems).toEqual([])
    expect(plan && judge(plan, events).difference).toBe(null)
  })

  test(`on ${programs} programs, ${logsPerProgram} logs each`, { timeout: 600_000 }, () => {
    const seeds = Array.from({ length: programs }, (_, i) => firstSeed + i)
    const { statistics, failures, refused } = campaign(seeds, logsPerProgram)
    console.log(statistics.report())
    expect(failures.map(({ report }) => report)).toEqual([])
    expect(refused.slice(0, 3).map(({ report }) => report)).toHaveLength(0)
    expect(statistics.pairs).toBeGreaterThanOrEqual(2000)
    expect([...statistics.constructs.keys()]).toEqual(expect.arrayContaining(everyConstruct))
    expect([...statistics.byDecision.keys()].sort()).toEqual(['deny', 'hold', 'permit', 'warn'])
    expect(statistics.unknownRuns / statistics.pairs).toBeGreaterThan(0.1)
  })
})

test('a seed always gives the same program', () => {
  expect(generateProgram(randomFrom(7))).toBe(generateProgram(randomFrom(7)))
  expect(generateProgram(randomFrom(7))).not.toBe(generateProgram(randomFrom(8)))
})

const everyConstruct = [
  ...'literal field now element member named not and or compare in-list in-range present arithmetic negate default if list quantified exists sequence'.split(
    ' ',
  ),
  ...'contains starts_with ends_with like matches'.split(' ').map(operator => `text-test ${operator}`),
  ...'count sum avg min max distinct share quantile last first drift'.split(' ').map(name => `aggregate ${name}`),
  ...'abs round floor ceil min max length lower upper trim size text amount currency hour_of_day day_of_week mask hash bucket find_all'
    .split(' ')
    .map(name => `call ${name}`),
  ...[
    'range over',
    'range per',
    'range since',
    'range ever',
    'zone',
    'before this',
    'contract check',
    'several contracts',
    'approval',
    'breaker',
    'tripped breaker',
    'waived rule',
    'rule book',
  ],
  ...['combine strictest', 'combine first', 'combine permit_overrides'],
]
