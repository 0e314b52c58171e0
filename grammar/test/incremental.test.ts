/** After any edits, reading with the previous tree gives what reading from nothing gives, and unchanged declarations are the same objects. */
import { expect, test } from 'vitest'
import { parse } from '../src/parse.ts'
import { mangle, randomFrom } from './mangle.ts'
import { correctTexts, smallFile } from './programs.ts'

const runs = Number(process.env.WRIT_FUZZ ?? 20_000) / 40

test('incremental equals full under random edits', { timeout: 600_000 }, () => {
  for (let seed = 1; seed <= runs; seed++) {
    const random = randomFrom(seed)
    let text = smallFile(random) + smallFile(random)
    let file = parse('a.writ', text)
    for (let edit = 0; edit < 4; edit++) {
      text = mangle(text, random)
      file = parse('a.writ', text, file)
      expect(file, `seed ${seed}, edit ${edit}`).toEqual(parse('a.writ', text))
    }
  }
})

test('typing one character after the other equals reading the whole', () => {
  const text = correctTexts.at(-2) ?? ''
  let file = parse('a.writ', '')
  for (let end = 1; end <= text.length; end += 7) {
    file = parse('a.writ', text.slice(0, end), file)
    expect(file, `first ${end} characters`).toEqual(parse('a.writ', text.slice(0, end)))
  }
})

test('declarations above an edit stay the same objects, those below keep their trees', () => {
  const before = parse('a.writ', 'define a = 1\ndefine b = 2\ndefine c = 3\ndefine d = 4\n')
  const after = parse('a.writ', 'define a = 1\ndefine b = 200\ndefine c = 3\ndefine d = 4\n', before)
  expect(after.declarations[0]).toBe(before.declarations[0])
  expect(after.declarations[1]).not.toBe(before.declarations[1])
  expect(after.declarations[3]?.syntax).toBe(before.declarations[3]?.syntax)
  expect(after.declarations[3]?.problems).toBe(before.declarations[3]?.problems)
  expect(after.declarations[3]?.start).toBe(41)
})

test('a text that did not change gives the same file', () => {
  const before = parse('a.writ', 'define a = 1\n')
  expect(parse('a.writ', 'define a = 1\n', before)).toBe(before)
})

test('declarations that only changed places are not read again', () => {
  const before = parse('a.writ', 'define a = 1\ndefine b = 2\n')
  const after = parse('a.writ', 'define b = 2\ndefine a = 1\n', before)
  expect(after.declarations.map(({ syntax }) => syntax)).toEqual([
    before.declarations[1]?.syntax,
    before.declarations[0]?.syntax,
  ])
  expect(after.declarations[1]?.syntax).toBe(before.declarations[0]?.syntax)
})
