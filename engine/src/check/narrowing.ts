/**
 * Which optional values are known to be there: what a condition says about them when it is true and when it is false.
 * Guards work on names and field paths. docs/language.md, "Types and values".
 */
import type { Expr } from '../plan/expression.ts'
import type { Env } from './context.ts'

const none: ReadonlySet<string> = new Set()

/** A name or a field path as a key of `Env.present`; null for anything that a guard cannot speak of. */
export function guardKey(expr: Expr): string | null {
  switch (expr.kind) {
    case 'field':
      return `${expr.event}.${expr.path.join('.')}`
    case 'element':
      return `e${expr.variable}`
    case 'member': {
      const object = guardKey(expr.object)
      return object && `${object}.${expr.member}`
    }
    case 'named':
      return expr.of === 'let' ? `let ${expr.name}` : null
    default:
      return null
  }
}

/** The environment in which `condition` is known to be true, or false. */
export function assuming(env: Env, condition: Expr, truth: boolean): Env {
  return withPresent(env, factsOf(condition, truth))
}
export function withPresent(env: Env, facts: ReadonlySet<string>): Env {
  if (facts.size === 0) return env
  return { ...env, present: new Set([...env.present, ...facts]) }
}

function factsOf(expr: Expr, truth: boolean): ReadonlySet<string> {
  switch (expr.kind) {
    case 'present': {
      const key = guardKey(expr.operand)
      return truth && key !== null ? new Set([key]) : none
    }
    case 'not':
      return factsOf(expr.operand, !truth)
    case 'named':
      return factsOf(expr.value, truth)
    case 'and':
    case 'or': {
      // A true `and` has all of its operands true; of a false one only what every operand says when false is certain.
      const facts = expr.operands.map(operand => factsOf(operand, truth))
      return (expr.kind === 'and') === truth ? union(facts) : intersection(facts)
    }
    default:
      return none
  }
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const filled = sets.filter(set => set.size > 0)
  const [first] = filled
  if (!first) return none
  return filled.length === 1 ? first : new Set(filled.flatMap(set => [...set]))
}

function intersection(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const [first, ...rest] = sets
  if (!first || sets.some(set => set.size === 0)) return none
  return new Set([...first].filter(key => rest.every(set => set.has(key))))
}
