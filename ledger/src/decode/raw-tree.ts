/**
 * The members of a raw record that the maps of a source read, as a tree: what a scanner looks for in a line. Everything else
 * in the line is checked and passed over.
 */
import { encodeText } from '../raw/text.ts'

/** A member that is wanted itself, or has wanted members. */
export interface RawNode {
  /** Its place in the arrays of tokens. */
  readonly slot: number
  readonly name: string
  readonly nameBytes: Uint8Array
  readonly path: readonly string[]
  readonly members: readonly RawNode[]
}

export interface RawTree {
  /** The members of the record. */
  readonly members: readonly RawNode[]
  /** All nodes, by slot. */
  readonly nodes: readonly RawNode[]
  /** The node of a path; undefined where the path goes into a list. */
  find(path: readonly string[]): RawNode | undefined
}

/** The tree of these paths; the empty path (the whole record) is not allowed. */
export function rawTree(paths: Iterable<readonly string[]>): RawTree {
  interface Draft {
    readonly name: string
    readonly path: readonly string[]
    readonly members: Map<string, Draft>
  }
  const root: Draft = { name: '', path: [], members: new Map() }
  for (const path of paths) {
    let around = root
    for (const name of path) {
      const member = around.members.get(name) ?? { name, path: [...around.path, name], members: new Map() }
      around.members.set(name, member)
      around = member
    }
  }
  const nodes: RawNode[] = []
  const finish = (draft: Draft): RawNode => {
    const slot = nodes.length
    // The slot is taken before the members take theirs.
    const node = {
      slot,
      name: draft.name,
      nameBytes: encodeText(draft.name),
      path: draft.path,
      members: [] as RawNode[],
    }
    nodes.push(node)
    for (const member of draft.members.values()) node.members.push(finish(member))
    return node
  }
  const members = [...root.members.values()].map(finish)
  return {
    members,
    nodes,
    find(path) {
      let node: RawNode | undefined
      for (const name of path) node = (node?.members ?? members).find(member => member.name === name)
      return node
    },
  }
}
