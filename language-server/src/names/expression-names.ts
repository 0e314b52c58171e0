/** The names in expressions, patterns and types: what each stands for is what the checker knew there. Declarations are collect.ts. */
import { builtinNamed, type Env, type Inspection, showType, withoutOptional } from '@writ/engine/editor'
import {
  childrenOf,
  type EventPattern,
  type Expression,
  type FieldSyntax,
  isExpression,
  type Name,
  type SyntaxNode,
  type TypeExpression,
  type WindowSyntax,
} from '@writ/grammar'
import type { FoundNames, Locals } from './found-names.ts'
import type { Questions } from './questions.ts'
import { enumMemberSymbol, localSymbol, memberSymbol, partSymbol, type WritSymbol, wideSymbol } from './symbol.ts'

export class ExpressionNames {
  readonly #found: FoundNames
  readonly #names: Questions
  readonly #seen: Inspection

  constructor(found: FoundNames, names: Questions, seen: Inspection) {
    this.#found = found
    this.#names = names
    this.#seen = seen
  }

  fields(fields: readonly FieldSyntax[], kind: 'field' | 'member', owner: string): void {
    for (const field of fields) {
      if (kind === 'field') this.#found.part(field.name, 'field', owner)
      else
        this.#found.add(
          field.name,
          [
            memberSymbol(
              fields.map(each => each.name.text),
              field.name.text,
            ),
          ],
          { declares: true },
        )
      this.type(field.type)
      for (const { name, argument } of field.modifiers) {
        const text = argument ? `${name.text}(${argument.text})` : name.text
        this.#found.add(name, [wideSymbol('class', text)])
      }
    }
  }

  type(type: TypeExpression): void {
    switch (type.kind) {
      case 'named-type':
        this.#typeName(type.name)
        if (type.argument && type.name.text === 'List') this.#typeName(type.argument)
        return
      case 'enum': {
        const members = type.members.map(member => member.text)
        for (const member of type.members)
          this.#found.add(member, [enumMemberSymbol(members, member.text)], { declares: true })
        return
      }
      case 'record-type':
        this.fields(type.fields, 'member', '')
        return
      case 'list-type':
        this.type(type.element)
        return
      case 'optional-type':
        this.type(type.inner)
        return
      case 'range-type':
        this.type(type.base)
        this.expression(type.low, null)
        this.expression(type.high, null)
        return
      case 'pattern-type':
        this.type(type.base)
        return
      case 'missing-type':
        return
    }
  }

  #typeName(name: Name): void {
    if (basicTypes.has(name.text)) this.#found.add(name, [wideSymbol('basic-type', name.text)])
    else this.#found.reference(name)
  }

  expressionsIn(node: SyntaxNode, locals: Locals | null): void {
    for (const child of childrenOf(node)) {
      if (isExpression(child)) this.expression(child, locals)
      else this.expressionsIn(child, locals)
    }
  }

  expression(e: Expression, locals: Locals | null): void {
    switch (e.kind) {
      case 'name':
        this.#name(e, locals)
        return
      case 'member':
        this.#member(e, locals)
        return
      case 'call': {
        const declared = this.#names.declared(e.function.text)
        if (declared) this.#found.reference(e.function)
        else if (builtinNamed(e.function.text)) this.#found.add(e.function, [wideSymbol('function', e.function.text)])
        for (const { label, value } of e.arguments) {
          if (label && declared?.syntax.kind === 'define') {
            const parameter = declared.syntax.parameters.find(({ name }) => name.text === label.text)
            if (parameter)
              this.#found.add(label, [localSymbol(declared, 'parameter', label.text, parameter.name.span.start)])
          }
          this.expression(value, locals)
        }
        return
      }
      case 'record': {
        const type = this.#seen.get(e)?.type
        const record = type && withoutOptional(type)
        const names = record?.kind === 'record' ? record.fields.map(field => field.name) : null
        for (const { name, value } of e.fields) {
          if (names?.includes(name.text)) this.#found.add(name, [memberSymbol(names, name.text)])
          this.expression(value, locals)
        }
        return
      }
      case 'quantified':
        this.expression(e.list, locals)
        this.expression(e.where, this.#found.local(e.variable, 'variable', locals))
        return
      case 'aggregate': {
        const inside = this.pattern(e.event, locals)
        if (e.value) this.expression(e.value, inside)
        if (e.parameter) this.expression(e.parameter, locals)
        if (e.option) this.expression(e.option, locals)
        this.#window(e.window, [e.event], e, locals)
        return
      }
      case 'exists':
        this.pattern(e.event, locals)
        this.#window(e.window, [e.event], e, locals)
        return
      case 'sequence':
        for (const step of e.steps) this.pattern(step, locals)
        this.#window(e.window, e.steps, e, locals)
        return
      case 'literal':
      case 'it':
      case 'now':
      case 'missing':
        return
      default:
        this.expressionsIn(e, locals)
    }
  }

  pattern(event: EventPattern, locals: Locals | null): Locals | null {
    this.#found.reference(event.contract)
    if (event.rule) this.#found.ruleOf(event.contract, event.rule)
    const inside = event.alias ? this.#found.local(event.alias, 'alias', locals) : locals
    if (event.where) this.expression(event.where, inside)
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
      this.#found.add(key.name, this.#found.fieldsOf([...contracts, ...current], key.name.text))
      if (key.value) this.expression(key.value, locals)
    }
    if (range?.kind === 'over') this.expression(range.duration, locals)
    if (range?.kind === 'since') this.pattern(range.event, locals)
  }

  #name(e: Extract<Expression, { readonly kind: 'name' }>, locals: Locals | null): void {
    const { text } = e.name
    const seen = this.#seen.get(e)
    const type = seen?.type ?? null
    if (seen?.made.kind === 'literal' && seen.made.type.kind === 'enum' && seen.made.value === text) {
      this.#found.add(e.name, [enumMemberSymbol(seen.made.type.members, text)], { type })
      return
    }
    const symbols = seen ? this.#inside(text, seen.env, locals) : this.#found.alias(text, locals)
    if (symbols.length > 0) this.#found.add(e.name, symbols, { type })
    else this.#found.reference(e.name, type)
  }

  #member(e: Extract<Expression, { readonly kind: 'member' }>, locals: Locals | null): void {
    const seen = this.#seen.get(e)
    const type = seen?.type ?? null
    const name = e.member.text
    const event = seen && eventOf(e.object, seen.env)
    if (event) {
      if (e.object.kind === 'name') this.#found.add(e.object.name, this.#found.alias(e.object.name.text, locals))
      this.#found.add(e.member, this.#found.fieldsOf(event.fields.contracts, name), { type })
      return
    }
    this.expression(e.object, locals)
    const known = this.#seen.get(e.object)?.type
    const object = known && withoutOptional(known)
    if (object?.kind !== 'record') return
    const table = this.#names.tableOf(object)
    if (table?.syntax.kind === 'table') {
      this.#found.add(e.member, [partSymbol(table.module, table.syntax.name.text, 'row', name)], { type })
    } else if (object.fields.some(field => field.name === name)) {
      const names = object.fields.map(field => field.name)
      this.#found.add(e.member, [memberSymbol(names, name)], { type })
    }
  }

  /** Fields, aliases, variables and lets, as check/names.ts of the engine looks for them. */
  #inside(name: string, env: Env, locals: Locals | null): readonly WritSymbol[] {
    for (let frame = env.frame; frame; frame = frame.outer) {
      if (frame.kind === 'event') {
        if (frame.bare && frame.fields.fields.has(name)) return this.#found.fieldsOf(frame.fields.contracts, name)
        if (frame.alias === name) return this.#found.alias(name, locals)
      } else if (frame.kind === 'values') {
        const value = frame.values.get(name)
        if (!value) continue
        const home = this.#names.unit(value.span.file)
        if (!home) return []
        if (value.kind !== 'named') return this.#found.alias(name, locals)
        return home.syntax.kind === 'policy' ? [partSymbol(home.module, home.syntax.name.text, 'let', name)] : []
      }
    }
    return []
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

const basicTypes: ReadonlySet<string> = new Set([
  ...(['bool', 'string', 'int', 'decimal', 'percent', 'duration', 'time', 'version'] as const).map(kind =>
    showType({ kind }),
  ),
  'Money',
  'List',
])
