/** Values as a debugger shows them: a text, and members that can be unfolded. Secrets are covered, and texts that one may stand in. */
import { harmless, isRecord, type Plan, presentValue, type Type, type Value } from '@writ/engine'

export interface DebugValue {
  readonly name: string
  readonly value: string
  readonly type: string
  readonly members: readonly DebugValue[]
}

const mostMembers = 200
const longest = 2_000

/** `isSecret`: of a field that says so itself. */
export function debugValue(plan: Plan, name: string, value: Value, type: Type, isSecret = false): DebugValue {
  const inner = type.kind === 'optional' ? type.inner : type
  const made = (text: string, members: readonly DebugValue[] = []): DebugValue => ({
    name,
    value: text,
    type: typeName(type),
    members,
  })
  if (typeof value === 'symbol') return made(value.description ?? 'unknown')
  if (isSecret || (holdsText(value, inner) && hidesTexts(plan))) return made('•••')
  const text = harmless(presentValue(value, type, { quoted: true }))
  return made(
    text.length > longest ? `${text.slice(0, longest)}…` : text,
    membersOf(value, inner).map(([key, member, memberType, secret]) =>
      debugValue(plan, key, member, memberType, secret),
    ),
  )
}

type Member = readonly [name: string, value: Value, type: Type, isSecret: boolean]

function membersOf(value: Value, type: Type): readonly Member[] {
  if (Array.isArray(value) && type.kind === 'list')
    return value.slice(0, mostMembers).map((one: Value, i): Member => [String(i), one, type.element, false])
  if (typeof value === 'object' && !Array.isArray(value) && isRecord(value) && type.kind === 'record')
    return type.fields.flatMap(({ name, type: own, classes }): Member[] => {
      const member = value.fields[name]
      return member === undefined ? [] : [[name, member, own, classes.includes('secret')]]
    })
  return []
}

/** Whether a text may have been made of a secret: where any contract has one. */
function hidesTexts(plan: Plan): boolean {
  return plan.contracts.some(({ fields }) => fields.some(({ classes }) => classes.includes('secret')))
}

function holdsText(value: Value, type: Type): boolean {
  if (typeof value === 'string') return type.kind === 'string'
  return membersOf(value, type).some(([, member, own]) => holdsText(member, own.kind === 'optional' ? own.inner : own))
}

function typeName(type: Type): string {
  switch (type.kind) {
    case 'optional':
      return `${typeName(type.inner)}?`
    case 'list':
      return `List<${typeName(type.element)}>`
    case 'money':
      return type.currency === null ? 'Money' : `Money<${type.currency}>`
    case 'enum':
      return type.name ?? 'enum'
    case 'record':
      return type.name ?? 'record'
    case 'error':
      return ''
    default:
      return type.kind.charAt(0).toUpperCase() + type.kind.slice(1)
  }
}
