/**
 * The members that objects at one place of the records have had so far, wanted or not. Records of one log mostly have the same
 * members in the same order: which one comes next is guessed from the line before and compared as a whole, `"name":`, four
 * bytes at a time; only where the guess fails is the name read and looked up.
 */
import type { RawNode } from './raw-tree.ts'

/** Different names that are kept; more are looked up no faster than they are read. */
const maxMembers = 256

export class Member {
  /** Null: passed over. */
  readonly node: RawNode | null
  /** `"name":` as little-endian words, the last one padded with zeros. */
  readonly words: Int32Array
  /** Bytes of the last word that count. */
  readonly lastMask: number
  readonly length: number
  /** What came behind it last time, and before that. */
  next: Member | null = null
  other: Member | null = null

  constructor(name: Uint8Array, node: RawNode | null) {
    const text = new Uint8Array((name.length + 6) & ~3)
    text[0] = 0x22
    text.set(name, 1)
    text[name.length + 1] = 0x22
    text[name.length + 2] = 0x3a
    this.length = name.length + 3
    this.node = node
    const view = new DataView(text.buffer)
    this.words = Int32Array.from({ length: text.length / 4 }, (_, i) => view.getInt32(i * 4, true))
    const rest = this.length & 3
    this.lastMask = rest === 0 ? -1 : (1 << (rest * 8)) - 1
  }

  /** Whether the bytes at `start` are this member's name with its quotes and colon. */
  standsAt(view: DataView, start: number): boolean {
    const { words } = this
    const last = words.length - 1
    let at = start
    for (let i = 0; i < last; i++, at += 4) if (words[i] !== view.getInt32(at, true)) return false
    return (view.getInt32(at, true) & this.lastMask) === words[last]
  }
}

export class MemberTable {
  /** What an object begins with; its name can be nobody's. */
  readonly start = new Member(new Uint8Array(), null)
  readonly #byLength: Member[][] = []
  #size = 0

  constructor(wanted: readonly RawNode[]) {
    for (const node of wanted) this.#add(node.nameBytes, node)
  }

  /** The member whose name stands from `start` to `end`; null where it is not wanted and there are too many already. */
  find(bytes: Uint8Array, start: number, end: number): Member | null {
    for (const member of this.#byLength[end - start] ?? []) if (isName(member, bytes, start, end)) return member
    return this.#size < maxMembers ? this.#add(bytes.slice(start, end), null) : null
  }

  #add(name: Uint8Array, node: RawNode | null): Member {
    const member = new Member(name, node)
    const list = this.#byLength[name.length] ?? []
    list.push(member)
    this.#byLength[name.length] = list
    this.#size++
    return member
  }
}

function isName(member: Member, bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start, at = 1; i < end; i++, at++) {
    if ((((member.words[at >> 2] as number) >>> ((at & 3) << 3)) & 0xff) !== bytes[i]) return false
  }
  return true
}
