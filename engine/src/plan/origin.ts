/**
 * What a part of a plan was made from, for those who keep results from plan to plan: after an edit above it a declaration that did
 * not change has other places, and is otherwise the same. Beside the plan, which is plain data.
 */

const origins = new WeakMap<object, object>()

/** Notes that `part` was made from `origin`, which is one object as long as the declaration and all that it looked up are the same. */
export function setOrigin(part: object, origin: object): void {
  origins.set(part, origin)
}

/** The part itself where nothing is noted. */
export function originOf(part: object): object {
  return origins.get(part) ?? part
}
