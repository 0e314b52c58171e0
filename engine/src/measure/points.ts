/** The points of an indicator over a log, fast: expressions are compiled once per contract, and each event is looked at once. */

import { noHistory, scopeOf } from '../compile/conditions.ts'
import { exactTruth, exactValue } from '../compile/exact.ts'
import type { Cursor, Read, Scope } from '../compile/scope.ts'
import type { Log } from '../log/columns.ts'
import { type Obligations, transitionKinds } from '../obligation/instance.ts'
import { type PlanIndicator, streamFields } from '../plan/measure.ts'
import type { Plan } from '../plan/plan.ts'
import { type Decisions, decisionWords } from '../run/decisions.ts'
import type { Truth } from '../value/operations.ts'
import { fromInteger } from '../value/rational.ts'
import { unknown, type Value } from '../value/value.ts'
import { type Point, type PointKey, pointKey, pointValue, takes } from './point.ts'

/** What is there to be measured: a run, as far as it went. */
export interface Measurable {
  readonly plan: Plan
  readonly log: Log
  readonly decisions: Decisions
  readonly obligations: Obligations
  /** By contract: 1 for the rows that a check took out. */
  readonly rejectedRows: readonly (Uint8Array | null)[]
  /** How many events of the log are decided. */
  readonly events: number
  /** Of a log that goes on with a run: how many events at its beginning are over, and the place of each in the whole run. */
  readonly over: number
  readonly seqOf: (seq: number) => number
}

/** Calls `take` with every point and its key, in the order in which they happen. Gives how many could not be known. */
export function eachPoint(
  run: Measurable,
  indicator: PlanIndicator,
  take: (key: PointKey, point: Point) => void,
): number {
  const readers = new Map<number, PointReader>()
  let leftOut = 0
  visit(run, indicator, (contract, row, seq, time, elements) => {
    let reader = readers.get(contract)
    if (!reader) {
      reader = readerOf(run, indicator, contract, elements)
      readers.set(contract, reader)
    }
    reader.cursor.row = row
    const taken = takes(reader.where())
    if (taken === 0) return
    const key =
      taken === 1
        ? pointKey(
            indicator,
            reader.keys.map(read => read()),
          )
        : null
    const value = key === null ? null : pointValue(indicator, reader.value === null ? null : reader.value())
    if (key === null || value === null) leftOut++
    else take(key, { time, seq: run.seqOf(seq), value })
  })
  return leftOut
}

interface PointReader {
  readonly cursor: Cursor
  readonly where: () => Truth
  readonly value: Read | null
  readonly keys: readonly Read[]
}

/** What the stream adds to the fields of its events, by the variable of its element. */
type Elements = ReadonlyMap<number, { value: Value }>

function readerOf(
  { plan, log }: Measurable,
  indicator: PlanIndicator,
  contract: number,
  elements: Elements,
): PointReader {
  const scope: Scope = { ...scopeOf(plan, log, contract, noHistory), elements }
  const { span } = indicator
  return {
    cursor: scope.current,
    where: indicator.where === null ? () => true : exactTruth(indicator.where, scope),
    value: indicator.value === null ? null : exactValue(indicator.value, scope),
    keys: indicator.keys.map(({ name, type }) =>
      exactValue({ kind: 'field', event: 0, path: [name], type, span }, scope),
    ),
  }
}

type Visit = (contract: number, row: number, seq: number, time: number, elements: Elements) => void

function visit(run: Measurable, { of }: PlanIndicator, take: Visit): void {
  switch (of.kind) {
    case 'events':
      visitEvents(run, of.contract, take)
      break
    case 'decisions':
      visitDecisions(run, of.policy, take)
      break
    case 'outcomes':
      visitOutcomes(run, of.policy, of.rule, take)
      break
  }
}

function visitEvents({ log, rejectedRows, events, over }: Measurable, contract: number, take: Visit): void {
  const batch = log.batches[contract]
  const rejected = rejectedRows[contract] ?? null
  if (!batch) return
  const elements: Elements = new Map()
  for (let row = 0; row < batch.rows; row++) {
    const seq = batch.seq[row] as number
    if (seq >= events) return
    if (seq >= over && rejected?.[row] !== 1) take(contract, row, seq, batch.time[row] as number, elements)
  }
}

function visitDecisions({ plan, log, decisions, over }: Measurable, policy: number, take: Visit): void {
  const words = decisionWords.map(() => cell())
  const rule = cell()
  const { permit, warn, hold, deny, rule: ruleVariable } = streamFields.decisions
  const elements: Elements = new Map([
    ...[permit, warn, hold, deny].map((variable, code) => [variable, words[code] ?? cell()] as const),
    [ruleVariable, rule],
  ])
  const names = plan.policies[policy]?.rules.map(({ name }) => name) ?? []
  for (let i = 0; i < decisions.size; i++) {
    if (decisions.policy[i] !== policy) continue
    const seq = decisions.seq[i] as number
    if (seq < over) continue
    words.forEach((word, code) => {
      word.value = code === decisions.decision[i]
    })
    rule.value = names[decisions.decidedBy[i] as number] ?? ''
    visitRow(log, seq, null, elements, take)
  }
}

function visitOutcomes({ log, obligations }: Measurable, policy: number, rule: number, take: Visit): void {
  const { instances, transitions } = obligations
  const fulfilled = cell()
  const breached = cell()
  const took = cell()
  const variables = streamFields.outcomes
  const elements: Elements = new Map([
    [variables.fulfilled, fulfilled],
    [variables.breached, breached],
    [variables.took, took],
  ])
  for (let i = 0; i < transitions.size; i++) {
    const kind = transitionKinds[transitions.kind[i] as number]
    const instance = transitions.instance[i] as number
    if (kind !== 'fulfilled' && kind !== 'breached') continue
    if (instances.policy[instance] !== policy || instances.rule[instance] !== rule) continue
    const seq = instances.openedSeq[instance] as number
    const at = transitions.at[i] as number
    fulfilled.value = kind === 'fulfilled'
    breached.value = kind === 'breached'
    took.value = fromInteger(at - timeOf(log, seq))
    visitRow(log, seq, at, elements, take)
  }
}

/** `at`: null: the time of the event. */
function visitRow(log: Log, seq: number, at: number | null, elements: Elements, take: Visit): void {
  take(log.contractOf[seq] as number, log.rowOf[seq] as number, seq, at ?? timeOf(log, seq), elements)
}

function timeOf(log: Log, seq: number): number {
  return log.batches[log.contractOf[seq] as number]?.time[log.rowOf[seq] as number] as number
}

function cell(): { value: Value } {
  return { value: unknown }
}
