/**
 * Declarations whose bodies look into those of others: tests, properties, exceptions and indicators into policies and samples, objectives
 * and rollouts into indicators. So they are made last, in two rounds. The bodies of all others are bodies.ts.
 */
import type { Unit } from '../bind/unit.ts'
import type { Context } from './context.ts'
import { exceptionBody } from './exceptions.ts'
import { indicatorBody } from './indicators.ts'
import { objectiveBody } from './objectives.ts'
import { propertyBody } from './properties.ts'
import { rolloutBody } from './rollouts.ts'
import type { WideLookup } from './scope.ts'
import { testBody } from './tests.ts'

/** Null: the body looks into no other. */
export function roundOf({ syntax }: Unit): 'first' | 'second' | null {
  switch (syntax.kind) {
    case 'test':
    case 'property':
    case 'exception':
    case 'indicator':
      return 'first'
    case 'objective':
    case 'rollout':
      return 'second'
    default:
      return null
  }
}

/** The body of a declaration with a round. */
export function wideBodyOf({ syntax, module }: Unit, context: Context, lookup: WideLookup): unknown {
  switch (syntax.kind) {
    case 'test':
      return testBody(context, lookup, syntax, module)
    case 'property':
      return propertyBody(context, lookup, syntax, module)
    case 'exception':
      return exceptionBody(context, lookup, syntax, module)
    case 'indicator':
      return indicatorBody(context, lookup, syntax, module)
    case 'objective':
      return objectiveBody(context, lookup, syntax, module)
    case 'rollout':
      return rolloutBody(context, lookup, syntax, module)
    default:
      return null
  }
}
