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
})
