/** A hash table from pairs of non-negative integers to 0, 1, 2 … in the order in which they are met: for composite keys, where a Map would make strings. */

export class PairTable {
  size = 0
  #left = new Int32Array(64)
  #right = new Int32Array(64)
  /** Number + 1, 0 where free; a power of two, at most half full. */
  #slots = new Int32Array(128)

  /** The number of (left, right), or -1. */
  find(left: number, right: number): number {
    return (this.#slots[this.#slotOf(left, right)] as number) - 1
  }

  /** The number of (left, right), new or known. */
  intern(left: number, right: number): number {
    const slot = this.#slotOf(left, right)
    const found = this.#slots[slot] as number
    if (found !== 0) return found - 1
    const number = this.size++
    if (number === this.#left.length) this.#growPairs()
    this.#left[number] = left
    this.#right[number] = right
    this.#slots[slot] = number + 1
    if (this.size * 2 > this.#slots.length) this.#growSlots()
    return number
  }

  #slotOf(left: number, right: number): number {
    const mask = this.#slots.length - 1
    let slot = hashOf(left, right) & mask
    for (;;) {
      const found = this.#slots[slot] as number
      if (found === 0 || (this.#left[found - 1] === left && this.#right[found - 1] === right)) return slot
      slot = (slot + 1) & mask
    }
  }

  #growPairs(): void {
    const left = new Int32Array(this.#left.length * 2)
    const right = new Int32Array(this.#right.length * 2)
    left.set(this.#left)
    right.set(this.#right)
    this.#left = left
    this.#right = right
  }

  #growSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 2)
    for (let number = 0; number < this.size; number++)
      this.#slots[this.#slotOf(this.#left[number] as number, this.#right[number] as number)] = number + 1
  }
}

function hashOf(left: number, right: number): number {
  let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return hash ^ (hash >>> 13)
}
