/** W0002: small texts that describe something enormous are refused, quickly. */
import { expect, test } from 'vitest'
import { checkAll, rule } from './marked.ts'

function codes(text: string): readonly string[] {
  const { problems } = checkAll(text)
  return [...new Set(problems.filter(problem => problem.severity === 'error').map(problem => problem.code))]
}

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n')
}

test('defines that double', () => {
  expect(codes(`module m\ndefine d0 = 1\n${lines(60, i => `define d${i + 1} = d${i} + d${i}`)}`)).toEqual(['W0002'])
  expect(
    codes(
      `module m\ndefine d0(n: Int): Int = n\n${lines(60, i => `define d${i + 1}(n: Int): Int = d${i}(n) + d${i}(n)`)}`,
    ),
  ).toEqual(['W0002'])
})

test('a call of a call of a call', () => {
  const nested = (depth: number): string => (depth === 0 ? 'p.n' : `twice(${nested(depth - 1)})`)
  const text = rule(`${nested(40)} > 1`).replace('policy', 'define twice(n: Int): Int = n + n\npolicy')
  expect(codes(text)).toEqual(['W0002'])
})

test('lets that double', () => {
  const lets = lines(60, i => `let l${i + 1} = l${i} + l${i}`)
  expect(codes(rule('l60 > 1').replace('rule r', `let l0 = p.n\n${lets}\nrule r`))).toEqual(['W0002'])
})

test('types that double', () => {
  const types = lines(60, i => `type T${i + 1} = { a: T${i}, b: T${i} }`)
  expect(codes(`module m\ntype T0 = Int\n${types}\ncontract C { t: T60 }`)).toEqual(['W0002'])
})

test('a long chain of declarations, also backwards', () => {
  expect(codes(`module m\n${lines(3000, i => `define d${i} = d${i + 1}`)}\ndefine d3000 = 1`)).toEqual(['W0002'])
  expect(codes(`module m\n${lines(3000, i => `type T${i} = List<T${i + 1}>`)}\ntype T3000 = Int`)).toEqual(['W0002'])
})

test('what people write is far below', () => {
  expect(codes(`module m\ndefine d0 = 1\n${lines(100, i => `define d${i + 1} = d${i} + 1`)}`)).toEqual([])
})
