/** What the body of a declaration is made by, kind by kind. Tests, properties, exceptions, rollouts, indicators and objectives are apart, because they look into other bodies. */
import type { Unit } from '../bind/unit.ts'
import type { Context } from './context.ts'
import { contractBody, sampleBody } from './contracts.ts'
import { policyBody } from './policies.ts'
import { sourceBody } from './sources.ts'

/** The part of the plan that a declaration becomes; null where it becomes none. Constructs without meaning yet are reported. */
export function bodyOf(unit: Unit, context: Context): unknown {
  const { syntax } = unit
  const signature = unit.signature?.value
  switch (syntax.kind) {
    case 'contract':
      return signature?.kind === 'contract' ? contractBody(context, syntax, signature) : null
    case 'policy':
      return signature?.kind === 'policy' ? policyBody(context, syntax, signature) : null
    case 'sample':
      return sampleBody(context, syntax)
    case 'source':
      return sourceBody(context, syntax)
    case 'type':
    case 'define':
    case 'role':
    case 'layers':
    case 'exception':
    case 'indicator':
    case 'objective':
    case 'rollout':
    case 'sink':
    case 'table':
    case 'test':
    case 'property':
    case 'module':
    case 'use':
    case 'broken':
      return null
  }
}
