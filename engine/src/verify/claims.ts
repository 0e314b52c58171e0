/**
 * The claims of a witness, one by one: fields have the values they are said to have, operators give what they are said to
 * give, decisive operands suffice, and histories cite exactly the events they rest on.
 */
import type { NearMiss, Witness } from '../explain/witness.ts'
import type { Expr } from '../plan/expression.ts'
import type { Value } from '../value/value.ts'
import { type Datum, datum, isList, isNothing, print, truth, unknown } from './datum.ts'
import {
  type History,
  holds,
  keyTest,
  type Looked,
  looked,
  meaning,
  operands,
  operated,
  type Place,
  takenOut,
  withElement,
} from './meaning.ts'

/** A claim that does not hold. */
export interface Doubt {
  /** Path inside the explanation, e.g. `rules[0].condition.decisive[1]`. */
  readonly where: string
  readonly why: string
}

/** The first claim of the witness that does not follow from plan and log; null where all do. */
export function doubtAbout(expr: Expr, at: Place, witness: Witness, where: string): Doubt | null {
  const { span } = witness
  if (span.file !== expr.span.file || span.start !== expr.span.start || span.end !== expr.span.end) {
    return { where, why: 'it speaks of another place in the source' }
  }
  return below(expr, witness, at, where) ?? valueDoubt(expr, witness, at, where)
}

/** Claims of what stands under a witness. */
function below(expr: Expr, witness: Witness, at: Place, where: string): Doubt | null {
  switch (expr.kind) {
    case 'literal':
    case 'now':
    case 'element':
      return witness.kind === expr.kind ? null : wrongKind(where, witness)
    case 'field':
      return witness.kind === 'field' ? fieldDoubt(expr, witness, at, where) : wrongKind(where, witness)
    case 'named':
      if (witness.kind !== 'named') return wrongKind(where, witness)
      return witness.name === expr.name
        ? doubtAbout(expr.value, at, witness.of, `${where}.of`)
        : { where, why: `it names ${witness.name} instead of ${expr.name}` }
    case 'and':
    case 'or':
      if (witness.kind !== expr.kind) return wrongKind(where, witness)
      return partsDoubt(
        witness.decisive,
        witness.value,
        expr.kind === 'or',
        expr.operands.length,
        i => [expr.operands[i] ?? expr, at],
        `${where}.decisive`,
      )
    case 'quantified':
      return witness.kind === 'quantified' ? elementsDoubt(expr, witness, at, where) : wrongKind(where, witness)
    case 'aggregate':
    case 'exists':
    case 'sequence':
      return witness.kind === 'history' ? historyDoubt(expr, witness, at, where) : wrongKind(where, witness)
    case 'default':
      return witness.kind === 'operator' ? defaultDoubt(expr, witness, at, where) : wrongKind(where, witness)
    case 'if':
      return witness.kind === 'operator' ? ifDoubt(expr, witness, at, where) : wrongKind(where, witness)
    default:
      return witness.kind === 'operator'
        ? operandsDoubt(operands(expr), witness.operands, at, `${where}.operands`)
        : wrongKind(where, witness)
  }
}

/** The value must follow from what stands below, not only be right. */
function valueDoubt(expr: Expr, witness: Witness, at: Place, where: string): Doubt | null {
  const claimed = datum(witness.value)
  const found = following(expr, witness, at)
  return print(claimed) === print(found) ? null : { where, why: `its value is ${print(found)}, not ${print(claimed)}` }
}

function following(expr: Expr, witness: Witness, at: Place): Datum {
  switch (witness.kind) {
    case 'named':
      return datum(witness.of.value)
    case 'operator': {
      const given = witness.operands.flatMap(operand => (operand ? [datum(operand.value)] : []))
      if (expr.kind === 'default' || expr.kind === 'if') return chosen(expr.kind, given)
      return isOperator(expr) ? operated(expr, given) : meaning(expr, at)
    }
    case 'and':
    case 'or':
    case 'quantified':
      // Their decisive parts were found to suffice for the claimed value.
      return datum(witness.value)
    default:
      return meaning(expr, at)
  }
}

function chosen(kind: 'default' | 'if', given: readonly Datum[]): Datum {
  const last = given.at(-1) ?? { nothing: 'unknown' as const }
  return kind === 'if' && given.length === 1 ? { nothing: 'unknown' } : last
}

function isOperator(expr: Expr): expr is Parameters<typeof operated>[0] {
  return ![
    'literal',
    'now',
    'field',
    'element',
    'named',
    'and',
    'or',
    'default',
    'if',
    'quantified',
    'aggregate',
    'exists',
    'sequence',
  ].includes(expr.kind)
}

function fieldDoubt(
  expr: Extract<Expr, { kind: 'field' }>,
  witness: Extract<Witness, { kind: 'field' }>,
  at: Place,
  where: string,
): Doubt | null {
  if (witness.path.join('.') !== expr.path.join('.')) return { where, why: 'it reads another field' }
  return witness.seq === at.events.get(expr.event)?.seq ? null : { where, why: 'it reads another event' }
}

type Parts = readonly { readonly position: number; readonly witness: Witness }[]

/** Either the first part that decides, alone, or every part. `part`: the expression of a position, and from where it is read. */
function partsDoubt(
  parts: Parts,
  claimed: Value,
  decider: boolean,
  size: number,
  part: (position: number) => readonly [Expr, Place],
  where: string,
): Doubt | null {
  for (const [i, { position, witness }] of parts.entries()) {
    if (!Number.isInteger(position) || position < 0 || position >= size)
      return { where, why: `it has no part ${position}` }
    const doubt = doubtAbout(...part(position), witness, `${where}[${i}]`)
    if (doubt) return doubt
  }
  const truths = parts.map(({ witness }) => truth(datum(witness.value)))
  const [first] = parts
  if (truth(datum(claimed)) === decider) {
    const sooner = Array.from({ length: first?.position ?? 0 }, (_, i) => truth(meaning(...part(i))))
    const decides = truths.length === 1 && truths[0] === decider && !sooner.includes(decider)
    return decides ? null : { where, why: `the first part that is ${decider} has to decide it` }
  }
  if (parts.length !== size || parts.some(({ position }, i) => position !== i)) {
    return { where, why: 'all its parts are needed, each once, in order' }
  }
  const follows = truths.includes(decider) ? decider : truths.includes(null) ? null : !decider
  return follows === truth(datum(claimed)) ? null : { where, why: 'its parts make it another truth' }
}

function elementsDoubt(
  expr: Extract<Expr, { kind: 'quantified' }>,
  witness: Extract<Witness, { kind: 'quantified' }>,
  at: Place,
  where: string,
): Doubt | null {
  const doubt = doubtAbout(expr.list, at, witness.list, `${where}.list`)
  if (doubt) return doubt
  const list = datum(witness.list.value)
  if (!isList(list)) {
    const silent = witness.elements.length === 0 && truth(datum(witness.value)) === null
    return silent ? null : { where, why: 'there is no list to look at' }
  }
  const part = (i: number): readonly [Expr, Place] => [expr.where, withElement(at, expr.variable, list[i] ?? unknown)]
  return partsDoubt(witness.elements, witness.value, expr.quantifier === 'any', list.length, part, `${where}.elements`)
}

function operandsDoubt(
  exprs: readonly Expr[],
  witnesses: readonly (Witness | null)[],
  at: Place,
  where: string,
): Doubt | null {
  if (exprs.length !== witnesses.length) return { where, why: 'it has another number of operands' }
  for (const [i, expr] of exprs.entries()) {
    const witness = witnesses[i]
    if (!witness) return { where, why: `its operand ${i} is missing` }
    const doubt = doubtAbout(expr, at, witness, `${where}[${i}]`)
    if (doubt) return doubt
  }
  return null
}

function defaultDoubt(
  expr: Extract<Expr, { kind: 'default' }>,
  witness: Extract<Witness, { kind: 'operator' }>,
  at: Place,
  where: string,
): Doubt | null {
  const [value, otherwise] = witness.operands
  const there = value ? datum(value.value) : null
  const needed = there !== null && isNothing(there) && there.nothing === 'absent'
  if (witness.operands.length !== 2 || (otherwise !== null) !== needed)
    return { where, why: 'it looks at the wrong side' }
  const exprs = needed ? [expr.value, expr.otherwise] : [expr.value]
  return operandsDoubt(exprs, witness.operands.slice(0, exprs.length), at, `${where}.operands`)
}

function ifDoubt(
  expr: Extract<Expr, { kind: 'if' }>,
  witness: Extract<Witness, { kind: 'operator' }>,
  at: Place,
  where: string,
): Doubt | null {
  const [condition, then, otherwise] = witness.operands
  const held = condition ? truth(datum(condition.value)) : null
  const taken =
    witness.operands.length === 3 && (then !== null) === (held === true) && (otherwise !== null) === (held === false)
  if (!taken) return { where, why: 'it takes the wrong branch' }
  const branch = held === null ? [] : held ? [expr.then] : [expr.otherwise]
  return operandsDoubt(
    [expr.condition, ...branch],
    witness.operands.filter(operand => operand !== null),
    at,
    `${where}.operands`,
  )
}

function historyDoubt(
  expr: History,
  witness: Extract<Witness, { kind: 'history' }>,
  at: Place,
  where: string,
): Doubt | null {
  const doubt = operandsDoubt(
    expr.keys.map(key => key.value),
    witness.keys,
    at,
    `${where}.keys`,
  )
  if (doubt) return doubt
  const found = looked(expr, at)
  const claims: readonly (readonly [string, unknown, unknown])[] = [
    ['events', witness.events.join(), found.events.join()],
    ['unknownEvents', witness.unknownEvents.join(), found.unknownEvents.join()],
    ['examined', witness.examined, found.examined],
    ['from', witness.from, found.from],
    ['to', witness.to, at.now.time],
    ['reset', witness.reset, found.reset],
  ]
  const wrong = claims.find(([, claimed, actual]) => claimed !== actual)
  if (wrong) return { where: `${where}.${wrong[0]}`, why: `it is ${wrong[2]}, not ${wrong[1]}` }
  const asides = [...(witness.passedOver ?? []).map(seq => ({ seq, missedBy: null })), ...(witness.nearMisses ?? [])]
  const untrue = asides.find(aside => expr.kind === 'sequence' || !missed(expr, aside, found, at))
  return untrue ? { where, why: `event ${untrue.seq} did not miss it in this way` } : null
}

/** Whether an event that is said to have almost counted, or to have been passed over, did so. */
function missed(
  expr: Exclude<History, { kind: 'sequence' }>,
  {
    seq,
    missedBy,
    position,
  }: { readonly seq: number; readonly missedBy: NearMiss['missedBy'] | null; readonly position?: number },
  found: Looked,
  at: Place,
): boolean {
  if (!Number.isInteger(seq) || seq < 0 || seq > at.now.seq - (expr.beforeThis ? 1 : 0)) return false
  const event = at.view.event(seq)
  if (event.contract !== expr.pattern.contract || takenOut(event, at)) return false
  const inRange = typeof found.reset === 'number' ? seq > found.reset : found.from === null || event.time > found.from
  const wanted = expr.keys.map(key => meaning(key.value, at))
  const keyed = keyTest(at.view, expr.keys, wanted)(seq)
  const held = holds(expr.pattern, event, at)
  if (missedBy === 'key') return inRange && !keyed && held === true
  if (missedBy === 'range') return !inRange && keyed && held === true
  if (!inRange || !keyed || held === true) return false
  if (missedBy === null) return held === false
  const { where } = expr.pattern
  if (where?.kind !== 'and') return false
  const inside: Place = { ...at, events: new Map([...at.events, [expr.pattern.variable, event]]) }
  return where.operands.every((operand, i) => (truth(meaning(operand, inside)) === true) === (i !== position))
}

function wrongKind(where: string, witness: Witness): Doubt {
  return { where, why: `evidence of the kind ${witness.kind} does not go with it` }
}
