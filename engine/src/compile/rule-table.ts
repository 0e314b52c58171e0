/**
 * Rules as rows of a table that one loop interprets: comparisons of a column with a constant, and what is left as a function.
 * Ten thousand rules are then a few arrays, where closures would be scattered over the heap and generated code too long to be
 * optimised. What is left begins as a closure; when it has been asked often, code is generated for it where that is allowed.
 */
import { type RuleAtoms, restOf } from './atoms.ts'
import { truthClosure } from './closures.ts'
import { generateConditions } from './generate.ts'
import type { Comparison, TruthIr } from './ir.ts'
import type { Lowering } from './lower.ts'
import type { Condition } from './rules.ts'

/** What an atom of the table does, by its code. */
const codes = {
  '==': 0,
  '!=': 1,
  '<': 2,
  '<=': 3,
  '>': 4,
  '>=': 5,
  oneOf: 6,
  noneOf: 7,
  isTrue: 8,
  isFalse: 9,
} as const

/** How often closures are asked before code is made of them: as often as pays for making it. */
const firstHot = 10_000

export class RuleTable {
  readonly #lowering: Lowering
  readonly #generate: boolean
  /** By rule of the table: place * 4 among the contract's rules, first atom; the atoms of a rule end where the next one's begin. */
  #places = new Int32Array(64)
  #atoms = new Int32Array(65)
  /** What is asked when all atoms hold; and the whole condition, where one is unknown. */
  readonly #rest: (Condition | null)[] = []
  /** Of the rests that are closures still. */
  readonly #closures = new Map<number, TruthIr>()
  #asked = 0
  #hot = firstHot
  readonly #whole: (Condition | null)[] = []
  readonly #rules: RuleAtoms[] = []
  /** By atom: what it does, its column, and its constant, or where its codes begin and end. */
  #kinds = new Uint8Array(128)
  #columns = new Int32Array(128)
  #constants = new Float64Array(128)
  #from = new Int32Array(128)
  #end = new Int32Array(128)
  #atomCount = 0
  readonly #wanted: number[] = []
  readonly #numbers: Float64Array[] = []
  readonly #codes: Int32Array[] = []
  readonly #bools: Uint8Array[] = []

  constructor(lowering: Lowering, generate: boolean) {
    this.#lowering = lowering
    this.#generate = generate
  }

  /** Rules of the table so far: the next to be added has this number. */
  get size(): number {
    return this.#rules.length
  }

  /** Returns the rule's number in the table. */
  add(rule: RuleAtoms): number {
    const number = this.#rules.push(rule) - 1
    if (number === this.#places.length) {
      this.#places = grown(this.#places, new Int32Array(number * 2))
      this.#atoms = grown(this.#atoms, new Int32Array(number * 2 + 1))
    }
    const left = rule.atoms.filter(atom => !this.#addAtom(this.#lowering.truth(atom.expr)))
    this.#places[number] = rule.rule.place * 4
    this.#atoms[number + 1] = this.#atomCount
    this.#whole.push(null)
    if (left.length === 0) this.#rest.push(null)
    else {
      const ir = restOf({ rule: rule.rule, atoms: left }, this.#lowering)
      this.#rest.push(truthClosure(ir))
      this.#closures.set(number, ir)
    }
    return number
  }

  /** Appends the hits of rules `from` to `end` at `row` to `hits` from place `found` on; returns the place behind. */
  match(from: number, end: number, row: number, hits: Int32Array, found: number): number {
    let next = found
    for (let rule = from; rule < end; rule++) {
      let truth = this.#atomsHold(this.#atoms[rule] as number, this.#atoms[rule + 1] as number, row)
      if (truth === 0) continue
      if (truth === 2) truth = this.#ask(rule, row)
      else {
        const rest = this.#rest[rule]
        if (rest) {
          truth = rest(row)
          if (++this.#asked === this.#hot) this.#generateRests()
        }
      }
      if (truth !== 0) hits[next++] = (this.#places[rule] as number) + truth
    }
    return next
  }

  /** 0 where one of the atoms is false; 2 where one that was met before is not certain. */
  #atomsHold(from: number, end: number, row: number): number {
    for (let atom = from; atom < end; atom++) {
      const column = this.#columns[atom] as number
      const kind = this.#kinds[atom] as number
      if (kind <= codes['>=']) {
        const value = (this.#numbers[column] as Float64Array)[row] as number
        const constant = this.#constants[atom] as number
        if (compares(kind, value, constant)) continue
        return Number.isNaN(value - constant) ? 2 : 0
      }
      if (kind <= codes.noneOf) {
        const code = (this.#codes[column] as Int32Array)[row] as number
        if (code < 0) return 2
        let isWanted = false
        for (let i = this.#from[atom] as number; i < (this.#end[atom] as number) && !isWanted; i++)
          isWanted = this.#wanted[i] === code
        if (isWanted === (kind === codes.oneOf)) continue
        return 0
      }
      const value = (this.#bools[column] as Uint8Array)[row] as number
      if (value > 1) return 2
      if ((value === 1) !== (kind === codes.isTrue)) return 0
    }
    return 1
  }

  #ask(rule: number, row: number): number {
    const known = this.#whole[rule]
    if (known) return known(row)
    const made = truthClosure(restOf(this.#rules[rule] as RuleAtoms, this.#lowering))
    this.#whole[rule] = made
    return made(row)
  }

  /** Makes code of all rests there are, and again when as many have been asked as before. */
  #generateRests(): void {
    this.#hot *= 2
    if (!this.#generate || this.#closures.size === 0) return
    const [rules, irs] = [[...this.#closures.keys()], [...this.#closures.values()]]
    this.#closures.clear()
    generateConditions(irs).forEach((condition, i) => {
      this.#rest[rules[i] as number] = condition
    })
  }

  /** Whether the atom was put into the table. */
  #addAtom(ir: TruthIr): boolean {
    if (!isTabular(ir)) return false
    switch (ir.kind) {
      case 'and':
        for (const operand of ir.of) this.#addAtom(operand)
        return true
      case 'compare':
        if (ir.left.kind === 'numbers' && ir.right.kind === 'number')
          this.#push(codes[ir.operator], columnNumber(this.#numbers, ir.left.values), { constant: ir.right.value })
        else if (ir.left.kind === 'number' && ir.right.kind === 'numbers')
          this.#push(codes[mirrored[ir.operator]], columnNumber(this.#numbers, ir.right.values), {
            constant: ir.left.value,
          })
        return true
      case 'one-of':
        this.#pushCodes(codes.oneOf, ir)
        return true
      case 'bools':
        this.#push(codes.isTrue, columnNumber(this.#bools, ir.values), {})
        return true
      case 'not':
        if (ir.of.kind === 'one-of') this.#pushCodes(codes.noneOf, ir.of)
        else if (ir.of.kind === 'bools') this.#push(codes.isFalse, columnNumber(this.#bools, ir.of.values), {})
        return true
      default:
        return false
    }
  }

  #pushCodes(kind: number, ir: Extract<TruthIr, { kind: 'one-of' }>): void {
    const from = this.#wanted.length
    this.#wanted.push(...ir.wanted)
    this.#push(kind, columnNumber(this.#codes, ir.codes), { from, end: this.#wanted.length })
  }

  #push(kind: number, column: number, { constant = 0, from = 0, end = 0 }): void {
    const atom = this.#atomCount++
    if (atom === this.#kinds.length) {
      this.#kinds = grown(this.#kinds, new Uint8Array(atom * 2))
      this.#columns = grown(this.#columns, new Int32Array(atom * 2))
      this.#constants = grown(this.#constants, new Float64Array(atom * 2))
      this.#from = grown(this.#from, new Int32Array(atom * 2))
      this.#end = grown(this.#end, new Int32Array(atom * 2))
    }
    this.#kinds[atom] = kind
    this.#columns[atom] = column
    this.#constants[atom] = constant
    this.#from[atom] = from
    this.#end[atom] = end
  }
}

const mirrored: Readonly<Record<Comparison, Comparison>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

/** Whether the table can say a condition: its columns and constants, nothing worked out. */
function isTabular(ir: TruthIr): boolean {
  switch (ir.kind) {
    case 'and':
      return ir.of.every(isTabular)
    case 'compare':
      return ir.left.kind === 'numbers' ? ir.right.kind === 'number' : isMirrored(ir)
    case 'one-of':
    case 'bools':
      return true
    case 'not':
      return ir.of.kind === 'one-of' || ir.of.kind === 'bools'
    default:
      return false
  }
}

function isMirrored({ left, right }: Extract<TruthIr, { kind: 'compare' }>): boolean {
  return left.kind === 'number' && right.kind === 'numbers'
}

function compares(kind: number, value: number, constant: number): boolean {
  switch (kind) {
    case codes['==']:
      return value === constant
    case codes['!=']:
      return value < constant || value > constant
    case codes['<']:
      return value < constant
    case codes['<=']:
      return value <= constant
    case codes['>']:
      return value > constant
    default:
      return value >= constant
  }
}

function columnNumber<A>(columns: A[], values: A): number {
  const known = columns.indexOf(values)
  return known >= 0 ? known : columns.push(values) - 1
}

type Numbers = Uint8Array | Int32Array | Float64Array

function grown<A extends Numbers>(from: A, to: A): A {
  to.set(from)
  return to
}
