/**
 * One line of NDJSON to tokens: every byte is checked as strictly as by JSON.parse, values are made of none. Made for the members that
 * the maps of a source read (raw-tree.ts); it learns the order in which records name their members (member-table.ts). It is
 * plain data and one loop, so that it runs where code must not be generated; generated-scanner.ts must find the same.
 *
 * INVARIANT: as in skip.ts, the bytes end with a newline.
 */
import { hashOf } from '@writ/engine'
import { type Member, MemberTable } from './member-table.ts'
import type { RawNode, RawTree } from './raw-tree.ts'
import { plainStringEnd, skipNumber, skipSpace, skipString, skipValue, skipWord } from './skip.ts'
import {
  type LineScanner,
  type Tokens,
  tokenEscaped,
  tokenFalse,
  tokenList,
  tokenLongNumber,
  tokenMissing,
  tokenNull,
  tokenNumber,
  tokenObject,
  tokenString,
  tokenTrue,
} from './tokens.ts'

export interface InterpretedScanner {
  readonly scan: LineScanner
  /** The rest of a line whose tokens up to `at` are filled: there a member of the record has just ended. */
  resume(bytes: Uint8Array, at: number): number
}

export function interpretedScanner(tree: RawTree, tokens: Tokens): InterpretedScanner {
  const top = new MemberTable(tree.members)
  const tables = tree.nodes.map(node => new MemberTable(node.members))
  const { kinds } = tokens
  const size = kinds.length

  function scanObject(b: Uint8Array, view: DataView, start: number, table: MemberTable): number {
    const i = b[start] === 0x22 ? start : skipSpace(b, start)
    return b[i] === 0x7d ? i + 1 : scanMembers(b, view, i, table, table.start)
  }

  function scanMembers(b: Uint8Array, view: DataView, start: number, table: MemberTable, first: Member | null): number {
    let i = start
    let before = first
    for (;;) {
      let member: Member | null = before === null ? null : before.next
      if (member?.standsAt(view, i)) {
        i += member.length
      } else {
        member = before === null ? null : before.other
        if (member?.standsAt(view, i)) {
          i += member.length
        } else {
          if (b[i] !== 0x22) return -1
          // A name with escapes is too rare to be fast at.
          const end = plainStringEnd(b, view, i + 1)
          if (end < 0) return -1
          member = table.find(b, i + 1, end - 1)
          i = skipSpace(b, end)
          if (b[i] !== 0x3a) return -1
          i++
        }
        if (before !== null && member !== null) {
          before.other = before.next
          before.next = member
        }
      }
      before = member
      let byte = b[i] as number
      if (byte <= 0x20) {
        i = skipSpace(b, i)
        byte = b[i] as number
      }
      if (member === null || member.node === null)
        i = byte === 0x22 ? skipString(b, view, i + 1) : skipValue(b, view, i)
      else i = scanValue(b, view, i, member.node)
      if (i < 0) return -1
      byte = b[i] as number
      if (byte <= 0x20) {
        i = skipSpace(b, i)
        byte = b[i] as number
      }
      if (byte === 0x2c) {
        i++
        if (b[i] !== 0x22) i = skipSpace(b, i)
      } else {
        return byte === 0x7d ? i + 1 : -1
      }
    }
  }

  function scanValue(b: Uint8Array, view: DataView, start: number, node: RawNode): number {
    const { slot } = node
    const first = b[start] as number
    if (node.members.length > 0) {
      // Of a member that is there twice only the last counts, with all that is in it: too rare to be fast at.
      if (kinds[slot] !== tokenMissing) return -1
      if (first === 0x5b) return -1
    }
    const table = node.members.length > 0 && first === 0x7b ? tables[slot] : undefined
    if (table === undefined) return scanLeaf(b, view, start, slot, tokens)
    kinds[slot] = tokenObject
    tokens.starts[slot] = start
    const end = scanObject(b, view, start + 1, table)
    tokens.ends[slot] = end
    return end
  }

  function lineEnd(b: Uint8Array, end: number): number {
    if (end < 0) return -1
    const newline = b[end] === 0x0a ? end : skipSpace(b, end)
    return b[newline] === 0x0a ? newline + 1 : -1
  }

  return {
    scan(bytes, start) {
      for (let slot = 0; slot < size; slot++) kinds[slot] = tokenMissing
      tokens.use(bytes)
      if (bytes[start] !== 0x7b) return -1
      return lineEnd(bytes, scanObject(bytes, tokens.view, start + 1, top))
    },
    resume(bytes, at) {
      const i = skipSpace(bytes, at)
      if (bytes[i] === 0x7d) return lineEnd(bytes, i + 1)
      if (bytes[i] !== 0x2c) return -1
      return lineEnd(bytes, scanMembers(bytes, tokens.view, skipSpace(bytes, i + 1), top, null))
    },
  }
}

/** Reads the value at `start`, of whose members none is wanted; gives the place behind it, or -1. */
export function scanLeaf(b: Uint8Array, view: DataView, start: number, slot: number, tokens: Tokens): number {
  const first = b[start] as number
  if (first === 0x22) {
    const marked = plainStringEnd(b, view, start + 1)
    if (marked === -1) return -1
    const end = Math.abs(marked)
    tokens.kinds[slot] = marked < 0 ? tokenEscaped : tokenString
    tokens.starts[slot] = start + 1
    tokens.ends[slot] = end - 1
    if (marked > 0) tokens.hashes[slot] = hashOf(view, start + 1, end - 1)
    return end
  }
  if (first === 0x2d || (first >= 0x30 && first <= 0x39)) return scanNumber(b, start, slot, tokens)
  let end: number
  if (first === 0x7b || first === 0x5b) {
    tokens.kinds[slot] = first === 0x7b ? tokenObject : tokenList
    end = skipValue(b, view, start)
  } else {
    tokens.kinds[slot] = first === 0x74 ? tokenTrue : first === 0x66 ? tokenFalse : tokenNull
    end = skipWord(b, start)
  }
  tokens.starts[slot] = start
  tokens.ends[slot] = end
  return end
}

/** Reads the number at `start`; gives the place behind it, or -1. */
function scanNumber(b: Uint8Array, start: number, slot: number, tokens: Tokens): number {
  let i = start
  const negative = b[i] === 0x2d
  if (negative) i++
  const whole = i
  let number = 0
  let digit = (b[i] as number) - 0x30
  while (digit >= 0 && digit <= 9) {
    number = number * 10 + digit
    digit = (b[++i] as number) - 0x30
  }
  let digits = i - whole
  let scale = 0
  if (digits === 0 || (digits > 1 && b[whole] === 0x30)) return -1
  if (b[i] === 0x2e) {
    const fraction = ++i
    digit = (b[i] as number) - 0x30
    while (digit >= 0 && digit <= 9) {
      number = number * 10 + digit
      digit = (b[++i] as number) - 0x30
    }
    scale = i - fraction
    if (scale === 0) return -1
    digits += scale
  }
  if (digits > 15 || ((b[i] as number) | 0x20) === 0x65) {
    i = skipNumber(b, start)
    if (i < 0) return -1
    tokens.kinds[slot] = tokenLongNumber
  } else {
    tokens.kinds[slot] = tokenNumber
    tokens.numbers[slot] = negative ? -number : number
    tokens.scales[slot] = scale
  }
  tokens.starts[slot] = start
  tokens.ends[slot] = i
  return i
}
