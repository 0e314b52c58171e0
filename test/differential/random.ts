/**
 * Random choices that a seed fixes (xorshift128, seeded through splitmix32): the same seed gives the same programs and logs on
 * every machine.
 */

export interface Random {
  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number
  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean
  /** One of the items; there must be one. */
  pick<T>(items: readonly T[]): T
  /** One of the keys, as often as its number says compared with the others. */
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K
  /** Each item with the same chance. */
  some<T>(items: readonly T[], percent: number): readonly T[]
  /** `count` different items, or all of them where there are fewer, in their order. */
  sample<T>(items: readonly T[], count: number): readonly T[]
  /** A random source of its own, so that what it is used for does not move the numbers of what follows. */
  fork(): Random
}

export function randomFrom(seed: number): Random {
  let seeding = seed >>> 0
  function splitmix(): number {
    seeding = (seeding + 0x9e3779b9) >>> 0
    let z = seeding
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return (z ^ (z >>> 15)) >>> 0
  }
  const state = Uint32Array.from([splitmix(), splitmix(), splitmix(), splitmix() | 1])
  function next(): number {
    let t = state[3] ?? 0
    const s = state[0] ?? 0
    state[3] = state[2] ?? 0
    state[2] = state[1] ?? 0
    state[1] = s
    t ^= t << 11
    t ^= t >>> 8
    state[0] = t ^ s ^ (s >>> 19)
    return state[0]
  }
  const random: Random = {
    between: (low, high) => low + (next() % (high - low + 1)),
    chance: percent => next() % 1000 < percent * 10,
    pick(items) {
      const item = items[random.between(0, items.length - 1)]
      if (item === undefined) throw new RangeError('nothing to pick from')
      return item
    },
    weighted(weights) {
      const entries = Object.entries<number | undefined>(weights)
      const total = entries.reduce((sum, [, weight = 0]) => sum + weight, 0)
      let left = random.between(1, Math.max(1, total))
      for (const [key, weight = 0] of entries) {
        left -= weight
        if (left <= 0 && weight > 0) return key as keyof typeof weights
      }
      throw new RangeError('nothing has a weight')
    },
    some: (items, percent) => items.filter(() => random.chance(percent)),
    sample(items, count) {
      const places = items.map((_, place) => place)
      while (places.length > count) places.splice(random.between(0, places.length - 1), 1)
      return items.filter((_, place) => places.includes(place))
    },
    fork: () => randomFrom(next()),
  }
  return random
}
