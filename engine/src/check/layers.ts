/**
 * Layers: one order for the whole workspace, made of all its `layers` declarations. Which policy is of which layer is said in
 * the policies; what the order is for is run/effective.ts.
 */
import { type Name, type Problem, problem } from '@writ/grammar'
import { suggestion } from '../bind/suggestion.ts'
import type { Unit } from '../bind/unit.ts'

export interface LayerOrder {
  /** The highest first; layers that no declaration compares are in the order of their first mention. */
  readonly names: readonly string[]
  /** Where a declaration puts a layer below one that is below it. */
  readonly circles: readonly { readonly unit: Unit; readonly name: Name; readonly path: readonly string[] }[]
}

/** The order that the declarations give together, whatever circles they have. */
export function layerOrder(units: readonly Unit[]): LayerOrder {
  const below = new Map<string, string[]>()
  const circles: { readonly unit: Unit; readonly name: Name; readonly path: readonly string[] }[] = []
  for (const unit of units) {
    if (unit.syntax.kind !== 'layers') continue
    for (const [place, name] of unit.syntax.names.entries()) {
      const own = below.get(name.text) ?? []
      below.set(name.text, own)
      const higher = unit.syntax.names[place - 1]?.text
      if (higher === undefined) continue
      const back = pathBetween(name.text, higher, below)
      if (back) circles.push({ unit, name, path: back })
      else if (!below.get(higher)?.includes(name.text)) below.get(higher)?.push(name.text)
    }
  }
  return { names: sorted(below), circles }
}

/** Circles, and policies of layers that nothing declares. */
export function layerProblems(units: readonly Unit[]): readonly { readonly unit: Unit; readonly problem: Problem }[] {
  const { names, circles } = layerOrder(units)
  const found = circles.map(({ unit, name, path }) => ({
    unit,
    problem: problem('W0833', name.span, { name: name.text, path: path.join(' > ') }),
  }))
  for (const unit of units) {
    if (unit.syntax.kind !== 'policy') continue
    for (const item of unit.syntax.items) {
      if (item.kind !== 'layer' || item.layer.text === '' || names.includes(item.layer.text)) continue
      const { hint, fixes } = suggestion(item.layer, names, ` Declare it: \`layers ${item.layer.text} > …\`.`)
      found.push({ unit, problem: problem('W0834', item.layer.span, { name: item.layer.text, hint }, { fixes }) })
    }
  }
  return found
}

/** From the one down to the other, both included; null where there is no way. */
function pathBetween(
  from: string,
  to: string,
  below: ReadonlyMap<string, readonly string[]>,
  seen = new Set<string>(),
): readonly string[] | null {
  if (from === to) return [from]
  if (seen.has(from)) return null
  seen.add(from)
  for (const next of below.get(from) ?? []) {
    const rest = pathBetween(next, to, below, seen)
    if (rest) return [from, ...rest]
  }
  return null
}

/** Again and again the first that is below none of those left. INVARIANT: there is no circle in `below`. */
function sorted(below: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const left = new Set(below.keys())
  const names: string[] = []
  while (left.size > 0) {
    const next = [...left].find(name => ![...left].some(other => below.get(other)?.includes(name)))
    if (next === undefined) break
    left.delete(next)
    names.push(next)
  }
  return names
}
