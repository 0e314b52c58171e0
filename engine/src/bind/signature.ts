/**
 * Signatures: what one declaration lets others see of it. A declaration is checked again only when it changed itself or a
 * signature that it looked up did; so a signature keeps its identity as long as it says the same (`key`).
 * How signatures are worked out is check/signatures.ts.
 */
import type { Expr, Pattern } from '../plan/expression.ts'
import type { PlanRole } from '../plan/plan.ts'
import type { FieldType, Refinement, Type } from '../value/type.ts'

interface Named {
  readonly name: string
  readonly module: string
  /** Equal exactly when two signatures of the same name say the same. */
  readonly key: string
  /** The declaration has syntax errors: what it seems not to have may be in what was lost. */
  readonly partial: boolean
}

export type Signature =
  | TypeSignature
  | ContractSignature
  | DefineSignature
  | RoleSignature
  | PolicySignature
  | TableSignature
  | OtherSignature

export interface TypeSignature extends Named {
  readonly kind: 'type'
  readonly type: Type
  readonly refinement: Refinement | null
}
export interface ContractSignature extends Named {
  readonly kind: 'contract'
  /** Stands for the contract in lowered expressions until the plan gives it an index. */
  readonly id: number
  readonly version: string
  readonly fields: readonly FieldType[]
  readonly timeField: string | null
  /** Who asks, for the separation of duties. */
  readonly requesterField: string | null
  readonly keyFields: readonly string[]
}
/** The body belongs to the signature, because it is inlined where the define is used. */
export interface DefineSignature extends Named {
  readonly kind: 'define'
  readonly parameters: readonly { readonly name: string; readonly type: Type }[]
  readonly result: Type
  /** Parameters are `element` nodes with the variables -1, -2, …; variables of quantifiers are 0 and above. */
  readonly body: Expr
}
export interface RoleSignature extends Named {
  readonly kind: 'role'
  readonly members: readonly string[]
  readonly delegations: PlanRole['delegations']
  /** With the id of the contract's signature. */
  readonly rows: PlanRole['rows']
}
export interface PolicySignature extends Named {
  readonly kind: 'policy'
  /** Names of the contracts as the policy's file writes them, resolved. */
  readonly contracts: readonly ContractSignature[]
  readonly aliases: readonly { readonly name: string; readonly contracts: readonly ContractSignature[] }[]
  readonly rules: readonly {
    readonly name: string
    /** Whether instances begin with it, which a test may ask about: an expectation, or one that requires an approval. */
    readonly lives: boolean
    readonly approvers: readonly string[]
    readonly obligations: readonly string[]
  }[]
  readonly lets: readonly string[]
}
/** The row belongs to the signature, because it is part of every lookup. */
export interface TableSignature extends Named {
  readonly kind: 'table'
  /** Null where it is not known. */
  readonly contract: ContractSignature | null
  readonly keys: readonly { readonly name: string; readonly type: Type }[]
  /** With the id of the contract's signature; null where the contract is not known. */
  readonly pattern: Pattern | null
  /** The condition of the pattern once more, on variable 0: for roles, which ask it of an event alone. */
  readonly whereAlone: Expr | null
  /** A record, read from the event of the pattern. */
  readonly value: Expr
}
/** Declarations without meaning yet, sources, and names whose declaration is broken: `unknowable` swallows every use. */
export interface OtherSignature extends Named {
  readonly kind: 'unknowable' | 'sink' | 'indicator' | 'objective' | 'rollout' | 'exception' | 'property'
}

/** What a reader calls a declaration of this kind. */
export function kindTitle(kind: Signature['kind']): string {
  return kind === 'unknowable' ? 'declaration' : kind
}
