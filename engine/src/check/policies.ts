/** The body of a policy: events and aliases, combining, default, lets. Its rules are rules.ts. */
import type { DecisionWord, LetItem, Name, PolicyDeclaration, PolicyItem, TextTemplate } from '@writ/grammar'
import type { ContractSignature, PolicySignature } from '../bind/signature.ts'
import { suggestion } from '../bind/suggestion.ts'
import type { Expr } from '../plan/expression.ts'
import type { PlanPolicy, PlanRule } from '../plan/plan.ts'
import { commonFields } from './common-fields.ts'
import { type Context, type Env, errorExpr, type Frame, nothingPresent, spanOf, textOf } from './context.ts'
import { typeHere } from './demand.ts'
import { expectationBody, isExpectation } from './expectations.ts'
import { overLimit } from './extent.ts'
import { visitNames, visitRuleNames } from './mentions.ts'
import { insertFix, replaceFix } from './report.ts'
import { ruleBody } from './rules.ts'
import { template } from './templates.ts'

const combinations = ['strictest', 'first', 'permit_overrides'] as const
const modes = ['enforce', 'shadow'] as const

/** A policy of the plan, with ids of signatures for contracts. */
export function policyBody(context: Context, declaration: PolicyDeclaration, signature: PolicySignature): PlanPolicy {
  const { report } = context
  const name = declaration.name.text
  checkItems(context, declaration)
  const scope = new PolicyScope(context, signature)
  scope.addLets(declaration.items.filter(item => item.kind === 'let'))
  const rules: PlanRule[] = []
  const names = new Set<string>()
  for (const item of declaration.items) {
    if (item.kind !== 'rule') continue
    if (names.has(item.name.text) && item.name.text !== '')
      report.add('W0213', item.name.span, { what: 'policy', kind: 'rule', name: item.name.text })
    names.add(item.name.text)
    if (isExpectation(item)) {
      rules.push(expectationBody(context, item))
      continue
    }
    const mentioned = scope.mentioned(visit => visitRuleNames(item, visit))
    const concerned = scope.concerned(mentioned.aliases, item.name, `the rule`)
    rules.push(ruleBody(context, item, concerned, scope.env(concerned)))
  }
  scope.checkDefault(find(declaration, 'default')?.because ?? null)
  scope.reportUnused()
  return {
    name,
    module: signature.module,
    version: declaration.version?.text ?? '0.0.0',
    owner: find(declaration, 'owner')?.owner ?? null,
    mode: modeOf(context, declaration),
    layer: find(declaration, 'layer')?.layer.text ?? null,
    contracts: signature.contracts.map(contract => contract.id),
    combine: combineOf(context, declaration),
    default: defaultOf(context, declaration, scope.env(signature.contracts)),
    lets: scope.lets,
    rules,
    span: spanOf(context, declaration.span),
  }
}

type Item<K extends PolicyItem['kind']> = Extract<PolicyItem, { readonly kind: K }>

function find<K extends PolicyItem['kind']>(declaration: PolicyDeclaration, kind: K): Item<K> | null {
  for (const item of declaration.items) if (isKind(item, kind)) return item
  return null
}
function isKind<K extends PolicyItem['kind']>(item: PolicyItem, kind: K): item is Item<K> {
  return item.kind === kind
}

const onceOnly: ReadonlySet<PolicyItem['kind']> = new Set(['owner', 'combine', 'default', 'layer', 'mode'])

function checkItems(context: Context, declaration: PolicyDeclaration): void {
  const seen = new Set<string>()
  const aliases = new Set<string>()
  const contracts = new Map<string, string>()
  for (const item of declaration.items) {
    if (onceOnly.has(item.kind)) {
      if (seen.has(item.kind)) context.report.add('W0604', item.span, { item: item.kind, what: 'policy' })
      seen.add(item.kind)
    }
    if (item.kind !== 'on') continue
    const alias = item.alias?.text ?? ''
    if (item.alias && aliases.has(alias))
      context.report.add('W0213', item.alias.span, { what: 'policy', kind: 'alias', name: alias })
    aliases.add(alias)
    for (const contract of item.contracts) {
      const through = contracts.get(contract.text)
      if (through === alias)
        context.report.add('W0807', contract.span, {
          contract: contract.text,
          alias: alias === '' ? 'its `on`' : alias,
        })
      contracts.set(contract.text, alias)
    }
  }
  if (!declaration.items.some(item => item.kind === 'on') && !decidesNothing(declaration))
    context.report.missing('W0804', declaration.name.span, { name: declaration.name.text })
}

function combineOf(context: Context, declaration: PolicyDeclaration): PlanPolicy['combine'] {
  const item = find(declaration, 'combine')
  if (!item || item.mode.text === '') return 'strictest'
  const found = combinations.find(mode => mode === item.mode.text)
  if (found) return found
  const { fixes } = suggestion(item.mode, combinations)
  context.report.add('W0802', item.mode.span, { mode: item.mode.text }, { fixes })
  return 'strictest'
}

function modeOf(context: Context, declaration: PolicyDeclaration): PlanPolicy['mode'] {
  const item = find(declaration, 'mode')
  if (!item || item.mode.text === '') return 'enforce'
  const found = modes.find(mode => mode === item.mode.text)
  if (found) return found
  const { fixes } = suggestion(item.mode, modes)
  context.report.add('W0835', item.mode.span, { mode: item.mode.text }, { fixes })
  return 'enforce'
}

function defaultOf(context: Context, declaration: PolicyDeclaration, env: Env): PlanPolicy['default'] {
  const item = find(declaration, 'default')
  if (item)
    return { decision: item.decision, because: template(context, item.because, env), span: spanOf(context, item.span) }
  const strict: DecisionWord = 'deny'
  const at = context.text.indexOf('{', declaration.name.span.end) + 1
  const fixes = at > 0 ? [insertFix('Add default deny', at, '\n  default deny')] : []
  if (!decidesNothing(declaration))
    context.report.missing('W0801', declaration.name.span, { name: declaration.name.text }, { fixes })
  return { decision: strict, because: null, span: spanOf(context, declaration.name.span) }
}

/** A policy of expectations alone, which needs neither events to decide about nor a default. */
function decidesNothing({ items }: PolicyDeclaration): boolean {
  const rules = items.filter(item => item.kind === 'rule')
  return rules.length > 0 && rules.every(isExpectation) && !items.some(item => item.kind === 'on')
}

/** What the names of a policy mean: its aliases, for the contracts that are concerned, and its lets. */
class PolicyScope {
  readonly lets: { readonly name: string; readonly value: Expr }[] = []
  readonly #context: Context
  readonly #signature: PolicySignature
  readonly #letNodes = new Map<string, Expr>()
  /** Aliases that a let mentions, through other lets too. */
  readonly #letAliases = new Map<string, ReadonlySet<string>>()
  readonly #letItems = new Map<string, LetItem>()
  readonly #used = new Set<string>()

  constructor(context: Context, signature: PolicySignature) {
    this.#context = context
    this.#signature = signature
  }

  /** A let sees the lets above it. */
  addLets(items: readonly LetItem[]): void {
    const { report } = this.#context
    for (const item of items) {
      const name = item.name.text
      if (this.#letNodes.has(name) || this.#signature.aliases.some(alias => alias.name === name)) {
        report.add('W0213', item.name.span, { what: 'policy', kind: this.#letNodes.has(name) ? 'let' : 'alias', name })
        continue
      }
      const mentioned = this.mentioned(visit => visitNames(item.value, visit))
      const concerned = this.concerned(mentioned.aliases, item.name, 'the let')
      const env = this.env(concerned)
      const value = this.#context.infer(item.value, env, null)
      const span = spanOf(this.#context, item.name.span)
      const type = typeHere(value, env)
      const made: Expr = { kind: 'named', name, of: 'let', value, type, span }
      const node = overLimit(this.#context, made, item.name) ? errorExpr(this.#context, item.name.span) : made
      this.#letNodes.set(name, node)
      this.#letAliases.set(name, mentioned.aliases)
      this.#letItems.set(name, item)
      // INVARIANT: the same node wherever the let is used, so that its value can be kept per event.
      this.lets.push({ name, value: node })
    }
  }

  /** The aliases that are mentioned, also through lets; marks the lets as used. */
  mentioned(walk: (visit: (name: string) => void) => void): { readonly aliases: ReadonlySet<string> } {
    const aliases = new Set<string>()
    walk(name => {
      if (this.#signature.aliases.some(alias => alias.name === name)) aliases.add(name)
      for (const alias of this.#letAliases.get(name) ?? []) aliases.add(alias)
      this.#used.add(name)
    })
    return { aliases }
  }

  /** The contracts of the policy that bind all these aliases; says so where none does. */
  concerned(aliases: ReadonlySet<string>, name: Name, what: string): readonly ContractSignature[] {
    const bound = this.#signature.aliases.filter(alias => aliases.has(alias.name))
    const concerned = this.#signature.contracts.filter(contract =>
      bound.every(alias => alias.contracts.includes(contract)),
    )
    // A contract that is not known is reported where it is named.
    const known = bound.every(alias => alias.contracts.length > 0)
    if (known && concerned.length === 0 && aliases.size > 0) {
      const parameters = { aliases: [...aliases].join(' and '), what, name: name.text }
      this.#context.report.add('W0805', name.span, parameters)
    }
    return concerned
  }

  /** `concerned` is what the current event can be. */
  env(concerned: readonly ContractSignature[]): Env {
    let frame: Frame = { kind: 'values', values: this.#letNodes, outer: null }
    for (const alias of this.#signature.aliases) {
      const fields = commonFields(alias.name, alias.contracts)
      frame = { kind: 'event', event: 0, fields, alias: alias.name, it: false, bare: false, outer: frame }
    }
    const known = concerned.length > 0 ? concerned : this.#signature.contracts
    const current = known.length > 0 ? commonFields(titleOf(known), known) : null
    return { frame, present: nothingPresent, current, noHistory: null }
  }

  /** The default is for every event of the policy, so its text can only name what is bound for all of them. */
  checkDefault(text: TextTemplate | null): void {
    for (const part of text?.parts ?? []) {
      if (part.kind === 'text') continue
      const { aliases } = this.mentioned(visit => visitNames(part.value, visit))
      for (const alias of this.#signature.aliases) {
        const other = this.#signature.contracts.find(contract => !alias.contracts.includes(contract))
        if (!aliases.has(alias.name) || !other || alias.contracts.length === 0) continue
        const reason = `the default is also for ${other.name}, for which ${alias.name} is not bound`
        const name = textOf(this.#context, part.value.span)
        this.#context.report.add('W0808', part.value.span, { name, alias: alias.name, reason })
      }
    }
  }

  reportUnused(): void {
    for (const [name, item] of this.#letItems) {
      if (this.#used.has(name)) continue
      const after = this.#context.text.slice(item.span.end)
      const end = item.span.end + after.length - after.trimStart().length
      const fixes = [replaceFix('Take the let out', { start: item.span.start, end }, '')]
      this.#context.report.missing('W0208', item.name.span, { name }, { fixes })
    }
  }
}

function titleOf(contracts: readonly ContractSignature[]): string {
  return contracts.map(contract => contract.name).join(' or ')
}
