/**
 * History forms in words: how many events, of whom, how far back, and the events themselves with the fields that matter and
 * the text that was found in them. Conditions around a history form are in sentences.ts.
 */
import type { EventView } from '../log/view.ts'
import type { Expr, Key, Pattern, Range } from '../plan/expression.ts'
import { eachOperand } from '../plan/read-set.ts'
import { unknown, type Value } from '../value/value.ts'
import { driftText } from './drift-words.ts'
import { evaluate } from './evaluate.ts'
import { bindEvent, type Scope } from './scope.ts'
import type { HistoryExpr } from './window.ts'
import type { NearMiss, Witness } from './witness.ts'
import {
  around,
  counted,
  durationText,
  eventNumber,
  eventsText,
  grouped,
  joined,
  lastText,
  oneLine,
  sourceText,
  timeText,
  valueText,
} from './words.ts'

type HistoryWitness = Extract<Witness, { readonly kind: 'history' }>

/** An event that an explanation cites, or (without `seq`) a remark about events. */
export interface Citation {
  readonly kind: 'citation'
  readonly seq: number | null
  readonly time: string
  readonly text: string
  /** It did not count, but almost. */
  readonly missed: boolean
}

export function isHistory(expr: Expr): expr is HistoryExpr {
  return expr.kind === 'aggregate' || expr.kind === 'exists' || expr.kind === 'sequence'
}

/** Beside a history form that is a condition; empty where the event cited below says all. */
export function historyNote(expr: HistoryExpr, witness: HistoryWitness, scope: Scope): string {
  if (witness.value === unknown) return unknownNote(expr, witness)
  if (expr.kind === 'sequence') return sequenceNote(expr, witness, scope)
  if (witness.events.length === 1) return ''
  if (witness.events.length > 1) return `${grouped(witness.events.length)} events`
  if (witness.examined === 0) return `no ${populationText(expr, witness, scope)}`
  const { passedOver = [] } = witness
  const [only] = passedOver
  if (witness.examined === 1 && only !== undefined) {
    return `not event ${eventNumber(only)}, the only one ${rangeText(expr, witness)}`
  }
  const which = passedOver.length === witness.examined ? ` (${eventsText(passedOver)})` : ''
  return `none of ${grouped(witness.examined)} ${rangeText(expr, witness)}${which}`
}

/** A value and what it was made from: `240.00 USD from 3 events of customer “c1” in the last day`. */
export function sourcesText(expr: HistoryExpr, witness: HistoryWitness, scope: Scope): string {
  const number = witness.events.length
  const value = valueText(witness.value, expr.type)
  if (number === 0) return `${value}: no ${populationText(expr, witness, scope)}`
  return `${value} from ${counted(number, 'event')}${keysText(expr, witness)} ${rangeText(expr, witness)}`
}

/** `3 RefundIssued events of customer “c1” in the last day`. */
export function numberText(expr: HistoryExpr, witness: HistoryWitness, scope: Scope): string {
  const [name = ''] = contractNames(expr, scope)
  const number = witness.events.length
  const what = number === 0 ? `no ${name}` : counted(number, `${name} event`)
  return `${what}${keysText(expr, witness)} ${rangeText(expr, witness)}`
}

function sequenceNote(expr: HistoryExpr, witness: HistoryWitness, scope: Scope): string {
  if (witness.value === true) return ''
  if (witness.examined === 0) return `no ${populationText(expr, witness, scope)}`
  const last = witness.events.at(-1)
  return last === undefined ? 'the first step did not happen' : `got no further than event ${eventNumber(last)}`
}

/** `UserMessage of run “8f1c” in the last day`. */
function populationText(expr: HistoryExpr, witness: HistoryWitness, scope: Scope): string {
  return `${joined(contractNames(expr, scope), 'or')}${keysText(expr, witness)} ${rangeText(expr, witness)}`
}

function contractNames(expr: HistoryExpr, scope: Scope): readonly string[] {
  const patterns = expr.kind === 'sequence' ? expr.steps : [expr.pattern]
  return [...new Set(patterns.map(({ contract }) => scope.plan.contracts[contract]?.name ?? ''))]
}

/** ` of customer “c1”`; ` of this run` where the value is long and the current event's own. */
function keysText(expr: HistoryExpr, witness: HistoryWitness): string {
  const keys = expr.keys.map((key, i) => keyText(key, witness.keys[i]?.value ?? unknown))
  return keys.length > 0 ? ` of ${joined(keys)}` : ''
}

/** `customer “c1”`, or `this run` for the current event's own long one. */
export function keyText(key: Key, value: Value): string {
  const name = key.path.join('.')
  const own = key.value.kind === 'field' && key.value.event === 0 && key.value.path.join('.') === name
  const long = typeof value === 'string' && value.length > longestKey
  return own && long ? `this ${name}` : `${name} ${valueText(value, key.value.type)}`
}

const longestKey = 24

/** `in the last 24 h`, `since the day began (UTC)`, `since event 12`. */
export function rangeText(expr: HistoryExpr, witness: HistoryWitness): string {
  const { range } = expr
  switch (range.kind) {
    case 'over':
      return lastText(range.milliseconds)
    case 'per':
      return `since the ${range.unit} began (${zoneText(range)})`
    case 'ever':
      return 'so far'
    case 'since': {
      const reset = witness.reset ?? null
      return reset === null ? 'since the beginning' : `since event ${eventNumber(reset)}`
    }
  }
}

/** `UTC`, `Europe/Zurich`. */
export function zoneText({ zone }: Extract<Range, { readonly kind: 'per' }>): string {
  return zone?.name ?? 'UTC'
}

/** The events that a history form cites: the newest that count, or those that almost did. */
export function historyPoints(expr: HistoryExpr, witness: HistoryWitness, scope: Scope): readonly Citation[] {
  if (expr.kind === 'sequence') {
    return witness.events.flatMap((seq, i) => {
      const step = expr.steps[i]
      return step ? [citation(seq, step, null, scope)] : []
    })
  }
  const { pattern } = expr
  const value = expr.kind === 'aggregate' ? expr.value : null
  const unknowns = witness.value === unknown ? newest(witness.unknownEvents) : []
  const cited = witness.value === unknown && unknowns.length > 0 ? unknowns : newest(witness.events)
  const all = cited === unknowns ? witness.unknownEvents : witness.events
  const more = all.length - cited.length
  const drift = expr.kind === 'aggregate' && witness.value !== unknown ? driftText(expr, witness.events, scope) : ''
  return [
    ...(drift === '' ? [] : [remark(drift)]),
    ...cited.map(seq => citation(seq, pattern, value, scope)),
    ...(more > 0 ? [remark(`and ${counted(more, 'earlier event')}, the first ${firstText(all[0] ?? 0, scope)}`)] : []),
    ...(witness.nearMisses ?? []).map(miss => missCitation(miss, expr, scope)),
  ]
}

/** Enough to see what happened; the rest is counted. */
const mostCited = 3

function newest(seqs: readonly number[]): readonly number[] {
  return seqs.slice(seqs.length > mostCited + 1 ? -mostCited : 0)
}

function firstText(seq: number, scope: Scope): string {
  return `event ${eventNumber(seq)} at ${timeText(scope.view.event(seq).time, scope.event.time)}`
}

function unknownNote(expr: HistoryExpr, witness: HistoryWitness): string {
  const place = expr.keys.findIndex((_, i) => typeof (witness.keys[i]?.value ?? unknown) === 'symbol')
  const key = expr.keys[place]
  if (key) {
    const value = witness.keys[place]?.value ?? unknown
    return `unknown, because ${key.path.join('.')} of this event is ${valueText(value, key.value.type)}`
  }
  if (witness.unknownEvents.length > 0) return `unknown, because of ${eventsText(witness.unknownEvents)}`
  return expr.range.kind === 'since' && typeof witness.reset === 'number'
    ? `unknown, because of event ${eventNumber(witness.reset)}`
    : 'unknown'
}

function citation(seq: number, pattern: Pattern, value: Expr | null, scope: Scope): Citation {
  const event = scope.view.event(seq)
  const fields = fieldsOf(pattern, value).map(field =>
    fieldText(field, event, bindEvent(scope, pattern.variable, event)),
  )
  const own = seq === scope.event.seq ? ['this event'] : []
  return {
    kind: 'citation',
    seq,
    time: timeText(event.time, scope.event.time),
    text: [...own, ...fields].join(', '),
    missed: false,
  }
}

/** Words about events, without citing one. */
export function remark(text: string): Citation {
  return { kind: 'citation', seq: null, time: '', text, missed: false }
}

function missCitation(
  miss: NearMiss,
  expr: Exclude<HistoryExpr, { readonly kind: 'sequence' }>,
  scope: Scope,
): Citation {
  const cited = citation(miss.seq, expr.pattern, expr.kind === 'aggregate' ? expr.value : null, scope)
  return {
    ...cited,
    missed: true,
    text: `${cited.text === '' ? '' : `${cited.text}: `}${missedText(miss, expr, scope)}`,
  }
}

function missedText(miss: NearMiss, expr: Exclude<HistoryExpr, { readonly kind: 'sequence' }>, scope: Scope): string {
  const event = scope.view.event(miss.seq)
  switch (miss.missedBy) {
    case 'key': {
      const keys = expr.keys.map(key => `${key.path.join('.')} ${valueText(event.value(key.path), key.value.type)}`)
      return `but of ${joined(keys)}`
    }
    case 'range':
      return expr.range.kind === 'over'
        ? `but ${durationText(scope.event.time - event.time)} ago`
        : `but before ${expr.range.kind === 'per' ? `this ${expr.range.unit} (${zoneText(expr.range)})` : 'that event'}`
    case 'filter': {
      const { where } = expr.pattern
      const failing = where?.kind === 'and' ? where.operands[miss.position] : where
      return failing ? `but not ${quoted(sourceText(scope.plan, failing.span))}` : ''
    }
  }
}

function quoted(source: string): string {
  return `‘${oneLine(source, 60)}’`
}

interface CitedField {
  readonly expr: Extract<Expr, { readonly kind: 'field' }>
  /** What text tests of the filter look for in the field: a text, or the elements of a list. */
  readonly sought: Expr | null
}

const mostFields = 4

/** The fields of the cited event that the form reads, with what it looks for in them. */
function fieldsOf(pattern: Pattern, value: Expr | null): readonly CitedField[] {
  const found = new Map<string, CitedField>()
  const lists = new Map<number, Expr>()
  const visit = (expr: Expr, sought: Expr | null) => {
    if (expr.kind === 'quantified') lists.set(expr.variable, expr.list)
    if (expr.kind === 'field' && expr.event === pattern.variable) {
      const path = expr.path.join('.')
      if (!found.has(path) || sought) found.set(path, { expr, sought })
      return
    }
    if (expr.kind === 'text-test' && expr.operator !== 'like' && expr.operator !== 'matches') {
      const part = expr.right.kind === 'element' ? (lists.get(expr.right.variable) ?? null) : expr.right
      visit(expr.left, part)
      visit(expr.right, null)
      return
    }
    eachOperand(expr, operand => visit(operand, expr.kind === 'call' || expr.kind === 'named' ? sought : null))
  }
  if (value) visit(value, null)
  if (pattern.where) visit(pattern.where, null)
  return [...found.values()].slice(0, mostFields)
}

function fieldText({ expr, sought }: CitedField, event: EventView, scope: Scope): string {
  const value = event.value(expr.path)
  const name = expr.path.join('.')
  const part = typeof value === 'string' && sought ? partIn(value, sought, scope) : null
  if (typeof value === 'string' && part !== null) return `${name} “${around(value, part)}”`
  return `${name} ${valueText(value, expr.type)}`
}

/** The sought text, or the first of the sought texts, that stands in the value. */
function partIn(text: string, sought: Expr, scope: Scope): string | null {
  if (readsElement(sought)) return null
  const value = evaluate(sought, scope)
  const parts: readonly Value[] = Array.isArray(value) ? value : [value]
  const found = parts.find(part => typeof part === 'string' && part !== '' && text.includes(part))
  return typeof found === 'string' ? found : null
}

/** Whether it reads an element of an `any`/`all`, which has no value here. */
function readsElement(expr: Expr): boolean {
  if (expr.kind === 'element') return true
  let found = false
  eachOperand(expr, operand => {
    found ||= readsElement(operand)
  })
  return found
}
