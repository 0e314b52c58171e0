/**
 * Keeps what declarations were placed as, from check to check: a declaration that is the same, and whose neighbours it speaks of
 * stand where they stood, is the same object in the next plan. So what others keep by that object stays of use.
 */

import { setOrigin } from '../plan/origin.ts'
import type { Places } from '../plan/place.ts'

interface Kept {
  readonly placed: object
  readonly holds: (places: Places) => boolean
}

const kept = new WeakMap<object, Kept>()

/** `make(places)`, or what it gave before for this body where every question has the same answer. INVARIANT: one `make` per body. */
export function placedOnce<T extends object>(body: object, places: Places, make: (places: Places) => T): T {
  const known = kept.get(body)
  if (known?.holds(places)) return known.placed as T
  const units = new Map<number, { readonly file: number; readonly start: number }>()
  const contracts = new Map<number, number>()
  const roles = new Map<string, string>()
  const placed = make({
    span: span => {
      if (!units.has(span.file)) units.set(span.file, places.span(beginOf(span.file)))
      return places.span(span)
    },
    contract: id => noted(contracts, id, places.contract(id)),
    role: key => noted(roles, key, places.role(key)),
  })
  const holds = (now: Places): boolean => {
    for (const [unit, { file, start }] of units) {
      const there = now.span(beginOf(unit))
      if (there.file !== file || there.start !== start) return false
    }
    for (const [id, index] of contracts) if (now.contract(id) !== index) return false
    for (const [key, name] of roles) if (now.role(key) !== name) return false
    return true
  }
  kept.set(body, { placed, holds })
  setOrigin(placed, body)
  return placed
}

function beginOf(unit: number): { readonly file: number; readonly start: number; readonly end: number } {
  return { file: unit, start: 0, end: 0 }
}

function noted<K, V>(into: Map<K, V>, key: K, value: V): V {
  into.set(key, value)
  return value
}
