/** The reader of `writ.json` agrees with JSON.parse on what is JSON, and knows where members and faults are. */
import { describe, expect, test } from 'vitest'
import { readJson } from '../src/settings/json-with-places.ts'

describe('agrees with JSON.parse', () => {
  const texts = [
    '{}',
    '[]',
    ' { "a" : [ 1 , -2.5e3 , true , null , "x\\n\\u00e9\\"" ] , "b" : { "c" : {} } } ',
    '"text"',
    '12',
    '{ "a": 1, "a": 2 }',
    '{ "__proto__": 1 }',
    '',
    '{',
    '[1,]',
    '{ "a" }',
    '{ a: 1 }',
    "{ 'a': 1 }",
    '[1 2]',
    '01',
    '"\\x"',
    '"a\nb"',
    'nul',
    '{} {}',
    '[1]]',
    '\u00a0{}',
  ]
  test.each(texts)('%j', text => {
    let expected: unknown
    try {
      expected = { value: JSON.parse(text) }
    } catch {
      expected = 'fault'
    }
    const read = readJson(text)
    expect('expected' in read ? 'fault' : { value: read.value }).toEqual(expected)
  })
})

test('places of members', () => {
  const text = '{\n  "a": { "b": [10, { "c": true }] }\n}'
  const read = readJson(text)
  if ('expected' in read) throw new Error('it is JSON')
  expect(text.slice(read.placeOf(['a', 'b']))).toMatch(/^"b"/)
  expect(text.slice(read.placeOf(['a', 'b', '1', 'c']))).toMatch(/^"c"/)
  expect(text.slice(read.placeOf(['a', 'x']))).toMatch(/^"a"/)
  expect(read.placeOf([])).toBe(0)
})

test.each([
  ['{ "a": 1,, }', 9, 'a name in double quotes'],
  ['{ "a" 1 }', 6, 'a colon'],
  ['[1 2]', 3, 'a comma or ]'],
  ['{ "a": }', 7, 'a value'],
  ['{ "a": 1', 8, 'a comma or }'],
  ['{} x', 3, 'nothing more'],
])('fault in %j', (text, offset, expected) => {
  expect(readJson(text)).toEqual({ offset, expected })
})
