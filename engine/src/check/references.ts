/** Names that have to be declarations of one kind: contracts, roles, types. */
import type { Name } from '@writ/grammar'
import {
  type ContractSignature,
  kindTitle,
  type OtherSignature,
  type PolicySignature,
  type RoleSignature,
  type Signature,
  type TableSignature,
} from '../bind/signature.ts'
import type { Context } from './context.ts'
import { reportUnknown } from './names.ts'

type Here = Pick<Context, 'report' | 'lookup'>

/** The contract of this name; reports what it is instead. */
export function findContract(context: Here, name: Name): ContractSignature | null {
  const found = find(context, name, 'contract')
  return found?.kind === 'contract' ? found : null
}
export function findRole(context: Here, name: Name): RoleSignature | null {
  const found = find(context, name, 'role')
  return found?.kind === 'role' ? found : null
}

export function findPolicy(context: Here, name: Name): PolicySignature | null {
  const found = find(context, name, 'policy')
  return found?.kind === 'policy' ? found : null
}

export function findTable(context: Here, name: Name): TableSignature | null {
  const found = find(context, name, 'table')
  return found?.kind === 'table' ? found : null
}

export function findIndicator(context: Here, name: Name): OtherSignature | null {
  const found = find(context, name, 'indicator')
  return found?.kind === 'indicator' ? found : null
}

function find(
  context: Here,
  name: Name,
  kind: 'contract' | 'role' | 'policy' | 'table' | 'indicator',
): Signature | null {
  if (name.text === '') return null
  const found = context.lookup.find(name.text)
  if (!found) reportUnknown(context, name, kind, context.lookup.names())
  else if (found.kind !== kind && found.kind !== 'unknowable')
    context.report.add('W0210', name.span, { name: name.text, found: kindTitle(found.kind), needed: kind })
  return found
}
