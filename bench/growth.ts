/**
 * How speed goes down as rules grow: a hundred rules for a hundred actions against ten thousand rules for ten thousand actions,
 * over a million requests each. The peer asks every rule of every request, so that its time grows with the rules.
 */
import { evaluate } from '@writ/engine'
import { LogicEngine } from 'json-logic-engine'
import { print, rates, type Work } from './measure.ts'
import * as workload from './requests.ts'

const events = 1_000_000
const rounds = 7

const few = decide(100)
const many = decide(10_000)
const measured = rates(rounds, many, few)
print({
  name: '10,000 rules, equality field, against 100 of them',
  goal: (measured.peers[0] ?? Number.NaN) / 2,
  value: measured.value,
  peer: { name: 'Writ with 100 rules', value: measured.peers[0] ?? Number.NaN },
})
const peers = rates(3, many, everyRule(10_000, 100))
print({
  name: '10,000 rules, equality field',
  goal: null,
  value: peers.value,
  peer: { name: 'json-logic-engine, compiled', value: peers.peers[0] ?? Number.NaN },
})

function decide(rules: number): Work {
  const plan = workload.planOf(workload.indexedRules(rules, rules), workload.shortConditionText)
  const log = workload.logOf(plan, events, rules)
  return () => {
    evaluate(plan, log)
    return events
  }
}

function everyRule(rules: number, requests: number): Work {
  const engine = new LogicEngine()
  const functions = workload.indexedRules(rules, rules).map(rule => engine.build(workload.jsonLogicOf(rule)))
  const some = workload.requests(requests, rules)
  return () => {
    for (const request of some) for (const holds of functions) holds(request)
    return requests
  }
}
