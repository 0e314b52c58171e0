/** What the checker makes of a request for approval and of what is said to it: names, digests, people. Its own reading of docs/language.md. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { EventView } from '../log/view.ts'
import type { PlanContract, PlanRole } from '../plan/plan.ts'
import { type Datum, datum, isList, isMembers, isNothing, isQuantity, isSum, truth } from './datum.ts'
import { meaning, type Place, takenOut } from './meaning.ts'
import { presented } from './presented.ts'
import { text } from './quantity.ts'

/** The names by which approvals may call the request: its reference, where it has one, and its digest. */
export function namesOf(contract: PlanContract, request: EventView): readonly string[] {
  const parts = contract.keyFields.map(name => {
    const field = contract.fields.find(one => one.name === name)
    const value = datum(request.value([name]))
    return field && !isNothing(value) ? presented(value, field.type) : null
  })
  const hasReference = parts.length > 0 && !parts.includes(null)
  return [...(hasReference ? [parts.join('/')] : []), digestOf(contract, request)]
}

export function digestOf(contract: PlanContract, request: EventView): string {
  const fields = contract.fields.map(({ name }) => [name, datum(request.value([name]))] as const)
  const whole = `{"contract":${JSON.stringify(contract.name)},"fields":${members(fields)},"version":${JSON.stringify(contract.version)}}`
  return bytesToHex(sha256(utf8ToBytes(whole)))
}

function members(fields: readonly (readonly [string, Datum])[]): string {
  const there = fields.filter(([, value]) => !isNothing(value) || value.nothing === 'unknown')
  const sorted = [...there].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${sorted.map(([name, value]) => `${JSON.stringify(name)}:${json(value)}`).join(',')}}`
}

/** The canonical form of one value. */
export function json(value: Datum): string {
  if (nothingKnown(value) || isNothing(value)) return 'null'
  if (isSum(value)) return `{"amount":${text(value.amount)},"currency":${JSON.stringify(value.currency)}}`
  if (isQuantity(value)) return text(value)
  if (isMembers(value)) return members(Object.entries(value.fields))
  return isList(value) ? `[${value.map(json).join(',')}]` : JSON.stringify(value)
}

function nothingKnown(value: Datum): boolean {
  if (isNothing(value)) return value.nothing === 'unknown'
  if (!isMembers(value)) return false
  const inside = Object.values(value.fields)
  return inside.length > 0 && inside.every(nothingKnown)
}

/** Whom a person stands for in a role at an Approval: themselves, or the member whose deputy they are; null: nobody. */
export function standsFor(at: Place, role: Datum, person: string, event: EventView): string | null {
  const found: PlanRole | undefined = at.plan.roles.find(({ name }) => name === role)
  if (!found) return null
  if (isMember(at, found, person, event)) return person
  const deputy = found.delegations.find(one => {
    const begun = one.from === null || event.time >= one.from
    const over = one.until !== null && event.time > one.until
    return one.deputy === person && begun && !over && isMember(at, found, one.member, event)
  })
  return deputy?.member ?? null
}

/** Listed, or with a row in the role's table by then. */
function isMember(at: Place, { members: listed, rows }: PlanRole, person: string, event: EventView): boolean {
  if (listed.includes(person)) return true
  if (rows === null) return false
  return Array.from(at.view.of(rows.contract)).some(seq => {
    const row = at.view.event(seq)
    if (seq > event.seq || datum(row.value([rows.key])) !== person || takenOut(row, at)) return false
    const place: Place = { ...at, now: row, events: new Map([[0, row]]), elements: new Map() }
    return rows.where === null || truth(meaning(rows.where, place)) === true
  })
}
