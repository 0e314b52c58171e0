/** What can be read from an event that may be of several contracts: the fields that all of them have with the same type. */
import type { ContractSignature } from '../bind/signature.ts'
import type { FieldType } from '../value/type.ts'
import { type EventFields, eventFields } from './context.ts'
import { sameType, showType } from './type-relations.ts'

/** The fields in common; a field that only some have is `partial`, with the reason. */
export function commonFields(title: string, contracts: readonly ContractSignature[]): EventFields {
  const [first, ...rest] = contracts
  if (!first) return { title, contracts, fields: new Map(), partial: new Map(), unknown: true }
  if (rest.length === 0) return { ...eventFields(first), title }
  const fields = new Map<string, FieldType>()
  const partial = new Map<string, string>()
  for (const contract of contracts) {
    for (const field of contract.fields) {
      if (fields.has(field.name) || partial.has(field.name)) continue
      const reason = difference(field, contract, contracts)
      if (reason === null) fields.set(field.name, field)
      else partial.set(field.name, reason)
    }
  }
  return { title, contracts, fields, partial, unknown: contracts.some(contract => contract.partial) }
}

/** Why a field is not common to all, or null where it is. */
function difference(
  field: FieldType,
  contract: ContractSignature,
  contracts: readonly ContractSignature[],
): string | null {
  for (const other of contracts) {
    const there = eventFields(other).fields.get(field.name)
    if (!there) return `${other.name} has no such field`
    if (!sameType(there.type, field.type)) {
      return `it is ${showType(field.type)} in ${contract.name}, but ${showType(there.type)} in ${other.name}`
    }
  }
  return null
}
