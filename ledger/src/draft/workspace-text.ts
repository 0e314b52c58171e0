/**
 * A drafted workspace as files: contracts with their guesses marked, the source with its maps, a first policy that lets everything
 * pass and points at what is unusual, and tests for it. The texts are in canonical layout.
 */
import type { SourceFormat } from '@writ/engine'
import { format as layOut } from '@writ/grammar'
import type { DraftedContract, DraftedSource } from './drafted.ts'
import type { GuessedField } from './guess.ts'

export interface DraftFile {
  /** Relative to the new workspace. */
  readonly path: string
  readonly text: string
}

export interface DraftParts {
  readonly format: SourceFormat
  /** Globs of the source; empty for a single file. */
  readonly files: readonly string[]
  readonly source: DraftedSource
  /** As `writ.json` is to name the log. */
  readonly eventsPath: string
}

export function workspaceFiles(parts: DraftParts): readonly DraftFile[] {
  const settings = { events: { recorded: { path: parts.eventsPath, source: 'recorded' } } }
  return [
    { path: 'writ.json', text: `${JSON.stringify(settings, null, 2)}\n` },
    { path: 'events.writ', text: layOut(contractsText(parts.source.contracts)) },
    { path: 'source.writ', text: layOut(sourceText(parts)) },
    { path: 'first_look.writ', text: layOut(policyText(parts.source.contracts)) },
  ]
}

function contractsText(contracts: readonly DraftedContract[]): string {
  return `module events

// Drafted from recorded events. What stands behind "guess:" was seen in the records or read from names: confirm it or change it.

${contracts.map(contract => `${contractText(contract)}\n\n${sampleText(contract)}`).join('\n\n')}
`
}

function contractText({ name, about, records, fields }: DraftedContract): string {
  const lines = fields.map(field => {
    const guess = field.guesses.length === 0 ? '' : `  // guess: ${field.guesses.join('; ')}`
    return `  ${field.name}: ${typeText(field)}${field.modifiers.map(modifier => `  ${modifier}`).join('')}${guess}`
  })
  return `/// ${about} ${records === 1 ? 'One record' : `${records} records`} were like this.
contract ${name} version 0.1.0 {
${lines.join('\n')}
}`
}

function typeText({ type, optional }: GuessedField): string {
  if (!optional) return type
  // The question mark stands behind the type, before its range.
  const range = type.indexOf(' in ')
  return range < 0 || type.startsWith('{') || type.startsWith('enum')
    ? `${type}?`
    : `${type.slice(0, range)}?${type.slice(range)}`
}

function sampleText({ name, fields }: DraftedContract): string {
  const values = fields.flatMap(field => (field.sample === null ? [] : [`  ${field.name}: ${field.sample}`]))
  return `sample ${name} {\n${values.join(',\n')}\n}`
}

function sourceText({ format, files, source }: DraftParts): string {
  const names = source.contracts.map(contract => contract.name)
  const head = [
    `  format ${format}`,
    ...(files.length > 0 ? [`  files ${files.map(glob => JSON.stringify(glob)).join(', ')}`] : []),
    ...(source.time === null ? [] : [`  ${source.time}`]),
    ...(source.lateness === null ? [] : [`  lateness ${source.lateness}  // guess: time goes back so far in a file`]),
  ]
  const maps = source.contracts.map(({ name, when, fields }) => {
    const lines = fields.flatMap(field => (field.mapped === null ? [] : [`    ${field.name} = ${field.mapped}`]))
    const condition = when === null ? '' : ` when ${when}`
    return `  map ${name}${condition} {${lines.length === 0 ? ' ' : `\n${lines.join('\n')}\n  `}}`
  })
  return `module source

use events { ${names.join(', ')} }

/// How the recorded files become events.
source recorded {
${[...head, ...maps].join('\n')}
}
`
}

function policyText(contracts: readonly DraftedContract[]): string {
  const names = contracts.map(contract => contract.name)
  const unusual = findQuantity(contracts)
  const [first] = names
  // Through one alias only what all its events share can be read.
  const others = names.filter(name => name !== unusual?.contract.name)
  const events =
    unusual === null
      ? [`  on ${names.join(', ')}`]
      : [`  on ${unusual.contract.name} as e`, ...(others.length === 0 ? [] : [`  on ${others.join(', ')}`])]
  return `module first_look

use events { ${names.join(', ')} }

/// Lets everything pass, so that the first simulation shows what there is. Put your own rules in its place.
policy first_look version 0.1.0 {
  owner "nobody yet"
${events.join('\n')}
  combine strictest
  default permit because "no rule speaks of it yet"
${unusual === null ? '' : `\n${largeRule(unusual)}\n`}}

test "everything passes" {
  given ${unusual?.contract.name ?? first ?? ''} { }
  expect permit
}
${unusual === null ? '' : largeTest(unusual)}`
}

interface Unusual {
  readonly contract: DraftedContract
  readonly field: GuessedField
  readonly quantity: NonNullable<GuessedField['quantity']>
}

/** The quantity of the contract with most records, money before numbers. */
function findQuantity(contracts: readonly DraftedContract[]): Unusual | null {
  const all = contracts
    .toSorted((a, b) => b.records - a.records)
    .flatMap(contract =>
      contract.fields.flatMap(field =>
        field.quantity === null ? [] : [{ contract, field, quantity: field.quantity }],
      ),
    )
    .filter(({ field }) => !field.type.startsWith('Money') || field.type.startsWith('Money<'))
  const named = all.find(({ field }) => /amount|price|total|cost|fee/i.test(field.name))
  return all.find(({ field }) => field.type.startsWith('Money')) ?? named ?? all[0] ?? null
}

function largeRule({ field, quantity }: Unusual): string {
  const limit = `${quantity.threshold}${quantity.unit === '' ? '' : ` ${quantity.unit}`}`
  const guard = field.optional ? `e.${field.name} is present and ` : ''
  return `  /// guess: 19 of 20 records are not above this.
  rule large "larger than usual"
    when ${guard}e.${field.name} > ${limit}
    warn`
}

function largeTest({ contract, field, quantity }: Unusual): string {
  const more = `${quantity.more}${quantity.unit === '' ? '' : ` ${quantity.unit}`}`
  return `
test "what is larger than usual is pointed at" {
  given ${contract.name} { ${field.name}: ${more} }
  expect warn by large
}
`
}
