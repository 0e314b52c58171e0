/** Problems of breakers, exceptions, layers, rollouts and tables: what stands between a rule and its decision. The rest of W08xx is policies.ts. */
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
  W0840: {
    severity: 'error',
    title: 'Exception that says too little',
    message: 'The exception {name} does not say {what}. Add {add}.',
  },
  W0841: {
    severity: 'error',
    title: 'Exception to an unknown rule',
    message: 'The policy {policy} has no rule {rule}.{hint}',
  },
  W0842: {
    severity: 'error',
    title: 'Exception that ends before it begins',
    message: 'This exception ends before its `from`, so it waives nothing. Correct one of the two.',
  },
  W0843: {
    severity: 'warning',
    title: 'Exception that fits no event',
    message:
      'The rule {rule} decides no event, so there is nothing to waive. Take the exception out, or name another rule.',
  },
  W0844: {
    severity: 'error',
    title: 'Grantor that is no text',
    message: 'Who granted an exception is a text literal, such as `granted by "ana"`.',
  },
  W0850: {
    severity: 'error',
    title: 'Role from a table of something else',
    message: 'A role is held by people: its table has one key, a String. {name} is kept by {kept}.',
  },
  W0860: {
    severity: 'error',
    title: 'Rollout without an end',
    message:
      'The rollout {name} has no end: {reason}. Say by when it has to be in force, with `until 2026-12-31`; otherwise it is rolled back then.',
  },
  W0861: {
    severity: 'error',
    title: 'Rollout without stages',
    message: 'The rollout {name} has no stage. Add `shadow for 7d` or `canary 10% by FIELD for 7d`.',
  },
  W0862: {
    severity: 'error',
    title: 'Rollout of another version',
    message: 'The policy {policy} has version {found}, not {wanted}. A rollout is of the version that there is.',
  },
  W0863: {
    severity: 'error',
    title: 'Two rollouts of one policy',
    message: 'The rollout {other} already says how {policy} comes into force. Take one of them out.',
  },
  W0864: {
    severity: 'error',
    title: 'Stages that do not rise',
    message: 'This stage cannot stand here: {reason}.',
  },
  W0865: {
    severity: 'error',
    title: 'Key that a canary cannot have',
    message: 'A canary cannot go by {name}: {reason}. Take a field that every event has which the policy decides.',
  },
  W0866: {
    severity: 'error',
    title: 'Policy that cannot be rolled out so',
    message: '{reason}.',
  },
  W0867: {
    severity: 'error',
    title: 'Not measured of decisions',
    message: 'This cannot be measured here: {reason}.',
  },
  W0868: {
    severity: 'error',
    title: 'Rollout that ends too early',
    message: 'The rollout cannot end here: {reason}. Change one of the times.',
  },
  W0869: {
    severity: 'error',
    title: 'Stage that nothing ends',
    message:
      'Nothing ends this stage. Say how long it lasts (`{stage} … for 7d`), or what it waits for (`promote when …`).',
  },
})
