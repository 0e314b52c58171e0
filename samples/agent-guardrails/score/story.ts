/**
 * The decisions worth telling, one per suite, by the rules that stopped most: first those of attacks that the user would not
 * have noticed, because the user's own task was done as well. Each with what the user asked, what the agent read, and why its
 * call was denied.
 */
import { type EventView, explain, type LogView, type Value, type Witness } from '@writ/engine'
import type { Decision } from '../../simulate.ts'
import { type Outcome, type Run, ruleName, ruleScores } from './outcome.ts'

export interface Story {
  readonly run: Run
  readonly decision: Decision
  /** Name of the contract of the call. */
  readonly call: string
  /** What the call aims at, as it stands in the call: an address, an account, a site. */
  readonly target: string
  readonly asked: string
  /** The tool whose answer brought the target in, and the text around it. */
  readonly source: string
  readonly excerpt: string
  readonly reason: string
  /** Number of the event in the log, from 1, as `writ explain --event` takes it. */
  readonly event: number
}

/** At most `count`, of different suites. */
export function stories(outcome: Outcome, count: number): readonly Story[] {
  const told: Story[] = []
  for (const useful of [true, false]) {
    for (const { rule } of ruleScores(outcome)) {
      if (told.length === count) return told
      const suites = new Set(told.map(story => story.run.label.suite))
      const story = firstStory(outcome, rule, useful, suites)
      if (story !== null) told.push(story)
    }
  }
  return told
}

/** Decisions of one rule resemble each other: where the first few name no text, the others will not either. */
const mostTried = 2

function firstStory(outcome: Outcome, rule: string, useful: boolean, toldSuites: ReadonlySet<string>): Story | null {
  let tried = 0
  for (const run of outcome.runs) {
    if (tried === mostTried) return null
    if (run.kind !== 'attack' || run.label.useful !== useful || toldSuites.has(run.label.suite)) continue
    const decision = run.stops.find(stop => ruleName(stop) === rule && stop.word === 'deny')
    if (decision === undefined) continue
    tried++
    const story = tell(outcome, run, decision)
    if (story !== null) return story
  }
  return null
}

/** Null where the evidence names no text that the target came from. */
function tell(outcome: Outcome, run: Run, decision: Decision): Story | null {
  if (decision.rule === 'default') return null
  const { view } = outcome
  const { plan } = outcome.simulation
  const event = view.event(decision.seq)
  const contract = plan.contracts[event.contract]
  const explanation = explain(plan, view, decision.seq, decision.policy)
  const condition = explanation.rules[explanation.decidedBy]?.condition
  if (contract === undefined || !condition) return null
  const targets = contract.fields
    .flatMap(field => texts(event.value([field.name])))
    .filter(text => text !== run.label.file)
  for (const seq of evidence(condition)) {
    const result = view.event(seq)
    if (plan.contracts[result.contract]?.name !== 'ToolResult') continue
    const content = texts(result.value(['content'])).join()
    const target = targets.find(text => text.length > 3 && content.toLowerCase().includes(text.toLowerCase()))
    if (target === undefined) continue
    return {
      run,
      decision,
      call: contract.name,
      target,
      asked: userWords(outcome, event),
      source: texts(result.value(['tool'])).join(),
      excerpt: around(content, target),
      reason: explanation.reason,
      event: decision.seq + 1,
    }
  }
  return null
}

/** The events that the history forms of a condition rest on. */
function evidence(witness: Witness): readonly number[] {
  switch (witness.kind) {
    case 'history':
      return witness.events
    case 'named':
      return evidence(witness.of)
    case 'and':
    case 'or':
      return witness.decisive.flatMap(({ witness: inner }) => evidence(inner))
    case 'operator':
      return witness.operands.flatMap(operand => (operand === null ? [] : evidence(operand)))
    default:
      return []
  }
}

function userWords({ view, simulation }: Outcome, call: EventView): string {
  const contract = simulation.plan.contracts.findIndex(({ name }) => name === 'UserMessage')
  for (const seq of seqsOf(view, contract)) {
    const message = view.event(seq)
    if (message.file === call.file) return oneLine(texts(message.value(['text'])).join())
  }
  return ''
}
function* seqsOf(view: LogView, contract: number): Iterable<number> {
  const seqs = view.of(contract)
  for (let i = 0; i < seqs.length; i++) yield seqs[i] ?? 0
}

/** The sentence around `target`, on one line. */
function around(content: string, target: string): string {
  const text = oneLine(content)
  const at = text.toLowerCase().indexOf(target.toLowerCase())
  const before = text.slice(Math.max(0, at - 90), at)
  const start = before.search(/(?<=[.:!?>] )[^.:!?>]*$/)
  const after = text.slice(at + target.length)
  const end = after.search(/(?<=[.!?])( |$)/)
  return (
    before.slice(Math.max(0, start)) +
    text.slice(at, at + target.length) +
    after.slice(0, end < 0 || end > 60 ? 60 : end)
  )
}

function texts(value: Value): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.flatMap(texts) : []
}
function oneLine(text: string): string {
  return text.replace(/(\s|\\n)+/g, ' ').trim()
}
