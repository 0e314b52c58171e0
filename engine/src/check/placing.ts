/**
 * Keeps what declarations were placed as, from check to check: a declaration that is the same, and whose neighbours it speaks of
 * stand where they stood, is the same object in the next plan. So what others keep by that object stays of use.
 */

import { setOrigin } from '../plan/origin.ts'
import type { Places } from '../plan/place.ts'

interface Kept {
  readonly placed: object
  readonly asked: Asked
}

/** Everything that was asked about a body, with the answers. INVARIANT: of one body always the same is asked. */
interface Asked {
  readonly units: Map<number, { readonly file: number; readonly start: number }>
  readonly contracts: Map<number, number>
  readonly roles: Map<string, string>
}

const kept = new WeakMap<object, Kept>()

/**
 * `make(places)`, or what it gave before for this body where every question has the same answer. Where the answers are others and
 * there is a `move`, it makes what stands elsewhere, and need not look at all of it. INVARIANT: one `make` and `move` per body.
 */
export function placedOnce<T extends object>(
  body: object,
  places: Places,
  make: (places: Places) => T,
  move: ((places: Places) => T) | null = null,
): T {
  const known = kept.get(body)
  if (known && holds(known.asked, places)) return known.placed as T
  if (known && move) {
    const asked = askedAgain(known.asked, places)
    return keep(body, move(answering(asked)), asked)
  }
  const asked: Asked = { units: new Map(), contracts: new Map(), roles: new Map() }
  const placed = make({
    span: span => {
      if (!asked.units.has(span.file)) asked.units.set(span.file, places.span(beginOf(span.file)))
      return places.span(span)
    },
    contract: id => noted(asked.contracts, id, places.contract(id)),
    role: key => noted(asked.roles, key, places.role(key)),
  })
  return keep(body, placed, asked)
}

function keep<T extends object>(body: object, placed: T, asked: Asked): T {
  kept.set(body, { placed, asked })
  setOrigin(placed, body)
  return placed
}

function holds({ units, contracts, roles }: Asked, now: Places): boolean {
  for (const [unit, { file, start }] of units) {
    const there = now.span(beginOf(unit))
    if (there.file !== file || there.start !== start) return false
  }
  for (const [id, index] of contracts) if (now.contract(id) !== index) return false
  for (const [key, name] of roles) if (now.role(key) !== name) return false
  return true
}

function askedAgain({ units, contracts, roles }: Asked, now: Places): Asked {
  return {
    units: new Map([...units.keys()].map(unit => [unit, now.span(beginOf(unit))])),
    contracts: new Map([...contracts.keys()].map(id => [id, now.contract(id)])),
    roles: new Map([...roles.keys()].map(key => [key, now.role(key)])),
  }
}

/** The answers alone, so that what is made of them later holds on to no program. */
function answering({ units, contracts, roles }: Asked): Places {
  return {
    span: ({ file: unit, start, end }) => {
      const place = known(units, unit)
      return { file: place.file, start: place.start + start, end: place.start + end }
    },
    contract: id => known(contracts, id),
    role: key => known(roles, key),
  }
}

function known<K, V>(answers: ReadonlyMap<K, V>, key: K): V {
  const answer = answers.get(key)
  if (answer === undefined) throw new Error('of one body always the same is asked')
  return answer
}

function beginOf(unit: number): { readonly file: number; readonly start: number; readonly end: number } {
  return { file: unit, start: 0, end: 0 }
}

function noted<K, V>(into: Map<K, V>, key: K, value: V): V {
  into.set(key, value)
  return value
}
