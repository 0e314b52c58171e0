/**
 * Would a mistake be seen? Each kind of small mistake is made in the plan that the compiled evaluator gets, and must then tell
 * itself in generated pairs. A kind that is never found means that the generator does not reach it.
 */
import { evaluate, type Plan, referenceRun } from '@writ/engine'
import { expect, test } from 'vitest'
import { directView } from './direct-view.ts'
import { differenceOf, eventsOf, logOf, programOf } from './pair.ts'

type Node = Readonly<Record<string, unknown>>
/** Gives the changed node, or null where the mistake cannot be made. */
type Mistake = (node: Node) => Node | null

const mistakes: Readonly<Record<string, Mistake>> = {
  'a window one millisecond longer': node => over(node, 1),
  'a window one millisecond shorter': node => over(node, -1),
  'before this forgotten': node => (node.beforeThis === true ? { ...node, beforeThis: false } : null),
  'before this added': node => (node.beforeThis === false ? { ...node, beforeThis: true } : null),
  'a zone forgotten': node => (range(node)?.zone ? withRange(node, { zone: undefined }) : null),
  'a day for an hour': node => (range(node)?.unit === 'hour' ? withRange(node, { unit: 'day' }) : null),
  'a reset without its condition': node => {
    const { reset } = range(node) ?? {}
    return isNode(reset) && reset.where !== null ? withRange(node, { reset: { ...reset, where: null } }) : null
  },
  'everyone for one key': node => (isForm(node) && list(node.keys).length > 0 ? withoutKeys(node) : null),
  'a where forgotten': node => {
    const { pattern } = node
    return isNode(pattern) && pattern.where !== null ? { ...node, pattern: { ...pattern, where: null } } : null
  },
  'steps in another order': node =>
    node.kind === 'sequence' ? { ...node, steps: list(node.steps).toReversed() } : null,
  'min for max': node => (node.kind === 'aggregate' && node.function === 'max' ? { ...node, function: 'min' } : null),
  'first for last': node =>
    node.kind === 'aggregate' && node.function === 'last' ? { ...node, function: 'first' } : null,
  'distinct for count': node =>
    node.kind === 'aggregate' && node.function === 'distinct' ? { ...node, function: 'count', value: null } : null,
  '< for <=': node => (node.kind === 'compare' && node.operator === '<=' ? { ...node, operator: '<' } : null),
  '> for >=': node => (node.kind === 'compare' && node.operator === '>=' ? { ...node, operator: '>' } : null),
  '!= for ==': node => (node.kind === 'compare' && node.operator === '==' ? { ...node, operator: '!=' } : null),
  'and for or': node => (node.kind === 'or' ? { ...node, kind: 'and' } : null),
  'any for all': node =>
    node.kind === 'quantified' && node.quantifier === 'all' ? { ...node, quantifier: 'any' } : null,
  'a default of the wrong side': node =>
    node.kind === 'default' ? { ...node, value: node.otherwise, otherwise: node.value } : null,
  'starts_with for ends_with': node =>
    node.kind === 'text-test' && node.operator === 'ends_with' ? { ...node, operator: 'starts_with' } : null,
  '+ for -': node =>
    node.kind === 'arithmetic' && node.operator === '-' && !isTime(node) ? { ...node, operator: '+' } : null,
  'a breaker one millisecond longer': node => lasting(node, 1),
  'a breaker one millisecond shorter': node => lasting(node, -1),
  'no breaker': node => (isNode(node.lasting) ? { ...node, lasting: null } : null),
  'an exception one second longer': node => (isException(node) ? { ...node, until: Number(node.until) + 1000 } : null),
  'an exception without its condition': node => (isException(node) && node.when ? { ...node, when: null } : null),
  'no exception': node => (isException(node) ? { ...node, until: 0 } : null),
  'another way to combine': node => (node.combine === 'first' ? { ...node, combine: 'strictest' } : null),
  'warn for reject': node => (node.otherwise === 'reject' ? { ...node, otherwise: 'warn' } : null),
}

const programs = 250

test('generated pairs tell small mistakes', { timeout: 300_000 }, () => {
  const found = new Map(Object.keys(mistakes).map(name => [name, { made: 0, told: 0 }]))
  for (let seed = 500_000; seed < 500_000 + programs; seed++) {
    const { plan } = programOf(seed)
    if (!plan) continue
    const wrong = Object.entries(mistakes).flatMap(([name, mistake]) => {
      const changed = changedOnce(plan, mistake)
      return changed ? [{ name, changed }] : []
    })
    for (let index = 0; index < 2 && wrong.length > 0; index++) {
      // Every column: a mistake may read what the right plan does not.
      const events = eventsOf(seed, index, plan)
      const log = logOf(plan, events, true)
      const right = referenceRun(plan, directView(events))
      for (const { name, changed } of wrong) {
        const counts = found.get(name) ?? { made: 0, told: 0 }
        counts.made++
        if (differenceOf(right, evaluate(changed, log, { codeGeneration: false })) !== null) counts.told++
      }
    }
  }
  console.log([...found].map(([name, { made, told }]) => `${name}: told in ${told} of ${made} pairs`).join('\n'))
  for (const [name, { told }] of found) expect(told, name).toBeGreaterThan(1)
})

/** The plan with the mistake at every place where it can be made; null where there is none. Shared nodes stay shared. */
function changedOnce(plan: Plan, mistake: Mistake): Plan | null {
  const seen = new Map<object, unknown>()
  let made = 0
  function change(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || value instanceof Map) return value
    const known = seen.get(value)
    if (known !== undefined) return known
    let result: unknown
    if (Array.isArray(value)) result = value.map(change)
    else {
      const inner = Object.fromEntries(
        Object.entries(value).map(([key, part]) => [key, key === 'type' || key === 'span' ? part : change(part)]),
      )
      const changed = mistake(inner)
      if (changed) made++
      result = changed ?? inner
    }
    seen.set(value, result)
    return result
  }
  const policies = change(plan.policies) as Plan['policies']
  const contracts = plan.contracts.map(contract => ({
    ...contract,
    checks: change(contract.checks) as typeof contract.checks,
  }))
  const exceptions = change(plan.exceptions) as Plan['exceptions']
  return made === 0 ? null : { ...plan, policies, contracts, exceptions }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null
}
function isForm(node: Node): boolean {
  return node.kind === 'aggregate' || node.kind === 'exists' || node.kind === 'sequence'
}
function range(node: Node): Node | null {
  return isForm(node) && isNode(node.range) ? node.range : null
}
function withRange(node: Node, change: Node): Node {
  return { ...node, range: { ...range(node), ...change } }
}
function withoutKeys(node: Node): Node {
  return range(node)?.kind === 'since' ? withRange({ ...node, keys: [] }, { resetKeys: [] }) : { ...node, keys: [] }
}
function over(node: Node, more: number): Node | null {
  const { kind, milliseconds } = range(node) ?? {}
  return kind === 'over' ? withRange(node, { milliseconds: Number(milliseconds) + more }) : null
}
function lasting(node: Node, more: number): Node | null {
  const { lasting: own } = node
  return isNode(own) ? { ...node, lasting: { ...own, milliseconds: Number(own.milliseconds) + more } } : null
}
function isException(node: Node): boolean {
  return 'grantedBy' in node
}
function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
function isTime(node: Node): boolean {
  return isNode(node.left) && isNode(node.left.type) && ['time', 'duration'].includes(String(node.left.type.kind))
}
