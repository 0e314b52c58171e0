/**
 * What one declaration asks of its surroundings while its names are collected, with the answers: the names of a declaration are kept
 * while every answer is the same. As check/scope.ts of the engine does for types.
 *
 * INVARIANT: an answer is compared by identity or as text; signatures keep their identity as long as they say the same.
 */
import type { Type } from '@writ/engine'
import type { ContractSignature, Unit } from '@writ/engine/editor'
import type { Surroundings } from './surroundings.ts'
import { partSymbol, type WritSymbol } from './symbol.ts'

export type Answers = ReadonlyMap<string, unknown>

export class Questions {
  readonly #unit: Unit
  readonly #around: Surroundings
  readonly #answers = new Map<string, unknown>()

  constructor(unit: Unit, around: Surroundings) {
    this.#unit = unit
    this.#around = around
  }

  get answers(): Answers {
    return this.#answers
  }

  /** What a bare name of the module means. */
  declared(name: string): Unit | null {
    this.#note(`name ${name}`)
    return this.#around.declared(this.#unit, name)
  }
  contract(name: string): ContractSignature | null {
    const found = this.declared(name)?.signature?.value
    return found?.kind === 'contract' ? found : null
  }
  /** What a `use` of the module would bring in by this name. */
  used(module: string, name: string): Unit | null {
    this.#note(`use ${module} ${name}`)
    return this.#around.binding.modules.get(module)?.declared.get(name) ?? null
  }
  /** The rule that a test names, `rule` or `policy.rule`: of a policy that decides the given event, of its module, of any. */
  rule(name: string, given: string | null): { readonly home: Unit; readonly symbol: WritSymbol } | null {
    this.#note(given === null ? `rule ${name}` : `rule ${name} ${given}`)
    return ruleOf(name, given ?? '', this.#unit, this.#around)
  }
  /** The aliases of this name that the policies of the module have. */
  aliases(name: string): readonly WritSymbol[] {
    this.#note(`alias ${name}`)
    return aliasesOf(name, this.#unit, this.#around)
  }
  /** The table whose rows have exactly this type: a type that the checker gave, and so as lasting as its results. */
  tableOf(type: Type): Unit | null {
    return this.#around.tableOf(type)
  }
  unit(id: number): Unit | undefined {
    return this.#around.unit(id)
  }

  #note(question: string): void {
    if (!this.#answers.has(question)) this.#answers.set(question, answer(question, this.#unit, this.#around))
  }
}

/** Whether every question still has the same answer. */
export function stillHolds(answers: Answers, unit: Unit, around: Surroundings): boolean {
  for (const [question, before] of answers) if (answer(question, unit, around) !== before) return false
  return true
}

function answer(question: string, unit: Unit, around: Surroundings): unknown {
  const [kind = '', first = '', second = ''] = question.split(' ')
  switch (kind) {
    case 'name':
      return around.declared(unit, first)?.signature?.value ?? null
    case 'use':
      return around.binding.modules.get(first)?.declared.get(second)?.signature?.value ?? null
    case 'rule':
      return ruleOf(first, second, unit, around)?.symbol.key ?? null
    default:
      return aliasesOf(first, unit, around)
        .map(({ key }) => key)
        .join(' ')
  }
}

function ruleOf(
  name: string,
  given: string,
  from: Unit,
  around: Surroundings,
): { readonly home: Unit; readonly symbol: WritSymbol } | null {
  const dot = name.lastIndexOf('.')
  const policy = dot < 0 ? null : name.slice(0, dot)
  const rule = name.slice(dot + 1)
  const found = around.policies.flatMap(home => {
    const signature = home.signature?.value
    if (signature?.kind !== 'policy' || (policy !== null && signature.name !== policy)) return []
    if (!signature.rules.some(each => each.name === rule)) return []
    return [{ home, symbol: partSymbol(signature.module, signature.name, 'rule', rule) }]
  })
  const contract = given === '' ? null : around.contract(from, given)
  const deciding = found.find(({ home }) => {
    const signature = home.signature?.value
    return contract && signature?.kind === 'policy' && signature.contracts.some(({ id }) => id === contract.id)
  })
  return deciding ?? found.find(({ home }) => home.module === from.module) ?? found[0] ?? null
}

function aliasesOf(name: string, from: Unit, around: Surroundings): readonly WritSymbol[] {
  const homes = from.syntax.kind === 'policy' ? [from] : from.syntax.kind === 'test' ? around.policies : []
  return homes.flatMap(home => {
    const signature = home.signature?.value
    if (home.module !== from.module || signature?.kind !== 'policy') return []
    if (!signature.aliases.some(alias => alias.name === name)) return []
    return [partSymbol(home.module, signature.name, 'alias', name)]
  })
}
