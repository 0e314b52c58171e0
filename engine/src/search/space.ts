/**
 * What a search may try for a program: events with their values, times between events, traces to begin with. Made from what the
 * program compares with (constants.ts) and from the events of its tests.
 */
import type { Expr } from '../plan/expression.ts'
import type { Plan, PlanTest } from '../plan/plan.ts'
import { eachOperand, patternsOf } from '../plan/read-set.ts'
import { evaluateExpression } from '../reference/evaluate.ts'
import { conform } from '../testing/conform.ts'
import { constants as constantSituation } from '../testing/test-events.ts'
import { fromInteger } from '../value/rational.ts'
import { absent, type Value } from '../value/value.ts'
import { type EventChoices, eventChoices } from './candidates.ts'
import { constantsOf, fieldKey } from './constants.ts'
import { type Trace, type TraceEvent, traceKey } from './trace.ts'

export interface Space {
  /** By contract. */
  readonly choices: ReadonlyMap<number, EventChoices>
  /** Contracts whose events may stand before the last one, because something looks back at them. */
  readonly earlier: readonly number[]
  /** Milliseconds between two events. */
  readonly gaps: readonly number[]
  /** What is between two events if nothing else is said. */
  readonly step: number
  /** When a trace may begin. */
  readonly starts: readonly number[]
  /** How often an event may happen in a row. */
  readonly repeats: readonly number[]
  readonly seeds: readonly Trace[]
}

export interface SpaceOptions {
  /** Contracts of the last event. */
  readonly targets: readonly number[]
  /** Policies (indices) whose decisions matter. */
  readonly policies: readonly number[]
  /** Other conditions that matter, each with the contracts it is about. */
  readonly conditions?: readonly { readonly condition: Expr; readonly about: readonly number[] }[]
}

/** 2000-01-01T09:00:00Z: in tests 09:00. */
const firstStart = Date.UTC(2000, 0, 1, 9)
const second = 1000

/** `plans`: the program, and versions of it with the same contracts, whose constants count too. */
export function spaceOf(plans: readonly [Plan, ...Plan[]], options: SpaceOptions): Space {
  const [plan] = plans
  const all = plans.map(one => constantsOf(one, options.policies, options.conditions ?? []))
  const constants = {
    ofFields: merged(all.map(one => one.ofFields)),
    textTests: merged(all.map(one => one.textTests)),
    lengths: distinct(all.flatMap(one => one.lengths)),
    counts: distinct(all.flatMap(one => one.counts)),
    moments: distinct(all.flatMap(one => one.moments)),
    hours: distinct(all.flatMap(one => one.hours)),
    weekdays: distinct(all.flatMap(one => one.weekdays)),
  }
  const fromTests = plan.tests.map(test => eventsOf(plan, test))
  const known = knownValues(fromTests.flat())
  const choices = new Map(
    plan.contracts.map((contract, index) => [index, eventChoices(contract, index, constants, known)] as const),
  )
  const earlier = lookedBackAt(plans, options)
  const gaps = [second, 0, ...constants.lengths.flatMap(length => [length, length - 1, length + 1])]
  const day = Date.UTC(2000, 0, 1)
  const starts = [
    firstStart,
    ...constants.moments.flatMap(moment => [moment, moment - 1, moment + 1]),
    ...constants.hours.flatMap(hour => [hour - 1, hour, hour + 1].map(one => day + one * 3_600_000)),
    // The first of January 2000 was a Saturday.
    ...constants.weekdays.flatMap(number =>
      [number - 1, number, number + 1].map(one => firstStart + (one + 1) * 86_400_000),
    ),
  ]
  const repeats = distinct(constants.counts.flatMap(count => [count, count + 1, count + 2])).filter(
    times => times >= 2 && times <= mostRepeated,
  )
  return {
    choices,
    earlier,
    gaps: distinct(gaps.filter(gap => gap >= 0 && gap < longestGap)),
    step: second,
    starts: distinct(starts.filter(start => start >= 0 && start < latestStart)),
    repeats: earlier.length === 0 ? [] : repeats,
    seeds: seedsOf(options.targets, choices, fromTests),
  }
}

const mostRepeated = 102
/** What can be written as a time, with room for what comes after it. */
const latestStart = Date.UTC(5000, 0, 1)
const longestGap = 366 * 100 * 86_400_000
const mostSeeds = 400

/** The simplest event of each contract that is meant, then what the tests give, up to each such event. */
function seedsOf(
  targets: readonly number[],
  choices: ReadonlyMap<number, EventChoices>,
  fromTests: readonly Trace[],
): readonly Trace[] {
  const simplest = targets.flatMap((contract): Trace[] => {
    const fields = choices.get(contract)?.simplest
    return fields ? [[{ contract, time: firstStart, fields }]] : []
  })
  const prefixes = fromTests.flatMap(trace =>
    trace.flatMap((event, i) => (targets.includes(event.contract) ? [trace.slice(0, i + 1)] : [])),
  )
  const alone = prefixes.map(trace => trace.slice(-1))
  const seen = new Set<string>()
  const different = [...simplest, ...alone, ...prefixes].filter(trace => {
    const key = traceKey(trace)
    return !seen.has(key) && seen.add(key)
  })
  return different.sort((a, b) => a.length - b.length).slice(0, mostSeeds)
}

/** What a test gives that keeps its contract. */
function eventsOf(plan: Plan, test: PlanTest): Trace {
  return test.steps.flatMap((step): TraceEvent[] => {
    const contract = step.kind === 'given' ? plan.contracts[step.contract] : undefined
    if (step.kind !== 'given' || !contract) return []
    const given: Record<string, Value> = {}
    if (contract.timeField !== null) given[contract.timeField] = fromInteger(step.at)
    for (const { name, value } of step.fields) given[name] = evaluateExpression(value, constantSituation)
    const { fields, findings } = conform(contract, given, { file: '', line: null, index: null })
    if (findings.length > 0) return []
    const present = Object.entries(fields).filter(([name, value]) => value !== absent && name !== contract.timeField)
    return [{ contract: step.contract, time: step.at, fields: Object.fromEntries(present) }]
  })
}

function knownValues(events: Trace): ReadonlyMap<string, readonly Value[]> {
  const known = new Map<string, Value[]>()
  const add = (contract: number, path: readonly string[], value: Value): void => {
    const key = fieldKey(contract, path)
    known.set(key, [...(known.get(key) ?? []), value])
    if (typeof value === 'object' && 'fields' in value && !Array.isArray(value))
      for (const [name, inside] of Object.entries(value.fields)) add(contract, [...path, name], inside)
  }
  for (const { contract, fields } of events)
    for (const [name, value] of Object.entries(fields)) add(contract, [name], value)
  return known
}

/** Contracts that windows, breakers and expectations of these policies and conditions look at. */
function lookedBackAt(plans: readonly Plan[], { policies, conditions = [] }: SpaceOptions): readonly number[] {
  const found = new Set<number>()
  const look = (expr: Expr): void => {
    if (expr.kind === 'aggregate' || expr.kind === 'exists' || expr.kind === 'sequence')
      for (const { contract } of patternsOf(expr)) found.add(contract)
    eachOperand(expr, look)
  }
  for (const { condition } of conditions) look(condition)
  for (const plan of plans)
    for (const index of policies)
      for (const rule of plan.policies[index]?.rules ?? []) {
        if (rule.when !== null) look(rule.when)
        if (rule.lasting !== null) for (const contract of rule.contracts) found.add(contract)
        if (rule.expectation === null) continue
        const { opens, awaited, cancels } = rule.expectation
        for (const pattern of cancels === null ? [opens, awaited] : [opens, awaited, cancels]) {
          found.add(pattern.contract)
          if (pattern.where !== null) look(pattern.where)
        }
      }
  return [...found].sort((a, b) => a - b)
}

function merged<T>(maps: readonly ReadonlyMap<string, readonly T[]>[]): ReadonlyMap<string, readonly T[]> {
  const all = new Map<string, T[]>()
  for (const map of maps) for (const [key, values] of map) all.set(key, [...(all.get(key) ?? []), ...values])
  return all
}

function distinct(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)]
}
