/**
 * Programs about what lives on after events: expectations with keys, conditions on one event and on both, history, and equal
 * deadlines. What an expression may be is ../expressions.ts.
 */
import { expressionMaker, type Make, type Readable, readablesOf, type Scope } from '../expressions.ts'
import { type ContractWords, historyMaker } from '../histories.ts'
import type { Random } from '../random.ts'
import * as words from '../vocabulary.ts'
import { innerType, typeName } from '../vocabulary.ts'

/** One file of one module. */
export function generateProgram(random: Random): string {
  const make = expressionMaker(random)
  const contracts = ['Alpha', 'Beta', 'Gamma'].slice(0, random.between(1, 3)).map(
    (name): ContractWords => ({
      name,
      fields: words.fieldPool.filter(field => random.chance(keys.includes(field.name) ? 75 : 15)),
    }),
  )
  const policies = Array.from({ length: random.between(1, 2) }, (_, i) => policy(random, make, `p${i}`, contracts))
  const asking = Array.from({ length: random.between(0, 2) }, (_, i) => askingPolicy(random, make, `q${i}`, contracts))
  return [
    'module generated',
    words.typeDeclarations,
    ...contracts.map(({ name, fields }) => contractText(random, name, fields)),
    roles(random, contracts),
    ...policies,
    ...asking,
  ].join('\n')
}

const keys = ['customer', 'agent', 'pieces', 'rule', 'channel', 'level']

function contractText(random: Random, name: string, fields: ContractWords['fields']): string {
  const key = random.pick(['customer', 'customer', 'pieces', 'body'])
  const marked = (field: string) => (field === key ? ' key' : field === 'rule' ? ' requester' : '')
  const lines = fields.map(field => `  ${field.name} : ${field.text}${marked(field.name)}`)
  // Rejected events neither begin nor meet anything, but time passes with them.
  const hasPieces = fields.some(field => field.name === 'pieces')
  const check = hasPieces && random.chance(40) ? ['  check pieces != 3'] : []
  return `contract ${name} version 1.0.0 {\n${[...lines, ...check].join('\n')}\n}\n`
}

function policy(random: Random, make: Make, name: string, contracts: readonly ContractWords[]): string {
  const rules = Array.from({ length: random.between(1, 4) }, (_, i) => expectation(random, make, `r${i}`, contracts))
  return `policy ${name} {\n${rules.join('\n')}\n}\n`
}

/** People are named as customers and other texts of the log are, so that some approve what they asked for. */
export const people = ['a', 'b', 'c', 'c1', 'c2', 'ab']

function roles(random: Random, contracts: readonly ContractWords[]): string {
  const kept = contracts.filter(({ fields }) => fields.some(field => field.name === 'customer'))
  const role = (name: string) => {
    const members = random.sample(people, random.between(3, 5))
    const deputy = random.pick(people)
    const until = random.chance(50) ? ' until 2026-11-21' : ''
    const delegate = random.chance(60) ? `\n  delegate "${random.pick(members)}" to "${deputy}"${until}` : ''
    const listed = `  members ${members.map(member => `"${member}"`).join(', ')}`
    if (kept.length === 0 || !random.chance(30)) return `role ${name} {\n${listed}${delegate}\n}`
    const { name: contract, fields } = random.pick(kept)
    const where = fields.some(field => field.name === 'pieces') && random.chance(50) ? ' where pieces > 1' : ''
    const table = `table of_${name} by customer from ${contract}${where} { who: customer }`
    return `${table}\nrole ${name} {\n${random.chance(50) ? listed : ''}${delegate}\n  from table of_${name}\n}`
  }
  return `${role('Lead')}\n${role('Risk')}\n`
}

/** Rules that ask for approvals of what they hold, and one that permits some of it all the same. */
function askingPolicy(random: Random, make: Make, name: string, contracts: readonly ContractWords[]): string {
  const contract = random.pick(contracts)
  const scope = scopeOf(readablesAt('e', contract), null)
  const rules = Array.from({ length: random.between(1, 3) }, (_, i) => {
    const when = random.chance(60) ? `\n    when ${make(words.bool, scope, 1)}` : ''
    const others = Array.from({ length: random.pick([0, 0, 1, 2]) }, () => ` else ${stage(random)}`)
    const otherwise = random.chance(50) ? ' else deny "too late"' : ''
    return `  rule r${i}${when}\n    require ${stage(random)}${others.join('')}${otherwise}`
  })
  const permits = random.chance(30) ? [`  rule fine\n    when ${make(words.bool, scope, 1)}\n    permit`] : []
  const head = `policy ${name} {\n  on ${contract.name} as e\n  combine ${random.pick(['strictest', 'first', 'permit_overrides'])}\n  default permit`
  return `${[head, ...rules, ...permits].join('\n')}\n}\n`
}

function stage(random: Random): string {
  const within = random.chance(85) ? ` within ${random.pick(delays.slice(1))}` : ''
  return `approval from ${random.chance(45) ? '2 of ' : ''}${random.pick(['Lead', 'Risk'])}${within}`
}

/** Few different delays, so that deadlines fall together, and steps of the log that are just as long. */
const delays = ['0s', '1ms', '250ms', '250ms', '999ms', '1s', '30s', '1m', '10m', '1h', '1d']

function expectation(random: Random, make: Make, name: string, contracts: readonly ContractWords[]): string {
  const opening = random.pick(contracts)
  const awaited = random.chance(40) ? opening : random.pick(contracts)
  const delay = random.pick(delays.slice(1))
  const where = random.chance(40) ? ` where ${openingCondition(random, make, opening, contracts)}` : ''
  const condition = laterCondition(random, make, 'x', opening, awaited)
  const cancelling = random.chance(50) ? opening : random.pick(contracts)
  const unless = random.chance(40)
    ? ` unless ${cancelling.name} as y${laterCondition(random, make, 'y', opening, cancelling)}`
    : ''
  return [
    `  rule ${name}`,
    `    after ${opening.name} as i${where}`,
    `    expect ${awaited.name} as x${condition} within ${delay}${unless}`,
    `    else ${random.pick(['permit', 'warn', 'hold', 'deny'])}`,
  ].join('\n')
}

function openingCondition(
  random: Random,
  make: Make,
  opening: ContractWords,
  contracts: readonly ContractWords[],
): string {
  const current = { alias: 'i', fields: opening.fields, alone: true }
  const scope = scopeOf(readablesAt('i', opening), historyMaker(random, contracts, current))
  const history = random.chance(50) ? scope.history?.(make, words.bool, scope, 1) : null
  return history ?? make(words.bool, scope, 2)
}

function laterCondition(
  random: Random,
  make: Make,
  alias: string,
  opening: ContractWords,
  later: ContractWords,
): string {
  const parts: string[] = []
  for (const pair of random.sample(keyPairs(alias, opening, later), random.pick([0, 1, 1, 1, 2]))) parts.push(pair)
  if (random.chance(35)) parts.push(make(words.bool, scopeOf(readablesAt(alias, later), null), 2))
  if (random.chance(35)) {
    const both = [...readablesAt(alias, later), ...readablesAt('i', opening)]
    parts.push(make(words.bool, scopeOf(both, null), 2))
  }
  if (parts.length === 0) return ''
  const shuffled = random.chance(50) ? parts : parts.toReversed()
  return ` where ${shuffled.map(part => `(${part})`).join(random.chance(90) ? ' and ' : ' or ')}`
}

/** Equalities of the two events' fields, optional ones guarded. */
function keyPairs(alias: string, opening: ContractWords, later: ContractWords): readonly string[] {
  return later.fields.flatMap(field =>
    opening.fields
      .filter(other => keys.includes(field.name) && keys.includes(other.name))
      .filter(other => typeName(innerType(other.type)) === typeName(innerType(field.type)))
      .map(other => {
        const guards = [
          ...(field.type.kind === 'optional' ? [`${alias}.${field.name} is present`] : []),
          ...(other.type.kind === 'optional' ? [`i.${other.name} is present`] : []),
        ]
        return [...guards, `${alias}.${field.name} == i.${other.name}`].join(' and ')
      }),
  )
}

function readablesAt(alias: string, contract: ContractWords): readonly Readable[] {
  return contract.fields.flatMap(({ name, type }) => readablesOf(`${alias}.${name}`, type))
}

function scopeOf(readable: readonly Readable[], history: Scope['history']): Scope {
  return { readable, callable: [], history, guarded: new Set(), nesting: 0 }
}
