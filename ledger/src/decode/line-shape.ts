/**
 * The shape of a line: its fixed text between values, and which of the values are wanted. Taken from one line that a scanner has
 * understood; lines of one log mostly share it. Code is made of shapes in generated-scanner.ts.
 */
import type { RawNode, RawTree } from './raw-tree.ts'
import { skipSpace, skipString, skipValue } from './skip.ts'

export type ShapeStep =
  /** Text that is always the same; `resumable` where a member of the record itself has just ended before it. */
  | { readonly kind: 'text'; readonly bytes: Uint8Array; readonly resumable: boolean }
  /** A value that is not wanted, mostly of this kind. */
  | { readonly kind: 'skipped'; readonly like: 'string' | 'number' | 'other' }
  /** An object that is not wanted, mostly with these texts and values. */
  | { readonly kind: 'skipped-object'; readonly steps: readonly ShapeStep[] }
  /** `flat`: no object or list, since members of it would be wanted. */
  | { readonly kind: 'wanted'; readonly slot: number; readonly flat: boolean }
  /** An object with wanted members opens or closes; its brackets are in the texts. */
  | { readonly kind: 'open' | 'close'; readonly slot: number }

/** More values of a record are left to the interpreted scanner, so that the code stays small enough to be compiled well. */
const maxValues = 64
/** Deeper objects that are not wanted are passed over as a whole. */
const maxDepth = 3

/** Comparisons that the code of a shape may have; logs of machines need some hundreds. */
const maxWork = 3000

/** The shape of the line at `start`, which is valid; null where it is too large for code. */
export function lineShape(bytes: Uint8Array, start: number, tree: RawTree): readonly ShapeStep[] | null {
  const walk = new Walk(bytes)
  const end = walk.object(start, start, tree.members, 0)
  if (end === tooLarge) return null
  if (end !== enough) walk.text(bytes.indexOf(0x0a, end) + 1, walk.steps.length > 0)
  return workOf(walk.steps) > maxWork ? null : walk.steps
}

function workOf(steps: readonly ShapeStep[]): number {
  let work = 0
  for (const step of steps) {
    if (step.kind === 'text') work += Math.ceil(step.bytes.length / 4)
    else work += step.kind === 'skipped-object' ? workOf(step.steps) : 4
  }
  return work
}

/** There are enough values: the steps so far are the shape. */
const enough = -1
/** There are too many values inside of something that cannot be left in the middle. */
const tooLarge = -2

class Walk {
  readonly steps: ShapeStep[] = []
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #textStart = 0
  #values = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  text(end: number, resumable: boolean): void {
    this.steps.push({ kind: 'text', bytes: this.#bytes.slice(this.#textStart, end), resumable })
    this.#textStart = end
  }

  /** Gives the place behind the object, or why there is none. */
  object(open: number, textStart: number, members: readonly RawNode[], depth: number): number {
    const bytes = this.#bytes
    this.#textStart = textStart
    let i = skipSpace(bytes, open + 1)
    for (let isFirst = true; bytes[i] !== 0x7d; isFirst = false) {
      if (this.#values === maxValues) return depth === 0 ? enough : tooLarge
      const nameEnd = skipString(bytes, this.#view, i + 1)
      const name = bytes.subarray(i + 1, nameEnd - 1)
      const node = members.find(member => sameBytes(member.nameBytes, name)) ?? null
      const value = skipSpace(bytes, skipSpace(bytes, nameEnd) + 1)
      this.text(value, depth === 0 && !isFirst)
      const end = this.#value(value, node, depth)
      if (end < 0) return end
      this.#textStart = end
      i = skipSpace(bytes, end)
      if (bytes[i] === 0x2c) i = skipSpace(bytes, i + 1)
    }
    return i + 1
  }

  #value(start: number, node: RawNode | null, depth: number): number {
    const isObject = this.#bytes[start] === 0x7b
    if (node !== null && node.members.length > 0 && isObject) {
      this.steps.push({ kind: 'open', slot: node.slot })
      const end = this.object(start, start, node.members, depth + 1)
      if (end < 0) return tooLarge
      this.text(end, false)
      this.steps.push({ kind: 'close', slot: node.slot })
      return end
    }
    this.#values++
    const end = skipValue(this.#bytes, this.#view, start)
    if (node !== null) this.steps.push({ kind: 'wanted', slot: node.slot, flat: node.members.length > 0 })
    else if (isObject && depth < maxDepth) this.steps.push(this.#skippedObject(start, depth))
    else this.steps.push({ kind: 'skipped', like: kindOf(this.#bytes[start] ?? 0) })
    return end
  }

  #skippedObject(start: number, depth: number): ShapeStep {
    const inner = new Walk(this.#bytes)
    const end = inner.object(start, start, [], depth + 1)
    if (end < 0) return { kind: 'skipped', like: 'other' }
    inner.text(end, false)
    return { kind: 'skipped-object', steps: inner.steps }
  }
}

function kindOf(first: number): 'string' | 'number' | 'other' {
  if (first === 0x22) return 'string'
  return first === 0x2d || (first >= 0x30 && first <= 0x39) ? 'number' : 'other'
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
