/**
 * Privacy classes as contracts declare them: which a field has, with what it stands in and what stands in it, and what a sink
 * accepts. How they go on through expressions is flows.ts.
 */
import type { PlanContract, PlanSink } from '../plan/plan.ts'
import type { FieldType, Type } from '../value/type.ts'

/** The class that is refused with an error; others with a warning. */
export function isSecret(privacyClass: string): boolean {
  return privacyClass === 'secret' || privacyClass.startsWith('secret(')
}

/** `personal` stands for every `personal(…)`. */
export function accepts(sink: PlanSink | undefined, privacyClass: string): boolean {
  const family = privacyClass.replace(/\(.*/, '')
  return sink?.accepts.some(accepted => accepted === privacyClass || accepted === family) ?? false
}

/** Classes of the value at `path`: of the fields on the way, of its own, and of all that is in it. Each once. */
export function classesAt(contract: PlanContract, path: readonly string[]): readonly string[] {
  const found = new Set<string>()
  let fields: readonly FieldType[] = contract.fields
  let last: FieldType | undefined
  for (const name of path) {
    last = fields.find(field => field.name === name)
    if (!last) return [...found]
    for (const one of last.classes) found.add(one)
    fields = membersOf(last.type)
  }
  if (last) addWithin(last.type, found)
  return [...found]
}

/** All classes of the fields of a contract. */
export function classesOf(contract: PlanContract): ReadonlySet<string> {
  const found = new Set<string>()
  for (const field of contract.fields) {
    for (const one of field.classes) found.add(one)
    addWithin(field.type, found)
  }
  return found
}

function addWithin(type: Type, found: Set<string>): void {
  if (type.kind === 'list') addWithin(type.element, found)
  for (const field of membersOf(type)) {
    for (const one of field.classes) found.add(one)
    addWithin(field.type, found)
  }
}

function membersOf(type: Type): readonly FieldType[] {
  if (type.kind === 'optional') return membersOf(type.inner)
  return type.kind === 'record' ? type.fields : []
}
