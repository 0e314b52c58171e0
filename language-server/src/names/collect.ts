/**
 * Every name of one declaration with what it stands for: names of declarations from the syntax and the module, names in expressions
 * from what the checker knew there. Names that mean nothing have no occurrence. Kept per declaration by occurrences.ts.
 */
import type { ContractSignature, Env, Inspection, Unit } from '@writ/engine/editor'
import type {
  Declaration,
  FieldValue,
  KeySyntax,
  ObligationSyntax,
  PolicyItem,
  PropertyItem,
  RuleItem,
  TestStep,
} from '@writ/grammar'
import { ExpressionNames } from './expression-names.ts'
import { FoundNames, type Locals } from './found-names.ts'
import { type Answers, Questions } from './questions.ts'
import type { Surroundings } from './surroundings.ts'
import { declarationSymbol, type Occurrence, wideSymbol } from './symbol.ts'

export interface Collected {
  /** In the order of their places. */
  readonly occurrences: readonly Occurrence[]
  readonly answers: Answers
}

export function collectOccurrences(unit: Unit, around: Surroundings, seen: Inspection): Collected {
  const questions = new Questions(unit, around)
  const found = new FoundNames(unit, questions)
  new Collector(unit, questions, seen, found).declaration(unit.syntax)
  const occurrences = found.all.sort((a, b) => a.start - b.start || a.end - b.end)
  return { occurrences, answers: questions.answers }
}

class Collector {
  readonly #unit: Unit
  readonly #names: Questions
  readonly #seen: Inspection
  readonly #found: FoundNames
  readonly #in: ExpressionNames
  /** The contract of the event that a test gave last. */
  #lastGiven: string | null = null

  constructor(unit: Unit, names: Questions, seen: Inspection, found: FoundNames) {
    this.#unit = unit
    this.#names = names
    this.#seen = seen
    this.#found = found
    this.#in = new ExpressionNames(found, names, seen)
  }

  declaration(syntax: Declaration): void {
    switch (syntax.kind) {
      case 'module':
        this.#found.add(syntax.name, [wideSymbol('module', syntax.name.text)], { declares: true })
        return
      case 'use':
        this.#use(syntax)
        return
      case 'type':
        this.#found.declared(syntax.name, 'type')
        this.#in.type(syntax.type)
        return
      case 'contract':
        this.#found.declared(syntax.name, 'contract')
        this.#in.fields(syntax.fields, 'field', syntax.name.text)
        for (const item of syntax.items) this.#in.expressionsIn(item, null)
        return
      case 'source':
        this.#found.add(syntax.name, [declarationSymbol(this.#unit.module, 'source', syntax.name.text)], {
          declares: true,
        })
        for (const item of syntax.items) {
          if (item.kind !== 'map') continue
          this.#found.reference(item.contract)
          this.#given(item.fields, this.#names.contract(item.contract.text), null, false)
        }
        return
      case 'sample':
        this.#found.reference(syntax.contract)
        this.#given(syntax.fields, this.#names.contract(syntax.contract.text), null, true)
        return
      case 'role':
        this.#found.declared(syntax.name, 'role')
        if (syntax.table) this.#found.reference(syntax.table)
        return
      case 'table': {
        this.#found.declared(syntax.name, 'table')
        this.#found.reference(syntax.contract)
        const contract = this.#names.contract(syntax.contract.text)
        for (const key of syntax.keys) this.#found.add(key, this.#found.fieldsOf(contract ? [contract] : [], key.text))
        for (const { name, value } of syntax.fields) {
          this.#found.part(name, 'row', syntax.name.text)
          this.#in.expression(value, null)
        }
        if (syntax.where) this.#in.expression(syntax.where, null)
        return
      }
      case 'define': {
        this.#found.declared(syntax.name, 'define')
        let locals: Locals | null = null
        for (const { name, type } of syntax.parameters) {
          locals = this.#found.local(name, 'parameter', locals)
          this.#in.type(type)
        }
        if (syntax.result) this.#in.type(syntax.result)
        this.#in.expression(syntax.body, locals)
        return
      }
      case 'policy':
        this.#found.declared(syntax.name, 'policy')
        for (const item of syntax.items) this.#policyItem(item, syntax.name.text)
        return
      case 'layers':
        for (const name of syntax.names) this.#found.add(name, [wideSymbol('layer', name.text)], { declares: true })
        return
      case 'exception':
        this.#exception(syntax)
        return
      case 'sink':
        this.#found.add(syntax.name, [wideSymbol('sink', syntax.name.text)], { declares: true })
        return
      case 'test':
        for (const step of syntax.steps) this.#step(step)
        return
      case 'rollout':
        this.#rollout(syntax)
        return
      case 'indicator':
        this.#found.declared(syntax.name, 'indicator')
        this.#in.expression(syntax.value, null)
        return
      case 'objective':
        this.#found.declared(syntax.name, 'objective')
        this.#found.reference(syntax.indicator)
        for (const item of syntax.items) this.#in.expressionsIn(item, null)
        return
      case 'property':
        this.#found.declared(syntax.name, 'property')
        for (const item of syntax.items) this.#propertyItem(item)
        return
      case 'broken':
        return
    }
  }

  #propertyItem(item: PropertyItem): void {
    if (item.kind === 'claim') {
      const policy = item.by && this.#names.declared(item.by.text)
      if (item.by && policy?.syntax.kind === 'policy') this.#found.reference(item.by)
      else if (item.by) this.#found.ruleName(item.by, null)
      return
    }
    for (const contract of item.contracts) this.#found.reference(contract)
    const locals = item.alias ? this.#found.local(item.alias, 'alias', null) : null
    if (item.where) this.#in.expression(item.where, locals)
  }

  #use(syntax: Extract<Declaration, { readonly kind: 'use' }>): void {
    this.#found.add(syntax.module, [wideSymbol('module', syntax.module.text)])
    for (const { name, alias } of syntax.names) {
      const home = this.#names.used(syntax.module.text, name.text)
      const symbols = home ? this.#found.symbolsOf(home, name.text) : []
      this.#found.add(name, symbols)
      if (alias) this.#found.add(alias, symbols)
    }
  }

  #policyItem(item: PolicyItem, policy: string): void {
    switch (item.kind) {
      case 'on':
        for (const contract of item.contracts) this.#found.reference(contract)
        if (item.alias) this.#found.part(item.alias, 'alias', policy)
        return
      case 'let':
        this.#found.part(item.name, 'let', policy, this.#seen.get(item.value)?.type ?? null)
        this.#in.expression(item.value, null)
        return
      case 'rule':
        this.#rule(item, policy)
        return
      case 'layer':
        this.#found.add(item.layer, [wideSymbol('layer', item.layer.text)])
        return
      case 'default':
        if (item.because) this.#in.expressionsIn(item.because, null)
        return
      case 'owner':
      case 'combine':
      case 'mode':
        return
    }
  }

  #rule(rule: RuleItem, policy: string): void {
    this.#found.part(rule.name, 'rule', policy)
    let locals: Locals | null = null
    if (rule.after) locals = this.#in.pattern(rule.after, null)
    if (rule.when) this.#in.expression(rule.when, locals)
    const { effect } = rule
    switch (effect.kind) {
      case 'decide':
        if (effect.text) this.#in.expressionsIn(effect.text, locals)
        if (effect.lasting) {
          this.#in.expression(effect.lasting.duration, locals)
          for (const key of effect.lasting.keys) this.#lastingKey(key, rule, locals)
        }
        break
      case 'require-approval':
        for (const stage of effect.stages) {
          this.#found.reference(stage.role)
          if (stage.within) this.#in.expression(stage.within, locals)
        }
        if (effect.otherwise?.text) this.#in.expressionsIn(effect.otherwise.text, locals)
        break
      case 'expect':
        this.#in.pattern(effect.event, locals)
        if (effect.unless) this.#in.pattern(effect.unless, locals)
        if (effect.unless) this.#in.pattern(effect.unless, locals)
        if (effect.within) this.#in.expression(effect.within, locals)
        if (effect.otherwise?.text) this.#in.expressionsIn(effect.otherwise.text, locals)
        break
      case 'missing-effect':
        break
    }
    if (rule.because) this.#in.expressionsIn(rule.because, locals)
    for (const obligation of rule.then) this.#obligation(obligation, locals)
  }

  /** `by agent`: the field of the events that the rule concerns. */
  #lastingKey(key: KeySyntax, rule: RuleItem, locals: Locals | null): void {
    if (key.value) {
      this.#in.expression(key.value, locals)
      return
    }
    const env = this.#envIn(rule)
    this.#found.add(key.name, this.#found.fieldsOf(env?.current?.contracts ?? this.#decided(), key.name.text))
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
    this.#found.add(sink, [wideSymbol('sink', sink.text)])
    for (const { value } of fields) this.#in.expression(value, locals)
  }

  #exception(syntax: Extract<Declaration, { readonly kind: 'exception' }>): void {
    this.#found.declared(syntax.name, 'exception')
    for (const item of syntax.items) {
      if (item.kind !== 'rule') {
        this.#in.expressionsIn(item, null)
        continue
      }
      this.#found.reference(item.policy)
      this.#found.ruleOf(item.policy, item.rule)
    }
  }

  #rollout(syntax: Extract<Declaration, { readonly kind: 'rollout' }>): void {
    this.#found.declared(syntax.name, 'rollout')
    this.#found.reference(syntax.policy)
    const policy = this.#names.declared(syntax.policy.text)?.signature?.value
    const contracts = policy?.kind === 'policy' ? policy.contracts : []
    for (const item of syntax.items) {
      if (item.kind === 'replaces') this.#found.reference(item.policy)
      if (item.kind === 'canary')
        for (const key of item.keys) this.#found.add(key, this.#found.fieldsOf(contracts, key.text))
      this.#in.expressionsIn(item, null)
    }
  }

  #step(step: TestStep): void {
    switch (step.kind) {
      case 'given':
        this.#lastGiven = step.contract.text
        this.#found.reference(step.contract)
        this.#given(step.fields, this.#names.contract(step.contract.text), null, true)
        return
      case 'approve':
      case 'expect-approval':
        this.#found.reference(step.role)
        return
      case 'expect-decision':
        if (step.rule) this.#found.ruleName(step.rule, this.#lastGiven)
        return
      case 'expect-status':
        this.#found.ruleName(step.rule, null)
        return
      case 'expect-obligation':
        this.#obligation(step.obligation, null)
        return
      case 'expect-value':
        this.#in.expression(step.value, null)
        return
      case 'at':
      case 'expect-problem':
        return
    }
  }

  #given(
    fields: readonly FieldValue[],
    contract: ContractSignature | null,
    locals: Locals | null,
    values: boolean,
  ): void {
    for (const { name, value } of fields) {
      if (contract) this.#found.add(name, this.#found.fieldsOf([contract], name.text))
      // The values of maps speak of the raw record, which has no declaration.
      if (values) this.#in.expression(value, locals)
    }
  }
}
