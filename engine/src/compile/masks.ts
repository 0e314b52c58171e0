/**
 * Candidates by bitmap: for every column that rules ask something of, the values fall into classes that all its atoms treat
 * alike, and each class has a bit per rule that none of the rule's atoms on the column is false. The AND over the columns
 * leaves the rules that may match, at a cost that hardly depends on how many rules there are. Classes are value-classes.ts.
 */
import type { Column } from '../log/columns.ts'
import { type Atom, type RuleAtoms, thresholdsOf, wantedCodes } from './atoms.ts'
import { truthClosure } from './closures.ts'
import type { Lowering } from './lower.ts'
import type { RuleTable } from './rule-table.ts'
import type { RuleGroup } from './rules.ts'
import { BoolClasses, CodeClasses, NumberClasses, type ValueClasses } from './value-classes.ts'

/** Null where too few rules ask anything of single columns, or that leaves too many of them to be asked for more. */
export function maskGroup(rules: readonly RuleAtoms[], lowering: Lowering, table: RuleTable): RuleGroup | null {
  const masked = new Map<Column, MaskedAtom[]>()
  const left: Atom[][] = rules.map(() => [])
  let covered = 0
  rules.forEach((rule, place) => {
    let any = false
    for (const atom of rule.atoms) {
      const thresholds = maskable(atom, lowering)
      if (thresholds === null || atom.column === null) {
        left[place]?.push(atom)
        continue
      }
      any = true
      const atoms = masked.get(atom.column) ?? []
      masked.set(atom.column, atoms)
      atoms.push({ place, atom, thresholds })
    }
    if (any) covered++
  })
  if (covered * 2 < rules.length) return null
  const columns = [...masked].map(([column, atoms]) => classesOf(column, atoms, rules.length, lowering))
  // Codes and Bools are cheap to look up and often leave nothing, so that the searches among numbers are spared.
  columns.sort((a, b) => Number(a instanceof NumberClasses) - Number(b instanceof NumberClasses))
  if (askedOnAverage(columns, left, lowering.rows) * mostAsked > rules.length) return null
  const rests = rules.map((rule, place) => {
    const atoms = left[place] ?? []
    return atoms.length === 0 ? -1 : table.add({ rule: rule.rule, atoms })
  })
  const places = rules.map(rule => rule.rule.place)
  return matcher(columns, places, rests, table, place => table.add(rules[place] as RuleAtoms))
}

/** Bitmaps are of no use where they leave more than one of so many rules to be asked one by one. */
const mostAsked = 4
const sampleRows = 256

/** How many rules bitmaps leave to be asked for the rest of their condition, at rows here and there in the log. */
function askedOnAverage(columns: readonly ValueClasses[], left: readonly (readonly Atom[])[], rows: number): number {
  const step = Math.max(1, Math.floor(rows / sampleRows))
  const words = (left.length + 31) >>> 5
  let sampled = 0
  let asked = 0
  for (let row = 0; row < rows; row += step, sampled++) {
    const own = columns.map(classes => classes.classOf(row) * words)
    left.forEach((atoms, place) => {
      if (atoms.length === 0) return
      const word = place >>> 5
      const isLeft = columns.every(
        ({ masks }, i) => ((masks[(own[i] as number) + word] as number) >>> (place & 31)) & 1,
      )
      if (isLeft) asked++
    })
  }
  return sampled === 0 ? 0 : asked / sampled
}

interface MaskedAtom {
  /** Of its rule in the group. */
  readonly place: number
  readonly atom: Atom
  readonly thresholds: readonly number[]
}

/** The thresholds of an atom that a bitmap can answer (none for codes and Bools); null for others. */
function maskable({ expr, column }: Atom, lowering: Lowering): readonly number[] | null {
  if (column?.kind === 'code' || column?.kind === 'bool') return []
  return column?.kind === 'number' || column?.kind === 'money' ? thresholdsOf(expr, column, lowering) : null
}

function classesOf(column: Column, atoms: readonly MaskedAtom[], rules: number, lowering: Lowering): ValueClasses {
  const conditions = atoms.map(({ place, atom }) => ({ place, holds: truthClosure(lowering.truth(atom.expr)) }))
  switch (column.kind) {
    case 'bool':
      return new BoolClasses(column, rules, conditions)
    case 'code': {
      const wanted = atoms.map(({ atom }) => wantedCodes(atom.expr, lowering))
      const named = wanted.some(codes => codes === null) ? null : new Set(wanted.flatMap(codes => codes ?? []))
      return new CodeClasses(column, lowering.log.dictionary.size, named, rules, conditions)
    }
    case 'number':
    case 'money':
      return new NumberClasses(
        column,
        atoms.flatMap(atom => atom.thresholds),
        rules,
        conditions,
      )
    case 'value':
      throw new Error('lists have no classes')
  }
}

/**
 * `places`: of the rules, in the contract; `rests`: what is left to ask of them, in the table, or -1; `whole`: adds a rule with
 * all its atoms to the table.
 */
function matcher(
  columns: readonly ValueClasses[],
  places: readonly number[],
  rests: readonly number[],
  table: RuleTable,
  whole: (place: number) => number,
): RuleGroup {
  const words = (places.length + 31) >>> 5
  const candidates = new Int32Array(words)
  const all = new Int32Array(words).fill(-1)
  if (places.length % 32 !== 0) all[words - 1] = (1 << (places.length % 32)) - 1
  const wholes = new Int32Array(places.length).fill(-1)
  return (row, hits) => {
    candidates.set(all)
    let anyUnknown = 0
    for (let i = 0; i < columns.length; i++) {
      const classes = columns[i] as ValueClasses
      const own = classes.classOf(row)
      const { masks } = classes
      anyUnknown |= classes.unknown[own] as number
      let left = 0
      for (let word = 0, at = own * words; word < words; word++, at++) {
        const both = (candidates[word] as number) & (masks[at] as number)
        candidates[word] = both
        left |= both
      }
      if (left === 0) return 0
    }
    let found = 0
    for (let word = 0; word < words; word++) {
      let bits = candidates[word] as number
      while (bits !== 0) {
        const place = (word << 5) + 31 - Math.clz32(bits & -bits)
        bits &= bits - 1
        let asked = rests[place] as number
        if (anyUnknown !== 0) {
          // Some atom of some rule is unknown here: no bitmap says which, so the candidates are asked again.
          if (wholes[place] === -1) wholes[place] = whole(place)
          asked = wholes[place] as number
        }
        if (asked >= 0) found = table.match(asked, 1, row, hits, found)
        else hits[found++] = (places[place] as number) * 4 + 1
      }
    }
    return found
  }
}
