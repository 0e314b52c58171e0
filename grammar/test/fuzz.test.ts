/** Mangled texts: reading never throws, formatting is idempotent and keeps every token. WRIT_FUZZ=n for longer runs. */
import { expect, test } from 'vitest'
import { parse, syntaxProblems } from '../src/parse.ts'
import { format } from '../src/print.ts'
import { mangle, randomFrom } from './mangle.ts'
import { smallFile } from './programs.ts'

const runs = Number(process.env.WRIT_FUZZ ?? 20_000)
const firstSeed = Number(process.env.WRIT_SEED ?? 1)

test(`${runs} mangled texts are read without an exception, and formatting them twice changes nothing more`, () => {
  const failures: string[] = []
  for (let seed = firstSeed; seed < firstSeed + runs && failures.length < 5; seed++) {
    const random = randomFrom(seed)
    const text = mangle(smallFile(random), random)
    try {
      const file = parse('a.writ', text)
      for (const { span } of syntaxProblems(file)) {
        if (!(span.start >= 0 && span.start <= span.end && span.end <= text.length))
          failures.push(`seed ${seed}: span outside of the text`)
      }
      const once = format(text)
      if (format(once) !== once) failures.push(`seed ${seed}: formatting is not idempotent`)
      if (once.replace(/\s/g, '') !== text.replace(/\s/g, ''))
        failures.push(`seed ${seed}: formatting changed more than space`)
    } catch (error) {
      failures.push(`seed ${seed}: ${error instanceof Error ? error.stack : error}`)
    }
  }
  expect(failures).toEqual([])
}, 600_000)
