/** What a value may be: which known values, whether unknown, whether absent. The narrower a domain, the more is certain. */
import { allNumbers, bothNumbers, type NumberSet, sameNumbers } from './number-set.ts'
import { allTexts, bothTexts, isEmptyText, sameTexts, type TextSet } from './text-set.ts'

export interface Domain {
  /** `any`: nothing is known about the known ones; `none`: there are none. */
  readonly known: Known
  readonly unknown: boolean
  readonly absent: boolean
}
export type Known =
  | { readonly kind: 'any' | 'none' }
  | { readonly kind: 'numbers'; readonly numbers: NumberSet }
  | { readonly kind: 'texts'; readonly texts: TextSet }

export const anyKnown: Known = { kind: 'any' }
export const noneKnown: Known = { kind: 'none' }
export const anything: Domain = { known: anyKnown, unknown: true, absent: true }

export function knownNumbers(numbers: NumberSet): Known {
  return { kind: 'numbers', numbers }
}
export function knownTexts(texts: TextSet): Known {
  return { kind: 'texts', texts }
}

/** `whole`: its numbers are whole. */
export function both(left: Domain, right: Domain, whole: boolean): Domain {
  return {
    known: bothKnown(left.known, right.known, whole),
    unknown: left.unknown && right.unknown,
    absent: left.absent && right.absent,
  }
}

export function isImpossible({ known, unknown, absent }: Domain): boolean {
  return known.kind === 'none' && !unknown && !absent
}

/** Whether they are certainly the same; `left` has to be within `right` or the other way round. */
export function isSame(left: Domain, right: Domain): boolean {
  if (left.unknown !== right.unknown || left.absent !== right.absent) return false
  const a = left.known
  const b = right.known
  if (a === b) return true
  if (a.kind === 'numbers' && b.kind === 'numbers') return sameNumbers(a.numbers, b.numbers)
  if (a.kind === 'texts' && b.kind === 'texts') return sameTexts(a.texts, b.texts)
  return a.kind === b.kind
}

function bothKnown(left: Known, right: Known, whole: boolean): Known {
  if (left.kind === 'none' || right.kind === 'none') return noneKnown
  if (right.kind === 'any') return left
  if (left.kind === 'any' && !whole) return right
  if (left.kind === 'texts' || right.kind === 'texts') {
    if (left.kind === 'numbers' || right.kind === 'numbers') return anyKnown
    const texts = bothTexts(
      left.kind === 'texts' ? left.texts : allTexts,
      right.kind === 'texts' ? right.texts : allTexts,
    )
    return isEmptyText(texts) ? noneKnown : { kind: 'texts', texts }
  }
  const numbers = bothNumbers(
    left.kind === 'numbers' ? left.numbers : allNumbers,
    right.kind === 'numbers' ? right.numbers : allNumbers,
    whole,
  )
  return numbers.length === 0 ? noneKnown : { kind: 'numbers', numbers }
}
