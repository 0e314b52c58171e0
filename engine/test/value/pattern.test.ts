import { likeMatches, patternMatches, patternProblem } from '@writ/engine'
import { describe, expect, test } from 'vitest'

describe('like', () => {
  test.each([
    ['setup.exe', '*.exe', true],
    ['setup.exe.txt', '*.exe', false],
    ['abc', 'a?c', true],
    ['ac', 'a?c', false],
    ['aXbXc', 'a*b*c', true],
    ['ab', 'ab*b', false],
    ['aab', '*ab', true],
    ['', '*', true],
    ['', '', true],
    ['a', '', false],
    ['a.c', 'a[.]c', false],
    ['A', 'a', false],
    ['xaby', '*a?*', true],
  ])('%s like %s: %s', (text, glob, result) => expect(likeMatches(text, glob)).toBe(result))
  test('no text takes long', () => {
    expect(likeMatches('a'.repeat(50_000), `${'*a'.repeat(50)}*b`)).toBe(false)
  })
})

describe('matches', () => {
  test.each([
    ['abc', 'a|abc', true],
    ['abcd', 'abc', false],
    ['a\nb', 'a.b', false],
    ['ABC', '(?i)abc', true],
    ['😀', '.', true],
  ])('%s matches %s: %s', (text, pattern, result) => expect(patternMatches(text, pattern)).toBe(result))
  test('no text takes long', () => expect(patternMatches('a'.repeat(20_000), '(a*)*b')).toBe(false))
  test('says what is wrong with a pattern', () => {
    expect(patternProblem('a(')).toContain('missing closing )')
    expect(patternProblem('a+')).toBe(null)
  })
})
