/** The checker's reading of patterns agrees with the engine that matches them. */
import { expect, test } from 'vitest'
import { patternMistake } from '../../src/check/pattern-syntax.ts'
import { patternProblem } from '../../src/value/pattern.ts'

test.each([
  ['[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}', null],
  ['(?i)yes|no', null],
  ['\\d+(\\.\\d\\d)?', null],
  ['(a', 'a `(` is never closed'],
  ['a)', 'a `)` has no `(` before it'],
  ['*a', '`*` has nothing before it to repeat'],
  ['a**', 'two repetitions stand in a row'],
  ['(a{500}){2}|b', null],
  ['((a{10}){10}|b){11}', 'repetitions inside each other go up to 1000 in all'],
  ['[z-a]', 'a range in `[…]` ends before it begins'],
  ['a(?=b)', 'this kind of group (`(?…`) is not part of RE2, which has no look-around'],
  ['(a)\\1', '`\\1` has no meaning'],
])('%s', (pattern, mistake) => {
  expect(patternMistake(pattern)).toBe(mistake)
  expect(patternProblem(pattern) === null).toBe(mistake === null)
})

test('20,000 random patterns are judged alike', () => {
  const pieces =
    'a b 1 0 - ^ $ . | ( ) (?: (?i) (?P<n> (?<n> (?i: (?= [ ] [^ [:alpha:] [a-z] [b-] * + ? {2} {2,} {2,3} {3,2} {1001} {30} {500} {0} {x \\d \\w \\pL \\p{Greek} \\p{Old_Italic} \\p{Grek} \\p{Thai} \\p{Nope} \\x41 \\x{1F600} \\b \\Q \\E \\n \\- \\1 \\07 \\8 \\z \\Z \\y é 😀 , :'.split(
      ' ',
    )
  const seed = Number(process.env.WRIT_SEED ?? 20_261_120)
  let state = seed
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const different: string[] = []
  for (let i = 0; i < 20_000; i++) {
    const pattern = Array.from({ length: 1 + random(9) }, () => pieces[random(pieces.length)] ?? '').join('')
    if ((patternMistake(pattern) === null) !== (patternProblem(pattern) === null))
      different.push(`${pattern}   here: ${patternMistake(pattern)}   there: ${patternProblem(pattern)}`)
  }
  expect(different.slice(0, 40), `seed ${seed}, ${different.length} in all`).toEqual([])
})
