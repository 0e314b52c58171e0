/**
 * The workload of the stateless benchmarks: requests with 20 fields, and rules of four conditions, each said in Writ and in the
 * languages of the peers. Everything comes from one seed. What is measured is in the programs beside this file.
 */
import { type Column, columnView, evaluate, Interner, type Log, type Plan, readSet, referenceRun } from '@writ/engine'
import { parse } from '@writ/grammar'
import { check } from '../engine/src/check/check.ts'

export interface Request {
  readonly action: string
  readonly country: string
  readonly amount: number
  readonly risk: number
  readonly attempts: number
  readonly internal: boolean
  readonly [other: string]: string | number | boolean
}

/** `action` null: the rule names no action, so that nothing can be looked up by equality. */
export interface Rule {
  readonly action: string | null
  /** The amount is above this, in cents. */
  readonly amount: number
  /** The risk is above this, in thousandths. */
  readonly risk: number
  /** The attempts are at most this. */
  readonly attempts: number
  readonly internal: boolean
  /** One of these, or none of them where there is no action. */
  readonly countries: readonly string[]
}

export const countries = ['CH', 'DE', 'FR', 'IT', 'AT', 'ES', 'PT', 'NL', 'BE', 'DK', 'SE', 'NO']

/** Numbers below `below`, the same ones every time. */
export function random(seed = 20_261_120): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Rules that about a tenth of all requests match. */
export function indexedRules(count: number, actions: number): readonly Rule[] {
  const next = random(7)
  return Array.from({ length: count }, (_, place) => ({
    action: `a${place % actions}`,
    amount: 60_000 + next(100) * 100,
    risk: 0,
    attempts: 10,
    internal: false,
    countries: rotated(place, 7),
  }))
}
export function unindexedRules(count: number): readonly Rule[] {
  const next = random(11)
  return Array.from({ length: count }, (_, place) => ({
    action: null,
    amount: 70_000 + next(280) * 100,
    risk: 700 + next(280),
    attempts: next(3),
    internal: place % 2 === 0,
    countries: rotated(place, 4),
  }))
}

export function planOf(rules: readonly Rule[], condition = conditionText): Plan {
  const text = `module bench
contract Request version 1.0.0 {
  id : String key
  at : Time time
  action : String
  country : String
  amount : Decimal
  risk : Decimal
  attempts : Int
  internal : Bool
${Array.from({ length: 12 }, (_, i) => `  extra${i} : String`).join('\n')}
}
policy limits version 1.0.0 {
  on Request as r
  default permit
${rules.map((rule, place) => `  rule r${place} when ${condition(rule)} deny`).join('\n')}
}
`
  return planOfText(text)
}

export function planOfText(text: string): Plan {
  const { plan, problems } = check([parse('bench.writ', text)])
  if (plan === null) throw new Error(problems.map(({ message }) => message).join('\n'))
  return plan
}

function conditionText(rule: Rule): string {
  const list = rule.countries.map(country => `"${country}"`).join(', ')
  const internal = rule.internal ? 'r.internal' : 'not r.internal'
  return rule.action === null
    ? `r.amount > ${rule.amount / 100} and r.risk > ${rule.risk / 1000} and r.attempts <= ${rule.attempts} and r.country not in [${list}]`
    : `r.action == "${rule.action}" and r.amount > ${rule.amount / 100} and ${internal} and r.country in [${list}]`
}

/** Without the countries: ten thousand rules have to fit into one policy. */
export function shortConditionText(rule: Rule): string {
  return `r.action=="${rule.action}" and r.amount>${rule.amount / 100} and not r.internal and r.attempts<${rule.attempts}`
}

export function matches(rule: Rule, request: Request): boolean {
  return rule.action === null
    ? request.amount > rule.amount / 100 &&
        request.risk > rule.risk / 1000 &&
        request.attempts <= rule.attempts &&
        !rule.countries.includes(request.country)
    : request.action === rule.action &&
        request.amount > rule.amount / 100 &&
        request.internal === rule.internal &&
        rule.countries.includes(request.country)
}

export function jsonLogicOf(rule: Rule): object {
  const country = { in: [{ var: 'country' }, rule.countries] }
  const amount = { '>': [{ var: 'amount' }, rule.amount / 100] }
  return rule.action === null
    ? {
        and: [
          amount,
          { '>': [{ var: 'risk' }, rule.risk / 1000] },
          { '<=': [{ var: 'attempts' }, rule.attempts] },
          { '!': [country] },
        ],
      }
    : {
        and: [
          { '===': [{ var: 'action' }, rule.action] },
          amount,
          { '===': [{ var: 'internal' }, rule.internal] },
          country,
        ],
      }
}

/** All numbers are doubles. */
export function celOf(rule: Rule): string {
  const list = `[${rule.countries.map(country => `"${country}"`).join(', ')}]`
  const amount = `amount > ${(rule.amount / 100).toFixed(2)}`
  return rule.action === null
    ? `${amount} && risk > ${(rule.risk / 1000).toFixed(3)} && attempts <= ${rule.attempts}.0 && !(country in ${list})`
    : `action == "${rule.action}" && ${amount} && internal == ${rule.internal} && country in ${list}`
}

/** Cedar has no fractions here: amounts are in cents. */
export function cedarOf(rule: Rule): string {
  const list = `[${rule.countries.map(country => `"${country}"`).join(', ')}]`
  return `permit (principal, action == Action::"${rule.action}", resource) when { context.cents > ${rule.amount} && context.internal == ${rule.internal} && ${list}.contains(context.country) };`
}

export function requests(count: number, actions: number): readonly Request[] {
  const next = random()
  return Array.from({ length: count }, () => requestOf(next, actions))
}

function requestOf(next: (below: number) => number, actions: number): Request {
  return {
    action: `a${next(actions)}`,
    country: countries[next(countries.length)] ?? '',
    amount: next(100_000) / 100,
    risk: next(1000) / 1000,
    attempts: next(10),
    internal: next(5) === 0,
    ...Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`extra${i}`, `value-${i}`])),
  }
}

/** The same requests as columns, as a decoder would fill them: those of the read set. */
export function logOf(plan: Plan, count: number, actions: number): Log {
  const dictionary = new Interner()
  const actionCodes = Array.from({ length: actions }, (_, i) => dictionary.intern(`a${i}`))
  const countryCodes = countries.map(country => dictionary.intern(country))
  const action = new Int32Array(count)
  const country = new Int32Array(count)
  const amount = new Float64Array(count)
  const risk = new Float64Array(count)
  const attempts = new Float64Array(count)
  const internal = new Uint8Array(count)
  const next = random()
  for (let row = 0; row < count; row++) {
    action[row] = actionCodes[next(actions)] ?? 0
    country[row] = countryCodes[next(countries.length)] ?? 0
    amount[row] = next(100_000)
    risk[row] = next(1000)
    attempts[row] = next(10)
    internal[row] = next(5) === 0 ? 1 : 0
  }
  const columns: Record<string, Column> = {
    action: { kind: 'code', values: action },
    country: { kind: 'code', values: country },
    amount: { kind: 'number', scale: 2, values: amount, exact: new Map() },
    risk: { kind: 'number', scale: 3, values: risk, exact: new Map() },
    attempts: { kind: 'number', scale: 0, values: attempts, exact: new Map() },
    internal: { kind: 'bool', values: internal },
  }
  const wanted = readSet(plan)[0] ?? new Set<string>()
  return oneContract(
    count,
    dictionary,
    new Map(Object.entries(columns).filter(([path]) => wanted.has(path))),
    row => row,
  )
}

/** A log of one contract whose events are in order. */
export function oneContract(
  count: number,
  dictionary: Interner,
  columns: ReadonlyMap<string, Column>,
  time: (row: number) => number,
): Log {
  const seq = Int32Array.from({ length: count }, (_, row) => row)
  return {
    dictionary,
    batches: [
      {
        contract: 0,
        rows: count,
        seq,
        time: Float64Array.from(seq, time),
        file: new Int32Array(count),
        index: seq,
        columns,
      },
    ],
    contractOf: new Uint16Array(count),
    rowOf: seq,
    files: ['bench.ndjson'],
  }
}

/** Writ's decisions on the first requests must be those of the rules themselves and of the reference interpreter. */
export function verify(
  plan: Plan,
  log: Log,
  rules: readonly Rule[],
  some: readonly Request[],
  codeGeneration: boolean,
): void {
  const run = evaluate(plan, log, { codeGeneration })
  some.forEach((request, seq) => {
    const denied = rules.some(rule => matches(rule, request))
    if ((run.decisions.decision[seq] === 3) !== denied) throw new Error(`request ${seq} is decided wrongly`)
  })
  const count = some.length
  const short = { ...log, contractOf: log.contractOf.subarray(0, count), rowOf: log.rowOf.subarray(0, count) }
  const reference = referenceRun(plan, columnView(short, plan.contracts))
  if (reference.hash !== evaluate(plan, short, { codeGeneration }).hash)
    throw new Error('the reference decides otherwise')
}

function rotated(place: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => countries[(place * 5 + i) % countries.length] ?? '')
}
