/** Problems of expectations and approvals: what lives on after a decision. The rest of W08xx is policies.ts and governance.ts. */
import { catalogue } from './problem.ts'

export const obligationProblems = catalogue({
  W0820: {
    severity: 'error',
    title: 'Half an expectation',
    message: 'This rule {reason}. Write `after EVENT as i expect OTHER where … within DURATION`.',
  },
  W0822: {
    severity: 'error',
    title: 'Requester that cannot be one',
    message: '{reason}. Mark one field of type String with `requester`.',
  },
  W0823: {
    severity: 'warning',
    title: 'Nobody knows who asks',
    message:
      '{contract} does not say who asks, so that people could approve their own requests. Mark the field that does: `agent : String requester`.',
  },
  W0824: {
    severity: 'error',
    title: 'Approval without a person',
    message: 'An approval of a test is by a person, a text literal such as "ana".',
  },
  W0825: {
    severity: 'error',
    title: 'Delegation by nobody',
    message: '{name} is no member of the role {role}, so that {deputy} cannot act for them. Name a member.',
  },
  W0826: {
    severity: 'error',
    title: 'Delegation that never begins',
    message: 'This ends before it begins, so that {deputy} can never act. Swap the times.',
  },
  W0821: {
    severity: 'error',
    title: 'Expectation without a deadline',
    message: 'The expectation {name} does not say by when. Add `within DURATION`.',
  },
})
