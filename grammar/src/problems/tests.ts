/** Problems of tests and their steps. */
import { catalogue } from './problem.ts'

export const testProblems = catalogue({
  W1001: {
    severity: 'error',
    title: 'Event with missing fields',
    message:
      '{contract} requires {names}, which neither the step nor a sample gives. Add {names}, or write `sample {contract} { … }`.',
  },
  W1002: {
    severity: 'error',
    title: 'Expectation without an event',
    message: 'Expectations speak of the event given last, but none was given yet. Put a `given` before it.',
  },
  W1003: {
    severity: 'error',
    title: 'Unknown rule in a test',
    message: 'No policy that decides {contract} has a rule {name}.{hint}',
  },
  W1004: {
    severity: 'error',
    title: 'Time goes backwards',
    message: '{text} is before the step above it ({before}). Steps of a test are in the order of time.',
  },
  W1005: {
    severity: 'error',
    title: 'Value that is not constant',
    message: '{what} has to be constant, but {name} is only known with an event.',
  },
  W1006: {
    severity: 'error',
    title: 'Rule name of several policies',
    message: 'Several policies have a rule {name}: {candidates}. Write which one is meant.',
  },
  W1007: {
    severity: 'error',
    title: 'Unknown problem code',
    message: '{code} is no code of a finding. Findings about events have the codes W2000 to W2099.',
  },
  W1008: {
    severity: 'error',
    title: 'Approval no rule asks for',
    message: 'No policy that decides {contract} asks {role} for an approval.',
  },
  W1009: {
    severity: 'warning',
    title: 'Test title used twice',
    message: 'The module {module} already has a test called "{title}". Give it a title of its own.',
  },
  W1011: {
    severity: 'error',
    title: 'Nothing that lives on',
    message: 'No policy has an expectation or a rule that requires an approval with the name {name}.{hint}',
  },
  W1020: {
    severity: 'error',
    title: 'Property without events',
    message: 'The property {name} does not say of which events it speaks. Add `for all EVENT as e`.',
  },
  W1021: {
    severity: 'error',
    title: 'Property without a claim',
    message: 'The property {name} claims nothing. Add `never DECISION` or `always DECISION`.',
  },
  W1022: {
    severity: 'error',
    title: 'Unknown policy or rule in a property',
    message: 'No policy that decides these events, and no rule of one, has the name {name}.{hint}',
  },
  W1010: {
    severity: 'error',
    title: 'Event that no policy decides',
    message: 'No policy decides {contract}, so there is no decision to expect.',
  },
})
