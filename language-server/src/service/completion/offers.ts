/** The items of one completion as they are collected: each label once, the nearest meaning first. */
import {
  builtins,
  type EventFields,
  type Frame,
  importFix,
  type Seen,
  type Signature,
  showType,
  withoutOptional,
} from '@writ/engine/editor'
import type { SyntaxNode } from '@writ/grammar'
import {
  type TextEdit as ClientEdit,
  type CompletionItem,
  CompletionItemKind,
  InsertTextFormat,
} from 'vscode-languageserver-types'
import { surroundingsOf } from '../../names/surroundings.ts'
import { enumMemberSymbol, fieldSymbol, memberSymbol, type WritSymbol, wideSymbol } from '../../names/symbol.ts'
import { rangeOf, type Snapshot } from '../../workspace/snapshot.ts'
import type { Situation } from './situation.ts'
import { hole, type Skeleton, valueSkeletons } from './snippets.ts'

/** What `resolve` needs of an item. */
export interface CompletionData {
  readonly uri: string
  readonly symbol: WritSymbol
}

export class Offers {
  readonly items: CompletionItem[] = []
  readonly #snapshot: Snapshot
  readonly #situation: Situation
  readonly #uri: string
  readonly #range: ClientEdit['range'] | null
  readonly #labels = new Set<string>()

  constructor(snapshot: Snapshot, situation: Situation) {
    this.#snapshot = snapshot
    this.#situation = situation
    this.#uri = snapshot.uris.get(situation.path) ?? ''
    const file = snapshot.files.get(situation.path)
    this.#range = file ? rangeOf(file, situation) : null
  }

  words(words: readonly string[]): void {
    for (const word of words) this.#add({ label: word, kind: CompletionItemKind.Keyword }, 5)
  }

  skeletons(skeletons: readonly Skeleton[]): void {
    for (const { label, detail, snippet } of skeletons)
      this.#add(
        { label, detail, kind: CompletionItemKind.Snippet, insertTextFormat: InsertTextFormat.Snippet },
        4,
        snippet,
      )
  }

  /** What may stand as a value, what is expected first. */
  values({ env, expected }: Seen): void {
    const wanted = expected && withoutOptional(expected)
    if (wanted?.kind === 'enum')
      for (const member of wanted.members)
        this.#symbol(enumMemberSymbol(wanted.members, member), CompletionItemKind.EnumMember, showType(wanted), 0)
    if (wanted?.kind === 'bool') this.words(['true', 'false'])
    this.#frames(env.frame)
    this.names(kind => kind === 'define' || kind === 'table')
    for (const [name, builtin] of Object.entries(builtins)) {
      const item = { label: name, kind: CompletionItemKind.Function, detail: builtin.form }
      this.#add(
        { ...item, insertTextFormat: InsertTextFormat.Snippet, data: this.#data(wideSymbol('function', name)) },
        3,
        `${name}($0)`,
      )
    }
    this.skeletons(valueSkeletons)
  }

  #frames(innermost: Frame | null): void {
    for (let frame = innermost; frame; frame = frame.outer) {
      if (frame.kind === 'event') {
        if (frame.bare) this.#fields(frame.fields, 1)
        if (frame.alias !== null)
          this.#add({ label: frame.alias, kind: CompletionItemKind.Variable, detail: frame.fields.title }, 1)
        if (frame.it) this.#add({ label: 'it', kind: CompletionItemKind.Variable, detail: frame.fields.title }, 2)
      } else if (frame.kind === 'values') {
        for (const [name, value] of frame.values)
          this.#add({ label: name, kind: CompletionItemKind.Variable, detail: showType(value.type) }, 1)
      }
    }
  }

  #fields({ contracts, fields }: EventFields, rank: number): void {
    for (const [name, field] of fields) {
      const contract = contracts.find(each => each.fields.includes(field)) ?? contracts[0]
      const detail = showType(field.type)
      if (contract) this.#symbol(fieldSymbol(contract, name), CompletionItemKind.Field, detail, rank)
      else this.#add({ label: name, kind: CompletionItemKind.Field, detail }, rank)
    }
  }

  /** Behind a dot. */
  members({ seen }: Situation, member: SyntaxNode): void {
    const object = 'object' in member && isNode(member.object) ? member.object : null
    const around = [...seen].find(([node]) => node === member)?.[1]
    if (object && around) {
      const event = eventOf(object, around)
      if (event) {
        this.#fields(event, 0)
        return
      }
    }
    const type = object && seen.get(object)?.type
    const record = type && withoutOptional(type)
    if (record?.kind !== 'record') return
    const names = record.fields.map(field => field.name)
    for (const field of record.fields)
      this.#symbol(memberSymbol(names, field.name), CompletionItemKind.Field, showType(field.type), 0)
  }

  /** Fields of the contract that the step, sample, map, window or table around speaks of. `values`: with the sign behind. */
  fieldsAround({ nodes, unit }: Situation, values: boolean): boolean {
    const holder = nodes.findLast(node => 'contract' in node && isNamed(node.contract)) ?? windowOf(nodes)
    if (!unit || !holder || !('contract' in holder) || !isNamed(holder.contract)) return false
    const given = values && 'fields' in holder && Array.isArray(holder.fields) ? holder.fields : []
    const taken = new Set(given.map(field => (isNamedField(field) ? field.name.text : '')))
    const sign = !values ? '' : holder.kind === 'map' ? ' = ' : ': '
    return this.fieldsOf(holder.contract.text, taken, sign)
  }

  /** Those of a contract that are not given yet, with the sign behind; false where the contract is not known. */
  fieldsOf(name: string, taken: ReadonlySet<string>, sign: string): boolean {
    const { unit, snapshot } = this.#situation
    const contract = unit && surroundingsOf(snapshot).contract(unit, name)
    if (!contract) return false
    for (const field of contract.fields) {
      if (taken.has(field.name)) continue
      const optional = field.type.kind === 'optional' || field.name === contract.timeField
      const item = { label: field.name, kind: CompletionItemKind.Field, detail: showType(field.type) }
      const data = this.#data(fieldSymbol(contract, field.name))
      this.#add({ ...item, data }, optional ? 1 : 0, field.name + sign)
    }
    return true
  }

  types(): void {
    for (const name of ['Bool', 'String', 'Int', 'Decimal', 'Percent', 'Money', 'Duration', 'Time', 'Version'])
      this.#symbol(wideSymbol('basic-type', name), CompletionItemKind.Struct, 'type of the language', 1)
    this.#add(
      { label: 'List', kind: CompletionItemKind.Struct, insertTextFormat: InsertTextFormat.Snippet },
      1,
      `List<${hole(1, 'String')}>$0`,
    )
    this.#add(
      { label: 'enum', kind: CompletionItemKind.Snippet, insertTextFormat: InsertTextFormat.Snippet },
      2,
      `enum { ${hole(1, 'member')} }$0`,
    )
    this.names(kind => kind === 'type')
  }

  /** Names of the module and what it uses; those of other modules with a `use`. */
  names(wanted: (kind: Signature['kind']) => boolean): void {
    const { unit, path } = this.#situation
    if (!unit) return
    const around = surroundingsOf(this.#situation.snapshot)
    const names = around.names(unit)
    for (const [name, declared] of names?.module.declared ?? [])
      this.#declared(name, declared.signature?.value, wanted, null)
    for (const [local, { module, name }] of names?.imports ?? [])
      this.#declared(local, module.declared.get(name)?.signature?.value, wanted, null)
    const file = this.#snapshot.files.get(path)
    for (const module of around.binding.modules.values()) {
      if (module === names?.module) continue
      for (const [name, declared] of module.declared) {
        const signature = declared.signature?.value
        if (!signature || !wanted(signature.kind) || names?.imports.has(name) === true) continue
        // The names of the language need no `use`.
        const fix = module.name === 'writ' || !file ? null : importFix(file, { module: module.name, name })
        const edits = fix?.edits.map(({ span, text }) => ({
          range: rangeOf(file ?? { path, text: '', declarations: [] }, span),
          newText: text,
        }))
        this.#declared(name, signature, wanted, edits ?? [])
      }
    }
  }

  #declared(
    name: string,
    signature: Signature | null | undefined,
    wanted: (kind: Signature['kind']) => boolean,
    edits: ClientEdit[] | null,
  ): void {
    if (!signature || !wanted(signature.kind) || signature.kind === 'unknowable') return
    const { module, kind } = signature
    const imported = edits !== null && edits.length > 0
    const calls = kind === 'table' || (kind === 'define' && signature.parameters.length > 0)
    const item: CompletionItem = {
      label: name,
      kind: itemKinds[kind],
      detail: kind === 'define' ? showType(signature.result) : kind,
      labelDetails: { description: imported ? `use ${module}` : module },
      data: this.#data({ key: `name:${module}/${signature.name}`, kind, name: signature.name }),
      ...(imported ? { additionalTextEdits: edits } : {}),
      ...(calls ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
    }
    this.#add(item, imported ? 6 : 1, calls ? `${name}($0)` : name)
  }

  /** What a `use` can bring in from its module. */
  namesOfModule({ nodes, snapshot }: Situation): void {
    const use = nodes.find(node => node.kind === 'use')
    const module = use && 'module' in use && isNamed(use.module) ? use.module.text : ''
    for (const [name, unit] of surroundingsOf(snapshot).binding.modules.get(module)?.declared ?? [])
      this.#declared(name, unit.signature?.value, () => true, null)
  }

  modules(): void {
    const own = this.#situation.unit?.module
    for (const { name } of surroundingsOf(this.#situation.snapshot).binding.modules.values())
      if (name !== own && name !== 'writ_cursor')
        this.#symbol(wideSymbol('module', name), CompletionItemKind.Module, 'module', 1)
  }

  rules(): void {
    for (const { signature } of surroundingsOf(this.#situation.snapshot).units) {
      if (signature?.value?.kind !== 'policy') continue
      const { module, name: policy } = signature.value
      for (const { name } of signature.value.rules)
        this.#symbol(
          { key: `rule:${module}/${policy}/${name}`, kind: 'rule', name },
          CompletionItemKind.Method,
          policy,
          module === this.#situation.unit?.module ? 0 : 2,
        )
    }
  }

  sinks(): void {
    for (const { syntax } of surroundingsOf(this.#situation.snapshot).units)
      if (syntax.kind === 'sink')
        this.#symbol(wideSymbol('sink', syntax.name.text), CompletionItemKind.Interface, 'sink', 1)
  }

  layers(): void {
    for (const { syntax } of surroundingsOf(this.#situation.snapshot).units)
      if (syntax.kind === 'layers')
        for (const { text } of syntax.names)
          this.#symbol(wideSymbol('layer', text), CompletionItemKind.Value, 'layer', 1)
  }

  /** Privacy classes that some field has. */
  classes(): void {
    for (const name of ['personal', 'secret'])
      this.#symbol(wideSymbol('class', name), CompletionItemKind.Value, 'privacy class', 1)
    for (const { signature } of surroundingsOf(this.#situation.snapshot).units) {
      if (signature?.value?.kind !== 'contract') continue
      for (const field of signature.value.fields)
        for (const name of field.classes)
          this.#symbol(wideSymbol('class', name), CompletionItemKind.Value, 'privacy class', 0)
    }
  }

  #symbol(symbol: WritSymbol, kind: CompletionItemKind, detail: string, rank: number): void {
    this.#add({ label: symbol.name, kind, detail, data: this.#data(symbol) }, rank)
  }

  #data(symbol: WritSymbol): CompletionData {
    return { uri: this.#uri, symbol }
  }

  /** `rank`: what is smaller stands above. */
  #add(item: CompletionItem, rank: number, newText: string = item.label): void {
    // The nearest meaning of a name is the one that counts; the word at the cursor is no name.
    if (this.#labels.has(item.label) || item.label === 'writ_cursor') return
    this.#labels.add(item.label)
    const edit = this.#range ? { textEdit: { range: this.#range, newText } } : {}
    this.items.push({ ...item, sortText: `${rank}${item.label}`, ...edit })
  }
}

const itemKinds: Readonly<Record<Exclude<Signature['kind'], 'unknowable'>, CompletionItemKind>> = {
  type: CompletionItemKind.Struct,
  contract: CompletionItemKind.Event,
  define: CompletionItemKind.Function,
  role: CompletionItemKind.Interface,
  policy: CompletionItemKind.Class,
  table: CompletionItemKind.Function,
  sink: CompletionItemKind.Interface,
  indicator: CompletionItemKind.Value,
  objective: CompletionItemKind.Value,
  rollout: CompletionItemKind.Value,
  exception: CompletionItemKind.Value,
  property: CompletionItemKind.Value,
}

/** The event that an alias or `it` before a dot stands for. */
function eventOf(object: SyntaxNode, { env }: Seen): EventFields | null {
  const alias = object.kind === 'name' && 'name' in object && isNamed(object.name) ? object.name.text : null
  for (let frame = env.frame; frame; frame = frame.outer) {
    if (frame.kind !== 'event') continue
    if (object.kind === 'it' ? frame.it : alias !== null && frame.alias === alias) return frame.fields
  }
  return null
}

/** The event of the history form whose `by` the word stands in. */
function windowOf(nodes: readonly SyntaxNode[]): SyntaxNode | undefined {
  const form = nodes.findLast(node => 'window' in node)
  if (form && 'event' in form && isNode(form.event)) return form.event
  if (form && 'steps' in form && Array.isArray(form.steps)) return form.steps.find(isNode)
  return undefined
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'span' in value
}
function isNamed(value: unknown): value is { readonly text: string } {
  return typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string'
}
function isNamedField(value: unknown): value is { readonly name: { readonly text: string } } {
  return typeof value === 'object' && value !== null && 'name' in value && isNamed(value.name)
}
