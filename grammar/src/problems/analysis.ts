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
  W1208: {
    severity: 'warning',
    title: 'Rule that needs what another denies',
    message:
      'The rule {name} {what} {event}, and {other} denies every such event: where both are enforced, it never comes. Change one of them.',
  },
  W1209: {
    severity: 'warning',
    title: 'Expectation that can never begin or be met',
    message: 'The expectation {name} {what}: {why}.',
  },
  W1210: {
    severity: 'information',
    title: 'Approval that waits for ever',
    message:
      'Where no {role} answers, the request of {name} stays open for ever, and so does what is kept of it. Add `within DURATION`.',
  },
  W1211: {
    severity: 'warning',
    title: 'Window that grows without end',
    message: 'This window begins anew at an event that can never come, so it keeps everything: {why}.',
  },
})
