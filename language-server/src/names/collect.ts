/**
 * Every name of one declaration with what it stands for: names of declarations from the syntax and the module, names in expressions
 * from what the checker knew there. Names that mean nothing have no occurrence. Kept per declaration by occurrences.ts.
 */
import type { Type } from '@writ/engine'
import {
  builtinNamed,
  type ContractSignature,
  type Env,
  type Inspection,
  showType,
  type Unit,
  withoutOptional,
} from '@writ/engine/editor'
import {
  childrenOf,
  type Declaration,
  type EventPattern,
  type Expression,
  type FieldSyntax,
  type FieldValue,
  isExpression,
  type KeySyntax,
  type Name,
  type ObligationSyntax,
  type PolicyItem,
  type PropertyItem,
  type RuleItem,
  type SyntaxNode,
  type TestStep,
  type TypeExpression,
  type WindowSyntax,
} from '@writ/grammar'
import { type Answers, Questions } from './questions.ts'
import type { Surroundings } from './surroundings.ts'
import {
  declarationSymbol,
  enumMemberSymbol,
  fieldSymbol,
  localSymbol,
  memberSymbol,
  type Occurrence,
  partSymbol,
  type SymbolKind,
  signatureKind,
  type WritSymbol,
  wideSymbol,
} from './symbol.ts'

export interface Collected {
  /** In the order of their places. */
  readonly occurrences: readonly Occurrence[]
  readonly answers: Answers
}

export function collectOccurrences(unit: Unit, around: Surroundings, seen: Inspection): Collected {
  const questions = new Questions(unit, around)
  const collector = new Collector(unit, questions, seen)
  collector.declaration(unit.syntax)
  const occurrences = collector.found.sort((a, b) => a.start - b.start || a.end - b.end)
  return { occurrences, answers: questions.answers }
}

/** Aliases and variables from the inside out. */
interface Locals {
  readonly name: string
  readonly symbol: WritSymbol
  readonly outer: Locals | null
}

class Collector {
  readonly found: Occurrence[] = []
  readonly #unit: Unit
  readonly #names: Questions
  readonly #seen: Inspection
  /** The contract of the event that a test gave last. */
  #lastGiven: string | null = null

  constructor(unit: Unit, names: Questions, seen: Inspection) {
    this.#unit = unit
    this.#names = names
    this.#seen = seen
  }

  declaration(syntax: Declaration): void {
    switch (syntax.kind) {
      case 'module':
        this.#add(syntax.name, [wideSymbol('module', syntax.name.text)], { declares: true })
        return
      case 'use':
        this.#use(syntax)
        return
      case 'type':
        this.#declared(syntax.name, 'type')
        this.#type(syntax.type)
        return
      case 'contract':
        this.#declared(syntax.name, 'contract')
        this.#fields(syntax.fields, 'field', syntax.name.text)
        for (const item of syntax.items) this.#expressionsIn(item, null)
        return
      case 'source':
        this.#add(syntax.name, [declarationSymbol(this.#unit.module, 'source', syntax.name.text)], { declares: true })
        for (const item of syntax.items) {
          if (item.kind !== 'map') continue
          this.#reference(item.contract)
          this.#given(item.fields, this.#names.contract(item.contract.text), null, false)
        }
        return
      case 'sample':
        this.#reference(syntax.contract)
        this.#given(syntax.fields, this.#names.contract(syntax.contract.text), null, true)
        return
      case 'role':
        this.#declared(syntax.name, 'role')
        if (syntax.table) this.#reference(syntax.table)
        return
      case 'table': {
        this.#declared(syntax.name, 'table')
        this.#reference(syntax.contract)
        const contract = this.#names.contract(syntax.contract.text)
        for (const key of syntax.keys) this.#add(key, this.#fieldsOf(contract ? [contract] : [], key.text))
        for (const { name, value } of syntax.fields) {
          this.#part(name, 'row', syntax.name.text)
          this.#expression(value, null)
        }
        if (syntax.where) this.#expression(syntax.where, null)
        return
      }
      case 'define': {
        this.#declared(syntax.name, 'define')
        let locals: Locals | null = null
        for (const { name, type } of syntax.parameters) {
          locals = this.#local(name, 'parameter', locals)
          this.#type(type)
        }
        if (syntax.result) this.#type(syntax.result)
        this.#expression(syntax.body, locals)
        return
      }
      case 'policy':
        this.#declared(syntax.name, 'policy')
        for (const item of syntax.items) this.#policyItem(item, syntax.name.text)
        return
      case 'layers':
        for (const name of syntax.names) this.#add(name, [wideSymbol('layer', name.text)], { declares: true })
        return
      case 'exception':
        this.#exception(syntax)
        return
      case 'sink':
        this.#add(syntax.name, [wideSymbol('sink', syntax.name.text)], { declares: true })
        return
      case 'test':
        for (const step of syntax.steps) this.#step(step)
        return
      case 'rollout':
        this.#rollout(syntax)
        return
      case 'indicator':
        this.#declared(syntax.name, 'indicator')
        this.#expression(syntax.value, null)
        return
      case 'objective':
        this.#declared(syntax.name, 'objective')
        this.#reference(syntax.indicator)
        for (const item of syntax.items) this.#expressionsIn(item, null)
        return
      case 'property':
        this.#declared(syntax.name, 'property')
        for (const item of syntax.items) this.#propertyItem(item)
        return
      case 'broken':
        return
    }
  }

  #propertyItem(item: PropertyItem): void {
    if (item.kind === 'claim') {
      const policy = item.by && this.#names.declared(item.by.text)
      if (item.by && policy?.syntax.kind === 'policy') this.#reference(item.by)
      else if (item.by) this.#ruleName(item.by, null)
      return
    }
    for (const contract of item.contracts) this.#reference(contract)
    const locals = item.alias ? this.#local(item.alias, 'alias', null) : null
    if (item.where) this.#expression(item.where, locals)
  }

  #use(syntax: Extract<Declaration, { readonly kind: 'use' }>): void {
    this.#add(syntax.module, [wideSymbol('module', syntax.module.text)])
    for (const { name, alias } of syntax.names) {
      const home = this.#names.used(syntax.module.text, name.text)
      const symbols = home ? this.#symbolsOf(home, name.text) : []
      this.#add(name, symbols)
      if (alias) this.#add(alias, symbols)
    }
  }

  #policyItem(item: PolicyItem, policy: string): void {
    switch (item.kind) {
      case 'on':
        for (const contract of item.contracts) this.#reference(contract)
        if (item.alias) this.#part(item.alias, 'alias', policy)
        return
      case 'let':
        this.#part(item.name, 'let', policy, this.#seen.get(item.value)?.type ?? null)
        this.#expression(item.value, null)
        return
      case 'rule':
        this.#rule(item, policy)
        return
      case 'layer':
        this.#add(item.layer, [wideSymbol('layer', item.layer.text)])
        return
      case 'default':
        if (item.because) this.#expressionsIn(item.because, null)
        return
      case 'owner':
      case 'combine':
      case 'mode':
        return
    }
  }

  #rule(rule: RuleItem, policy: string): void {
    this.#part(rule.name, 'rule', policy)
    let locals: Locals | null = null
    if (rule.after) locals = this.#pattern(rule.after, null)
    if (rule.when) this.#expression(rule.when, locals)
    const { effect } = rule
    switch (effect.kind) {
      case 'decide':
        if (effect.text) this.#expressionsIn(effect.text, locals)
        if (effect.lasting) {
          this.#expression(effect.lasting.duration, locals)
          for (const key of effect.lasting.keys) this.#lastingKey(key, rule, locals)
        }
        break
      case 'require-approval':
        for (const stage of effect.stages) {
          this.#reference(stage.role)
          if (stage.within) this.#expression(stage.within, locals)
        }
        if (effect.otherwise?.text) this.#expressionsIn(effect.otherwise.text, locals)
        break
      case 'expect':
        this.#pattern(effect.event, locals)
        if (effect.unless) this.#pattern(effect.unless, locals)
        if (effect.unless) this.#pattern(effect.unless, locals)
        if (effect.within) this.#expression(effect.within, locals)
        if (effect.otherwise?.text) this.#expressionsIn(effect.otherwise.text, locals)
        break
      case 'missing-effect':
        break
    }
    if (rule.because) this.#expressionsIn(rule.because, locals)
    for (const obligation of rule.then) this.#obligation(obligation, locals)
  }

  /** `by agent`: the field of the events that the rule concerns. */
  #lastingKey(key: KeySyntax, rule: RuleItem, locals: Locals | null): void {
    if (key.value) {
      this.#expression(key.value, locals)
      return
    }
    const env = this.#envIn(rule)
    this.#add(key.name, this.#fieldsOf(env?.current?.contracts ?? this.#decided(), key.name.text))
  }

  #decided(): readonly ContractSignature[] {
    const signature = this.#unit.signature?.value
    return signature?.kind === 'policy' ? signature.contracts : []
  }

  #envIn(rule: RuleItem): Env | null {
    return (rule.when && this.#seen.get(rule.when)?.env) ?? null
  }

  #obligation({ verb, target, fields }: ObligationSyntax, locals: Locals | null): void {
    const sink = target ?? verb
    this.#add(sink, [wideSymbol('sink', sink.text)])
    for (const { value } of fields) this.#expression(value, locals)
  }

  #exception(syntax: Extract<Declaration, { readonly kind: 'exception' }>): void {
    this.#declared(syntax.name, 'exception')
    for (const item of syntax.items) {
      if (item.kind !== 'rule') {
        this.#expressionsIn(item, null)
        continue
      }
      this.#reference(item.policy)
      this.#ruleOf(item.policy, item.rule)
    }
  }

  #ruleOf(policy: Name, rule: Name): void {
    const signature = this.#names.declared(policy.text)?.signature?.value
    if (signature?.kind === 'policy' && signature.rules.some(({ name }) => name === rule.text))
      this.#add(rule, [partSymbol(signature.module, signature.name, 'rule', rule.text)])
  }

  #rollout(syntax: Extract<Declaration, { readonly kind: 'rollout' }>): void {
    this.#declared(syntax.name, 'rollout')
    this.#reference(syntax.policy)
    const policy = this.#names.declared(syntax.policy.text)?.signature?.value
    const contracts = policy?.kind === 'policy' ? policy.contracts : []
    for (const item of syntax.items) {
      if (item.kind === 'replaces') this.#reference(item.policy)
      if (item.kind === 'canary') for (const key of item.keys) this.#add(key, this.#fieldsOf(contracts, key.text))
      this.#expressionsIn(item, null)
    }
  }

  #step(step: TestStep): void {
    switch (step.kind) {
      case 'given':
        this.#lastGiven = step.contract.text
        this.#reference(step.contract)
        this.#given(step.fields, this.#names.contract(step.contract.text), null, true)
        return
      case 'approve':
      case 'expect-approval':
        this.#reference(step.role)
        return
      case 'expect-decision':
        if (step.rule) this.#ruleName(step.rule, this.#lastGiven)
        return
      case 'expect-status':
        this.#ruleName(step.rule, null)
        return
      case 'expect-obligation':
        this.#obligation(step.obligation, null)
        return
      case 'expect-value':
        this.#expression(step.value, null)
        return
      case 'at':
      case 'expect-problem':
        return
    }
  }

  /** `rule` or `policy.rule`; those of the test's own module before all others. */
  #ruleName(name: Name, contract: string | null): void {
    const found = this.#names.rule(name.text, contract)
    if (!found) return
    const { home, symbol } = found
    const { start, end } = name.span
    this.#add({ text: symbol.name, span: { start: end - symbol.name.length, end } }, [symbol])
    const before = name.text.length - symbol.name.length - 1
    if (before < 1) return
    const policy = { text: name.text.slice(0, before), span: { start, end: start + before } }
    this.#add(policy, this.#symbolsOf(home, policy.text))
  }

  #given(
    fields: readonly FieldValue[],
    contract: ContractSignature | null,
    locals: Locals | null,
    values: boolean,
  ): void {
    for (const { name, value } of fields) {
      if (contract) this.#add(name, this.#fieldsOf([contract], name.text))
      // The values of maps speak of the raw record, which has no declaration.
      if (values) this.#expression(value, locals)
    }
  }

  #fields(fields: readonly FieldSyntax[], kind: 'field' | 'member', owner: string): void {
    for (const field of fields) {
      if (kind === 'field') this.#part(field.name, 'field', owner)
      else
        this.#add(
          field.name,
          [
            memberSymbol(
              fields.map(each => each.name.text),
              field.name.text,
            ),
          ],
          { declares: true },
        )
      this.#type(field.type)
      for (const { name, argument } of field.modifiers) {
        const text = argument ? `${name.text}(${argument.text})` : name.text
        this.#add(name, [wideSymbol('class', text)])
      }
    }
  }

  #type(type: TypeExpression): void {
    switch (type.kind) {
      case 'named-type':
        this.#typeName(type.name)
        if (type.argument && type.name.text === 'List') this.#typeName(type.argument)
        return
      case 'enum': {
        const members = type.members.map(member => member.text)
        for (const member of type.members)
          this.#add(member, [enumMemberSymbol(members, member.text)], { declares: true })
        return
      }
      case 'record-type':
        this.#fields(type.fields, 'member', '')
        return
      case 'list-type':
        this.#type(type.element)
        return
      case 'optional-type':
        this.#type(type.inner)
        return
      case 'range-type':
        this.#type(type.base)
        this.#expression(type.low, null)
        this.#expression(type.high, null)
        return
      case 'pattern-type':
        this.#type(type.base)
        return
      case 'missing-type':
        return
    }
  }

  #typeName(name: Name): void {
    if (basicTypes.has(name.text)) this.#add(name, [wideSymbol('basic-type', name.text)])
    else this.#reference(name)
  }

  #expressionsIn(node: SyntaxNode, locals: Locals | null): void {
    for (const child of childrenOf(node)) {
      if (isExpression(child)) this.#expression(child, locals)
      else this.#expressionsIn(child, locals)
    }
  }

  #expression(e: Expression, locals: Locals | null): void {
    switch (e.kind) {
      case 'name':
        this.#name(e, locals)
        return
      case 'member':
        this.#member(e, locals)
        return
      case 'call': {
        const declared = this.#names.declared(e.function.text)
        if (declared) this.#reference(e.function)
        else if (builtinNamed(e.function.text)) this.#add(e.function, [wideSymbol('function', e.function.text)])
        for (const { label, value } of e.arguments) {
          if (label && declared?.syntax.kind === 'define') {
            const parameter = declared.syntax.parameters.find(({ name }) => name.text === label.text)
            if (parameter) this.#add(label, [localSymbol(declared, 'parameter', label.text, parameter.name.span.start)])
          }
          this.#expression(value, locals)
        }
        return
      }
      case 'record': {
        const type = this.#seen.get(e)?.type
        const record = type && withoutOptional(type)
        const names = record?.kind === 'record' ? record.fields.map(field => field.name) : null
        for (const { name, value } of e.fields) {
          if (names?.includes(name.text)) this.#add(name, [memberSymbol(names, name.text)])
          this.#expression(value, locals)
        }
        return
      }
      case 'quantified':
        this.#expression(e.list, locals)
        this.#expression(e.where, this.#local(e.variable, 'variable', locals))
        return
      case 'aggregate': {
        const inside = this.#pattern(e.event, locals)
        if (e.value) this.#expression(e.value, inside)
        if (e.parameter) this.#expression(e.parameter, locals)
        if (e.option) this.#expression(e.option, locals)
        this.#window(e.window, [e.event], e, locals)
        return
      }
      case 'exists':
        this.#pattern(e.event, locals)
        this.#window(e.window, [e.event], e, locals)
        return
      case 'sequence':
        for (const step of e.steps) this.#pattern(step, locals)
        this.#window(e.window, e.steps, e, locals)
        return
      case 'literal':
      case 'it':
      case 'now':
      case 'missing':
        return
      default:
        this.#expressionsIn(e, locals)
    }
  }

  #pattern(event: EventPattern, locals: Locals | null): Locals | null {
    this.#reference(event.contract)
    if (event.rule) this.#ruleOf(event.contract, event.rule)
    const inside = event.alias ? this.#local(event.alias, 'alias', locals) : locals
    if (event.where) this.#expression(event.where, inside)
    return inside
  }

  #window(window: WindowSyntax, events: readonly EventPattern[], form: Expression, locals: Locals | null): void {
    const contracts = events.flatMap(event => this.#names.contract(event.contract.text) ?? [])
    const range = window.range
    if (range?.kind === 'since') {
      const reset = this.#names.contract(range.event.contract.text)
      if (reset) contracts.push(reset)
    }
    for (const key of window.keys) {
      const current = key.value ? [] : (this.#seen.get(form)?.env.current?.contracts ?? [])
      this.#add(key.name, this.#fieldsOf([...contracts, ...current], key.name.text))
      if (key.value) this.#expression(key.value, locals)
    }
    if (range?.kind === 'over') this.#expression(range.duration, locals)
    if (range?.kind === 'since') this.#pattern(range.event, locals)
  }

  #name(e: Extract<Expression, { readonly kind: 'name' }>, locals: Locals | null): void {
    const { text } = e.name
    const seen = this.#seen.get(e)
    const type = seen?.type ?? null
    if (seen?.made.kind === 'literal' && seen.made.type.kind === 'enum' && seen.made.value === text) {
      this.#add(e.name, [enumMemberSymbol(seen.made.type.members, text)], { type })
      return
    }
    const symbols = seen ? this.#inside(text, seen.env, locals) : this.#alias(text, locals)
    if (symbols.length > 0) this.#add(e.name, symbols, { type })
    else this.#reference(e.name, type)
  }

  #member(e: Extract<Expression, { readonly kind: 'member' }>, locals: Locals | null): void {
    const seen = this.#seen.get(e)
    const type = seen?.type ?? null
    const name = e.member.text
    const event = seen && eventOf(e.object, seen.env)
    if (event) {
      if (e.object.kind === 'name') this.#add(e.object.name, this.#alias(e.object.name.text, locals))
      this.#add(e.member, this.#fieldsOf(event.fields.contracts, name), { type })
      return
    }
    this.#expression(e.object, locals)
    const known = this.#seen.get(e.object)?.type
    const object = known && withoutOptional(known)
    if (object?.kind !== 'record') return
    const table = this.#names.tableOf(object)
    if (table?.syntax.kind === 'table') {
      this.#add(e.member, [partSymbol(table.module, table.syntax.name.text, 'row', name)], { type })
    } else if (object.fields.some(field => field.name === name)) {
      const names = object.fields.map(field => field.name)
      this.#add(e.member, [memberSymbol(names, name)], { type })
    }
  }

  /** Fields, aliases, variables and lets, as check/names.ts of the engine looks for them. */
  #inside(name: string, env: Env, locals: Locals | null): readonly WritSymbol[] {
    for (let frame = env.frame; frame; frame = frame.outer) {
      if (frame.kind === 'event') {
        if (frame.bare && frame.fields.fields.has(name)) return this.#fieldsOf(frame.fields.contracts, name)
        if (frame.alias === name) return this.#alias(name, locals)
      } else if (frame.kind === 'values') {
        const value = frame.values.get(name)
        if (!value) continue
        const home = this.#names.unit(value.span.file)
        if (!home) return []
        if (value.kind !== 'named') return this.#alias(name, locals)
        return home.syntax.kind === 'policy' ? [partSymbol(home.module, home.syntax.name.text, 'let', name)] : []
      }
    }
    return []
  }

  /** An alias or a variable by the place where it is declared; in tests, aliases of the policies of the module. */
  #alias(name: string, locals: Locals | null): readonly WritSymbol[] {
    for (let local = locals; local; local = local.outer) if (local.name === name) return [local.symbol]
    return this.#names.aliases(name)
  }

  #fieldsOf(contracts: readonly ContractSignature[], name: string): readonly WritSymbol[] {
    const with_ = contracts.filter(contract => contract.fields.some(field => field.name === name))
    return [...new Set(with_)].map(contract => fieldSymbol(contract, name))
  }

  #reference(name: Name, type: Type | null = null): void {
    const home = this.#names.declared(name.text)
    if (home) this.#add(name, this.#symbolsOf(home, nameOf(home)), { type })
  }

  #symbolsOf(home: Unit, name: string): readonly WritSymbol[] {
    if (home.syntax.kind === 'sink') return [wideSymbol('sink', name)]
    const signature = home.signature?.value
    const kind = signature ? signatureKind(signature) : null
    return kind ? [declarationSymbol(home.module, kind, name)] : []
  }

  #declared(name: Name, kind: SymbolKind): void {
    this.#add(name, [declarationSymbol(this.#unit.module, kind, name.text)], { declares: true })
  }
  #part(name: Name, kind: SymbolKind, owner: string, type: Type | null = null): void {
    this.#add(name, [partSymbol(this.#unit.module, owner, kind, name.text)], { declares: true, type })
  }
  #local(name: Name, kind: 'alias' | 'parameter' | 'variable', outer: Locals | null): Locals {
    const symbol = localSymbol(this.#unit, kind, name.text, name.span.start)
    this.#add(name, [symbol], { declares: true })
    return { name: name.text, symbol, outer }
  }

  #add(
    name: Name,
    symbols: readonly WritSymbol[],
    more: { readonly declares?: boolean; readonly type?: Type | null } = {},
  ): void {
    if (symbols.length === 0 || name.text === '') return
    const { start, end } = name.span
    this.found.push({ start, end, text: name.text, symbols, declares: more.declares ?? false, type: more.type ?? null })
  }
}

/** The event that an expression is the alias of, or `it`. */
function eventOf(e: Expression, env: Env): Extract<NonNullable<Env['frame']>, { readonly kind: 'event' }> | null {
  if (e.kind !== 'it' && e.kind !== 'name') return null
  for (let frame = env.frame; frame; frame = frame.outer) {
    if (frame.kind === 'event') {
      if (e.kind === 'it' ? frame.it : frame.alias === e.name.text) return frame
      if (e.kind === 'name' && frame.bare && frame.fields.fields.has(e.name.text)) return null
    } else if (e.kind === 'name' && frame.kind === 'values' && frame.values.has(e.name.text)) return null
  }
  return null
}

function nameOf({ syntax }: Unit): string {
  return 'name' in syntax ? syntax.name.text : ''
}

const basicTypes: ReadonlySet<string> = new Set([
  ...(['bool', 'string', 'int', 'decimal', 'percent', 'duration', 'time', 'version'] as const).map(kind =>
    showType({ kind }),
  ),
  'Money',
  'List',
])
