/**
 * What the checker knew at each expression of one declaration: the names that stood before it, the type that was expected, and
 * what it was made into. Worked out when somebody asks, by making the declaration once more, so that a check remembers none of it.
 */
import type { Declaration, Expression } from '@writ/grammar'
import type { Unit } from '../bind/unit.ts'
import { bodyOf } from '../check/bodies.ts'
import { type Checked, type Memory, memoryOf } from '../check/check.ts'
import type { Context, Env } from '../check/context.ts'
import type { SampleBody } from '../check/contracts.ts'
import { typeHere } from '../check/demand.ts'
import { infer } from '../check/expressions.ts'
import { Scopes, type WideLookup } from '../check/scope.ts'
import { signatureOf } from '../check/signatures.ts'
import { roundOf, wideBodyOf } from '../check/wide-bodies.ts'
import type { Expr } from '../plan/expression.ts'
import type { Type } from '../value/type.ts'

/** One expression as the checker saw it; where it looked twice, the last time. */
export interface Seen {
  readonly env: Env
  /** The type that would have helped; null where nothing was expected. */
  readonly expected: Type | null
  readonly made: Expr
  /** The type where it stands: guards taken into account. */
  readonly type: Type
}
export type Inspection = ReadonlyMap<Expression, Seen>

/** The expressions of a declaration of `checked`. Those that the checker never reached, because of a mistake around them, are not there. */
export function inspect(checked: Checked, unit: Unit): Inspection {
  const memory = memoryOf(checked)
  const seen = new Map<Expression, Seen>()
  scopesOf(memory).work(unit, (context, lookup) => {
    const watching: Context = {
      ...context,
      infer: (expression, env, expected) => {
        const made = infer(watching, expression, env, expected)
        seen.set(expression, { env, expected, made, type: typeHere(made, env) })
        return made
      },
    }
    make(watching, lookup, unit, memory)
  })
  return seen
}

/** Null where the file has no such declaration. */
export function unitOf(checked: Checked, path: string, declaration: Declaration): Unit | null {
  return (
    memoryOf(checked)
      .unitsByPath.get(path)
      ?.find(unit => unit.syntax === declaration) ?? null
  )
}

function make(context: Context, lookup: WideLookup, unit: Unit, { ids }: Memory): void {
  const { syntax, module } = unit
  signatureOf(context, syntax, module, () => ids.next++)
  if (roundOf(unit) === null) bodyOf(unit, context)
  else wideBodyOf(unit, context, lookup)
}

const made = new WeakMap<Memory, Scopes>()

/** The answers that declarations got in the check, to be asked once more. */
function scopesOf(memory: Memory): Scopes {
  let scopes = made.get(memory)
  if (!scopes) {
    const { binding, units, unknowables, ids, baselines } = memory
    scopes = new Scopes(binding, { named: () => undefined, unknowables }, () => ids.next++, baselines)
    scopes.setDeciders(
      units.filter(unit => unit.syntax.kind === 'policy'),
      memory,
    )
    for (const unit of units) {
      const body = unit.syntax.kind === 'sample' ? (unit.body?.value as SampleBody | null) : null
      if (body) scopes.addSample(unit.module, body.contract, body)
    }
    made.set(memory, scopes)
  }
  return scopes
}
