/**
 * Programs that measure: a generated program of decisions or of obligations, with indicators on its events, decisions and
 * outcomes, objectives with alerts on them, and contracts that promise quality and freshness. What is added is made from the plan.
 */
import type { Plan, PlanContract, PlanPolicy, Type } from '@writ/engine'
import { expressionMaker, type Make, readablesOf, type Scope } from '../expressions.ts'
import { generateProgram as generateObligations } from '../obligations/program.ts'
import { checked } from '../pair.ts'
import { generateProgram as generateDecisions } from '../program.ts'
import type { Random } from '../random.ts'
import * as words from '../vocabulary.ts'
import { innerType, typeName } from '../vocabulary.ts'

/** One file of one module; null where the program that it begins with is refused. */
export function generateProgram(random: Random): string | null {
  const text = random.chance(60) ? generateObligations(random) : generateDecisions(random)
  const { plan } = checked(text)
  if (!plan) return null
  const make = expressionMaker(random)
  const contracts = plan.contracts.filter(contract => contract.module === 'generated')
  const promising = contracts.reduce(
    (whole, contract) =>
      whole.replace(
        `contract ${contract.name} version 1.0.0 {`,
        start => `${start}${promises(random, make, contract)}`,
      ),
    text,
  )
  const measured = Array.from({ length: random.between(1, 4) }, (_, i) => indicator(random, make, plan, contracts, i))
  return [promising, ...measured.flat()].join('\n')
}

type Field = PlanContract['fields'][number]

function promises(random: Random, make: Make, { fields }: PlanContract): string {
  const name = () => random.pick(fields).name
  const scope = scopeOf(fields)
  const one = () => {
    const kind = random.weighted({ completeness: 30, validity: 40, uniqueness: 20, volume: 15 })
    const bound =
      kind === 'volume' ? random.pick(['0', '1', '2', '5']) : `${random.pick(['0', '25', '50', '75', '100'])}%`
    const given =
      kind === 'volume'
        ? ''
        : kind === 'validity'
          ? random.pick(['', name(), make(words.bool, scope, 1), `${name()}, ${name()}`])
          : random.pick([name(), `${name()}, ${name()}`])
    return `\n  quality ${kind}(${given}) ${random.pick(['>=', '>', '<=', '<'])} ${bound} over ${random.pick(words.windowPool)}`
  }
  const qualities = Array.from({ length: random.pick([0, 0, 1, 2]) }, one)
  const freshness = random.chance(35) ? `\n  freshness ${random.pick(['1ms', '250ms', '1s', '30s', '10m', '1h'])}` : ''
  return `${qualities.join('')}${freshness}`
}

interface Stream {
  readonly text: string
  readonly fields: readonly Field[]
  readonly added: readonly { readonly text: string; readonly type: Type }[]
}

function streamOf(random: Random, plan: Plan, contracts: readonly PlanContract[]): Stream {
  const deciding = plan.policies.filter(policy => policy.contracts.length > 0)
  const living = plan.policies.flatMap(policy =>
    policy.rules.filter(rule => rule.expectation || rule.approval).map(rule => ({ policy, rule })),
  )
  const kind = random.weighted({
    events: 30,
    decisions: deciding.length > 0 ? 30 : 0,
    outcomes: living.length > 0 ? 50 : 0,
  })
  if (kind === 'decisions') return decisionsOf(plan, random.pick(deciding))
  if (kind === 'outcomes') {
    const { policy, rule } = random.pick(living)
    const own = rule.expectation ? [rule.expectation.opens.contract] : rule.contracts
    const added = [
      { text: 'fulfilled', type: words.bool },
      { text: 'breached', type: words.bool },
      { text: 'took', type: words.duration },
    ]
    return { text: `outcomes of ${policy.name}.${rule.name}`, fields: common(plan, own, ['took']), added }
  }
  const contract = random.pick(contracts)
  return { text: contract.name, fields: contract.fields, added: [] }
}

function decisionsOf(plan: Plan, policy: PlanPolicy): Stream {
  const added = ['permit', 'warn', 'hold', 'deny'].map(text => ({ text, type: words.bool }))
  const fields = common(plan, policy.contracts, ['rule'])
  return { text: `decisions of ${policy.name}`, fields, added: [...added, { text: 'rule', type: words.string }] }
}

/** The fields that all the contracts have, but for names that mean something else. */
function common(plan: Plan, contracts: readonly number[], hidden: readonly string[]): readonly Field[] {
  const [first = [], ...others] = contracts.map(index => plan.contracts[index]?.fields ?? [])
  return first.filter(
    field => !hidden.includes(field.name) && others.every(fields => fields.some(other => other.name === field.name)),
  )
}

function indicator(random: Random, make: Make, plan: Plan, contracts: readonly PlanContract[], i: number): string[] {
  const { text, fields, added } = streamOf(random, plan, contracts)
  const scope = scopeOf(fields, added)
  const present = [
    ...fields.filter(({ type }) => type.kind !== 'optional').map(({ name, type }) => ({ text: name, type })),
    ...added,
  ]
  const numbers = present.filter(
    ({ type }) => ['int', 'decimal', 'percent', 'duration'].includes(type.kind) || typeName(type) === 'Money<USD>',
  )
  const single = present.filter(({ type }) => !['list', 'record'].includes(innerType(type).kind))
  const name = random.weighted({
    share: 45,
    count: 15,
    distinct: single.length > 0 ? 10 : 0,
    number: numbers.length > 0 ? 35 : 0,
  })
  const number = numbers.length > 0 ? random.pick(numbers) : null
  const measure = random.pick(['sum', 'sum', 'avg', 'min', 'max', 'quantile'])
  const rank = measure === 'quantile' ? `, ${random.pick(['0%', '50%', '95%', '100%'])}` : ''
  const head =
    name === 'share'
      ? `share(${make(words.bool, scope, 1)})`
      : name === 'count'
        ? 'count'
        : name === 'distinct'
          ? `distinct(${random.pick(single).text})`
          : `${measure}(${number?.text}${rank})`
  const where = random.chance(35) ? ` where ${make(words.bool, scope, 1)}` : ''
  const keys = random.sample(
    words.keyNames.filter(key => fields.some(field => field.name === key)),
    random.pick([0, 0, 1, 1, 2]),
  )
  const by = keys.length === 0 ? random.pick(['', ' by all']) : ` by ${keys.join(', ')}`
  const form = `indicator i${i} = ${head} of ${text}${where}${by}${rangeOf(random)}`
  const kind = name === 'number' ? measure : name
  return random.chance(65) ? [form, objective(random, i, kind, number?.type ?? words.int)] : [form]
}

function rangeOf(random: Random): string {
  if (random.chance(75)) return ` over ${random.pick(words.windowPool)}`
  return ` per ${random.pick(['hour', 'day', 'week', 'month'])}${random.pick(['', '', ' in "Europe/Zurich"'])}`
}

function objective(random: Random, i: number, kind: string, type: Type): string {
  const range = random.chance(60) ? rangeOf(random) : ''
  const isGrowing = ['count', 'sum', 'distinct'].includes(kind)
  const operator = random.pick(isGrowing ? ['<=', '<'] : ['>=', '>', '<=', '<'])
  const bound = random.pick(['1', '10', '50', '99'])
  const value = kind === 'share' ? `${bound}%` : boundText(isGrowing && kind !== 'sum' ? words.int : type, bound)
  const mayBurn = kind === 'share' || ((kind === 'count' || kind === 'sum') && range.startsWith(' over'))
  const mayRemain = mayBurn || kind === 'count' || kind === 'sum'
  const condition = () => {
    const comparison = random.pick(['>', '>=', '<', '<='])
    return mayBurn && random.chance(70)
      ? `burn ${comparison} ${random.pick(['0', '0.5', '1', '2', '14.4'])} over ${random.pick(words.windowPool)}`
      : `remaining ${comparison} ${random.pick(['0', '20', '50', '100'])}%`
  }
  const alerts = Array.from({ length: mayRemain ? random.between(0, 2) : 0 }, () => {
    return `  warn when ${Array.from({ length: random.between(1, 2) }, condition).join(' and ')}`
  })
  return `objective o${i} of i${i} {\n  target ${operator} ${value}${range}\n${alerts.join('\n')}\n}`
}

function boundText(type: Type, number: string): string {
  switch (type.kind) {
    case 'percent':
      return `${number}%`
    case 'duration':
      return `${number}s`
    case 'money':
      return `${number} USD`
    default:
      return number
  }
}

function scopeOf(fields: readonly Field[], added: Scope['readable'] = []): Scope {
  const readable = [...fields.flatMap(field => readablesOf(field.name, field.type)), ...added, ...added, ...added]
  return { readable, callable: [], history: null, guarded: new Set(), nesting: 0 }
}
