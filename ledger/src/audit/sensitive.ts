/**
 * Which parts of a record are withheld: fields that carry a privacy class other than `public`, and texts that such fields can
 * get into. Judged from the program alone, so that what a log withholds never depends on a value.
 */
import type { Expr, FieldType, Plan, PlanContract, Template, Type } from '@writ/engine'

/** Whether the field at the path (or a record around it, or one inside it) is withheld. */
export function isSensitive(contract: PlanContract, path: readonly string[]): boolean {
  let fields: readonly FieldType[] = contract.fields
  for (const [depth, name] of path.entries()) {
    const field = fields.find(one => one.name === name)
    if (field === undefined) return false
    if (isClassified(field)) return true
    if (depth === path.length - 1) return hasClassified(field.type)
    fields = membersOf(field.type)
  }
  return false
}

/** Whether any field of the contract is withheld. */
export function hasSensitive(contract: PlanContract): boolean {
  return contract.fields.some(field => isClassified(field) || hasClassified(field.type))
}

/** Whether a sensitive value can get into the text. `contracts`: what the current event may be. */
export function textTells(plan: Plan, contracts: readonly number[], text: Template | null): boolean {
  return (text ?? []).some(part => typeof part !== 'string' && expressionTells(plan, contracts, part))
}

/** Whether the value of the expression can tell a sensitive one. Conditions and keys of windows choose events, and tell none. */
export function expressionTells(plan: Plan, contracts: readonly number[], expression: Expr): boolean {
  return tells(plan, new Map([[0, contracts]]), expression)
}

function tells(plan: Plan, variables: ReadonlyMap<number, readonly number[]>, expression: Expr): boolean {
  const any = (...parts: readonly (Expr | null)[]): boolean =>
    parts.some(part => part !== null && tells(plan, variables, part))
  switch (expression.kind) {
    case 'literal':
    case 'now':
    case 'element':
    case 'exists':
    case 'sequence':
      return false
    case 'field':
      return (variables.get(expression.event) ?? []).some(index => {
        const contract = plan.contracts[index]
        return contract !== undefined && isSensitive(contract, expression.path)
      })
    case 'member':
      return any(expression.object)
    case 'named':
      return any(expression.value)
    case 'not':
    case 'present':
    case 'negate':
      return any(expression.operand)
    case 'and':
    case 'or':
      return any(...expression.operands)
    case 'compare':
    case 'text-test':
    case 'arithmetic':
      return any(expression.left, expression.right)
    case 'in-list':
      return any(expression.item, expression.list)
    case 'in-range':
      return any(expression.item, expression.low, expression.high)
    case 'default':
      return any(expression.value, expression.otherwise)
    case 'if':
      return any(expression.condition, expression.then, expression.otherwise)
    case 'call':
      return any(...expression.arguments)
    case 'list':
      return any(...expression.items)
    case 'record':
      return any(...expression.fields.map(field => field.value))
    case 'quantified':
      return any(expression.list, expression.where)
    case 'aggregate': {
      if (expression.value === null) return false
      const { variable, contract } = expression.pattern
      return tells(plan, new Map([...variables, [variable, [contract]]]), expression.value)
    }
  }
}

function isClassified(field: FieldType): boolean {
  return field.classes.some(name => name !== 'public')
}

function hasClassified(type: Type): boolean {
  return membersOf(type).some(field => isClassified(field) || hasClassified(field.type))
}

function membersOf(type: Type): readonly FieldType[] {
  if (type.kind === 'optional') return membersOf(type.inner)
  if (type.kind === 'list') return membersOf(type.element)
  return type.kind === 'record' ? type.fields : []
}
