/** Text for terminals: safe to print, as wide as it says, numbers as all reports write them. */
import { expect, test } from 'vitest'
import { progressLine } from '../src/terminal/progress.ts'
import { bytes, count, counted, cut, elapsed, printable, rate, share, width, wrap } from '../src/terminal/text.ts'

test.each([
  ['plain', 'plain'],
  ['a\u001b[31mred', 'a␛[31mred'],
  ['two\nlines\tand tab', 'two⏎lines→and tab'],
  ['\u202eleft', '\\u{202e}left'],
  ['\u0085\u009b', '\\u{85}\\u{9b}'],
  ['half \ud83d', 'half \\u{d83d}'],
  ['whole 😀', 'whole 😀'],
])('printable %j', (text, shown) => {
  expect(printable(text)).toBe(shown)
})

test.each([
  ['abc', 3],
  ['日本', 4],
  ['é', 1],
  ['e\u0301', 1],
  ['😀', 2],
])('width of %j', (text, columns) => {
  expect(width(text)).toBe(columns)
})

test('cut and wrap', () => {
  expect(cut('some words here', 20)).toBe('some words here')
  expect(cut('some words here', 10)).toBe('some word…')
  expect(cut('日本日本', 5)).toBe('日本…')
  expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four'])
  expect(wrap('averylongword x', 5)).toEqual(['averylongword', 'x'])
})

test('numbers', () => {
  expect([0, 999, 1000, 1234567].map(count)).toEqual(['0', '999', '1,000', '1,234,567'])
  expect([counted(1, 'file'), counted(2, 'file'), counted(0, 'fix', 'fixes')]).toEqual(['1 file', '2 files', '0 fixes'])
  expect([share(0, 5), share(5, 5), share(1, 3), share(1, 5000), share(4999, 5000)]).toEqual([
    '0%',
    '100%',
    '33.3%',
    '<0.1%',
    '>99.9%',
  ])
  expect([12, 1234, 12_345_678, 1.5e9].map(bytes)).toEqual(['12 B', '1 kB', '12 MB', '1.5 GB'])
  expect([12.4, 4200, 200_000].map(elapsed)).toEqual(['12 ms', '4.2 s', '3 min 20 s'])
  expect([850, 412_345, 1_234_567].map(rate)).toEqual(['850', '412 k', '1.23 M'])
})

test('progress: amount, rate, what is left', () => {
  expect(progressLine('reading', 40e6, 120e6, 400_000, 2000)).toBe(
    'reading  400,000 events, 40 MB of 120 MB · 200 k events/s · 4 s left',
  )
  expect(progressLine('reading', 5, 0, 3, 0)).toBe('reading  3 events, 5 B')
})
