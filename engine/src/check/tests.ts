/** The body of a test: steps with their times worked out, events filled from samples, expectations resolved. */
import type { Name, Span, TestDeclaration, TestStep, TimeSyntax } from '@writ/grammar'
import type { ContractSignature, PolicySignature } from '../bind/signature.ts'
import { suggestion } from '../bind/suggestion.ts'
import type { Expr } from '../plan/expression.ts'
import type { PlanPolicy, PlanStep, PlanTest } from '../plan/plan.ts'
import { fromInteger } from '../value/rational.ts'
import { type Context, type Env, eventFields, type Frame, nothingPresent, spanOf } from './context.ts'
import { constantFields, type SampleBody } from './contracts.ts'
import { condition } from './demand.ts'
import { clockValue, timeValue } from './literals.ts'
import { findContract, findRole } from './references.ts'
import { replaceFix } from './report.ts'
import { obligationOf } from './rules.ts'
import type { WideLookup } from './scope.ts'
import { roleKey } from './signatures.ts'
import { timeType } from './type-relations.ts'

/** 2000-01-01T00:00:00Z, the day of clock times. */
const firstDay = Date.UTC(2000, 0, 1)

/** A test of the plan; contracts are ids of signatures, roles their keys. */
export function testBody(context: Context, lookup: WideLookup, declaration: TestDeclaration, module: string): PlanTest {
  const steps = new Steps(context, lookup, module)
  declaration.steps.forEach((step, index) => {
    steps.add(step, declaration.steps[index + 1] ?? null)
  })
  return { title: declaration.title, module, steps: steps.made, span: spanOf(context, declaration.span) }
}

class Steps {
  readonly made: PlanStep[] = []
  readonly #context: Context
  readonly #lookup: WideLookup
  readonly #module: string
  /** Time of the step before, and how it was written. */
  #time: number | null = null
  #timeText = '00:00'
  /** The contract of the event given last; `unknown` where a `given` could not be made out. */
  #given: ContractSignature | 'unknown' | null = null

  constructor(context: Context, lookup: WideLookup, module: string) {
    this.#context = context
    this.#lookup = lookup
    this.#module = module
  }

  add(step: TestStep, next: TestStep | null): void {
    if (step.kind === 'given') this.#addGiven(step, next?.kind === 'expect-problem')
    else if (step.kind === 'at') this.#pass(step.at, step.span)
    else if (step.kind === 'approve') this.#addApproval(step)
    else {
      if (step.at) this.#pass(step.at, step.at.span)
      this.#addExpectation(step)
    }
  }

  #addGiven(step: Extract<TestStep, { readonly kind: 'given' }>, breaks: boolean): void {
    const contract = findContract(this.#context, step.contract)
    const at = step.at ? this.#moveTo(step.at) : this.#time === null ? firstDay : this.#time + 1000
    this.#time = at
    if (!step.at) this.#timeText = `a second after ${this.#timeText}`
    this.#given = contract ?? 'unknown'
    if (!contract) return
    const span = spanOf(this.#context, step.span)
    const given = constantFields(this.#context, step.fields, contract, breaks)
    const sample = this.#lookup.sampleOf(contract) as SampleBody | null
    const fields: { readonly name: string; readonly value: Expr }[] = []
    const missing: string[] = []
    for (const field of contract.fields) {
      const value = given.get(field.name) ?? sample?.values.get(field.name)
      if (value) fields.push({ name: field.name, value })
      else if (field.name === contract.timeField)
        fields.push({ name: field.name, value: { kind: 'literal', value: fromInteger(at), type: timeType, span } })
      else if (field.type.kind !== 'optional') missing.push(field.name)
    }
    if (missing.length > 0 && !breaks)
      this.#context.report.missing('W1001', step.contract.span, { contract: contract.name, names: missing.join(', ') })
    this.made.push({ kind: 'given', contract: contract.id, fields, at, span })
  }

  /** Of the event given last; a second after the step before where it gives no time. */
  #addApproval(step: Extract<TestStep, { readonly kind: 'approve' }>): void {
    const { report } = this.#context
    const role = findRole(this.#context, step.role)
    const at = step.at ? this.#moveTo(step.at) : this.#time === null ? firstDay : this.#time + 1000
    this.#time = at
    if (!step.at) this.#timeText = `a second after ${this.#timeText}`
    if (this.#given === null) {
      report.missing('W1002', step.span)
      return
    }
    const { person } = step
    if (person.kind === 'missing' || !role) return
    if (person.kind !== 'literal' || person.literal.kind !== 'string') {
      report.add('W0824', person.span)
      return
    }
    const span = spanOf(this.#context, step.span)
    this.made.push({ kind: 'approve', person: person.literal.value, role: roleKey(role), at, span })
  }

  #pass(time: TimeSyntax, span: Span): void {
    const at = this.#moveTo(time)
    this.#time = at
    this.made.push({ kind: 'at', at, span: spanOf(this.#context, span) })
  }

  /** The time as written; reports one that is none, or before the step above. */
  #moveTo(syntax: TimeSyntax): number {
    const before = this.#time ?? Number.NEGATIVE_INFINITY
    const clock = clockValue(syntax.text)
    const time = clock === null ? timeValue(syntax.text) : firstDay + clock
    // The parser reports a time that is none.
    if (time === null) return this.#time ?? firstDay
    if (time < before) {
      this.#context.report.add('W1004', syntax.span, { text: syntax.text, before: this.#timeText })
      return before
    }
    this.#timeText = syntax.text
    return time
  }

  #addExpectation(step: Exclude<TestStep, { readonly kind: 'given' | 'at' | 'approve' }>): void {
    const { report } = this.#context
    if (step.kind === 'expect-status') {
      this.#addStatus(step)
      return
    }
    if (this.#given === null) {
      report.missing('W1002', step.span)
      return
    }
    const contract = this.#given === 'unknown' ? null : this.#given
    const span = spanOf(this.#context, step.span)
    switch (step.kind) {
      case 'expect-decision': {
        const deciders = contract ? this.#lookup.deciders(contract) : []
        if (contract && deciders.length === 0) report.add('W1010', step.span, { contract: contract.name })
        else if (contract && step.rule) this.#checkRule(step.rule, contract, deciders)
        this.made.push({ kind: 'expect-decision', decision: step.decision, rule: step.rule?.text ?? null, span })
        break
      }
      case 'expect-approval': {
        const role = findRole(this.#context, step.role)
        if (!role) break
        const key = roleKey(role)
        const asked = contract === null || this.#asks(contract, key)
        if (contract && !asked) report.add('W1008', step.role.span, { contract: contract.name, role: role.name })
        this.made.push({ kind: 'expect-approval', role: key, span })
        break
      }
      case 'expect-obligation': {
        const expected = obligationOf(this.#context, step.obligation, this.#env(contract))
        this.made.push({ kind: 'expect-obligation', ...expected, span })
        break
      }
      case 'expect-problem': {
        const code = step.code.text
        if (code !== '' && !/^W20\d\d$/.test(code)) report.add('W1007', step.code.span, { code })
        this.made.push({ kind: 'expect-problem', code, span })
        break
      }
      case 'expect-value': {
        const value = condition(this.#context, step.value, this.#env(contract))
        this.made.push({ kind: 'expect-value', value, span })
      }
    }
  }

  /** Of a rule of any policy, those of this module before all others. */
  #addStatus(step: Extract<TestStep, { readonly kind: 'expect-status' }>): void {
    const { report } = this.#context
    const { status, rule } = step
    if (rule.text === '') return
    const all = this.#lookup
      .waiting()
      .flatMap(policy =>
        policy.rules
          .filter(({ lives }) => lives)
          .map(({ name }) => ({ name, long: `${policy.name}.${name}`, module: policy.module })),
      )
    const named = all.filter(one => one.name === rule.text || one.long === rule.text)
    const own = named.filter(one => one.module === this.#module)
    const found = own.length > 0 ? own : named
    const [first] = found
    if (!first) {
      const { hint, fixes } = suggestion(
        rule,
        all.map(({ name }) => name),
      )
      report.add('W1011', rule.span, { name: rule.text, hint }, { fixes })
      return
    }
    if (found.length > 1) {
      const candidates = found.map(one => one.long)
      const fixes = candidates.map(candidate => replaceFix(`Change it to ${candidate}`, rule.span, candidate))
      report.add('W1006', rule.span, { name: rule.text, candidates: candidates.join(', ') }, { fixes })
      return
    }
    this.made.push({ kind: 'expect-status', status, rule: first.long, span: spanOf(this.#context, step.span) })
  }

  /** A rule by its name, or as `policy.rule` where several policies have one of that name. */
  #checkRule(name: Name, contract: ContractSignature, deciders: readonly PolicySignature[]): void {
    const { report } = this.#context
    if (name.text === '') return
    const rules = deciders.flatMap(policy =>
      policy.rules.map(rule => ({ short: rule.name, long: `${policy.name}.${rule.name}` })),
    )
    if (rules.some(rule => rule.long === name.text)) return
    const found = rules.filter(rule => rule.short === name.text)
    if (found.length === 1) return
    if (found.length > 1) {
      const candidates = found.map(rule => rule.long)
      const fixes = candidates.map(candidate => replaceFix(`Change it to ${candidate}`, name.span, candidate))
      report.add('W1006', name.span, { name: name.text, candidates: candidates.join(', ') }, { fixes })
      return
    }
    if (deciders.some(policy => policy.partial)) return
    const { hint, fixes } = suggestion(
      name,
      rules.flatMap(rule => [rule.short, rule.long]),
    )
    report.add('W1003', name.span, { contract: contract.name, name: name.text, hint }, { fixes })
  }

  #asks(contract: ContractSignature, role: string): boolean {
    const deciders = this.#lookup.deciders(contract)
    return deciders.some(policy => policy.partial || policy.rules.some(rule => rule.approvers.includes(role)))
  }

  /** The event as `it` and by the aliases of the policies, and the lets of the module's policies. */
  #env(contract: ContractSignature | null): Env {
    if (!contract) {
      const fields = { title: 'the event', contracts: [], fields: new Map(), partial: new Map(), unknown: true }
      const frame: Frame = { kind: 'event', event: 0, fields, alias: null, it: true, bare: false, outer: null }
      return { frame, present: nothingPresent, current: fields, noHistory: null }
    }
    const fields = eventFields(contract)
    const lets = new Map<string, Expr>()
    let frame: Frame = { kind: 'event', event: 0, fields, alias: null, it: true, bare: false, outer: null }
    for (const policy of this.#lookup.deciders(contract)) {
      if (policy.module !== this.#module) continue
      if (policy.lets.length > 0) {
        const body = this.#lookup.bodyOf(policy) as PlanPolicy | null
        for (const { name, value } of body?.lets ?? []) if (!lets.has(name)) lets.set(name, value)
      }
      for (const alias of policy.aliases)
        if (alias.contracts.includes(contract))
          frame = { kind: 'event', event: 0, fields, alias: alias.name, it: false, bare: false, outer: frame }
    }
    return {
      frame: { kind: 'values', values: lets, outer: frame },
      present: nothingPresent,
      current: fields,
      noHistory: null,
    }
  }
}
