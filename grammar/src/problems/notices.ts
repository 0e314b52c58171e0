/** Notices of a run (W21xx): what the evaluators report about decisions, beyond what is wrong with the recorded data (W20xx). */
import { catalogue } from './problem.ts'

export const noticeProblems = catalogue({
  W2101: {
    severity: 'warning',
    title: 'Matched because it was unknown',
    message:
      'Rule {rule} of policy {policy} {decides} {events} because its condition was unknown, first at {place}. Guard the fields that it reads, or mend the records that the findings name.',
  },
  W2102: {
    severity: 'warning',
    title: 'Did not match, unknown',
    message:
      'Rule {rule} of policy {policy} did not match {events} because its condition was unknown, first at {place}. Guard the fields that it reads, or mend the records that the findings name.',
  },
  W2103: {
    severity: 'warning',
    title: 'Expectation that did not begin, unknown',
    message:
      'Expectation {rule} of policy {policy} did not begin with {events} because its `where` was unknown, first at {place}. Guard the fields that it reads, or mend the records that the findings name.',
  },
  W2104: {
    severity: 'warning',
    title: 'Expectation that was not met, unknown',
    message:
      'Expectation {rule} of policy {policy} was not met {times} because the `where` of the awaited event was unknown, first at {place}. Guard the fields that it reads, or mend the records that the findings name.',
  },
  W2105: {
    severity: 'warning',
    title: 'Expectation that was not cancelled, unknown',
    message:
      'Expectation {rule} of policy {policy} was not cancelled {times} because the `where` behind `unless` was unknown, first at {place}. Guard the fields that it reads, or mend the records that the findings name.',
  },
  W2110: {
    severity: 'warning',
    title: 'Objective missed',
    message:
      'The objective {name} ({target}) was missed{whose} from {from} {until}: {value} {points} at first, {worst} at worst. `writ explain --at` tells of the events that led there.',
  },
  W2111: {
    severity: 'warning',
    title: 'Budget goes too fast',
    message:
      'The budget of the objective {name} went too fast{whose} from {from} {until}{told}: {figures}. See what happened then, before nothing is left of it.',
  },
  W2112: {
    severity: 'warning',
    title: 'Quality not kept',
    message:
      '{contract} promises `{promise}`, and did not keep it from {from} {until}: {value} {points} at first, {worst} at worst. Mend the source of the records, or promise less.',
  },
  W2113: {
    severity: 'warning',
    title: 'Events did not come',
    message:
      'No {contract} came from {from} {until}, although one is promised every {limit}. See whether the source was down, or the log is not whole.',
  },
})
