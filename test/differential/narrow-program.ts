/** Rule books about few fields, in which rules often contradict, shadow and repeat each other: where an analysis has much to claim. */
import type { Random } from './random.ts'

/** A policy whose rules speak of the same few fields, so that a good part of them meets. */
export function narrowProgram(random: Random): string {
  const conditions = Array.from({ length: 6 }, () => narrow(random, random.between(0, 2)))
  const rules = Array.from({ length: random.between(2, 6) }, (_, i) => {
    // Some conditions are of two rules.
    const condition = random.chance(92) ? ` when ${conditions[random.chance(10) ? 0 : i]}` : ''
    const lasting = random.chance(5) ? ' for 1h by customer' : ''
    const decision = random.pick(['permit', 'warn', 'hold', 'deny'])
    return `  rule r${i}${condition}\n    ${decision}${decision === 'permit' ? '' : lasting}`
  })
  const check = random.chance(30) ? `  check ${narrowCheck(random)} else reject "no"\n` : ''
  const waiver = random.chance(15) ? `exception x { rule p.r0 granted by "ana" until 2026-12-31 }\n` : ''
  return `module narrow
contract Alpha version 1.0.0 {
  customer: String key
  a: Int
  b: Int?
  flag: Bool
  kind: enum { x, y, z }
  part: Decimal in 0 .. 1
  price: Money
  name: String
${check}}
policy p version 1.0.0 {
  on Alpha as e
  combine ${random.pick(['strictest', 'first', 'permit_overrides'])}
  default ${random.pick(['permit', 'warn', 'hold', 'deny'])}
  let often = count of Alpha by customer over 1h
  let low = e.a < 2
${rules.join('\n')}
}
${waiver}`
}

function narrowCheck(random: Random): string {
  return random.pick(['a > 0', 'a >= 1 and flag', 'kind != x', 'b is absent or b > 1', 'price > 1 USD'])
}

function narrow(random: Random, depth: number): string {
  if (depth > 0 && random.chance(75)) {
    const parts = Array.from({ length: random.between(2, 3) }, () => narrow(random, depth - 1))
    const joined = `(${parts.join(random.chance(60) ? ' and ' : ' or ')})`
    return random.chance(15) ? `not ${joined}` : joined
  }
  const number = () => random.between(0, 4)
  const operator = () => random.pick(['<', '<=', '>', '>=', '==', '!='])
  const text = () => random.pick(['"a"', '"ab"', '"abc"', '"b"'])
  return random.pick([
    () => `e.a ${operator()} ${number()}`,
    () => `${number()} ${operator()} e.a`,
    () => `e.a ${random.pick(['in', 'not in'])} ${number()} .. ${number()}`,
    () => `e.a ${random.pick(['in', 'not in'])} [${number()}, ${number()}, ${number()}]`,
    () => `(e.b ?? ${number()}) ${operator()} ${number()}`,
    () => `(if e.flag then e.a else ${number()}) ${operator()} ${number()}`,
    () => `e.b is ${random.pick(['present', 'absent'])}`,
    () => `(e.b is present and e.b ${operator()} ${number()})`,
    () => `(e.b is absent or e.b ${operator()} ${number()})`,
    () => `e.a ${operator()} (e.b ?? 1)`,
    () => 'e.flag',
    () => 'low',
    () => `e.flag == ${random.pick(['true', 'false'])}`,
    () => `e.kind ${random.pick(['==', '!='])} ${random.pick(['x', 'y', 'z'])}`,
    () => `e.kind in [${random.pick(['x', 'y'])}, z]`,
    () => `e.part ${operator()} ${random.pick(['0', '0.5', '1'])}`,
    () => `e.price ${operator()} ${number()} ${random.pick(['USD', 'EUR'])}`,
    () => `e.name ${random.pick(['starts_with', 'ends_with', 'contains', '==', '!='])} ${text()}`,
    () => `often ${operator()} ${number()}`,
    () => `exists Alpha where a ${operator()} ${number()} and a ${operator()} ${number()} by customer over 1h`,
    () => `sum(part) of Alpha by customer over 1h ${operator()} ${number()}`,
  ])()
}
