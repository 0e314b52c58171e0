/**
 * One check's answers to what declarations ask of their surroundings, and the keeping of results: a result of the check
 * before is taken over while every question that was asked for it still has the same answer.
 *
 * INVARIANT: an answer is compared by identity; signatures and bodies keep theirs as long as they say the same.
 */
import { type Binding, declaredName, type FileNames, type ModuleTable } from '../bind/modules.ts'
import type { ContractSignature, PolicySignature, Signature } from '../bind/signature.ts'
import type { Looked, Result, Unit, UnitProblem } from '../bind/unit.ts'
import { languageModule } from '../plan/approval-contract.ts'
import type { Baseline, Baselines } from '../plan/baseline.ts'
import type { Context, Lookup } from './context.ts'
import { infer } from './expressions.ts'
import { reportOf } from './report.ts'
import { signatureOf, unknowable } from './signatures.ts'

/** Questions beyond the names of `Lookup`, asked by tests. */
export interface WideLookup extends Lookup {
  /** The policies that decide events of this contract, in the order of the plan. */
  deciders(contract: ContractSignature): readonly PolicySignature[]
  /** The policies with rules that live on after their event: expectations, approvals. */
  waiting(): readonly PolicySignature[]
  /** What a policy's or a sample's body was made into; null where there is none. */
  bodyOf(signature: Pick<Signature, 'module' | 'name'>): unknown
  /** The contract whose signature has this id. */
  contractWith(id: number): ContractSignature | null
  /** The sample of a contract in this module, else in the contract's own. */
  sampleOf(contract: ContractSignature): unknown
}

export interface Earlier {
  /** The signature that the check before had for this name, if any. */
  named(kind: string, module: string, name: string): Signature | undefined
  /** Stand-ins for names that cannot be known, handed on from check to check so that each keeps its identity. */
  readonly unknowables: Map<string, Signature>
}

export class Scopes {
  readonly #binding: Binding
  readonly #baselines: Baselines | null
  readonly #earlier: Earlier
  readonly #fresh: () => number
  readonly #path: Unit[] = []
  readonly #tooDeep = new Set<Unit>()
  readonly #circles = new Map<Unit, readonly Unit[]>()
  readonly #usedImports = new Set<string>()
  readonly #usedDefines = new Set<Unit>()
  readonly #names = new Map<FileNames, string>()
  #deciders = new Map<number, readonly PolicySignature[]>()
  #waiting: readonly PolicySignature[] = noPolicies
  #samples = new Map<string, unknown>()
  #modulesByName: Map<string, string[]> | null = null
  #contractsById: Map<number, ContractSignature> | null = null

  constructor(binding: Binding, earlier: Earlier, fresh: () => number, baselines: Baselines | null) {
    this.#baselines = baselines
    this.#binding = binding
    this.#earlier = earlier
    this.#fresh = fresh
  }

  /** The signature of a declaration; worked out when it is first asked for. */
  signature(unit: Unit): Signature | null {
    if (unit.signature) return unit.signature.value
    const name = declaredName(unit.syntax)?.text ?? ''
    const place = this.#path.indexOf(unit)
    if (place >= 0) {
      this.#circles.set(unit, this.#path.slice(place))
      return this.#unknown(name, unit.module)
    }
    if (this.#path.length >= chainLimit) {
      this.#tooDeep.add(unit)
      return this.#unknown(name, unit.module)
    }
    this.#path.push(unit)
    const before = unit.twin?.signature
    if (before && this.#stillHolds(unit, before.looked)) unit.signature = before
    else {
      const made = this.work(unit, context => signatureOf(context, unit.syntax, unit.module, this.#fresh))
      const { value } = made
      if (value) {
        const same = this.#earlier.named(value.kind, value.module, value.name)
        const problems = [...made.problems, ...this.#circleProblems(unit), ...this.#chainProblems(unit)]
        unit.signature = { ...made, problems, value: same?.key === value.key ? same : value }
      } else unit.signature = made
    }
    this.#path.pop()
    return unit.signature?.value ?? null
  }

  /** Takes over the body of the check before, or makes it with `make`. */
  body<T>(unit: Unit, make: (context: Context, lookup: WideLookup) => T): void {
    const { twin } = unit
    // A body is made with the signature of its own declaration, which is not asked for.
    const before = twin?.signature?.value === unit.signature?.value ? twin?.body : undefined
    unit.body = before && this.#stillHolds(unit, before.looked) ? before : this.work(unit, make)
  }

  /** What `make` gives, with what it asked for and reported. */
  work<T>(unit: Unit, make: (context: Context, lookup: WideLookup) => T): Result<T> {
    const lookup = new RecordingLookup(key => this.#answer(unit, key, true))
    const report = reportOf(unit.placed.problems)
    const context: Context = {
      unit: unit.id,
      text: unit.placed.text,
      broken: unit.broken,
      report,
      lookup,
      counters: { event: 0, variable: 0 },
      infer: (expression, env, expected) => infer(context, expression, env, expected),
    }
    const value = make(context, lookup)
    return { value, looked: lookup.looked(), problems: report.problems }
  }

  /** To be called when all signatures are known, before bodies that ask about policies. `before` keeps lists of equal content. */
  setDeciders(
    policies: readonly Unit[],
    before:
      | {
          readonly deciders: ReadonlyMap<number, readonly PolicySignature[]>
          readonly waiting: readonly PolicySignature[]
        }
      | undefined,
  ): void {
    const lists = new Map<number, PolicySignature[]>()
    const waiting: PolicySignature[] = []
    for (const unit of policies) {
      const signature = this.signature(unit)
      if (signature?.kind !== 'policy') continue
      if (signature.rules.some(rule => rule.lives)) waiting.push(signature)
      for (const contract of signature.contracts) {
        const list = lists.get(contract.id) ?? []
        list.push(signature)
        lists.set(contract.id, list)
      }
    }
    this.#deciders = new Map([...lists].map(([id, list]) => [id, keepEqual(before?.deciders.get(id), list)]))
    this.#waiting = keepEqual(before?.waiting, waiting)
  }
  get waiting(): readonly PolicySignature[] {
    return this.#waiting
  }
  get deciders(): ReadonlyMap<number, readonly PolicySignature[]> {
    return this.#deciders
  }

  /** The first sample of a contract in a module counts; false where there already is one. */
  addSample(module: string, contract: ContractSignature, body: unknown): boolean {
    const key = `${module}/${contract.id}`
    if (this.#samples.has(key)) return false
    this.#samples.set(key, body)
    return true
  }

  usesImport(path: string, name: string): boolean {
    return this.#usedImports.has(`${path}\n${name}`)
  }
  usesDefine(unit: Unit): boolean {
    return this.#usedDefines.has(unit)
  }

  /** A declaration at which a chain of declarations was given up. */
  #chainProblems(unit: Unit): readonly UnitProblem[] {
    const name = declaredName(unit.syntax)
    if (!this.#tooDeep.has(unit) || !name) return []
    const report = reportOf()
    report.add('W0002', name.span, {
      what: `The chain of declarations that lead to ${name.text}`,
      limit: `${chainLimit}`,
    })
    return report.problems
  }

  #circleProblems(unit: Unit): readonly UnitProblem[] {
    const circle = this.#circles.get(unit)
    const name = declaredName(unit.syntax)
    if (!circle || !name) return []
    const report = reportOf()
    const path = [...circle, unit].map(member => declaredName(member.syntax)?.text ?? '').join(' → ')
    report.add('W0211', name.span, { name: name.text, path })
    return report.problems
  }

  /**
   * INVARIANT: uses of names are counted as in a new check: where the result holds, all that it asked for; else nothing, because
   * what is made anew asks for itself, and perhaps for less.
   */
  #stillHolds(unit: Unit, looked: Looked): boolean {
    for (let i = 0; i < looked.keys.length; i++) {
      const key = looked.keys[i]
      if (key !== undefined && this.#answer(unit, key, false) !== looked.answers[i]) return false
    }
    for (const key of looked.keys) this.#answer(unit, key, true)
    return true
  }

  /** `counts`: names that are found are used. */
  #answer(unit: Unit, key: string, counts: boolean): unknown {
    const file = this.#binding.files[unit.file]
    if (!file) throw new Error('a unit belongs to a file')
    switch (key.charCodeAt(0)) {
      case star:
        return this.#namesOf(file)
      case plus:
        return this.#modulesWith(key.slice(1), file)
      case hash:
        return this.#deciders.get(Number(key.slice(1))) ?? noPolicies
      case exclamation:
        return this.#waiting
      case at: {
        const [, module = '', name = ''] = key.split('/')
        const policy = this.#binding.modules.get(module)?.declared.get(name)
        return policy?.body?.value ?? null
      }
      case percent:
        return this.#baselines === null ? undefined : (this.#baselines.get(key.slice(1)) ?? null)
      case ampersand:
        return [...(this.#baselines?.keys() ?? [])].join('\n')
      case tilde:
        return this.#contractWith(Number(key.slice(1)))
      case equals: {
        const [, home, id] = key.split('/')
        return this.#samples.get(`${unit.module}/${id}`) ?? this.#samples.get(`${home}/${id}`) ?? null
      }
      default:
        return this.#find(unit, file, key, counts)
    }
  }

  #contractWith(id: number): ContractSignature | null {
    if (!this.#contractsById) {
      this.#contractsById = new Map()
      for (const module of this.#binding.modules.values())
        for (const unit of module.declared.values()) {
          const signature = this.signature(unit)
          if (signature?.kind === 'contract') this.#contractsById.set(signature.id, signature)
        }
    }
    return this.#contractsById.get(id) ?? null
  }

  #find(from: Unit, file: FileNames, name: string, counts: boolean): Signature | null {
    const own = this.#declared(from, file.module, name, counts)
    if (own) return own
    const used = file.imports.get(name)
    if (!used) return this.#ofLanguage(from, name, counts)
    if (counts) this.#usedImports.add(`${file.path}\n${name}`)
    return this.#declared(from, used.module, used.name, counts) ?? this.#unknown(used.name, used.module.name)
  }

  /** What the language itself declares needs no `use`, and gives way to every other declaration. */
  #ofLanguage(from: Unit, name: string, counts: boolean): Signature | null {
    const module = this.#binding.modules.get(languageModule)
    return module ? this.#declared(from, module, name, counts) : null
  }

  #declared(from: Unit, module: ModuleTable, name: string, counts: boolean): Signature | null {
    const unit = module.declared.get(name)
    if (!unit) return module.broken.has(name) ? this.#unknown(name, module.name) : null
    if (counts && unit !== from) this.#usedDefines.add(unit)
    return this.signature(unit)
  }

  #unknown(name: string, module: string): Signature {
    const key = `${module}/${name}`
    const known = this.#earlier.unknowables.get(key)
    if (known) return known
    const made = unknowable(name, module)
    this.#earlier.unknowables.set(key, made)
    return made
  }

  #namesOf(file: FileNames): string {
    let names = this.#names.get(file)
    if (names === undefined) {
      names = [...file.module.declared.keys(), ...file.imports.keys()].join('\n')
      this.#names.set(file, names)
    }
    return names
  }

  #modulesWith(name: string, file: FileNames): string {
    if (!this.#modulesByName) {
      this.#modulesByName = new Map()
      for (const module of this.#binding.modules.values()) {
        for (const declared of module.declared.keys()) {
          const list = this.#modulesByName.get(declared)
          if (list) list.push(module.name)
          else this.#modulesByName.set(declared, [module.name])
        }
      }
    }
    const modules = this.#modulesByName.get(name) ?? []
    return modules.filter(module => module !== file.module.name).join('\n')
  }
}

/** How many declarations may need each other in a row; the stack has to hold them. */
const chainLimit = 200

/** What a question begins with that is no name; see `RecordingLookup`. */
const [star, plus, hash, at, equals, exclamation, tilde] = [0x2a, 0x2b, 0x23, 0x40, 0x3d, 0x21, 0x7e]
const [percent, ampersand] = [0x25, 0x26]

const noPolicies: readonly PolicySignature[] = []

class RecordingLookup implements WideLookup {
  readonly #answers = new Map<string, unknown>()
  readonly #ask: (key: string) => unknown

  constructor(ask: (key: string) => unknown) {
    this.#ask = ask
  }

  looked(): Looked {
    return { keys: [...this.#answers.keys()], answers: [...this.#answers.values()] }
  }
  find(name: string): Signature | null {
    // Names of the language begin with a letter; the parser's placeholder for a missing name is empty.
    return name === '' ? null : (this.#once(name) as Signature | null)
  }
  names(): readonly string[] {
    return lines(this.#once('*'))
  }
  modulesWith(name: string): readonly string[] {
    return lines(this.#once(`+${name}`))
  }
  baseline(name: string): Baseline | null | undefined {
    return this.#once(`%${name}`) as Baseline | null | undefined
  }
  baselineNames(): readonly string[] {
    return lines(this.#once('&'))
  }
  deciders(contract: ContractSignature): readonly PolicySignature[] {
    return this.#once(`#${contract.id}`) as readonly PolicySignature[]
  }
  waiting(): readonly PolicySignature[] {
    return this.#once('!') as readonly PolicySignature[]
  }
  bodyOf(signature: Pick<Signature, 'module' | 'name'>): unknown {
    return this.#once(`@/${signature.module}/${signature.name}`)
  }
  contractWith(id: number): ContractSignature | null {
    return this.#once(`~${id}`) as ContractSignature | null
  }
  sampleOf(contract: ContractSignature): unknown {
    return this.#once(`=/${contract.module}/${contract.id}`)
  }

  #once(key: string): unknown {
    if (this.#answers.has(key)) return this.#answers.get(key)
    const answer = this.#ask(key)
    this.#answers.set(key, answer)
    return answer
  }
}

function lines(answer: unknown): readonly string[] {
  return typeof answer === 'string' && answer !== '' ? answer.split('\n') : []
}

function keepEqual<T>(before: readonly T[] | undefined, now: readonly T[]): readonly T[] {
  return before && before.length === now.length && before.every((item, index) => item === now[index]) ? before : now
}
