/**
 * The low form as source text, for `new Function`. INVARIANT: nothing of the user's program is in the text: columns, constants,
 * tables and functions are captured and named by number (`k0`, `k1`, …), so that the text has a fixed alphabet.
 */
import type { CodeIr, Comparison, NumberIr, TruthIr } from './ir.ts'

/** Collects what generated text refers to; `name` gives the same thing the same name. */
export class Captures {
  /** By name. */
  readonly record: Record<string, unknown> = {}
  readonly #names = new Map<unknown, string>()
  #locals = 0

  name(value: unknown): string {
    let name = this.#names.get(value)
    if (name === undefined) {
      name = `k${this.#names.size}`
      this.#names.set(value, name)
      this.record[name] = value
    }
    return name
  }

  get names(): readonly string[] {
    return [...this.#names.values()]
  }

  /** A new local variable of the function under way. */
  local(): string {
    return `v${this.#locals++}`
  }

  /** Begins another function. */
  freeLocals(): void {
    this.#locals = 0
  }

  /** The local variables of the function under way, as they are declared. */
  get usedLocals(): string {
    return Array.from({ length: this.#locals }, (_, i) => `v${i}`).join(', ')
  }

  /** A number as text, or captured where its text would not be digits. */
  number(value: number): string {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) return this.name(value)
    return value < 0 ? `(${value})` : `${value}`
  }
}

/** An expression for the truth of `ir` at `row`. */
export function truthSource(ir: TruthIr, captures: Captures): string {
  switch (ir.kind) {
    case 'truth':
      return String(ir.value)
    case 'bools': {
      const value = captures.local()
      return `((${value} = ${captures.name(ir.values)}[row]) > 2 ? 2 : ${value})`
    }
    case 'not': {
      const value = captures.local()
      return `((${value} = ${truthSource(ir.of, captures)}) === 2 ? 2 : 1 - ${value})`
    }
    case 'and':
    case 'or':
      return connective(ir.kind === 'or' ? 1 : 0, ir.of, captures)
    case 'compare':
      return comparison(ir, captures)
    case 'known': {
      const value = captures.local()
      return `((${value} = ${numberSource(ir.of, captures)}) === ${value} ? 1 : ${captures.name(ir.otherwise)}(row))`
    }
    case 'same-code': {
      const left = captures.local()
      const right = captures.local()
      const other = captures.name(ir.otherwise)
      return `((${left} = ${codeSource(ir.left, captures)}) < 0 | (${right} = ${codeSource(ir.right, captures)}) < 0 ? ${other}(row) : ${left} === ${right} ? 1 : 0)`
    }
    case 'one-of': {
      const code = captures.local()
      const read = `(${code} = ${captures.name(ir.codes)}[row])`
      if (ir.wanted.length === 0) return `(${read} >= 0 ? 0 : 2)`
      const tests = ir.wanted.map((wanted, i) => `${i === 0 ? read : code} === ${captures.number(wanted)}`)
      return `(${tests.join(' || ')} ? 1 : ${code} >= 0 ? 0 : 2)`
    }
    case 'by-code':
    case 'by-bool': {
      const place = captures.local()
      const truth = captures.local()
      const table = captures.name(ir.table)
      const read = ir.kind === 'by-code' ? `${captures.name(ir.codes)}[row] + 2` : `${captures.name(ir.values)}[row]`
      return `((${truth} = ${table}[${place} = ${read}]) !== 255 ? ${truth} : (${table}[${place}] = ${captures.name(ir.fill)}(row)))`
    }
    case 'either': {
      const condition = captures.local()
      const test = truthSource(ir.condition, captures)
      return `((${condition} = ${test}) === 2 ? 2 : ${condition} === 1 ? ${truthSource(ir.yes, captures)} : ${truthSource(ir.no, captures)})`
    }
    case 'asked':
      return `${captures.name(ir.condition)}(row)`
  }
}

/** An expression for the number of `ir` at `row`. */
export function numberSource(ir: NumberIr, captures: Captures): string {
  switch (ir.kind) {
    case 'number':
      return captures.number(ir.value)
    case 'numbers':
      return `${captures.name(ir.values)}[row]`
    case 'amounts':
      return `(${captures.name(ir.currencies)}[row] === ${captures.number(ir.currency)} ? ${captures.name(ir.values)}[row] : NaN)`
    case 'add':
    case 'subtract':
    case 'multiply': {
      const operator = ir.kind === 'add' ? '+' : ir.kind === 'subtract' ? '-' : '*'
      const result = `${numberSource(ir.left, captures)} ${operator} ${numberSource(ir.right, captures)}`
      if (!ir.checked) return `(${result})`
      const value = captures.local()
      return `((${value} = ${result}) <= ${largest} && ${value} >= -${largest} ? ${value} : NaN)`
    }
    case 'least':
      return `Math.min(${numberSource(ir.left, captures)}, ${numberSource(ir.right, captures)})`
    case 'most':
      return `Math.max(${numberSource(ir.left, captures)}, ${numberSource(ir.right, captures)})`
    case 'absolute':
      return `Math.abs(${numberSource(ir.of, captures)})`
    case 'cut': {
      const value = captures.local()
      return `(((${value} = ${numberSource(ir.of, captures)}) - ${value} % ${ir.by}) / ${ir.by})`
    }
    case 'part': {
      const value = captures.local()
      const rest = captures.local()
      const read = `(${value} = ${numberSource(ir.of, captures)}, ${rest} = ${value} % ${ir.by}, (${value} - (${rest} < 0 ? ${rest} + ${ir.by} : ${rest})) / ${ir.by} + ${ir.shift})`
      return `(((${rest} = ${read} % ${ir.modulus}) < 0 ? ${rest} + ${ir.modulus} : ${rest}) + ${ir.plus})`
    }
    case 'positive': {
      const value = captures.local()
      return `((${value} = ${numberSource(ir.of, captures)}) > 0 ? ${value} : NaN)`
    }
    case 'default': {
      const value = captures.local()
      const absent = `${captures.name(ir.isAbsent)}(row)`
      return `((${value} = ${numberSource(ir.of, captures)}) === ${value} ? ${value} : ${absent} ? ${numberSource(ir.otherwise, captures)} : NaN)`
    }
    case 'either': {
      const condition = captures.local()
      const test = truthSource(ir.condition, captures)
      return `((${condition} = ${test}) === 2 ? NaN : ${condition} === 1 ? ${numberSource(ir.yes, captures)} : ${numberSource(ir.no, captures)})`
    }
    case 'remembered': {
      const memory = captures.name(ir.memory)
      const work = `(${memory}.value = ${numberSource(ir.of, captures)}, ${memory}.row = row, ${memory}.value)`
      return `(${memory}.row === row ? ${memory}.value : ${work})`
    }
    case 'asked':
      return `${captures.name(ir.number)}(row)`
  }
}

const largest = '9007199254740991'

function codeSource(ir: CodeIr, captures: Captures): string {
  switch (ir.kind) {
    case 'code':
      return captures.number(ir.value)
    case 'codes':
      return `${captures.name(ir.values)}[row]`
    case 'asked':
      return `${captures.name(ir.code)}(row)`
  }
}

/** Ends at the first operand with the decisive truth; unknown if another one was (bit 1). */
function connective(decisive: 0 | 1, operands: readonly TruthIr[], captures: Captures): string {
  const [only] = operands
  if (only === undefined) return String(1 - decisive)
  if (operands.length === 1) return truthSource(only, captures)
  const truths = operands.map(operand => ({ local: captures.local(), text: truthSource(operand, captures) }))
  const tests = truths.map(({ local, text }) => `(${local} = ${text}) === ${decisive}`)
  const anyUnknown = `(${truths.map(({ local }) => local).join(' | ')}) & 2`
  return `(${tests.join(' || ')} ? ${decisive} : ${decisive === 1 ? anyUnknown : `(${anyUnknown}) || 1`})`
}

function comparison(ir: Extract<TruthIr, { kind: 'compare' }>, captures: Captures): string {
  const left = captures.local()
  const right = captures.local()
  const a = `(${left} = ${numberSource(ir.left, captures)})`
  const b = `(${right} = ${numberSource(ir.right, captures)})`
  const other = `${captures.name(ir.otherwise)}(row)`
  switch (ir.operator) {
    case '==':
      return `(${a} === ${b} ? 1 : ${left} < ${right} || ${left} > ${right} ? 0 : ${other})`
    case '!=':
      return `(${a} === ${b} ? 0 : ${left} < ${right} || ${left} > ${right} ? 1 : ${other})`
    default:
      return `(${a} ${ir.operator} ${b} ? 1 : ${left} ${opposite[ir.operator]} ${right} ? 0 : ${other})`
  }
}

const opposite: Readonly<Record<Exclude<Comparison, '==' | '!='>, string>> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
}
