/** Problems of breakers, exceptions, layers and tables: what stands between a rule and its decision. The rest of W08xx is policies.ts. */
import { catalogue } from './problem.ts'

export const governanceProblems = catalogue({
  W0830: {
    severity: 'error',
    title: 'Decision that cannot last',
    message: '{what} cannot last. Only a rule that warns, holds or denies can be followed by `for DURATION by KEY`.',
  },
  W0831: {
    severity: 'error',
    title: 'Breaker without a key',
    message: 'This does not say for whom the decision lasts. Add `by FIELD`, or `by all` for everyone.',
  },
  W0833: {
    severity: 'error',
    title: 'Layers in a circle',
    message:
      'The layer {name} cannot stand here: {path} is declared already. Layers have one order in the whole workspace.',
  },
  W0834: {
    severity: 'error',
    title: 'Unknown layer',
    message: 'No `layers` of the workspace name the layer {name}.{hint}',
  },
  W0835: {
    severity: 'error',
    title: 'Unknown mode of a policy',
    message: '{mode} is no mode of a policy. Use `enforce` (also without `mode`) or `shadow`.',
  },
})
