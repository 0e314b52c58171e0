/** How deep a tree is. The grammar bounds brackets itself; this bounds chains such as `a + b + c …`, whose tree leans to one side. */

/** Trees deeper than this are refused, so that whoever walks them may recurse. */
export const depthLimit = 500

/** True where some node of `tree` is nested in more than `limit` others. Does not recurse. */
export function deeperThan(tree: object, limit: number): boolean {
  let level: object[] = [tree]
  // Arrays and spans count as levels of their own; a node is at most three of them below its parent.
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit * 3) return true
    const below: object[] = []
    for (const node of level) {
      for (const child of Object.values(node)) if (typeof child === 'object' && child !== null) below.push(child)
    }
    level = below
  }
  return false
}
