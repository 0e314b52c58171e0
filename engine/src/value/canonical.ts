/**
 * The canonical form of an event, to which approvals are bound: JSON without spaces, members sorted by UTF-16 code units, numbers
 * as plain decimals, and its SHA-256. Anybody can make it without Writ; docs/language.md, "Approvals", says how.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { EventView } from '../log/view.ts'
import type { PlanContract } from '../plan/plan.ts'
import { presentValue } from './present.ts'
import { decimalText } from './rational.ts'
import { absent, isMoney, isRational, isRecord, unknown, type Value } from './value.ts'

/** `{"contract":"Paid","fields":{…},"version":"1.0.0"}`; absent fields are left out, unknown ones are null. */
export function canonicalEvent(contract: PlanContract, event: EventView): string {
  const fields: Record<string, Value> = {}
  for (const { name } of contract.fields) fields[name] = event.value([name])
  const { name, version } = contract
  return `{"contract":${JSON.stringify(name)},"fields":${canonicalFields(fields)},"version":${JSON.stringify(version)}}`
}

/** Hex SHA-256 of the canonical form in UTF-8. */
export function eventDigest(contract: PlanContract, event: EventView): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalEvent(contract, event))))
}

/**
 * What an approval may call a request: the values of its key fields as texts, joined by `/`. Null where the contract has no key,
 * or a part of it is unknown.
 */
export function referenceOf(contract: PlanContract, event: EventView): string | null {
  if (contract.keyFields.length === 0) return null
  const parts: string[] = []
  for (const name of contract.keyFields) {
    const type = contract.fields.find(field => field.name === name)?.type
    const value = event.value([name])
    if (type === undefined || value === unknown || value === absent) return null
    parts.push(presentValue(value, type))
  }
  return parts.join('/')
}

/** A record of which nothing is known is itself unknown: columns do not tell these apart. */
export function isWhollyUnknown(value: Value): boolean {
  if (value === unknown) return true
  if (typeof value !== 'object' || Array.isArray(value) || !isRecord(value)) return false
  const members = Object.values(value.fields)
  return members.length > 0 && members.every(isWhollyUnknown)
}

function canonicalFields(fields: Readonly<Record<string, Value>>): string {
  const members: string[] = []
  for (const name of Object.keys(fields).sort()) {
    const value = fields[name]
    if (value !== undefined && value !== absent) members.push(`${JSON.stringify(name)}:${canonicalValue(value)}`)
  }
  return `{${members.join(',')}}`
}

/** One value in its canonical form. */
export function canonicalValue(value: Value): string {
  if (value === unknown || value === absent) return 'null'
  if (typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (isMoney(value)) return `{"amount":${decimalText(value.amount)},"currency":${JSON.stringify(value.currency)}}`
  if (isRational(value)) return decimalText(value)
  if (isRecord(value)) return isWhollyUnknown(value) ? 'null' : canonicalFields(value.fields)
  return `[${value.map(canonicalValue).join(',')}]`
}
