/** The slow and the fast implementation of obligations agree on generated programs and logs; a failure names its seed. */
import { approvalEffects } from '@writ/engine'
import { expect, test } from 'vitest'
import { obligationCampaign } from './campaign.ts'

const programs = 250
const logsPerProgram = 3

test(`on ${programs} programs, ${logsPerProgram} logs each`, { timeout: 600_000 }, () => {
  const seeds = Array.from({ length: programs }, (_, i) => 1 + i)
  const { failures, refused, pairs, seen } = obligationCampaign(seeds, logsPerProgram)
  console.log(pairs, Object.fromEntries([...seen].sort()))
  expect(failures).toEqual([])
  expect(refused.slice(0, 3)).toEqual([])
  for (const what of everything) expect(seen.get(what) ?? 0, what).toBeGreaterThan(20)
})

const everything = [
  'pending',
  'fulfilled',
  'breached',
  'cancelled',
  'transition cancelled',
  'transition opened',
  'deadlines at one instant',
  'met at the deadline',
  'closed at the deadline',
  'transition escalated',
  ...approvalEffects.map(effect => `approval ${effect}`),
]
