/** Seeded damage for texts: what a hand at the keyboard, a bad merge or an attacker would do to them. */

/** Numbers from 0 (included) to 1 (excluded), the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const scraps = [
  ...[
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '"',
    "'",
    '\\',
    '/*',
    '*/',
    '//',
    '///',
    '\n',
    '\r\n',
    ' ',
    '\t',
    ',',
    ':',
    '.',
    '..',
  ],
  ...[
    '=',
    '==',
    '!=',
    '<',
    '>=',
    '&&',
    '||',
    '!',
    '+',
    '-',
    '*',
    '/',
    '?',
    '??',
    '%',
    ';',
    '@',
    '#',
    '\u201c',
    '\u00a0',
    '\ud83d',
  ],
  ...[
    'policy p {',
    'rule x',
    'when ',
    'permit',
    'deny "no"',
    'contract A version 1.0.0 {',
    'define x = ',
    'test "t" {',
  ],
  ...[
    'if a then ',
    'else ',
    'any x in ',
    'count of A by k over 1d',
    'A then B by k over 1h',
    'exists ',
    ' where ',
    ' by all ',
  ],
  ...[
    '50 USD',
    '1h30m',
    '2026-11-20T09:00:00Z',
    '95%',
    '1.2.3',
    '09:00',
    '5x',
    '"{a} {{b}} {c"',
    '// why\n',
    '/* so */',
    '/// doc\n',
  ],
  ...[
    'module m',
    'use a { B as C }',
    'let y = ',
    'default deny',
    'given A { a: 1 } at 09:00',
    'expect ',
    'then notify pager { a: 1 }',
  ],
]

/** One to eight changes to `text`. */
export function mangle(text: string, random: () => number): string {
  let mangled = text
  const changes = 1 + Math.floor(random() * 8)
  for (let change = 0; change < changes; change++) {
    const from = Math.floor(random() * (mangled.length + 1))
    const length = Math.floor(random() ** 3 * 40)
    const to = Math.min(mangled.length, from + length)
    const kind = random()
    if (kind < 0.3) mangled = mangled.slice(0, from) + pick(scraps, random) + mangled.slice(from)
    else if (kind < 0.5) mangled = mangled.slice(0, from) + mangled.slice(to)
    else if (kind < 0.65) mangled = mangled.slice(0, from) + pick(scraps, random) + mangled.slice(to)
    else if (kind < 0.75) mangled = mangled.slice(0, to) + mangled.slice(from)
    else if (kind < 0.85)
      mangled = mangled.slice(0, from) + mangled.slice(from).replace(/\s+/, random() < 0.5 ? '\n' : ' ')
    else if (kind < 0.95)
      mangled =
        mangled.slice(0, from) +
        mangled
          .slice(from)
          .replace(/[ \n]/, pick([' // c\n', '\n/* c */\n', '\n// c\n', '\n/// d\n', ' /* c */ '], random))
    else mangled = mangled.slice(0, from)
  }
  return mangled
}

/** One element of a list. */
export function pick<T>(list: readonly T[], random: () => number): T {
  const picked = list[Math.floor(random() * list.length)]
  if (picked === undefined) throw new Error('nothing to pick from')
  return picked
}
