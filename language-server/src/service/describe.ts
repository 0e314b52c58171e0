/** What a symbol is, in the words that hover, completion and signature help show: its declaration in short, documentation, facts. */
import type { Type } from '@writ/engine'
import { builtinNamed, type Signature, showType, type Unit, withoutOptional } from '@writ/engine/editor'
import type { Declaration, FieldSyntax, PolicyItem, RuleItem } from '@writ/grammar'
import { declarationsOf } from '../names/occurrences.ts'
import { type Surroundings, surroundingsOf } from '../names/surroundings.ts'
import type { WritSymbol } from '../names/symbol.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { pastVersions } from './history.ts'

export interface Description {
  /** One or a few lines of Writ. */
  readonly code: string
  readonly documentation: string | null
  /** Sentences: version, privacy classes, owner, module. */
  readonly facts: readonly string[]
}

/** `type`: of the value at the place where somebody asks, if it is one. */
export function describe(snapshot: Snapshot, symbol: WritSymbol, type: Type | null = null): Description {
  const around = surroundingsOf(snapshot)
  const home = around.homeOf(symbol)
  switch (symbol.kind) {
    case 'field':
      return describeField(symbol, home, type)
    case 'rule':
    case 'let':
    case 'alias':
      return describePart(snapshot, symbol, home, type)
    case 'function': {
      const builtin = builtinNamed(symbol.name)?.builtin
      return plain(builtin?.form ?? symbol.name, builtin?.summary ?? null)
    }
    case 'enum-member': {
      const names = type && withoutOptional(type)
      return plain(symbol.name, null, names ? [`Member of \`${showType(names)}\`.`] : [])
    }
    case 'member':
    case 'row':
    case 'variable':
    case 'parameter': {
      const shown = type ?? declaredType(snapshot, symbol)
      return plain(shown ? `${symbol.name}: ${showType(shown)}` : symbol.name, null, [titles[symbol.kind]])
    }
    case 'module':
      return describeModule(around, symbol.name)
    case 'class':
      return plain(symbol.name, null, ['Privacy class: follows the value into texts and obligations.'])
    case 'basic-type':
      return plain(symbol.name, basicTypes[symbol.name] ?? null)
    case 'layer':
      return plain(`layer ${symbol.name}`, null)
    case 'sink':
      return home
        ? describeDeclaration(home, around, snapshot)
        : plain(`sink ${symbol.name}`, null, ['Not declared: accepts no privacy class.'])
    default:
      return home ? describeDeclaration(home, around, snapshot) : plain(symbol.name, null)
  }
}

/** Markdown of a description. */
export function markdown({ code, documentation, facts }: Description): string {
  const parts = [`\`\`\`writ\n${code}\n\`\`\``]
  if (documentation !== null) parts.push(documentation)
  if (facts.length > 0) parts.push(facts.join('  \n'))
  return parts.join('\n\n')
}

const titles = {
  member: 'Member of a record.',
  row: 'Member of the rows of a table.',
  variable: 'Variable of `any` or `all`.',
  parameter: 'Parameter of a define.',
} as const

function plain(code: string, documentation: string | null, facts: readonly string[] = []): Description {
  return { code, documentation, facts }
}

function describeField(symbol: WritSymbol, home: Unit | null, here: Type | null): Description {
  const syntax = home?.syntax.kind === 'contract' ? home.syntax : null
  const field = syntax?.fields.find(({ name }) => name.text === symbol.name)
  const signature = home?.signature?.value
  const known = signature?.kind === 'contract' ? signature.fields.find(({ name }) => name === symbol.name) : undefined
  if (!home || !syntax || !field) return plain(symbol.name, null)
  const facts = [`Field of \`${syntax.name.text}\` ${syntax.version?.text ?? '0.0.0'} in \`${home.module}\`.`]
  const unit = known && unitOfType(known.type)
  if (unit) facts.push(unit)
  if (known && known.classes.length > 0) facts.push(`Privacy: ${known.classes.map(each => `\`${each}\``).join(', ')}.`)
  if (here && known && here.kind !== 'error' && showType(here) !== showType(known.type))
    facts.push(`Here: \`${showType(here)}\`.`)
  return plain(textOf(home, field), field.documentation, facts)
}

function unitOfType(type: Type): string | null {
  const inner = withoutOptional(type)
  switch (inner.kind) {
    case 'money':
      return inner.currency === null ? 'Unit: any currency.' : `Unit: ${inner.currency}.`
    case 'percent':
      return 'Unit: percent; 95% is 0.95.'
    case 'duration':
      return 'Unit: whole milliseconds.'
    case 'time':
      return 'Unit: milliseconds since 1970, UTC.'
    default:
      return null
  }
}

function describePart(snapshot: Snapshot, symbol: WritSymbol, home: Unit | null, here: Type | null): Description {
  if (home?.syntax.kind !== 'policy') return plain(symbol.name, null)
  const policy = home.syntax.name.text
  for (const item of home.syntax.items) {
    if (item.kind === 'let' && symbol.kind === 'let' && item.name.text === symbol.name) {
      const type = here ?? declaredType(snapshot, symbol)
      const facts = [`${type ? `\`${showType(type)}\`, a` : 'A'} \`let\` of \`${policy}\`.`]
      return plain(textOf(home, item), item.documentation, facts)
    }
    if (item.kind === 'rule' && symbol.kind === 'rule' && item.name.text === symbol.name)
      return plain(ruleHead(item), item.documentation, [`Rule of \`${policy}\`.`, ...(item.title ? [item.title] : [])])
    if (item.kind === 'on' && symbol.kind === 'alias' && item.alias?.text === symbol.name)
      return plain(textOf(home, item), null, [`The event that \`${policy}\` decides.`])
  }
  return plain(symbol.name, null)
}

function ruleHead(rule: RuleItem): string {
  const { effect } = rule
  switch (effect.kind) {
    case 'decide':
      return `rule ${rule.name.text}: ${effect.decision}`
    case 'require-approval':
      return `rule ${rule.name.text}: require approval from ${effect.stages.map(({ role }) => role.text).join(', then ')}`
    case 'expect':
      return `rule ${rule.name.text}: expect ${effect.event.contract.text}`
    case 'missing-effect':
      return `rule ${rule.name.text}`
  }
}

/** The type of a symbol where it is declared, for lets, variables and rows. */
function declaredType(snapshot: Snapshot, symbol: WritSymbol): Type | null {
  const around = surroundingsOf(snapshot)
  const home = around.homeOf(symbol)
  const signature: Signature | null = home?.signature?.value ?? null
  if (symbol.kind === 'row' && signature?.kind === 'table' && signature.value.type.kind === 'record')
    return signature.value.type.fields.find(({ name }) => name === symbol.name)?.type ?? null
  if (symbol.kind === 'parameter' && signature?.kind === 'define')
    return signature.parameters.find(({ name }) => name === symbol.name)?.type ?? null
  return declarationsOf(snapshot, symbol)[0]?.occurrence.type ?? null
}

function describeModule(around: Surroundings, name: string): Description {
  const module = around.binding.modules.get(name)
  const names = module ? [...module.declared.keys()] : []
  return plain(
    `module ${name}`,
    null,
    names.length > 0 ? [`Declares ${names.map(each => `\`${each}\``).join(', ')}.`] : [],
  )
}

/** A declaration by its head; contracts with their fields. */
export function describeDeclaration(unit: Unit, around: Surroundings, snapshot: Snapshot): Description {
  const { syntax, module } = unit
  const facts = [`Module \`${module}\`.`]
  switch (syntax.kind) {
    case 'contract': {
      const owner = syntax.items.find(item => item.kind === 'owner')
      if (owner) facts.push(`Owner: ${owner.owner}.`)
      const users = handlersOf(unit, around)
      if (users.length > 0) facts.push(`Decided by ${users.map(each => `\`${each}\``).join(', ')}.`)
      facts.push(...versionFacts(unit, syntax.name.text, snapshot))
      return plain(contractText(unit, syntax.fields), syntax.documentation, facts)
    }
    case 'policy': {
      const find = <K extends PolicyItem['kind']>(kind: K) => syntax.items.find(item => item.kind === kind)
      const owner = find('owner')
      if (owner?.kind === 'owner') facts.push(`Owner: ${owner.owner}.`)
      const rules = syntax.items.filter(item => item.kind === 'rule').length
      facts.push(`${rules} rule${rules === 1 ? '' : 's'}.`)
      facts.push(...versionFacts(unit, syntax.name.text, snapshot))
      const version = syntax.version ? ` version ${syntax.version.text}` : ''
      return plain(`policy ${syntax.name.text}${version}`, syntax.documentation, facts)
    }
    case 'define': {
      const signature = unit.signature?.value
      const result = signature?.kind === 'define' ? `: ${showType(signature.result)}` : ''
      const parameters = syntax.parameters.map(each => unit.placed.text.slice(each.span.start, each.span.end))
      const list = parameters.length > 0 ? `(${parameters.join(', ')})` : ''
      return plain(`define ${syntax.name.text}${list}${result}`, syntax.documentation, facts)
    }
    case 'type':
    case 'role':
    case 'sink':
    case 'layers':
      return plain(withoutDocumentation(unit), syntax.documentation, facts)
    case 'table':
      return plain(withoutDocumentation(unit), syntax.documentation, facts)
    default:
      return plain(headOf(syntax), syntax.documentation, facts)
  }
}

const mostVersions = 8
const mostChanges = 3

/** The newest first. */
function versionFacts({ module }: Unit, name: string, snapshot: Snapshot): readonly string[] {
  const past = pastVersions(snapshot, `${module}.${name}`).toReversed()
  if (past.length === 0) return []
  const lines = past.slice(0, mostVersions).map(({ version, label, date, changes }) => {
    const shown = changes.slice(0, mostChanges).join('; ')
    const more = changes.length > mostChanges ? ` and ${changes.length - mostChanges} more` : ''
    return `- ${version} since ${label}${date === null ? '' : `, ${date}`}${shown === '' ? '' : `: ${shown}${more}`}`
  })
  if (past.length > mostVersions) lines.push(`- and ${past.length - mostVersions} earlier ones`)
  return [`Committed versions:\n${lines.join('\n')}\n`]
}

function headOf(syntax: Declaration): string {
  return 'name' in syntax ? `${syntax.kind} ${syntax.name.text}` : syntax.kind
}

const mostFields = 30

function contractText(unit: Unit, fields: readonly FieldSyntax[]): string {
  if (unit.syntax.kind !== 'contract') return ''
  const shown = fields.slice(0, mostFields).map(field => `  ${textOf(unit, field)}`)
  if (fields.length > mostFields) shown.push(`  // and ${fields.length - mostFields} more`)
  const version = unit.syntax.version ? ` version ${unit.syntax.version.text}` : ''
  return `contract ${unit.syntax.name.text}${version} {\n${shown.join('\n')}\n}`
}

function handlersOf(contract: Unit, around: Surroundings): readonly string[] {
  const signature = contract.signature?.value
  if (signature?.kind !== 'contract') return []
  return around.units.flatMap(({ signature: own }) =>
    own?.value?.kind === 'policy' && own.value.contracts.some(({ id }) => id === signature.id) ? [own.value.name] : [],
  )
}

function textOf(
  unit: Unit,
  {
    span,
    documentation,
  }: { readonly span: { readonly start: number; readonly end: number }; readonly documentation?: string | null },
): string {
  const text = unit.placed.text.slice(span.start, span.end)
  return (documentation ? withoutLines(text) : text).replace(/\s+/g, ' ').trim()
}

function withoutDocumentation(unit: Unit): string {
  const text = withoutLines(unit.placed.text)
  return text.length > 600 ? `${text.slice(0, 600)} …` : text
}
function withoutLines(text: string): string {
  return text.replace(/^(?:\s*\/\/\/[^\n]*\n)+/, '').trimStart()
}

const basicTypes: Readonly<Record<string, string>> = {
  Bool: '`true` or `false`.',
  String: 'Text; compares by UTF-16 code unit.',
  Int: 'Exact, of any size; fits where a Decimal is wanted.',
  Decimal: 'Exact: a fraction, never rounded unless `round` says so.',
  Percent: 'A number of its own kind: 95% is 0.95.',
  Money: 'An amount with its currency; `Money<EUR>` is of one currency.',
  Duration: 'A fixed length in whole milliseconds: `30m`, `1h30m`.',
  Time: 'Milliseconds since 1970, UTC.',
  Version: 'Three numbers, compared part by part.',
  List: 'Values of one type: `List<String>`.',
}
