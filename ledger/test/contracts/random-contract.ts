/** Generates a contract from a seed, with every type, bounds, patterns, classes, marks, checks and terms. */
export function randomContract(seed: number): string {
  let state = seed >>> 0
  const below = (limit: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0
    return ((state ^ (state >>> 13)) >>> 0) % limit
  }
  const pick = <T>(items: readonly [T, ...T[]]): T => items[below(items.length)] ?? items[0]
  const type = (depth: number): string => {
    const simple = [
      'Bool',
      'String',
      'Int',
      'Decimal',
      'Percent',
      'Money',
      'Money<EUR>',
      'Duration',
      'Time',
      'Version',
      'enum { a, b, c }',
    ] as const
    if (depth > 2 || below(3) > 0) return pick(simple)
    return below(2) === 0 ? `List<${type(depth + 1)}${below(4) === 0 ? '?' : ''}>` : `{ ${fields(depth + 1)} }`
  }
  const limits: Readonly<Record<string, string>> = {
    Int: ' in -7 .. 1_000_000',
    Decimal: ' in 0.25 .. 99.5',
    Percent: ' in 0% .. 33.3%',
    'Money<EUR>': ' in 1 EUR .. 2.50 EUR',
    Duration: ' in 90s .. 2d',
    Time: ' in 2020-01-01 .. 2030-06-01',
    String: ' matches "[a-z]+(x|y)?"',
  }
  const field = (name: string, depth: number): string => {
    const base = type(depth)
    const optional = below(3) === 0 ? '?' : ''
    const limit = below(2) === 0 ? (limits[base] ?? '') : ''
    return `${name}: ${base}${optional}${limit}${pick(['', '', '', ' secret', ' personal(identifier)', ' internal'])}`
  }
  const fields = (depth: number): string =>
    Array.from({ length: 1 + below(4) }, (_, place) => field(`f${depth}${place}`, depth)).join('  ')
  const own = Array.from({ length: 1 + below(6) }, (_, place) => field(`g${place}`, 0))
  const terms = [
    'owner "team"',
    'compatibility full',
    'freshness 90s',
    'retention 36h',
    'check n > 2 else warn',
    'check n != 5 else reject "no \\\\ five"',
  ]
  return `module m.n\ncontract Thing version ${below(3)}.${below(9)}.0 {\n  id: String key\n  n: Int\n  at: Time time\n  ${own.join('\n  ')}\n  ${terms.filter(() => below(2) === 0).join('\n  ')}\n}`
}
