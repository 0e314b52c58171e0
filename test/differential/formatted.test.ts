/** Formatting a program changes nothing in what it decides, and a formatted program stays as it is. */
import { evaluate } from '@writ/engine'
import { format } from '@writ/grammar'
import { expect, test } from 'vitest'
import { checked, eventsOf, logOf, programOf } from './pair.ts'

test('on 150 generated programs', { timeout: 120_000 }, () => {
  for (let seed = 600_000; seed < 600_150; seed++) {
    const { text, plan } = programOf(seed)
    if (!plan) continue
    const formatted = format(text)
    expect(format(formatted), `seed ${seed}`).toBe(formatted)
    const again = checked(formatted)
    expect(again.problems, `seed ${seed}`).toEqual([])
    if (!again.plan) continue
    const events = eventsOf(seed, 0, plan)
    const [before, after] = [evaluate(plan, logOf(plan, events)), evaluate(again.plan, logOf(again.plan, events))]
    expect(after.hash, `seed ${seed}`).toBe(before.hash)
  }
})
