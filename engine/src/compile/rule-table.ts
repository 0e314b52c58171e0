/**
 * Rules as rows of a table that one loop interprets: comparisons of a column with a constant, and what is left as a function.
 * Ten thousand rules are then a few arrays, where closures would be scattered over the heap and generated code too long to be
 * optimised. What is left begins as a closure; when it has been asked often, code is generated for it where that is allowed.
 */
import { type RuleAtoms, restOf } from './atoms.ts'
import { truthClosure } from './closures.ts'
import { generateConditions, generateGroup } from './generate.ts'
import type { Comparison, TruthIr } from './ir.ts'
import type { Lowering } from './lower.ts'
import type { Condition, RuleGroup } from './rules.ts'

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

/** A group with fewer rules that the table cannot say alone is not worth a function. */
const fewestRests = 2

/**
 * A rule in words: place * 4 among the contract's rules, its number in the table, twice its atoms plus 1 where something is
 * left, then two words per atom: 16 * its column + what it does; the place of its constant, or 32 * where its codes begin plus
 * how many there are. What is looked at together stands together: an event that meets one of ten thousand rules should not wait
 * for memory more than once.
 */
const ruleWords = 3
const atomWords = 2

export class RuleTable {
  readonly #lowering: Lowering
  #words = new Int32Array(1024)
  #used = 0
  /** Each number once, so that the constants of ten thousand rules stay close together. */
  readonly #constants: number[] = []
  readonly #constantPlaces = new Map<number, number>()
  /** What is asked when all atoms hold; and the whole condition, where one is unknown. */
  readonly #rest: (Condition | null)[] = []
  /** Of the rests that are closures still. */
  readonly #closures = new Map<number, TruthIr>()
  #asked = 0
  #hot: number
  readonly #whole: (Condition | null)[] = []
  readonly #rules: RuleAtoms[] = []
  readonly #wanted: number[] = []
  readonly #wantedPlaces = new Map<string, number>()
  readonly #numbers: Float64Array[] = []
  readonly #codes: Int32Array[] = []
  readonly #bools: Uint8Array[] = []

  /** `generateAfter`: how often closures are asked before code is made of them; infinite where that is forbidden. */
  constructor(lowering: Lowering, generateAfter: number) {
    this.#lowering = lowering
    this.#hot = generateAfter
  }

  /** How often a group is asked before code is made of it. */
  get generateAfter(): number {
    return this.#hot
  }

  /** Returns where the rule stands; rules that are added one after the other stand one behind the other. */
  add(rule: RuleAtoms): number {
    const at = this.#used
    this.#used += ruleWords
    const left = rule.atoms.filter(atom => !this.#addAtom(this.#lowering.truth(atom.expr)))
    const atoms = (this.#used - at - ruleWords) / atomWords
    const number = this.#rules.push(rule) - 1
    this.#put(at, [rule.rule.place * 4, number, atoms * 2 + (left.length === 0 ? 0 : 1)])
    this.#whole.push(null)
    if (left.length === 0) this.#rest.push(null)
    else {
      const ir = restOf({ rule: rule.rule, atoms: left }, this.#lowering)
      this.#rest.push(truthClosure(ir))
      this.#closures.set(number, ir)
    }
    return at
  }

  /** One generated function for rules that were added together; null where the table says all of them itself, which is as fast. */
  generated(at: number, count: number): RuleGroup | null {
    const first = this.#words[at + 1] as number
    let left = 0
    for (let number = first; number < first + count; number++) if (this.#rest[number] !== null) left++
    if (left < fewestRests) return null
    return generateGroup(
      this.#rules
        .slice(first, first + count)
        .map(rule => ({ hit: rule.rule.place * 4, condition: restOf(rule, this.#lowering) })),
    )
  }

  /** Appends the hits of `count` rules from `start` on at `row` to `hits` from place `found` on; returns the place behind. */
  match(start: number, count: number, row: number, hits: Int32Array, found: number): number {
    const words = this.#words
    let next = found
    let at = start
    for (let i = 0; i < count; i++) {
      const rule = at
      const shape = words[rule + 2] as number
      at += ruleWords + (shape >> 1) * atomWords
      let truth = this.#atomsHold(rule + ruleWords, at, row)
      if (truth === 0) continue
      if (truth === 2) truth = this.#ask(words[rule + 1] as number, row)
      else if ((shape & 1) === 1) {
        truth = (this.#rest[words[rule + 1] as number] as Condition)(row)
        if (++this.#asked === this.#hot) this.#generateRests()
      }
      if (truth !== 0) hits[next++] = (words[rule] as number) + truth
    }
    return next
  }

  /** 0 where one of the atoms is false; 2 where one that was met before is not certain. */
  #atomsHold(from: number, end: number, row: number): number {
    const words = this.#words
    for (let at = from; at < end; at += atomWords) {
      const kind = (words[at] as number) & 15
      const column = (words[at] as number) >> 4
      if (kind <= codes['>=']) {
        const value = (this.#numbers[column] as Float64Array)[row] as number
        const constant = this.#constants[words[at + 1] as number] as number
        if (compares(kind, value, constant)) continue
        return Number.isNaN(value) ? 2 : 0
      }
      if (kind <= codes.noneOf) {
        const code = (this.#codes[column] as Int32Array)[row] as number
        if (code < 0) return 2
        const list = words[at + 1] as number
        const behind = (list >> 5) + (list & 31)
        let isWanted = false
        for (let i = list >> 5; i < behind && !isWanted; i++) isWanted = this.#wanted[i] === code
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
    if (this.#closures.size === 0) return
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
          this.#push(codes[ir.operator], columnNumber(this.#numbers, ir.left.values), this.#constant(ir.right.value))
        else if (ir.left.kind === 'number' && ir.right.kind === 'numbers')
          this.#push(
            codes[mirrored[ir.operator]],
            columnNumber(this.#numbers, ir.right.values),
            this.#constant(ir.left.value),
          )
        return true
      case 'one-of':
        this.#pushCodes(codes.oneOf, ir)
        return true
      case 'bools':
        this.#push(codes.isTrue, columnNumber(this.#bools, ir.values))
        return true
      case 'not':
        if (ir.of.kind === 'one-of') this.#pushCodes(codes.noneOf, ir.of)
        else if (ir.of.kind === 'bools') this.#push(codes.isFalse, columnNumber(this.#bools, ir.of.values))
        return true
      default:
        return false
    }
  }

  #pushCodes(kind: number, ir: Extract<TruthIr, { kind: 'one-of' }>): void {
    const name = ir.wanted.join()
    const known = this.#wantedPlaces.get(name)
    const from = known ?? this.#wanted.length
    if (known === undefined) {
      this.#wanted.push(...ir.wanted)
      this.#wantedPlaces.set(name, from)
    }
    this.#push(kind, columnNumber(this.#codes, ir.codes), from * 32 + ir.wanted.length)
  }

  /** The place of a constant. */
  #constant(value: number): number {
    const known = this.#constantPlaces.get(value)
    if (known !== undefined) return known
    const place = this.#constants.push(value) - 1
    this.#constantPlaces.set(value, place)
    return place
  }

  #push(kind: number, column: number, more = 0): void {
    this.#put(this.#used, [column * 16 + kind, more])
    this.#used += atomWords
  }

  #put(at: number, words: readonly number[]): void {
    if (at + words.length > this.#words.length) {
      const more = new Int32Array(this.#words.length * 2)
      more.set(this.#words)
      this.#words = more
    }
    this.#words.set(words, at)
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
