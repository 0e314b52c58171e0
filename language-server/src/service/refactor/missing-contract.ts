/** A contract for events that nobody has described: with the fields that the program reads of them, or made of recorded events. */
import type { FileProblem, Type } from '@writ/engine'
import { showType } from '@writ/engine/editor'
import { childrenOf, type Declaration, type EventPattern, type SyntaxNode, type TextEdit } from '@writ/grammar'
import { declarationAt, type Snapshot } from '../../workspace/snapshot.ts'

/** For an unknown contract (W0203): the declaration behind the last one of the file. */
export function declareContract(
  snapshot: Snapshot,
  path: string,
  found: FileProblem,
): { readonly title: string; readonly edits: readonly TextEdit[] } | null {
  const file = snapshot.files.get(path)
  const placed = file && declarationAt(file, found.span.start)
  if (!file || !placed || found.code !== 'W0203') return null
  const name = file.text.slice(found.span.start, found.span.end)
  const at = { start: found.span.start - placed.start, end: found.span.end - placed.start }
  if (!/^[A-Z]\w*$/.test(name) || !namesContract(placed.syntax, at.start)) return null
  const fields = fieldsRead(placed.syntax, name)
  const lines = fields.map(field => `  ${field} : String`)
  const text = `\n\ncontract ${name} version 1.0.0 {\n  id : String key\n  at : Time time\n${lines.map(line => `${line}\n`).join('')}}\n`
  const end = file.text.trimEnd().length
  return { title: `Declare contract ${name}`, edits: [{ span: { start: end, end: file.text.length }, text }] }
}

/** The text of a contract that the recorded events keep. A member that not all have is optional; `key` and `time` are guessed by name. */
export function contractOfRecords(name: string, records: readonly unknown[]): string {
  const objects = records.filter(isObject)
  const names = new Set(objects.flatMap(record => Object.keys(record)))
  names.delete('event')
  const lines: string[] = []
  let keyed = false
  let timed = false
  for (const member of names) {
    if (!/^[A-Za-z_]\w*$/.test(member)) continue
    const values = objects.map(record => record[member]).filter(value => value !== undefined && value !== null)
    const optional = values.length < objects.length
    const type = typeOfAll(values)
    const marks: string[] = []
    if (!keyed && !optional && /^(?:id|.*_id|key)$/.test(member)) {
      keyed = true
      marks.push('key')
    }
    if (!timed && !optional && type.kind === 'time') {
      timed = true
      marks.push('time')
    }
    lines.push(`  ${[member, ':', `${showType(type)}${optional ? '?' : ''}`, ...marks].join(' ')}`)
  }
  return `contract ${name} version 1.0.0 {\n${lines.join('\n')}\n}\n`
}

function typeOfAll(values: readonly unknown[]): Type {
  const types = values.map(typeOf)
  const [first = { kind: 'string' } as const] = types
  if (types.every(type => showType(type) === showType(first))) return first
  if (types.every(type => type.kind === 'int' || type.kind === 'decimal')) return { kind: 'decimal' }
  return { kind: 'string' }
}

function typeOf(value: unknown): Type {
  if (typeof value === 'boolean') return { kind: 'bool' }
  if (typeof value === 'number') return { kind: Number.isInteger(value) ? 'int' : 'decimal' }
  if (typeof value === 'string') {
    if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(value)) return { kind: 'time' }
    const money = /^-?\d+(?:\.\d+)? ([A-Z]{3})$/.exec(value)
    return money?.[1] ? { kind: 'money', currency: money[1] } : { kind: 'string' }
  }
  if (Array.isArray(value)) return { kind: 'list', element: typeOfAll(value) }
  if (!isObject(value)) return { kind: 'string' }
  if ('amount' in value && typeof value.currency === 'string' && Object.keys(value).length === 2)
    return { kind: 'money', currency: value.currency }
  const fields = Object.entries(value).map(([name, member]) => ({
    name,
    type: typeOf(member),
    refinement: null,
    classes: [],
  }))
  return fields.length > 0 ? { kind: 'record', name: null, fields } : { kind: 'string' }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function namesContract(syntax: Declaration, start: number): boolean {
  const at = { start }
  switch (syntax.kind) {
    case 'sample':
    case 'table':
      return syntax.contract.span.start === at.start
    case 'policy':
      if (syntax.items.some(item => item.kind === 'on' && item.contracts.some(name => name.span.start === start)))
        return true
      return patternsOf(syntax).some(({ contract }) => contract.span.start === start)
    case 'source':
      return syntax.items.some(item => item.kind === 'map' && item.contract.span.start === start)
    case 'test':
      return syntax.steps.some(step => step.kind === 'given' && step.contract.span.start === start)
    default:
      return false
  }
}

/** What is read through the aliases of the contract, and what is given of it. */
function fieldsRead(syntax: Declaration, contract: string): readonly string[] {
  const aliases = new Set<string>()
  const fields = new Set<string>()
  if (syntax.kind === 'policy')
    for (const item of syntax.items)
      if (item.kind === 'on' && item.alias && item.contracts.some(name => name.text === contract))
        aliases.add(item.alias.text)
  for (const pattern of patternsOf(syntax))
    if (pattern.contract.text === contract && pattern.alias) aliases.add(pattern.alias.text)
  const visit = (node: SyntaxNode): void => {
    if (node.kind === 'member' && 'object' in node && 'member' in node) {
      const object = node.object
      if (isNamed(object) && aliases.has(object.name.text) && isText(node.member)) fields.add(node.member.text)
    }
    for (const child of childrenOf(node)) visit(child)
  }
  visit(syntax)
  if (syntax.kind === 'sample') for (const { name } of syntax.fields) fields.add(name.text)
  if (syntax.kind === 'test')
    for (const step of syntax.steps)
      if (step.kind === 'given' && step.contract.text === contract)
        for (const { name } of step.fields) fields.add(name.text)
  for (const known of ['id', 'at', '']) fields.delete(known)
  return [...fields]
}

function patternsOf(node: SyntaxNode): readonly EventPattern[] {
  const own = isPattern(node) ? [node] : []
  return [...own, ...childrenOf(node).flatMap(patternsOf)]
}
function isPattern(node: SyntaxNode): node is EventPattern {
  return node.kind === undefined && 'contract' in node && 'alias' in node && 'where' in node
}
function isNamed(value: unknown): value is { readonly name: { readonly text: string } } {
  return typeof value === 'object' && value !== null && 'name' in value && isText(value.name)
}
function isText(value: unknown): value is { readonly text: string } {
  return typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string'
}
