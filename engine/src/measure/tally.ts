/** What a measure makes of the points in a window, kept up as points come and go. One class per family of functions. */
import type { MeasureFunction } from '../plan/measure.ts'
import {
  add,
  compare,
  divide,
  fromInteger,
  multiply,
  type Rational,
  rational,
  subtract,
  zero,
} from '../value/rational.ts'
import type { Held } from './budget.ts'
import type { PointValue } from './point.ts'

export interface Tally {
  add(value: PointValue): void
  /** Takes away a value that was added. */
  remove(value: PointValue): void
  held(): Held
}

/** `rank`: of `quantile`. */
export function tallyOf(name: MeasureFunction, rank: Rational | null): Tally {
  switch (name) {
    case 'count':
      return new CountTally()
    case 'share':
      return new ShareTally()
    case 'sum':
    case 'avg':
      return new SumTally(name === 'avg')
    case 'distinct':
      return new DistinctTally()
    case 'min':
      return new SortedTally(() => 0)
    case 'max':
      return new SortedTally(size => size - 1)
    case 'quantile':
      return new SortedTally(size => rankIndex(rank ?? fromInteger(1), size))
  }
}

/** Rank ceil(q * n), at least 1, as an index from 0. */
function rankIndex(rank: Rational, size: number): number {
  const product = multiply(rank, fromInteger(size))
  return Math.max(1, Number((product.n + product.d - 1n) / product.d)) - 1
}

class CountTally implements Tally {
  #points = 0

  add(): void {
    this.#points++
  }
  remove(): void {
    this.#points--
  }
  held(): Held {
    return { value: fromInteger(this.#points), points: this.#points, good: null }
  }
}

class ShareTally implements Tally {
  #points = 0
  #good = 0

  add(value: PointValue): void {
    this.#points++
    if (value === true) this.#good++
  }
  remove(value: PointValue): void {
    this.#points--
    if (value === true) this.#good--
  }
  held(): Held {
    const points = this.#points
    const value = points === 0 ? null : rational(BigInt(this.#good), BigInt(points))
    return { value, points, good: this.#good }
  }
}

class SumTally implements Tally {
  #points = 0
  #sum = zero
  readonly #average: boolean

  constructor(average: boolean) {
    this.#average = average
  }

  add(value: PointValue): void {
    this.#points++
    this.#sum = add(this.#sum, numberOf(value))
  }
  remove(value: PointValue): void {
    this.#points--
    this.#sum = subtract(this.#sum, numberOf(value))
  }
  held(): Held {
    const value = this.#average ? (divide(this.#sum, fromInteger(this.#points)) ?? null) : this.#sum
    return { value, points: this.#points, good: null }
  }
}

class DistinctTally implements Tally {
  #points = 0
  readonly #counts = new Map<PointValue, number>()

  add(value: PointValue): void {
    this.#points++
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1)
  }
  remove(value: PointValue): void {
    this.#points--
    const left = (this.#counts.get(value) ?? 0) - 1
    if (left > 0) this.#counts.set(value, left)
    else this.#counts.delete(value)
  }
  held(): Held {
    return { value: fromInteger(this.#counts.size), points: this.#points, good: null }
  }
}

class SortedTally implements Tally {
  readonly #sorted: Rational[] = []
  readonly #indexOf: (size: number) => number

  constructor(indexOf: (size: number) => number) {
    this.#indexOf = indexOf
  }

  add(value: PointValue): void {
    const number = numberOf(value)
    this.#sorted.splice(this.#place(number), 0, number)
  }
  remove(value: PointValue): void {
    this.#sorted.splice(this.#place(numberOf(value)), 1)
  }
  held(): Held {
    const points = this.#sorted.length
    return { value: points === 0 ? null : (this.#sorted[this.#indexOf(points)] ?? null), points, good: null }
  }

  /** The first place whose value is not below `number`. */
  #place(number: Rational): number {
    let low = 0
    let high = this.#sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compare(this.#sorted[middle] as Rational, number) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

function numberOf(value: PointValue): Rational {
  if (typeof value !== 'object') throw new Error('a number is measured here')
  return value
}
