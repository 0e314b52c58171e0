/**
 * A hundred rules of four conditions over a million requests in memory, one core: with an action to look up, without, and
 * without generated code. The peers decide the same requests as objects, with the same rules, in the same process. Results are
 * held against the rules themselves and the reference interpreter before anything is measured.
 */
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { Environment } from '@marcbachmann/cel-js'
import { evaluate } from '@writ/engine'
import { LogicEngine } from 'json-logic-engine'
import { print, rates, type Work } from './measure.ts'
import * as workload from './requests.ts'

const events = 1_000_000
const actions = 100
const rounds = 7
const some = workload.requests(20_000, actions)

const indexed = workload.indexedRules(100, actions)
const unindexed = workload.unindexedRules(100)

for (const { name, goal, rules, codeGeneration, peers } of [
  {
    name: '100 rules x 4, equality field',
    goal: 10e6,
    rules: indexed,
    codeGeneration: true,
    peers: [
      { name: 'json-logic-engine, compiled', work: jsonLogic(indexed, some) },
      { name: 'Cedar wasm, preparsed', work: cedarPolicies(indexed, some.slice(0, 500)) },
    ],
  },
  {
    name: '100 rules x 4, no field to index on',
    goal: 2e6,
    rules: unindexed,
    codeGeneration: true,
    peers: [{ name: 'json-logic-engine, compiled', work: jsonLogic(unindexed, some) }],
  },
  {
    name: '100 rules x 4, no index, no code generation',
    goal: 0.25e6,
    rules: unindexed,
    codeGeneration: false,
    peers: [{ name: 'cel-js, typed', work: cel(unindexed, some.slice(0, 5_000)) }],
  },
]) {
  const plan = workload.planOf(rules)
  const log = workload.logOf(plan, events, actions)
  workload.verify(plan, log, rules, some.slice(0, 1_000), codeGeneration)
  const measured = rates(
    rounds,
    () => {
      evaluate(plan, log, { codeGeneration })
      return events
    },
    ...peers.map(peer => peer.work),
  )
  peers.forEach((peer, place) => {
    print({ name, goal, value: measured.value, peer: { name: peer.name, value: measured.peers[place] ?? Number.NaN } })
  })
}

/** Every rule is asked of every request, and counted, by all peers. */
function counting(
  name: string,
  rules: readonly workload.Rule[],
  requests: readonly workload.Request[],
  count: () => number,
): Work {
  let expected = 0
  for (const request of requests) for (const rule of rules) if (workload.matches(rule, request)) expected++
  return () => {
    const found = count()
    if (found !== expected) throw new Error(`${name} finds ${found} matches instead of ${expected}`)
    return requests.length
  }
}

function jsonLogic(rules: readonly workload.Rule[], requests: readonly workload.Request[]): Work {
  const engine = new LogicEngine()
  const functions = rules.map(rule => engine.build(workload.jsonLogicOf(rule)))
  return counting('json-logic-engine', rules, requests, () => {
    let found = 0
    for (const request of requests) for (const holds of functions) if (holds(request)) found++
    return found
  })
}

function cel(rules: readonly workload.Rule[], requests: readonly workload.Request[]): Work {
  const environment = new Environment()
    .registerVariable('amount', 'double')
    .registerVariable('risk', 'double')
    .registerVariable('attempts', 'double')
    .registerVariable('country', 'string')
  const functions = rules.map(rule => environment.parse(workload.celOf(rule)))
  const contexts = requests.map(({ amount, risk, attempts, country }) => ({ amount, risk, attempts, country }))
  return counting('cel-js', rules, requests, () => {
    let found = 0
    for (const context of contexts) for (const holds of functions) if (holds(context)) found++
    return found
  })
}

function cedarPolicies(rules: readonly workload.Rule[], requests: readonly workload.Request[]): Work {
  const answer = cedar.preparsePolicySet('bench', { staticPolicies: rules.map(workload.cedarOf).join('\n') })
  if (answer.type === 'failure') throw new Error(answer.errors.map(error => error.message).join('\n'))
  const principal = { type: 'User', id: 'ana' }
  const resource = { type: 'Account', id: 'a' }
  const calls = requests.map(({ action, amount, internal, country }) => ({
    principal,
    action: { type: 'Action', id: action },
    resource,
    context: { cents: Math.round(amount * 100), internal, country },
    preparsedPolicySetId: 'bench',
    entities: [],
  }))
  return counting('Cedar', rules, requests, () => {
    let found = 0
    for (const call of calls) {
      const result = cedar.statefulIsAuthorized(call)
      if (result.type === 'failure') throw new Error(result.errors.map(error => error.message).join('\n'))
      found += result.response.diagnostics.reason.length
    }
    return found
  })
}
