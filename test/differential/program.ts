/**
 * Whole programs as text, made to check clean: contracts over the field pool, defines, policies with lets, rules, approvals,
 * templates and obligations. What an expression may be is expressions.ts and histories.ts.
 */
import type { Type } from '@writ/engine'
import { type Callable, expressionMaker, type Make, type Readable, readablesOf, type Scope } from './expressions.ts'
import { type ContractWords, type CurrentEvent, historyMaker } from './histories.ts'
import { literalText } from './literals.ts'
import type { Random } from './random.ts'
import { askable, rulebookCondition } from './rulebooks.ts'
import * as words from './vocabulary.ts'
import { innerType, typeText } from './vocabulary.ts'

/** One file of one module. */
export function generateProgram(random: Random): string {
  const contracts = Array.from({ length: random.between(1, 4) }, (_, i) =>
    contractWords(random, contractNames[i] ?? 'X'),
  )
  const make = expressionMaker(random)
  const defines: Callable[] = []
  const defineTexts = Array.from({ length: random.between(0, 3) }, (_, i) => define(random, make, `d${i}`, defines))
  const tables = contracts.flatMap(contract => table(random, make, contract) ?? [])
  const policies = Array.from(
    { length: random.weighted({ 1: 55, 2: 30, 3: 15 }) === '1' ? 1 : random.between(2, 3) },
    (_, i) => policy(random, make, `p${i}`, contracts, defines, tables),
  )
  return [
    'module generated',
    words.typeDeclarations,
    'role Lead { members "ana", "bo" }\nrole Risk { members "kim", "lee", "max" }\n',
    ...contracts.map(contract => contractText(random, make, contract)),
    ...tables.map(({ text }) => text),
    ...defineTexts,
    ...policies.map(({ text }) => text),
    ...exceptions(random, make, policies, defines),
  ].join('\n')
}

const contractNames = ['Alpha', 'Beta', 'Gamma', 'Delta']

function contractWords(random: Random, name: string): ContractWords {
  const fields = words.fieldPool.filter(field => random.chance(field.name === 'customer' ? 90 : 30))
  return { name, fields: fields.length > 0 ? fields : words.fieldPool.slice(0, 1) }
}

function contractText(random: Random, make: Make, { name, fields }: ContractWords): string {
  const scope = scopeOf(
    fields.flatMap(field => readablesOf(field.name, field.type)),
    [],
    null,
  )
  const checks = random.chance(20)
    ? Array.from({ length: random.between(1, 2) }, () => {
        // Most events should live: a check is rarely strict.
        const lenient = random.chance(60) ? ` or ${make(words.bool, scope, 1)} or ${make(words.bool, scope, 1)}` : ''
        return `  check ${make(words.bool, scope, 2)}${lenient}${random.pick(['', ' else reject "no"', ' else warn', ' else warn "hm"'])}`
      })
    : []
  const lines = fields.map(field => `  ${field.name} : ${field.text}`)
  return `contract ${name} version 1.0.0 {\n${[...lines, ...checks].join('\n')}\n}\n`
}

function define(random: Random, make: Make, name: string, defines: Callable[]): string {
  const result = random.pick(definable)
  const parameters = Array.from({ length: random.between(0, 3) }, (_, i) => ({
    name: `a${i}`,
    type: random.pick(definable),
  }))
  const scope = scopeOf(
    parameters.flatMap(({ name: text, type }) => readablesOf(text, type)),
    defines,
    null,
  )
  const body = make(result, scope, random.between(1, 3))
  defines.push({ name, parameters: parameters.map(({ type }) => type), result })
  if (parameters.length === 0) return `define ${name}: ${typeText(result)} = ${body}\n`
  const list = parameters.map(({ name: parameter, type }) => `${parameter}: ${typeText(type)}`).join(', ')
  return `define ${name}(${list}): ${typeText(result)} = ${body}\n`
}

const definable: readonly Type[] = [
  words.bool,
  words.int,
  words.decimal,
  words.dollars,
  words.money,
  words.string,
  words.duration,
  words.percent,
  words.strings,
]

function policy(
  random: Random,
  make: Make,
  name: string,
  contracts: readonly ContractWords[],
  defines: readonly Callable[],
  tables: readonly Table[],
): GeneratedPolicy {
  const bindings = bind(random, contracts)
  const lines = [
    `policy ${name} version 1.${random.between(0, 9)}.0 {`,
    ...bindings.map(({ text }) => `  ${text}`),
    `  combine ${random.pick(['strictest', 'first', 'permit_overrides'])}`,
    `  default ${random.pick(decisions)}${random.chance(50) ? ' because "no rule {{covers}} this"' : ''}`,
  ]
  const lets: { readonly alias: string; readonly readable: Readable }[] = []
  for (let i = 0, count = random.between(0, 4); i < count; i++) {
    const { current } = random.pick(bindings)
    const scope = scopeOf(readableAt(current, lets), defines, historyMaker(random, contracts, current))
    const type = random.pick([
      words.bool,
      words.int,
      words.int,
      words.decimal,
      words.dollars,
      words.money,
      words.duration,
      words.string,
      words.percent,
    ])
    const history = random.chance(75) ? scope.history?.(make, type, scope, 2) : null
    lines.push(`  let l${i} = ${history ?? make(type, scope, 3)}`)
    // What is asked for as money of any currency may come out as dollars, and does not meet euros then.
    lets.push({ alias: current.alias, readable: { text: `l${i}`, type: type.kind === 'money' ? words.dollars : type } })
  }
  for (const [i, { name: looked, members }] of tables.entries()) {
    const { current } = random.pick(bindings)
    if (!current.fields.some(field => field.name === 'customer') || random.chance(40)) continue
    const member = random.pick(members)
    const inner = innerType(member.type)
    if (inner.kind === 'money' && inner.currency === 'EUR') continue
    // With a default in dollars, money of any currency counts as dollars.
    const type = inner.kind === 'money' && inner.currency === null ? words.dollars : inner
    lines.push(`  let f${i} = ${looked}(${current.alias}.customer).${member.name} ?? ${literalText(random, type)}`)
    lets.push({ alias: current.alias, readable: { text: `f${i}`, type } })
  }
  const isBook = random.chance(25)
  const asked = new Map<string, readonly Readable[]>()
  const rules = isBook ? random.between(8, 40) : random.between(1, 6)
  for (let i = 0; i < rules; i++) {
    const { current } = random.pick(bindings)
    const scope = scopeOf(readableAt(current, lets), defines, historyMaker(random, contracts, current))
    const fields = asked.get(current.alias) ?? askable(random, scope)
    asked.set(current.alias, fields)
    const condition = isBook ? rulebookCondition(random, make, scope, fields) : ruleCondition(random, make, scope)
    lines.push(...rule(random, make, `r${i}`, scope, condition))
  }
  const [first = [], ...others] = bindings.map(({ current }) => current.fields)
  const common = first.filter(field => others.every(fields => fields.some(other => other.name === field.name)))
  return { name, rules, common, text: `${[...lines, '}'].join('\n')}\n` }
}

interface GeneratedPolicy {
  readonly name: string
  readonly text: string
  /** How many: r0, r1, … */
  readonly rules: number
  /** Fields of all its events. */
  readonly common: CurrentEvent['fields']
}

/** Some rules are waived for some events, for some time. */
function exceptions(
  random: Random,
  make: Make,
  policies: readonly GeneratedPolicy[],
  defines: readonly Callable[],
): readonly string[] {
  const count = random.chance(25) ? random.between(1, 4) : 0
  return Array.from({ length: count }, (_, i) => {
    const { name, rules, common } = random.pick(policies)
    const fields = common.flatMap(field => readablesOf(field.name, field.type))
    const condition = make(words.bool, scopeOf(fields, defines, null), random.between(0, 2))
    const when = random.chance(80) ? `when ${condition} ` : ''
    const from = random.chance(30) ? `from ${moment(random)} ` : ''
    const until = from === '' && random.chance(85) ? moment(random) : '2026-12-31'
    return `exception x${i} { rule ${name}.r${random.between(0, rules - 1)} ${when}granted by "ana" ${from}until ${until} }\n`
  })
}

function moment(random: Random): string {
  const seconds = words.firstTime + random.pick([0, 1_000, 30_000, 600_000, 3_600_000])
  return new Date(seconds).toISOString().replace('.000Z', 'Z')
}

interface Table {
  readonly name: string
  readonly text: string
  readonly members: CurrentEvent['fields']
}

/** What a customer's last event of a contract said. */
function table(random: Random, make: Make, { name, fields }: ContractWords): Table | null {
  const members = random.sample(fields, 3).filter(({ type }) => !['record', 'list'].includes(innerType(type).kind))
  if (!fields.some(field => field.name === 'customer') || members.length === 0 || random.chance(60)) return null
  const bare = fields.flatMap(field => readablesOf(field.name, field.type))
  const where = random.chance(40) ? ` where ${make(words.bool, scopeOf(bare, [], null), 1)}` : ''
  const row = members.map(member => `${member.name}: ${member.name}`).join(', ')
  return { name: `of_${name}`, members, text: `table of_${name} by customer from ${name}${where} { ${row} }\n` }
}

const decisions = ['permit', 'warn', 'hold', 'deny']

/** `on A as a`, `on A, B as e` with what both have in common, or several of them. */
function bind(
  random: Random,
  contracts: readonly ContractWords[],
): readonly { readonly text: string; readonly current: CurrentEvent }[] {
  if (contracts.length > 1 && random.chance(35)) {
    const [first, second] = random.sample(contracts, 2)
    if (first && second) {
      if (random.chance(50)) {
        const fields = first.fields.filter(field => second.fields.some(other => other.name === field.name))
        return [{ text: `on ${first.name}, ${second.name} as e`, current: { alias: 'e', fields, alone: true } }]
      }
      return [first, second].map(({ name, fields }, i) => ({
        text: `on ${name} as e${i}`,
        current: { alias: `e${i}`, fields, alone: false },
      }))
    }
  }
  const { name, fields } = random.pick(contracts)
  return [{ text: `on ${name} as e`, current: { alias: 'e', fields, alone: true } }]
}

/** The fields of the event, and the lets that speak of the same event. */
function readableAt(
  current: CurrentEvent,
  lets: readonly { readonly alias: string; readonly readable: Readable }[],
): readonly Readable[] {
  const fields = current.fields.flatMap(({ name, type }) => readablesOf(`${current.alias}.${name}`, type))
  const own = lets.filter(({ alias }) => alias === current.alias).map(({ readable }) => readable)
  // A let is there to be used: it counts more than one field does.
  return [...fields, ...own, ...own, ...own]
}

function scopeOf(readable: readonly Readable[], callable: readonly Callable[], history: Scope['history']): Scope {
  return { readable, callable, history, guarded: new Set(), nesting: 0 }
}

/** Anything, or what history alone decides: inside large expressions a window seldom tips the scales. */
function ruleCondition(random: Random, make: Make, scope: Scope): string {
  const history = random.chance(45) ? scope.history?.(make, words.bool, scope, 2) : null
  if (!history) return make(words.bool, scope, random.between(1, 4))
  if (random.chance(70)) return history
  return `${history} ${random.pick(['and', 'or'])} ${make(words.bool, scope, 1)}`
}

function rule(random: Random, make: Make, name: string, scope: Scope, condition: string): readonly string[] {
  const lines = [`  rule ${name}${random.chance(40) ? ` "rule number ${name}"` : ''}`]
  if (random.chance(96)) lines.push(`    when ${condition}`)
  if (random.chance(10)) {
    const second = random.chance(40) ? ' else approval from 2 of Risk within 2h' : ''
    const otherwise = random.chance(50) ? ' else deny "too late"' : ''
    lines.push(`    require approval from Lead within 30m${second}${otherwise}`)
  } else {
    const hole = `{${make(random.pick([words.int, words.money, words.string]), scope, 1)}}`
    // Quotation marks inside a text would end it.
    const text = random.chance(30) && !hole.includes('"') ? ` "because of ${hole}"` : ''
    const decision = random.pick(decisions)
    lines.push(`    ${decision}${text}${decision === 'permit' ? '' : lasting(random, scope)}`)
  }
  if (random.chance(10))
    lines.push(`    then notify pager { level: ${make(words.int, scope, 1)}, note: ${make(words.string, scope, 0)} }`)
  return lines
}

/** Some rules go on matching: for everyone, or for what some fields of the event say; often a moment less than the log's steps. */
function lasting(random: Random, { readable }: Scope): string {
  if (!random.chance(15)) return ''
  const duration = random.pick(['249ms', '250ms', '999ms', '29999ms', '299999ms', '599999ms', '3599999ms', '10m', '1d'])
  const single = readable.filter(({ type }) => !['record', 'list'].includes(innerType(type).kind))
  const customer = single.filter(({ text }) => text.endsWith('.customer')).slice(0, 1)
  const others = random.sample([...new Set(single)], random.between(1, 2))
  const chosen = customer.length > 0 && random.chance(60) ? customer : others
  const keys = chosen.map(({ text }, i) => `k${i} = ${text}`)
  return ` for ${duration} by ${keys.length === 0 || random.chance(35) ? 'all' : keys.join(', ')}`
}
