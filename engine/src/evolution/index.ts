/** Contract evolution as the rest of Writ sees it. */

export {
  type ChangeId,
  type ChangeKind,
  changeKind,
  changeKinds,
  type Mode,
  otherKinds,
  type Verdict,
} from './catalogue.ts'
export { adviceOf, type ChangePlace, type ContractChange, reasonOf, verdictsOf } from './change.ts'
export { type Committed, committed, type EarlierState } from './committed.ts'
export { contractChanges, modeText } from './compare.ts'
export { type ContractPart, type ContractVersion, contractPart, nameSpan } from './contract-part.ts'
export { type ExchangedFile, withContractsOf } from './exchange.ts'
export { historyProblems, unjudgedProblems } from './history-problems.ts'
export { type JudgedContract, judgedContracts } from './judge.ts'
export { policyMeaning } from './meaning.ts'
export { type RetentionEffect, type RuleEffects, ruleEffects, type TypeEffect } from './rule-effects.ts'
export { type PastVersion, versionsOf } from './versions.ts'
