/**
 * One helper for the examples: events written in a line each, and what an expression or a program makes of them. Each
 * example is judged by the reference interpreter, and by the compiled evaluator where whole decisions are asked for.
 */
import {
  check,
  columnView,
  decisionWords,
  evaluate,
  type Log,
  LogBuilder,
  type Plan,
  parseRational,
  presentValue,
  referenceRun,
  type Value,
} from '@writ/engine'
import { parse } from '@writ/grammar'
import { evaluateExpression } from '../../src/reference/evaluate.ts'
import { checkContracts } from '../../src/reference/run.ts'
import { historyOf, situationAt } from '../../src/reference/situation.ts'

/** Numbers are Int or Decimal, `absent` and `unknown` themselves; what is left out is absent where it may be. */
export type Fields = Readonly<Record<string, Value | number>>
export interface TestEvent {
  readonly contract: string
  readonly time: number
  readonly fields: Fields
}

/** `at('09:00:00.500', 'Paid', {…})`, of Friday 2026-11-20; a full time too: `at('2026-11-21T00:00', …)`. */
export function at(time: string, contract: string, fields: Fields = {}): TestEvent {
  const full = time.includes('T') ? time : `2026-11-20T${time}`
  return { contract, time: Date.parse(`${full}${/:\d\d:\d\d/.test(full) ? '' : ':00'}Z`), fields }
}

/** Checks a program, of which the module line may be left out. */
export function planOf(text: string): Plan {
  const { plan, problems } = check([parse('test.writ', text.startsWith('module') ? text : `module test\n${text}`)])
  if (!plan) throw new Error(problems.map(({ code, message }) => `${code} ${message}`).join('\n'))
  return plan
}

export function logOf(plan: Plan, events: readonly TestEvent[]): Log {
  const builder = new LogBuilder(plan.contracts)
  events.forEach(({ contract, time, fields }, index) => {
    const number = plan.contracts.findIndex(({ name }) => name === contract)
    const values = Object.fromEntries<Value>(Object.entries(fields).map(([name, value]) => [name, valueFrom(value)]))
    builder.add({ contract: number, time, file: 'events.ndjson', index, fields: values })
  })
  return builder.build()
}

/** The value of an expression at each event of `contract` (`e`), in words. */
export function valuesAt(
  contract: string,
  expression: string,
  declarations: string,
  events: readonly TestEvent[],
): readonly string[] {
  const plan = planOf(`${declarations}
policy example version 1.0.0 {
  on ${contract} as e
  default permit
  let asked = ${expression}
}`)
  const asked = plan.policies[0]?.lets[0]?.value
  if (!asked) throw new Error('the let is gone')
  const view = columnView(logOf(plan, events), plan.contracts)
  const history = historyOf(view, checkContracts(plan, view).rejected)
  const policyContract = plan.policies[0]?.contracts[0] ?? 0
  return Array.from(view.of(policyContract), seq =>
    presentValue(evaluateExpression(asked, situationAt(view.event(seq), history)), asked.type),
  )
}

/** Each decision as `deny by fast`, `permit by default`, `deny by fast (unknown)`, `deny by fast (lasting)`, in the order of the log. */
export function decisionsOf(program: string, events: readonly TestEvent[]): readonly string[] {
  const plan = planOf(program)
  const log = logOf(plan, events)
  const result = referenceRun(plan, columnView(log, plan.contracts))
  for (const codeGeneration of [true, false]) {
    const { hash } = evaluate(plan, log, { codeGeneration })
    if (hash !== result.hash)
      throw new Error(`the compiled evaluator decides otherwise (codeGeneration ${codeGeneration})`)
  }
  const { decisions } = result
  return Array.from({ length: decisions.size }, (_, i) => {
    const rule = decisions.decidedBy[i] ?? -1
    const policy = plan.policies[decisions.policy[i] ?? 0]
    const set = decisions.matchSets[decisions.matched[i] ?? 0]
    const unknown = set?.unknown.includes(rule) ? ' (unknown)' : ''
    const waived = (set?.waived ?? []).map(
      waiver => ` (${policy?.rules[waiver.rule]?.name} waived by ${plan.exceptions[waiver.exception]?.name})`,
    )
    const lasting = set?.lasting?.includes(rule) ? ' (lasting)' : ''
    const by = rule < 0 ? 'default' : policy?.rules[rule]?.name
    return `${decisionWords[decisions.decision[i] ?? 0]} by ${by}${unknown}${lasting}${waived.join('')}`
  })
}

function valueFrom(value: Value | number): Value {
  if (typeof value !== 'number') return value
  const number = parseRational(String(value))
  if (!number) throw new Error(`${value} is no number`)
  return number
}
