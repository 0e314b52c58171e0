/** Problems of what is measured: indicators, objectives, and what contracts promise of their events. */
import { catalogue } from './problem.ts'

export const measureProblems = catalogue({
  W0620: {
    severity: 'error',
    title: 'Quality that cannot be measured',
    message:
      'A quality compares one measure with a constant: `completeness(field) >= 99%`, `validity(field)`, `uniqueness(field)` or `volume()`.',
  },
  W0621: {
    severity: 'error',
    title: 'Quality of the wrong fields',
    message:
      '`completeness` and `uniqueness` take one field or more, `volume` takes none. Correct what stands behind `{measure}`.',
  },
  W0622: {
    severity: 'error',
    title: 'Quality of something that is no field',
    message:
      'A quality is measured of fields of its contract, by their names. Name a field, or use `validity(CONDITION)`.',
  },
  W0870: {
    severity: 'error',
    title: 'Indicator that measures nothing',
    message:
      'An indicator is one measure, such as `share(deny) of decisions of POLICY over 7d` or `quantile(took, 95%) of outcomes of POLICY.RULE over 30d`.',
  },
  W0871: {
    severity: 'error',
    title: 'Function that indicators do not know',
    message: 'An indicator cannot be `{function}`. Use count, sum, avg, min, max, distinct, share or quantile.',
  },
  W0872: {
    severity: 'error',
    title: 'Range that cannot be measured',
    message:
      'What is measured looks back `over` a length of time or `per` calendar unit, up to the moment itself. Use one of these.',
  },
  W0873: {
    severity: 'error',
    title: 'Key of an indicator with a value',
    message: 'An indicator is measured apart for each {name} there is. Write `by {name}`, and narrow it with `where`.',
  },
  W0874: {
    severity: 'error',
    title: 'Rule without outcomes',
    message:
      'Nothing lives on after the rule {rule}. Outcomes are those of expectations and of rules that require an approval.',
  },
  W0875: {
    severity: 'error',
    title: 'Outcomes of an unknown rule',
    message: 'The policy {policy} has no rule {rule}.{hint}',
  },
  W0876: {
    severity: 'error',
    title: 'Decisions and outcomes out of place',
    message:
      'Only indicators look at {stream}; rules look at events. Name a contract, or measure it with an `indicator`.',
  },
  W0877: {
    severity: 'error',
    title: 'Objective without a target',
    message: 'The objective {name} does not say what is to be reached. Add `target >= 99% over 30d`.',
  },
  W0878: {
    severity: 'error',
    title: 'Target that is always missed at first',
    message:
      'A {function} begins at nothing and only grows while its range fills, so a least value is missed until then. Use `<` or `<=`, or `volume()` in a `quality`.',
  },
  W0879: {
    severity: 'error',
    title: 'Alert without a budget',
    message:
      'The target leaves no budget that could burn: that takes a share with a target between 0% and 100%, or a count or sum with an upper limit (for `burn`, over a length of time).',
  },
  W0880: {
    severity: 'error',
    title: 'Alert on something unknown',
    message: '{name} is nothing that an alert can look at. Use `burn > 14 over 1h` or `remaining < 20%`.',
  },
  W0881: {
    severity: 'error',
    title: 'Measure of several currencies',
    message: 'Money of several currencies cannot be measured together. Give the field a type such as `Money<EUR>`.',
  },
  W0883: {
    severity: 'error',
    title: 'Indicator by a secret',
    message: 'Figures are reported by {name}, which is secret. Measure by another field, or without `by`.',
  },
  W0882: {
    severity: 'error',
    title: 'Alert with a wrong range',
    message:
      '`burn` says over how long it is measured (`burn > 14 over 1h`); `remaining` is of the range of the target and says none.',
  },
})
