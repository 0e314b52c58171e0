/** Lines and columns; ways through the tree. */
import { expect, test } from 'vitest'
import { lineIndex } from '../src/lines.ts'
import { nearest } from '../src/nearest.ts'
import { parse } from '../src/parse.ts'
import { nodesAt, walkExpressions } from '../src/walk.ts'

test('offsets and positions, with all three kinds of line end', () => {
  const lines = lineIndex('ab\ncd\r\nef\rg')
  expect(lines.count).toBe(4)
  expect([0, 2, 3, 5, 7, 10, 11, 99].map(offset => lines.position(offset))).toEqual([
    { line: 0, column: 0 },
    { line: 0, column: 2 },
    { line: 1, column: 0 },
    { line: 1, column: 2 },
    { line: 2, column: 0 },
    { line: 3, column: 0 },
    { line: 3, column: 1 },
    { line: 3, column: 1 },
  ])
  expect([lines.offset(1, 1), lines.offset(1, 99), lines.offset(9, 0), lines.offset(-1, 3)]).toEqual([4, 5, 11, 0])
})

test('the nodes at an offset, outermost first', () => {
  const text = 'define a = b.c + max(d, 1)'
  const [declaration] = parse('a.writ', text).declarations
  const path = declaration === undefined ? [] : nodesAt(declaration.syntax, text.indexOf('d, 1'))
  expect(path.map(({ kind, span }) => `${kind} ${text.slice(span.start, span.end)}`)).toEqual([
    'define define a = b.c + max(d, 1)',
    'arithmetic b.c + max(d, 1)',
    'call max(d, 1)',
    'undefined d',
    'name d',
    'undefined d',
  ])
})

test('all expressions, holes of texts included', () => {
  const [declaration] = parse('a.writ', 'policy p { default deny because "{x.y} of {z}" }').declarations
  const kinds: string[] = []
  if (declaration !== undefined) walkExpressions(declaration.syntax, expression => kinds.push(expression.kind))
  expect(kinds).toEqual(['member', 'name', 'name'])
})

test.each([
  ['polcy', 'policy'],
  ['PERMIT', 'permit'],
  ['reqiure', 'require'],
  ['at', null],
  ['zebra', null],
])('nearest to %s is %s', (word, expected) => {
  expect(nearest(word, ['policy', 'permit', 'require', 'on', 'by'])).toBe(expected)
})
