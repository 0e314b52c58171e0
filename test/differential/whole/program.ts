/**
 * Programs with everything in them that can meet: a generated program that decides, waits and measures, and over it layers, policies
 * in shadow, rollouts, exceptions, and an expectation that can be cancelled. What is added is made from the plan of what is there.
 */
import type { Plan, PlanContract, PlanPolicy } from '@writ/engine'
import { generateProgram as generateMeasures } from '../measures/program.ts'
import { checked } from '../pair.ts'
import type { Random } from '../random.ts'
import { condition } from '../rollouts/program.ts'
import * as words from '../vocabulary.ts'
import { innerType } from '../vocabulary.ts'

/** One file of one module; null where the program that it begins with is refused. */
export function generateProgram(random: Random): string | null {
  const text = generateMeasures(random)
  const plan = text === null ? null : checked(text).plan
  if (text === null || plan === null) return null
  const deciding = plan.policies.filter(({ contracts }) => contracts.length > 0)
  const contracts = plan.contracts.filter(({ module }) => module === 'generated')
  const next = nextVersion(random, random.pick(contracts))
  const rolled = [...random.sample(deciding, random.between(0, 1)).map(({ name }) => name), next.name]
  const replaced = random.chance(50)
    ? deciding.find(policy => mayReplace(policy, next.contract, rolled, plan))
    : undefined
  const modes = plan.policies.map(({ name }) => {
    const layer = name === replaced?.name || random.chance(50) ? '' : ` layer ${random.pick(layers)}`
    const shadow = name !== replaced?.name && !rolled.includes(name) && random.chance(20) ? ' mode shadow' : ''
    return { name, items: `${layer}${shadow}` }
  })
  const governed = modes.reduce(
    (whole, { name, items }) =>
      whole.replace(new RegExp(`policy ${name} (version [0-9.]+ )?\\{`), head => `${head}${items}`),
    text,
  )
  const policies = [...deciding.map(({ name }) => name), next.name]
  return [
    governed,
    'layers top > middle\nlayers middle > low',
    next.text,
    waiting(random, contracts),
    ...streams(random, policies, contracts),
    ...rolled.map((name, i) => {
      const policy = plan.policies.find(one => one.name === name)
      const keys = keysOf(plan, policy?.contracts ?? [plan.contracts.indexOf(next.contract)])
      return rollout(random, i, name, policies, keys, name === next.name ? (replaced?.name ?? null) : null)
    }),
  ].join('\n')
}

const layers = ['top', 'middle', 'low']

/** A policy over the events of one contract, so that it can take the place of another one; its breakers and waivers meet the rollout. */
function nextVersion(random: Random, contract: PlanContract) {
  const { name: of, fields } = contract
  const decision = () => random.pick(['permit', 'warn', 'hold', 'deny'])
  const key = fields.some(({ name }) => name === 'customer') ? 'customer' : 'all'
  const lasts = random.chance(40) ? ` for ${random.pick(['250ms', '1s', '10m'])} by ${key}` : ''
  const often = `count of ${of} by ${key} over ${random.pick(words.windowPool)} > ${random.between(1, 4)}`
  const text = [
    `policy next version 2.0.0 { on ${of} as e default ${decision()}`,
    `  rule often when ${often} ${random.pick(['warn', 'hold', 'deny'])}${lasts}`,
    `  rule again when exists ${of} by ${key} over ${random.pick(words.windowPool)} before this ${decision()}`,
    `}\nexception patience { rule next.often granted by "ana" until ${moment(random)} }`,
  ].join('\n')
  return { name: 'next', contract, text }
}

function mayReplace(
  { name, contracts, layer, mode }: PlanPolicy,
  of: PlanContract,
  rolled: readonly string[],
  plan: Plan,
) {
  return (
    !rolled.includes(name) && layer === null && mode === 'enforce' && contracts.includes(plan.contracts.indexOf(of))
  )
}

/** Deadlines that fall together with each other and with the log's events, some of them called off. */
function waiting(random: Random, contracts: readonly PlanContract[]): string {
  const pair = (alias: string, other: PlanContract, opening: PlanContract) =>
    [other, opening].every(({ fields }) => fields.some(({ name }) => name === 'customer')) && random.chance(70)
      ? ` where ${alias}.customer == i.customer`
      : ''
  const rules = Array.from({ length: random.between(1, 2) }, (_, i) => {
    const [opening, met, off] = [random.pick(contracts), random.pick(contracts), random.pick(contracts)]
    const unless = random.chance(50) ? ` unless ${off.name} as y${pair('y', off, opening)}` : ''
    return `  rule w${i} after ${opening.name} as i expect ${met.name} as x${pair('x', met, opening)} within ${random.pick(['250ms', '1s', '1m', '1h'])}${unless} else deny`
  })
  return `policy waits {\n${rules.join('\n')}\n}`
}

/** The indicators `c0` to `c2` and `s0` to `s2` that rollouts ask for. */
function streams(random: Random, policies: readonly string[], contracts: readonly PlanContract[]): readonly string[] {
  const range = () => `by all ${random.pick(['over 1s', 'over 10m', 'over 1d', 'per hour', 'per day'])}`
  const of = [
    { of: `decisions of ${random.pick(policies)}`, hit: 'hold or deny' },
    { of: random.pick(contracts).name, hit: '1 < 2' },
    { of: 'outcomes of waits.w0', hit: random.pick(['fulfilled', 'breached', 'took > 500ms']) },
  ]
  return of.flatMap(({ of: stream, hit }, i) => [
    `indicator c${i} = count of ${stream} ${range()}`,
    `indicator s${i} = share(${hit}) of ${stream} ${range()}`,
  ])
}

function keysOf(plan: Plan, contracts: readonly number[]): readonly string[] {
  const [first = [], ...others] = contracts.map(index => plan.contracts[index]?.fields ?? [])
  return first
    .filter(({ type }) => ['string', 'int', 'enum', 'bool'].includes(innerType(type).kind))
    .map(({ name }) => name)
    .filter(name => others.every(fields => fields.some(other => other.name === name)))
}

function rollout(
  random: Random,
  i: number,
  policy: string,
  policies: readonly string[],
  keys: readonly string[],
  replaces: string | null,
): string {
  const promote = random.chance(40) ? [`promote when ${condition(random, policies)}`] : []
  const length = () => (random.chance(promote.length > 0 ? 60 : 100) ? ` for ${random.pick(words.windowPool)}` : '')
  const key = keys.length === 0 ? null : random.pick(keys)
  const shares = key === null ? [] : random.sample([1, 25, 50, 75, 100], random.between(0, 2))
  const shadow = shares.length === 0 || random.chance(60) ? [`shadow${length()}`] : []
  const items = [
    ...(random.chance(30) ? [`from ${moment(random)}`] : []),
    ...(promote.length > 0 || random.chance(30) ? ['until 2026-12-31'] : []),
    ...(replaces === null ? [] : [`replaces ${replaces}`]),
    ...shadow,
    ...shares.map(share => `canary ${share}% by ${key}${length()}`),
    ...promote,
    ...(random.chance(60) ? [`rollback when ${condition(random, policies)}`] : []),
  ]
  return `rollout g${i} of ${policy} {\n  ${items.join('\n  ')}\n}`
}

function moment(random: Random): string {
  return new Date(words.firstTime + random.pick([-1000, 0, 1000, 30_000, 600_000, 3_600_000])).toISOString()
}
