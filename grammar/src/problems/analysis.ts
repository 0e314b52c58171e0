/** What the analysis finds in programs that check clean: rules and conditions that cannot mean what they say. */
import { catalogue } from './problem.ts'

export const analysisProblems = catalogue({
  W1201: {
    severity: 'warning',
    title: 'Rule that can never match',
    message: 'The rule {name} {what}: {why}.',
  },
  W1202: {
    severity: 'warning',
    title: 'Condition that is always the same',
    message: '`{condition}` is {outcome}: {why}.',
  },
  W1203: {
    severity: 'warning',
    title: 'Rule that never decides',
    message: 'The rule {name} never decides: wherever it matches, {others} and goes before it.',
  },
  W1204: {
    severity: 'information',
    title: 'Rule or condition without effect',
    message: '{what}: {why}.',
  },
  W1205: {
    severity: 'information',
    title: 'Same condition, other decision',
    message: 'The rules {other} ({earlier}) and {name} ({decision}) have the same condition. Make one rule of them.',
  },
  W1206: {
    severity: 'information',
    title: 'Window that can never fill',
    message: 'No event can ever be in this window: {why}.',
  },
  W1207: {
    severity: 'information',
    title: 'Default that is never reached',
    message: 'No event gets the default: {others} always matches.',
  },
})
