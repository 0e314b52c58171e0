/**
 * The names of one declaration as they are found: each with the symbols that it stands for, looked up through the questions that the
 * declaration asks. Where names stand in the syntax is collect.ts and expression-names.ts.
 */
import type { Type } from '@writ/engine'
import type { ContractSignature, Unit } from '@writ/engine/editor'
import type { Name } from '@writ/grammar'
import type { Questions } from './questions.ts'
import {
  declarationSymbol,
  fieldSymbol,
  localSymbol,
  type Occurrence,
  partSymbol,
  type SymbolKind,
  signatureKind,
  type WritSymbol,
  wideSymbol,
} from './symbol.ts'

/** Aliases and variables from the inside out. */
export interface Locals {
  readonly name: string
  readonly symbol: WritSymbol
  readonly outer: Locals | null
}

export class FoundNames {
  readonly all: Occurrence[] = []
  readonly #unit: Unit
  readonly #names: Questions

  constructor(unit: Unit, names: Questions) {
    this.#unit = unit
    this.#names = names
  }

  ruleOf(policy: Name, rule: Name): void {
    const signature = this.#names.declared(policy.text)?.signature?.value
    if (signature?.kind === 'policy' && signature.rules.some(({ name }) => name === rule.text))
      this.add(rule, [partSymbol(signature.module, signature.name, 'rule', rule.text)])
  }

  /** `rule` or `policy.rule`; those of the test's own module before all others. */
  ruleName(name: Name, contract: string | null): void {
    const found = this.#names.rule(name.text, contract)
    if (!found) return
    const { home, symbol } = found
    const { start, end } = name.span
    this.add({ text: symbol.name, span: { start: end - symbol.name.length, end } }, [symbol])
    const before = name.text.length - symbol.name.length - 1
    if (before < 1) return
    const policy = { text: name.text.slice(0, before), span: { start, end: start + before } }
    this.add(policy, this.symbolsOf(home, policy.text))
  }

  /** An alias or a variable by the place where it is declared; in tests, aliases of the policies of the module. */
  alias(name: string, locals: Locals | null): readonly WritSymbol[] {
    for (let local = locals; local; local = local.outer) if (local.name === name) return [local.symbol]
    return this.#names.aliases(name)
  }

  fieldsOf(contracts: readonly ContractSignature[], name: string): readonly WritSymbol[] {
    const with_ = contracts.filter(contract => contract.fields.some(field => field.name === name))
    return [...new Set(with_)].map(contract => fieldSymbol(contract, name))
  }

  reference(name: Name, type: Type | null = null): void {
    const home = this.#names.declared(name.text)
    if (home) this.add(name, this.symbolsOf(home, nameOf(home)), { type })
  }

  symbolsOf(home: Unit, name: string): readonly WritSymbol[] {
    if (home.syntax.kind === 'sink') return [wideSymbol('sink', name)]
    const signature = home.signature?.value
    const kind = signature ? signatureKind(signature) : null
    return kind ? [declarationSymbol(home.module, kind, name)] : []
  }

  declared(name: Name, kind: SymbolKind): void {
    this.add(name, [declarationSymbol(this.#unit.module, kind, name.text)], { declares: true })
  }
  part(name: Name, kind: SymbolKind, owner: string, type: Type | null = null): void {
    this.add(name, [partSymbol(this.#unit.module, owner, kind, name.text)], { declares: true, type })
  }
  local(name: Name, kind: 'alias' | 'parameter' | 'variable', outer: Locals | null): Locals {
    const symbol = localSymbol(this.#unit, kind, name.text, name.span.start)
    this.add(name, [symbol], { declares: true })
    return { name: name.text, symbol, outer }
  }

  add(
    name: Name,
    symbols: readonly WritSymbol[],
    more: { readonly declares?: boolean; readonly type?: Type | null } = {},
  ): void {
    if (symbols.length === 0 || name.text === '') return
    const { start, end } = name.span
    this.all.push({ start, end, text: name.text, symbols, declares: more.declares ?? false, type: more.type ?? null })
  }
}

function nameOf({ syntax }: Unit): string {
  return 'name' in syntax ? syntax.name.text : ''
}
