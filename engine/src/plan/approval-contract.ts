/** Which contract of a plan is the built-in one of approvals. Its fields are in bind/language-module.ts. */
import type { Plan } from './plan.ts'

/** The module that comes with the language; no workspace can add to it. */
export const languageModule = 'writ'
export const approvalContract = 'Approval'

/** Whether a contract is the built-in one of approvals. */
export function isApproval(contract: { readonly module: string; readonly name: string }): boolean {
  return contract.module === languageModule && contract.name === approvalContract
}

/** Its place among the contracts; -1 where nothing of the plan has to do with approvals. */
export function approvalPlace(plan: Plan): number {
  return plan.contracts.findIndex(isApproval)
}
