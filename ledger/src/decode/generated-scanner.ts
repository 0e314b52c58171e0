/**
 * A scanner made as code for the shape that the lines of a log have (line-shape.ts): fixed texts are compared four bytes at a time,
 * strings are passed over in place. Where a line leaves the shape, the interpreted scanner goes on from there; a shape that
 * most lines leave is replaced, and given up after some times. Both find the same tokens.
 *
 * INVARIANT: the code consists of fixed words and of numbers made here: no byte of a log or a program gets into its text.
 */
import { hashOf } from '@writ/engine'
import { type InterpretedScanner, scanLeaf } from './line-scanner.ts'
import { lineShape, type ShapeStep } from './line-shape.ts'
import type { RawTree } from './raw-tree.ts'
import { skipString, skipValue } from './skip.ts'
import { type LineScanner, type Tokens, tokenMissing, tokenObject, tokenString } from './tokens.ts'

const maxShapes = 6

/** `patience`: lines to look at before code is made, and between looks at how well it fits. */
export function generatedScanner(
  tree: RawTree,
  tokens: Tokens,
  interpreted: InterpretedScanner,
  patience = 256,
): LineScanner {
  let code: ShapeCode | null = null
  let shapes = 0
  let lines = 0
  let left = 0

  function interpret(bytes: Uint8Array, start: number): number {
    const end = interpreted.scan(bytes, start)
    if (++lines >= patience && shapes < maxShapes && end >= 0) {
      lines = 0
      shapes++
      const shape = lineShape(bytes, start, tree)
      code = shape && compile(shape, tokens)
    }
    return end
  }

  return (bytes, start) => {
    if (code === null) return interpret(bytes, start)
    tokens.use(bytes)
    const end = code(bytes, tokens.view, start)
    if (++lines === patience) {
      // More than half of the lines are not of this shape: look for another.
      if (left * 2 > patience) code = null
      lines = 0
      left = 0
    }
    if (end >= 0) return end
    left++
    return end === -1 ? interpreted.scan(bytes, start) : interpreted.resume(bytes, -end)
  }
}

/** The place behind the line; -1: scan the line anew; below: resume at the negated place. */
type ShapeCode = (bytes: Uint8Array, view: DataView, start: number) => number

function compile(shape: readonly ShapeStep[], tokens: Tokens): ShapeCode {
  const { kinds, starts, ends, hashes } = tokens
  const wantedValue = (b: Uint8Array, view: DataView, at: number, slot: number): number =>
    scanLeaf(b, view, at, slot, tokens)
  const source = [
    '"use strict"',
    'return (b, v, start) => {',
    'let i = start, at = 0, w = 0, q = 0, s = 0, o = 0',
    ...Array.from(kinds, (_, slot) => `kinds[${slot}] = ${tokenMissing}`),
    ...shape.map(step => stepCode(step, 0)),
    shape.at(-1)?.kind === 'text' ? 'return i' : 'return -i',
    '}',
  ].join('\n')
  const make = new Function(
    'kinds',
    'starts',
    'ends',
    'hashes',
    'hashOf',
    'skipString',
    'skipValue',
    'wantedValue',
    source,
  )
  return make(kinds, starts, ends, hashes, hashOf, skipString, skipValue, wantedValue)
}

/** `depth`: of objects around that are not wanted. Where a line is not like them inside, they are passed over as a whole. */
function stepCode(step: ShapeStep, depth: number): string {
  switch (step.kind) {
    case 'text': {
      const leave = step.resumable ? 'return -i' : depth === 0 ? 'return -1' : `break object${depth}`
      return `if (!(${textTest(step.bytes)})) ${leave}\ni += ${step.bytes.length}`
    }
    case 'open':
      return `kinds[${step.slot}] = ${tokenObject}\nstarts[${step.slot}] = i`
    case 'close':
      return `ends[${step.slot}] = i`
    case 'wanted':
      return `${step.flat ? flatTest : ''}${wantedCode(step.slot)}`
    case 'skipped':
      return skippedCode[step.like]
    case 'skipped-object': {
      const inside = depth + 1
      return `{
const from = i
let fits = false
object${inside}: {
${step.steps.map(inner => stepCode(inner, inside)).join('\n')}
fits = true
}
if (!fits) {
i = skipValue(b, v, from)
if (i < 0) return -1
}
}`
    }
  }
}

/** Compares the bytes at `i` as little-endian words; the last word overlaps the one before. */
function textTest(bytes: Uint8Array): string {
  const { length } = bytes
  const padded = new DataView(new ArrayBuffer(length + 4))
  for (const [i, byte] of bytes.entries()) padded.setUint8(i, byte)
  if (length < 4) return `(v.getInt32(i, true) & ${(1 << (8 * length)) - 1}) === ${padded.getInt32(0, true)}`
  const tests: string[] = []
  for (let at = 0; at + 4 <= length; at += 4) tests.push(wordTest(padded, at))
  if (length % 4 !== 0) tests.push(wordTest(padded, length - 4))
  return tests.join(' && ')
}

function wordTest(bytes: DataView, at: number): string {
  return `v.getInt32(i + ${at}, true) === ${bytes.getInt32(at, true)}`
}

/** To the next byte that does not simply belong to a string: the loop of `oddByte` in skip.ts, in place. */
const oddByteCode = `for (;;) {
w = v.getInt32(i, true)
q = w ^ 0x22222222
s = w ^ 0x5c5c5c5c
o = (((q - 0x01010101) & ~q) | ((s - 0x01010101) & ~s) | (w - 0x20202020) | w) & 0x80808080
if (o !== 0) break
i += 4
}
i += (31 - Math.clz32(o & -o)) >>> 3`

const anyValueCode = `{
i = skipValue(b, v, i)
if (i < 0) return -1
}`

const skippedCode = {
  string: `if (b[i] === 0x22) {
i++
${oddByteCode}
if (b[i] === 0x22) i++
else {
i = skipString(b, v, i)
if (i < 0) return -1
}
} else ${anyValueCode}`,
  // Whole numbers without a leading zero; the rest is for the function.
  number: `w = i
if (b[i] >= 0x31 && b[i] <= 0x39) {
do i++
while (b[i] >= 0x30 && b[i] <= 0x39)
if (b[i] === 0x2e || (b[i] | 0x20) === 0x65) {
i = skipValue(b, v, w)
if (i < 0) return -1
}
} else ${anyValueCode}`,
  other: anyValueCode,
} as const

const flatTest = 'if (b[i] === 0x7b || b[i] === 0x5b) return -1\n'

function wantedCode(slot: number): string {
  return `at = i
if (b[i] === 0x22) {
i++
${oddByteCode}
if (b[i] === 0x22) {
kinds[${slot}] = ${tokenString}
starts[${slot}] = at + 1
ends[${slot}] = i
hashes[${slot}] = hashOf(v, at + 1, i)
i++
} else {
i = wantedValue(b, v, at, ${slot})
if (i < 0) return -1
}
} else {
i = wantedValue(b, v, at, ${slot})
if (i < 0) return -1
}`
}
