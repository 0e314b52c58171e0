/** Lines of JSON by chance, and ways to spoil them: what the decoder must read exactly as JSON.parse does. All from one seed. */

export type Chance = (below: number) => number

/** Mulberry32. */
export function chance(seed: number): Chance {
  let state = seed | 0
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

/** Members that the tests look for are among these. */
export const names = [
  'id',
  'kind',
  'amount',
  'args',
  'x',
  'y',
  'list',
  'näme',
  'ID',
  'i',
  'idd',
  '',
  '__proto__',
  'constructor',
  '0',
]

/** `leaf` decides texts and numbers, `next` everything else: with the same `next`, lines of one shape. */
export function objectText(next: Chance, leaf: Chance = next, depth = 0): string {
  const count = next(depth === 0 ? 9 : 5)
  const members = Array.from(
    { length: count },
    () => `${nameText(next)}${space(next)}:${space(next)}${valueText(next, leaf, depth + 1)}`,
  )
  return `{${space(next)}${members.join(`${space(next)},${space(next)}`)}${space(next)}}`
}

function nameText(next: Chance): string {
  const name = names[next(names.length)] ?? ''
  if (next(40) === 0)
    return `"\\u00${(name.charCodeAt(0) || 0x61).toString(16).padStart(2, '0').slice(-2)}${name.slice(1)}"`
  return next(12) === 0 ? stringText(next) : JSON.stringify(name)
}

function valueText(next: Chance, leaf: Chance, depth: number): string {
  switch (next(depth > 4 ? 6 : 9)) {
    case 0:
    case 1:
      return stringText(leaf)
    case 2:
    case 3:
      return numberText(leaf)
    case 4:
      return ['true', 'false', 'null'][leaf(3)] ?? 'null'
    case 5:
      return next(200) === 0 ? deep(next) : numberText(leaf)
    case 6: {
      const items = Array.from(
        { length: next(4) },
        () => `${space(next)}${valueText(next, leaf, depth + 1)}${space(next)}`,
      )
      return `[${items.join(',')}]`
    }
    default:
      return objectText(next, leaf, depth)
  }
}

function deep(next: Chance): string {
  const levels = [10, 100, 255, 256, 257, 900][next(6)] ?? 10
  return next(2) === 0 ? '['.repeat(levels) + ']'.repeat(levels) : `${'{"x":'.repeat(levels)}1${'}'.repeat(levels)}`
}

const pieces = ['a', 'Z', '0', ' ', 'abc', 'user-17', 'é', '漢', '😀', '\u2028', '\u007f', '\u0080', '\ud7ff', '\uffff']
const escapes = [
  '\\"',
  '\\\\',
  '\\/',
  '\\b',
  '\\f',
  '\\n',
  '\\r',
  '\\t',
  '\\u0000',
  '\\u00e9',
  '\\ud83d\\ude00',
  '\\ud800',
  '\\uDC00',
  '\\uFFFD',
]

function stringText(next: Chance): string {
  let text = ''
  for (let count = next(8); count > 0; count--) {
    text += next(7) === 0 ? escapes[next(escapes.length)] : pieces[next(pieces.length)]
  }
  return `"${text}"`
}

const numbers = [
  '0',
  '-0',
  '0.0',
  '1',
  '-1',
  '12',
  '1.5',
  '-0.25',
  '100.00',
  '1e3',
  '1E-3',
  '1.5e+2',
  '123456789012345',
  '1234567890123456',
  '9007199254740991',
  '9007199254740992',
  '9007199254740993',
  '-9007199254740993',
  '18446744073709551615',
  '0.1',
  '0.30000000000000004',
  '0.1234567890123456789',
  '123456789.123456',
  '1234567890.1234567',
  '1e15',
  '1e400',
  '-1e400',
  '1e-400',
  '5e-324',
  '1.7976931348623157e308',
  '99999999999999999999.5',
  '0.000000000000001',
  '0.0000000000000001',
]
const noNumbers = [
  '01',
  '-',
  '+1',
  '.5',
  '1.',
  '1e',
  '1e+',
  '-a',
  '0x10',
  'NaN',
  'Infinity',
  '1_000',
  '--1',
  '00',
  '-01',
]

function numberText(next: Chance): string {
  if (next(60) === 0) return noNumbers[next(noNumbers.length)] ?? '01'
  if (next(2) === 0) return numbers[next(numbers.length)] ?? '0'
  const whole = String(next(10 ** (1 + next(9))))
  return `${next(4) === 0 ? '-' : ''}${whole}${next(2) === 0 ? `.${next(10 ** (1 + next(6)))}` : ''}`
}

function space(next: Chance): string {
  const kind = next(30)
  return kind < 24 ? '' : kind < 27 ? ' ' : kind < 28 ? '\t' : kind < 29 ? '\r' : '  \t '
}

/** Changes some bytes, or none. */
export function spoiled(line: Uint8Array, next: Chance): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(line)
  for (let times = [0, 0, 0, 1, 1, 2, 4][next(7)] ?? 0; times > 0; times--) {
    const at = next(bytes.length + 1)
    const rest = bytes.subarray(at)
    switch (next(8)) {
      case 0:
        bytes = joined(bytes.subarray(0, at), [next(256)], rest.subarray(1))
        break
      case 1:
        bytes = joined(bytes.subarray(0, at), [], rest.subarray(1))
        break
      case 2:
        bytes = joined(bytes.subarray(0, at), [structure[next(structure.length)] ?? 0], rest)
        break
      case 3:
        bytes = Uint8Array.from(bytes.subarray(0, at))
        break
      case 4:
        bytes = joined(bytes.subarray(0, at), broken[next(broken.length)] ?? [], rest)
        break
      case 5: {
        const copied = bytes.subarray(at, at + next(20))
        bytes = joined(bytes.subarray(0, at), copied, rest)
        break
      }
      case 6:
        bytes = joined(bytes, structure.slice(0, 1 + next(3)), [])
        break
      default:
        bytes = joined(bytes.subarray(0, at), [next(0x20)], rest)
    }
  }
  // A newline ends the line; what would be behind it is another line.
  return bytes.filter(byte => byte !== 0x0a)
}

const structure = [...'}{][,:"\\ 0-.eE+tfn'].map(character => character.charCodeAt(0))
/** Overlong, cut off, surrogates, beyond U+10FFFF, lonely continuations. */
const broken = [
  [0xc0, 0xaf],
  [0xc3],
  [0xe2, 0x82],
  [0xed, 0xa0, 0x80],
  [0xf0, 0x80, 0x80, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0x80],
  [0xff],
  [0xf0, 0x9f, 0x98],
  [0xe0, 0x80, 0x80],
  [0xef, 0xbb, 0xbf],
]

function joined(...parts: readonly ArrayLike<number>[]): Uint8Array {
  return Uint8Array.from(parts.flatMap(part => Array.from(part)))
}
