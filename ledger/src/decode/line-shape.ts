/**
 * The shape of a line: its fixed text between values, and which of the values are wanted. Taken from one line that a scanner has
 * understood; lines of one log mostly share it. Code is made of shapes in generated-scanner.ts.
 */
import type { RawNode, RawTree } from './raw-tree.ts'
import { skipSpace, skipString, skipValue } from './skip.ts'

export type ShapeStep =
  /** Text that is always the same; `resumable` where a member of the record itself has just ended before it. */
  | { readonly kind: 'text'; readonly bytes: Uint8Array; readonly resumable: boolean }
  /** Any value; null: not wanted. `flat`: no object or list, since members of it would be wanted. */
  | { readonly kind: 'value'; readonly slot: number | null; readonly flat: boolean }
  /** An object with wanted members opens or closes; its brackets are in the texts. */
  | { readonly kind: 'open' | 'close'; readonly slot: number }

/** More values of a record are left to the interpreted scanner, so that the code stays small enough to be compiled well. */
const maxValues = 64

/** The shape of the line at `start`, which is valid; null where an object with wanted members is too large for code. */
export function lineShape(bytes: Uint8Array, start: number, tree: RawTree): readonly ShapeStep[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const steps: ShapeStep[] = []
  let textStart = start
  let values = 0
  let isInside = false

  const text = (end: number, resumable: boolean): void => {
    steps.push({ kind: 'text', bytes: bytes.slice(textStart, end), resumable })
  }
  // Gives the place behind the object; -1 where it has too many values.
  const object = (open: number, members: readonly RawNode[], isRecord: boolean): number => {
    let i = skipSpace(bytes, open + 1)
    let isFirst = true
    while (bytes[i] !== 0x7d) {
      if (values === maxValues) return -1
      const nameEnd = skipString(bytes, view, i + 1)
      const name = bytes.subarray(i + 1, nameEnd - 1)
      const node = members.find(member => sameBytes(member.nameBytes, name)) ?? null
      const value = skipSpace(bytes, skipSpace(bytes, nameEnd) + 1)
      text(value, isRecord && !isFirst)
      isFirst = false
      let end = skipValue(bytes, view, value)
      if (node !== null && node.members.length > 0 && bytes[value] === 0x7b) {
        steps.push({ kind: 'open', slot: node.slot })
        textStart = value
        end = object(value, node.members, false)
        if (end < 0) {
          isInside = true
          return -1
        }
        text(end, false)
        steps.push({ kind: 'close', slot: node.slot })
      } else {
        values++
        steps.push({ kind: 'value', slot: node?.slot ?? null, flat: node !== null && node.members.length > 0 })
      }
      textStart = end
      i = skipSpace(bytes, end)
      if (bytes[i] === 0x2c) i = skipSpace(bytes, i + 1)
    }
    return i + 1
  }

  const end = object(start, tree.members, true)
  // Resuming is possible behind a member of the record, not inside of one.
  if (end < 0) return isInside ? null : steps
  text(bytes.indexOf(0x0a, end) + 1, steps.length > 0)
  return steps
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
