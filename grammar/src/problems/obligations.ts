/** Problems of expectations and approvals: what lives on after a decision. The rest of W08xx is policies.ts and governance.ts. */
import { catalogue } from './problem.ts'

export const obligationProblems = catalogue({
  W0820: {
    severity: 'error',
    title: 'Half an expectation',
    message: 'This rule {reason}. Write `after EVENT as i expect OTHER where … within DURATION`.',
  },
  W0821: {
    severity: 'error',
    title: 'Expectation without a deadline',
    message: 'The expectation {name} does not say by when. Add `within DURATION`.',
  },
})
