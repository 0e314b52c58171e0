/**
 * Programs about rollouts, and logs for them: several policies over the same events, some of which come into force by stages and take
 * the place of others, with conditions that small logs reach. Rules are simple, because what they say is not what is tried here.
 */
import { absent, type BuiltEvent, fromInteger, unknown, type Value } from '@writ/engine'
import type { Random } from '../random.ts'

/** One file of one module. */
export function generateProgram(random: Random): string {
  const policies = Array.from({ length: random.between(1, 4) }, (_, i) => `p${i}`)
  const rolled = random.sample(policies, random.between(1, policies.length))
  const replaced = new Map<string, string>()
  for (const policy of rolled) {
    const other = random.pick(policies)
    // A chain of replacements that comes back to its beginning is refused.
    if (random.chance(60) && policies.indexOf(other) > policies.indexOf(policy)) replaced.set(policy, other)
  }
  return [
    'module generated',
    'contract Alpha version 1.0.0 { customer: String?  n: Int  agent: String  check n != 7 else reject }',
    'contract Beta version 1.0.0 { customer: String?  n: Int  agent: String }',
    'contract Gamma version 1.0.0 { m: Int }',
    ...policies.map(name => policyText(random, name)),
    ...indicators(random, policies),
    ...rolled.map((policy, i) => rolloutText(random, `r${i}`, policy, policies, replaced.get(policy) ?? null)),
  ].join('\n')
}

const decisions = ['permit', 'warn', 'hold', 'deny']

/** All of them decide events of Alpha, so that each can take the place of each. */
function policyText(random: Random, name: string): string {
  const rules = Array.from(
    { length: random.between(0, 3) },
    (_, i) => `rule r${i} when e.n > ${random.between(0, 9)} ${random.pick(decisions)}`,
  )
  const on = random.pick(['Alpha', 'Alpha, Beta'])
  return `policy ${name} version 1.0.0 { on ${on} as e default ${random.pick(decisions)} ${rules.join(' ')} }`
}

function rolloutText(
  random: Random,
  name: string,
  policy: string,
  policies: readonly string[],
  replaces: string | null,
): string {
  const promote = random.chance(45) ? [`promote when ${condition(random, policies)}`] : []
  const length = () => (random.chance(promote.length > 0 ? 60 : 100) ? ` for ${random.pick(lengths)}` : '')
  // A sample keeps the order.
  const shares = random.sample([1, 10, 25, 40, 50, 75, 99.5, 100], random.between(0, 3))
  const key = random.pick(['customer', 'agent', 'customer, agent', 'n'])
  const shadow = shares.length === 0 || random.chance(60) ? [`shadow${length()}`] : []
  const from = random.chance(40) ? [`from ${moment(random)}`] : []
  const until =
    promote.length > 0 || random.chance(30) ? [`until ${from.length > 0 ? '2026-12-31' : moment(random)}`] : []
  const items = [
    ...from,
    ...until,
    ...(replaces === null ? [] : [`replaces ${replaces}`]),
    ...shadow,
    ...shares.map(share => `canary ${share}% by ${key}${length()}`),
    ...promote,
    ...(random.chance(60) ? [`rollback when ${condition(random, policies)}`] : []),
  ]
  return `rollout ${name} of ${policy} { ${items.join('  ')} }`
}

/** Counts `c0` to `c2` and shares `s0` to `s2`: of decisions, of events and of outcomes. */
function indicators(random: Random, policies: readonly string[]): readonly string[] {
  const range = () => `by all ${random.pick([...lengths.map(length => `over ${length}`), 'per hour'])}`
  const streams = [
    { of: `decisions of ${random.pick(policies)}`, hit: random.pick(['deny', 'n > 4']) },
    { of: random.pick(['Alpha', 'Beta']), hit: 'n > 4' },
    { of: 'outcomes of waits.e', hit: random.pick(['fulfilled', 'breached', 'took > 500ms']) },
  ]
  return [
    `policy waits { rule e after Alpha as a expect Gamma where it.m == a.n within ${random.pick(lengths)} else warn }`,
    ...streams.map(({ of }, i) => `indicator c${i} = count of ${of} ${range()}`),
    ...streams.map(({ of, hit }, i) => `indicator s${i} = share(${hit}) of ${of} ${range()}`),
  ]
}

const lengths = ['1ms', '500ms', '1s', '2s', '5s', '30s', '1m']
const start = Date.parse('2026-11-20T09:00:00Z')

function moment(random: Random): string {
  return new Date(start + random.pick([-1000, 0, 500, 1000, 3000, 10_000, 60_000])).toISOString()
}

/** What a rollout may ask for: figures of decisions, and the indicators `c0` to `c2` (counts) and `s0` to `s2` (shares). */
export function condition(random: Random, policies: readonly string[]): string {
  const one = () => {
    const { pick, between, chance } = random
    const where = chance(40) ? ` where ${member(random)}` : ''
    const over = chance(50) ? ` over ${pick(lengths)}` : ''
    const of = `decisions${chance(20) ? ` of ${pick(policies)}` : ''}${where}${over}`
    const operator = pick(['>', '>=', '<', '<=', '==', '!='])
    const indicator = between(0, 2)
    if (chance(15)) return `c${indicator} ${operator} ${between(0, 6)}`
    if (chance(15)) return `s${indicator} ${operator} ${pick([0, 25, 50, 100])}%`
    if (chance(50)) return `(count of ${of}) ${operator} ${between(0, 6)}`
    const share = `(share(${member(random)}) of ${of})`
    return chance(85) ? `${share} ${operator} ${pick([0, 25, 33.3, 50, 100])}%` : `${share} * 3 ${operator} 1.5`
  }
  const joined = random.chance(35) ? `${one()} ${random.pick(['and', 'or'])} ${one()}` : one()
  return random.chance(15) ? `not (${joined})` : joined
}

function member(random: Random): string {
  const one = random.pick(['permit', 'deny', 'hold or deny', 'counts', 'stricter', 'milder', 'rule == ""'])
  return random.chance(20) ? `not (${one})` : one
}

/** Events close together, some at one time, some exactly as far apart as stages are long. */
export function generateLog(random: Random): readonly BuiltEvent[] {
  let time = start
  return Array.from({ length: random.between(1, 60) }, (_, index): BuiltEvent => {
    time += random.pick([0, 0, 1, 250, 499, 500, 501, 1000, 1000, 2000, 5000, 29_999])
    const contract = random.pick([0, 0, 0, 0, 1, 1, 2])
    const customer: Value = random.pick<Value>(['a', 'b', 'c', 'd', 'e', 'f', absent, unknown])
    const n = fromInteger(random.between(0, 9))
    const fields: Record<string, Value> =
      contract === 2 ? { m: n } : { customer, n: random.chance(95) ? n : unknown, agent: random.pick(['x', 'y', 'z']) }
    return { contract, time, file: 'generated', index, fields }
  })
}
