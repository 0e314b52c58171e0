/**
 * Requests for approval that ended in earlier pieces of a run, found by what approvals call them. There may be very many, and a piece
 * calls few: they are kept in layers, each made by one piece or merged from smaller ones, whose indexes last as long as they do.
 */
import type { EndedRequest } from './continued.ts'

export type EndedLayers = readonly (readonly EndedRequest[])[]

/** The newest ended request of each of these names, in the order of opening. */
export function endedCalled(layers: EndedLayers, names: Iterable<string>): readonly EndedRequest[] {
  const found = new Set<EndedRequest>()
  for (const name of names) {
    let newest: EndedRequest | null = null
    for (const layer of layers) {
      const own = indexOf(layer).get(name)
      if (own && (newest === null || own.number > newest.number)) newest = own
    }
    if (newest !== null) found.add(newest)
  }
  return [...found].sort((a, b) => a.number - b.number)
}

/** With those of another piece. Layers are merged so that each is at least twice as long as the next: there are few. */
export function withEnded(layers: EndedLayers, ended: readonly EndedRequest[]): EndedLayers {
  if (ended.length === 0) return layers
  const made = [...layers, ended]
  for (let last = made.length - 1; last > 0; last--) {
    const [older = [], newer = []] = made.slice(-2)
    if (older.length >= newer.length * 2) break
    made.splice(last - 1, 2, newestOnly([...older, ...newer]))
  }
  return made
}

/** Without those all of whose names newer ones have taken: nobody can call them any more. */
function newestOnly(layer: readonly EndedRequest[]): readonly EndedRequest[] {
  const index = indexed(layer)
  return layer.filter(request => request.names.some(name => index.get(name) === request))
}

const indexes = new WeakMap<readonly EndedRequest[], ReadonlyMap<string, EndedRequest>>()

function indexOf(layer: readonly EndedRequest[]): ReadonlyMap<string, EndedRequest> {
  const known = indexes.get(layer)
  if (known !== undefined) return known
  const made = indexed(layer)
  indexes.set(layer, made)
  return made
}

function indexed(layer: readonly EndedRequest[]): ReadonlyMap<string, EndedRequest> {
  const index = new Map<string, EndedRequest>()
  for (const request of layer)
    for (const name of request.names) {
      const known = index.get(name)
      if (known === undefined || known.number < request.number) index.set(name, request)
    }
  return index
}
