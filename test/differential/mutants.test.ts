/**
 * What is said of small changes can be relied on: on generated programs, the engine and the reference interpreter agree about
 * every story that tells a change apart (distinguish.ts throws where they do not), and the engine decides otherwise with it.
 */
import { check, evaluate, runMutants, traceLog } from '@writ/engine'
import { parse } from '@writ/grammar'
import { expect, test } from 'vitest'
import { narrowProgram } from './narrow-program.ts'
import { generateProgram } from './program.ts'
import { randomFrom } from './random.ts'

/** `WRIT_FUZZ` looks at that many programs of each kind instead. */
const asked = process.env.WRIT_FUZZ

test.each([
  { from: 'generated programs', write: generateProgram, programs: 8 },
  { from: 'rule books about few fields', write: narrowProgram, programs: 20 },
])(
  'stories that tell changes of $from apart do so in the engine',
  { timeout: 600_000 },
  ({ from, write, programs }) => {
    const seen = { changes: 0, told: 0, rejected: 0 }
    for (let seed = 1; seed <= Number(asked ?? programs); seed++) {
      const file = parse('a.writ', write(randomFrom(seed)))
      const checked = check([file])
      const { plan } = checked
      if (!plan) continue
      let number = 0
      const { mutants, rejected } = runMutants([file], checked, {
        budget: 30,
        maxEvents: 2,
        select: () => number++ % 12 === seed % 12,
      })
      seen.rejected += rejected
      for (const { edit, fate } of mutants) {
        seen.changes++
        if (fate.kind !== 'survived' || fate.told.trace === null) continue
        seen.told++
        const text = file.text.slice(0, edit.span.start) + edit.text + file.text.slice(edit.span.end)
        const other = check([parse('a.writ', text)]).plan
        if (!other) throw new Error('a change that was judged checks')
        const [one, two] = [plan, other].map(version => {
          const { decisions, obligations } = evaluate(version, traceLog(version, fate.told.trace ?? []))
          const names = Array.from(decisions.decidedBy, (rule, i) => {
            const policy = version.policies[decisions.policy[i] ?? 0]
            return `${decisions.decision[i]} ${policy?.rules[rule]?.name ?? 'default'}`
          })
          const { due, status, rule, policy } = obligations.instances
          const living = Array.from(rule, (place, i) => version.policies[policy[i] ?? 0]?.rules[place]?.name)
          return JSON.stringify([names, living, [...due], [...status]])
        })
        expect(one, `seed ${seed}: ${edit.kind}`).not.toBe(two)
      }
    }
    console.log(`${from}: ${JSON.stringify(seen)}`)
    expect(seen.told).toBeGreaterThan(0)
  },
)
