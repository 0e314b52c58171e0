/** Whether texts can pass several tests at once: by example, and against the tests themselves on many texts. */
import { describe, expect, test } from 'vitest'
import { somePass } from '../../src/analyze/text-automaton.ts'
import type { TextFact } from '../../src/analyze/text-language.ts'
import { textTest } from '../../src/value/operations.ts'

const operators = {
  like: 'like',
  matches: 'matches',
  starts: 'starts_with',
  ends: 'ends_with',
  has: 'contains',
} as const

/** `like /etc/*`, `not matches [a-z]+`. */
function facts(...written: readonly string[]): readonly TextFact[] {
  return written.map(text => {
    const [, not, operator = '', pattern = ''] = /^(not )?(\w+) ([\s\S]*)$/.exec(text) ?? []
    return { operator: operators[operator as keyof typeof operators], pattern, holds: not === undefined }
  })
}

describe('texts that pass all tests', () => {
  test.each([
    [['like a*', 'like b*']],
    [['like *.csv', 'ends .txt']],
    [['matches [a-z]+', 'matches [0-9]+']],
    [['matches \\d{4}', 'not matches \\d+']],
    [['matches [a-c]x', 'not like ?x', 'not like a*', 'not like b*', 'not like c*']],
    [['starts /etc/', 'not like /etc/*']],
    [['like /home/*/keys', 'not has /']],
    [['matches (?:GET|PUT) .*', 'matches [a-z ]*']],
    [['matches ^a.c$', 'has \n']],
    [['not like *']],
    [['matches [^\\s\\S]']],
  ])('none: %j', written => expect(somePass(facts(...written), [])).toBe(false))

  test.each([
    [['like a*', 'like *b']],
    [['matches [a-z]+', 'not matches [a-y]+']],
    [['matches [a-z0-9]+@example\\.org', 'ends .org']],
    [['like a?c', 'matches a.c']],
    [['matches 😀+', 'like 😀*']],
    [['matches (?i)abc', 'like A*']],
    [['not like a*', 'not like b*']],
  ])('some: %j', written => expect(somePass(facts(...written), [])).toBe(true))

  test('texts that are excluded one by one', () => {
    expect(somePass(facts('matches [ab]'), ['a'])).toBe(true)
    expect(somePass(facts('matches [ab]'), ['a', 'b'])).toBe(false)
  })
})

test('no test is said to exclude others by a text that passes them all', () => {
  const patterns = [
    'like a*',
    'like *b*',
    'like a?',
    'matches [ab]+',
    'matches a.?b',
    'matches (a|bb)*',
    'matches [^a]*',
    'starts ab',
    'ends 😀',
    'has ba',
  ]
  const every = facts(...patterns, ...patterns.map(pattern => `not ${pattern}`))
  const letters = ['a', 'b', 'c', '😀', '\ud83d', '\n']
  const texts = ['']
  for (let length = 0, from = 0; length < 4; length++) {
    const to = texts.length
    for (; from < to; from++) for (const letter of letters) texts.push(texts[from] + letter)
  }
  const passing = every.map(
    fact => new Set(texts.filter(text => textTest(fact.operator, text, fact.pattern) === fact.holds)),
  )
  const wrong: string[] = []
  let none = 0
  every.forEach((a, i) => {
    every.slice(0, i).forEach((b, j) => {
      const together = [...(passing[i] ?? [])].find(text => passing[j]?.has(text))
      if (somePass([a, b], [])) return
      none++
      if (together !== undefined) wrong.push(JSON.stringify([a, b, together]))
    })
  })
  expect(wrong).toEqual([])
  expect(none).toBeGreaterThan(10)
})
