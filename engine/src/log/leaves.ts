/**
 * Which columns a contract has. Records at the top level are flattened into their leaves, `address.city`; a record that is
 * optional itself has a column of its own under its own path that says whether it is there, since all its leaves may be
 * absent though it is present. Lists, and the records inside them, are one column of values.
 */
import type { PlanContract } from '../plan/plan.ts'
import type { FieldType, Refinement, Type } from '../value/type.ts'

/** One column of a contract. */
export interface Leaf {
  readonly path: readonly string[]
  /** The path joined with '.'. */
  readonly key: string
  /** Without `optional`; `record` for the presence of an optional record. */
  readonly type: Exclude<Type, { readonly kind: 'optional' }>
  /** The leaf, or a record around it, may be absent. */
  readonly optional: boolean
  readonly refinement: Refinement | null
}

/**
 * The columns of a contract, in field order. With `columns`, only those asked for: a path asks for itself, for what is
 * inside it, and for whether the optional records around it are present.
 */
export function leavesOf(contract: PlanContract, columns?: ReadonlySet<string>): readonly Leaf[] {
  const leaves: Leaf[] = []
  for (const field of contract.fields) collect(field, [], false, leaves)
  return columns === undefined ? leaves : leaves.filter(leaf => isAsked(leaf, columns))
}

/** The type under any `optional`. */
export function withoutOptional(type: Type): Leaf['type'] {
  return type.kind === 'optional' ? withoutOptional(type.inner) : type
}

function collect(field: FieldType, around: readonly string[], optionalAround: boolean, leaves: Leaf[]): void {
  const path = [...around, field.name]
  const type = withoutOptional(field.type)
  const optional = optionalAround || field.type.kind === 'optional'
  const leaf = { path, key: path.join('.'), type, optional, refinement: field.refinement }
  if (type.kind !== 'record') {
    leaves.push(leaf)
    return
  }
  if (field.type.kind === 'optional') leaves.push(leaf)
  for (const inner of type.fields) collect(inner, path, optional, leaves)
}

function isAsked(leaf: Leaf, columns: ReadonlySet<string>): boolean {
  if (columns.has(leaf.key)) return true
  for (let end = 1; end < leaf.path.length; end++) if (columns.has(leaf.path.slice(0, end).join('.'))) return true
  if (leaf.type.kind !== 'record') return false
  for (const asked of columns) if (asked.startsWith(`${leaf.key}.`)) return true
  return false
}
