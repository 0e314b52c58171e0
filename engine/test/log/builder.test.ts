import { describe, expect, it } from 'vitest'
import { LogBuilder } from '../../src/log/builder.ts'
import { columnView } from '../../src/log/column-view.ts'
import type { PlanContract } from '../../src/plan/plan.ts'
import { fromInteger, parseRational, type Rational } from '../../src/value/rational.ts'
import type { FieldType, Type } from '../../src/value/type.ts'
import { absent, unknown, type Value } from '../../src/value/value.ts'

const text: Type = { kind: 'string' }
const decimal: Type = { kind: 'decimal' }
const optional = (inner: Type): Type => ({ kind: 'optional', inner })
const field = (name: string, type: Type): FieldType => ({ name, type, refinement: null, classes: [] })
const record = (...fields: FieldType[]): Type => ({ kind: 'record', name: null, fields })
const contract = (name: string, ...fields: FieldType[]): PlanContract => ({
  name,
  module: 'test',
  version: '1.0.0',
  fields,
  timeField: null,
  requesterField: null,
  keyFields: [],
  quality: [],
  freshnessMilliseconds: null,
  retentionMilliseconds: null,
  checks: [],
  span: { file: 0, start: 0, end: 0 },
})
const number = (digits: string): Rational => {
  const value = parseRational(digits)
  if (value === undefined) throw new Error(digits)
  return value
}

describe('the log builder', () => {
  it('puts events in order of time, file path and index, and keeps equal places as they came', () => {
    const contracts = [contract('A', field('id', text)), contract('B', field('id', text))]
    const builder = new LogBuilder(contracts)
    const add = (kind: number, id: string, time: number, file: string, index: number) =>
      builder.add({ contract: kind, time, file, index, fields: { id } })
    add(0, 'later', 9, 'b', 0)
    add(1, 'b1', 5, 'b', 1)
    add(0, 'a7', 5, 'a', 7)
    add(0, 'b1 too', 5, 'b', 1)
    add(1, 'first', 1, 'b', 3)
    const view = columnView(builder.build(), contracts)
    expect(Array.from({ length: view.size }, (_, seq) => view.event(seq).value(['id']))).toEqual([
      'first',
      'a7',
      'b1',
      'b1 too',
      'later',
    ])
    expect(Array.from(view.of(0))).toEqual([1, 3, 4])
    expect(view.event(1)).toMatchObject({ seq: 1, contract: 0, time: 5, file: 'a', index: 7 })
  })

  it('gives back every kind of value', () => {
    const contracts = [
      contract(
        'A',
        field('flag', { kind: 'bool' }),
        field('amount', { kind: 'money', currency: null }),
        field('tags', { kind: 'list', element: text }),
        field('score', optional(decimal)),
        field('where', optional(record(field('city', optional(text)), field('at', record(field('x', decimal)))))),
      ),
    ]
    const fields: Record<string, Value> = {
      flag: true,
      amount: { amount: number('12.50'), currency: 'EUR' },
      tags: ['a', 'b'],
      score: number('0.25'),
      where: { fields: { city: absent, at: { fields: { x: number('1') } } } },
    }
    const builder = new LogBuilder(contracts)
    builder.add({ contract: 0, time: 0, file: 'f', index: 0, fields })
    builder.add({ contract: 0, time: 1, file: 'f', index: 1, fields: { amount: unknown, tags: unknown } })
    const view = columnView(builder.build(), contracts)
    for (const [name, value] of Object.entries(fields)) expect(view.event(0).value([name])).toEqual(value)
    expect(view.event(0).value(['where', 'city'])).toBe(absent)
    expect(view.event(0).value(['where', 'at', 'x'])).toEqual(number('1'))
    const second = view.event(1)
    expect([second.value(['flag']), second.value(['amount']), second.value(['tags'])]).toEqual([
      unknown,
      unknown,
      unknown,
    ])
    expect([second.value(['score']), second.value(['where']), second.value(['where', 'at', 'x'])]).toEqual([
      absent,
      absent,
      absent,
    ])
    expect(() => second.value(['nowhere'])).toThrow('A has no field nowhere')
  })

  it('knows an optional record that is present with nothing in it', () => {
    const contracts = [contract('A', field('where', optional(record(field('city', optional(text))))))]
    const builder = new LogBuilder(contracts, [new Set(['where.city'])])
    builder.add({ contract: 0, time: 0, file: 'f', index: 0, fields: { where: { fields: {} } } })
    expect(columnView(builder.build(), contracts).event(0).value(['where'])).toEqual({ fields: { city: absent } })
  })

  it('keeps numbers as safe integers at the scale that fits most, and the others exactly', () => {
    const contracts = [contract('A', field('n', decimal))]
    const column = (...values: Value[]) => {
      const builder = new LogBuilder(contracts)
      for (const [index, n] of values.entries()) builder.add({ contract: 0, time: 0, file: 'f', index, fields: { n } })
      const log = builder.build()
      const view = columnView(log, contracts)
      expect(values.map((_, seq) => view.event(seq).value(['n']))).toEqual(values)
      const built = log.batches[0]?.columns.get('n')
      if (built?.kind !== 'number') throw new Error('a number column was expected')
      return { scale: built.scale, values: [...built.values], exact: [...built.exact.keys()] }
    }
    expect(column(number('1'), number('2.5'), number('-0.75'))).toEqual({
      scale: 2,
      values: [100, 250, -75],
      exact: [],
    })
    const third: Rational = { n: 1n, d: 3n }
    expect(column(number('7'), third, absent, unknown)).toEqual({
      scale: 0,
      values: [7, NaN, NaN, NaN],
      exact: [1, 2, 3],
    })
    const odd = column(number('0.1234567890123456'), number('1000.5'), number('2000.5'), number('9007199254740993'))
    expect(odd).toEqual({ scale: 1, values: [NaN, 10_005, 20_005, NaN], exact: [0, 3] })
    expect(column(fromInteger(Number.MAX_SAFE_INTEGER), number('0.5'))).toMatchObject({ scale: 0, exact: [1] })
  })
})
