/** Whether two parts of plans say the same, wherever they stand in the text. For those who keep results of one plan for the next. */

/** Equal in everything but `span`. Linear in parts that share nodes, such as conditions with lets. */
export function sameMeaning(left: unknown, right: unknown): boolean {
  return same(left, right, new Map())
}

/** `seen`: nodes of the left with the nodes of the right that they are equal to, or are being compared with. */
function same(left: unknown, right: unknown, seen: Map<object, object>): boolean {
  if (Object.is(left, right)) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (seen.get(left) === right) return true
  seen.set(left, right)
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false
    return left.every((item, place) => same(item, right[place], seen))
  }
  if (left instanceof Map || left instanceof Set || right instanceof Map || right instanceof Set)
    return left.constructor === right.constructor && same([...iterated(left)], [...iterated(right)], seen)
  const own = new Map(Object.entries(left).filter(isMeant))
  const others = Object.entries(right).filter(isMeant)
  return own.size === others.length && others.every(([key, value]) => own.has(key) && same(own.get(key), value, seen))
}

function isMeant([key]: readonly [string, unknown]): boolean {
  return key !== 'span'
}

function iterated(value: object): Iterable<unknown> {
  return value instanceof Map || value instanceof Set ? value : []
}
