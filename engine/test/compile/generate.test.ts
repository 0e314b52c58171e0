/** Generated code: what is in its text, and what it makes of every operator, against the closures. */
import { expect, test } from 'vitest'
import { truthClosure } from '../../src/compile/closures.ts'
import { noHistory, scopeOf } from '../../src/compile/conditions.ts'
import { conditionsText, generateConditions, generateGroup, groupText } from '../../src/compile/generate.ts'
import { Lowering } from '../../src/compile/lower.ts'
import { LogBuilder } from '../../src/index.ts'
import { absent, unknown, type Value } from '../../src/value/value.ts'
import { money, number, planOfText } from './programs.ts'

/** Names, strings and patterns that would be seen in the text, and break out of it if they were put there. */
const conditions = [
  'e.zulu == "\\u{60}$(zulu)*/ zulu"',
  'e.zulu like "zulu*"',
  'e.zulu matches "zulu.*"',
  'e.zulu in ["zulu", "\\"); zulu(\\""]',
  'not (e.zulu == e.yankee)',
  'e.yankee contains e.zulu or e.whiskey > 1_000_000_000_000_000_000',
  'e.whiskey * 2 + 1.5 > e.xray - -3 and e.xray in 1 .. 2.5',
  'abs(e.whiskey) / 4 <= max(e.whiskey, e.xray, 0.1) and min(e.whiskey, 7) != 3',
  '(e.victor ?? 0.5) > 0.25 or e.victor is present',
  'if e.uniform then e.whiskey > 1 else e.xray < 1',
  'e.tango > 5 EUR and e.tango + 1 EUR < 9 EUR',
  'hour_of_day(e.sierra) in 8 .. 17 and day_of_week(e.sierra) < 6',
  'e.romeo * 1.5 > 1h30m and not e.uniform',
  'e.whiskey / e.xray > 0.5',
]
const text = `module zulu
contract Event version 1.0.0 {
  zulu : String  yankee : String  xray : Int  whiskey : Decimal  victor : Decimal?
  uniform : Bool  tango : Money  sierra : Time  romeo : Duration
}
policy p version 1.0.0 {
  on Event as e
  default permit
${conditions.map((condition, i) => `  rule r${i} when ${condition} deny`).join('\n')}
}
`

function lowered() {
  const plan = planOfText(text)
  const builder = new LogBuilder(plan.contracts)
  const numbers = ['0', '1', '-3.5', '2.25', '9007199254740991', '-0.001']
  for (let index = 0; index < 60; index++) {
    const pick = <T>(values: readonly T[], by: number): T => values[Math.floor(index / by) % values.length] as T
    const fields: Readonly<Record<string, Value>> = {
      zulu: pick(['zulu', '`$(zulu)*/ zulu', unknown, '"); zulu("'], 1),
      yankee: pick(['zulu', 'a zulu b', unknown], 2),
      xray: pick([number('1'), number('0'), unknown, number('9007199254740993')], 3),
      whiskey: pick([...numbers.map(number), unknown], 1),
      victor: pick([absent, number('0.5'), unknown, number('0.1')], 2),
      uniform: pick([true, false, unknown], 1),
      tango: pick([money('7'), money('7', 'USD'), unknown], 2),
      sierra: number(String(index * 7_654_321 - 99_999_999)),
      romeo: number(String(index * 100_000)),
    }
    builder.add({ contract: 0, time: index, file: 'log', index, fields })
  }
  const log = builder.build()
  const lowering = new Lowering(scopeOf(plan, log, 0, noHistory), 0, null)
  return (plan.policies[0]?.rules ?? []).map(rule => lowering.truth(rule.when ?? { ...never }))
}
const never = { kind: 'literal', value: false, type: { kind: 'bool' }, span: { file: 0, start: 0, end: 0 } } as const

test('has a fixed alphabet: no name, string or pattern of the program is in the text', () => {
  const rules = lowered().map((condition, i) => ({ hit: i * 4, condition }))
  for (const { text: source } of [conditionsText(lowered()), groupText(rules)]) {
    const words = new Set(source.match(/[A-Za-z_$][\w$]*/g))
    const own = [...words].filter(word => !/^[kv]\d+$/.test(word)).sort()
    const known = ['Math', 'NaN', 'abs', 'function', 'hits', 'if', 'let', 'max', 'min', 'n', 'return', 'row']
    expect(own.filter(word => !known.includes(word))).toEqual([])
    expect(source).toMatch(/^[\w\s()[\]{}<>=!?:;,.|&*/%+-]+$/)
  }
})

test('gives the same truth as the closures, at every row', () => {
  const irs = lowered()
  const closures = irs.map(truthClosure)
  const generated = generateConditions(lowered())
  const group = generateGroup(lowered().map((condition, i) => ({ hit: i * 4, condition })))
  const hits = new Int32Array(irs.length)
  for (let row = 0; row < 60; row++) {
    const truths = closures.map(holds => holds(row))
    expect(generated.map(holds => holds(row))).toEqual(truths)
    const found = [...hits.subarray(0, group(row, hits))]
    expect(found).toEqual(truths.flatMap((truth, i) => (truth === 0 ? [] : [i * 4 + truth])))
  }
})
