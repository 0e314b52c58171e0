/** Problems of policies, rules, roles and approvals. */
import { catalogue } from './problem.ts'

export const policyProblems = catalogue({
  W0801: {
    severity: 'error',
    title: 'Policy without a default',
    message:
      'The policy {name} does not say what happens when no rule matches. Add `default deny` (or permit, warn, hold).',
  },
  W0802: {
    severity: 'error',
    title: 'Unknown way to combine',
    message: '{mode} is no way to combine rules. Use `strictest`, `first` or `permit_overrides`.',
  },
  W0804: {
    severity: 'error',
    title: 'Policy without events',
    message: 'The policy {name} does not say which events it decides. Add `on CONTRACT as x`.',
  },
  W0805: {
    severity: 'warning',
    title: 'Rule that concerns no event',
    message: 'No event binds {aliases} at once, so {what} {name} never concerns any. Split it.',
  },
  W0806: {
    severity: 'error',
    title: 'Approval nobody can give',
    message: '{reason}, so this approval could never be given. Name members of the role, or ask for fewer.',
  },
  W0807: {
    severity: 'warning',
    title: 'Contract named twice',
    message: 'The policy already decides {contract} through {alias}. Take one out.',
  },
  W0808: {
    severity: 'error',
    title: 'Field that not all have',
    message: '{name} cannot be read through {alias}: {reason}. Give the contracts aliases of their own.',
  },
  W0809: {
    severity: 'error',
    title: 'Member of a role that is no text',
    message: 'The members of a role are text literals, such as "ana".',
  },
  W0810: {
    severity: 'warning',
    title: 'Role named twice in a row',
    message: 'The member {name} is listed twice in the role {role}. Take one out.',
  },
})
