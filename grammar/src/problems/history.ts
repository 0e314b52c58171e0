/** Problems of history forms: keys, ranges, nesting, and what is aggregated. */
import { catalogue } from './problem.ts'

export const historyProblems = catalogue({
  W0901: {
    severity: 'error',
    title: 'History without a key',
    message: 'This does not say whose history is meant. Add `by FIELD` before the range, or `by all` for everyone.',
  },
  W0902: {
    severity: 'error',
    title: 'History without a range',
    message: 'This does not say how far back to look. Add `over 24h`, `per day` or `since EVENT`.',
  },
  W0903: {
    severity: 'error',
    title: 'History inside history',
    message: 'History cannot be asked for each event of another history. Put it in a `let` of its own.',
  },
  W0904: {
    severity: 'error',
    title: 'History out of place',
    message: '{where} cannot look at history; it knows {knows}. Use a `let` or a rule of a policy.',
  },
  W0905: {
    severity: 'error',
    title: 'Key the window does not have',
    message: '{contract} has no field {name} to find its events by.{hint}',
  },
  W0906: {
    severity: 'error',
    title: 'Key the current event does not have',
    message:
      '{contract} has no field {name}, so it is not clear whose history is meant. Say which value: `by {name} = …`.',
  },
  W0907: {
    severity: 'error',
    title: 'Aggregate of another type',
    message: '{function} takes {expected}, but this is {found}.',
  },
  W0908: {
    severity: 'error',
    title: 'Aggregate with a second value',
    message: '`{function}` takes one value only. Write `{form}`.',
  },
  W0909: {
    severity: 'error',
    title: 'Quantile out of range',
    message: 'The rank of a quantile is a constant Percent from 0% to 100%, such as `95%`.',
  },
  W0910: {
    severity: 'error',
    title: 'Key of many values',
    message: '{name} is {type}; a key has to be a single value, not a list or a record.',
  },
  W0911: {
    severity: 'error',
    title: 'Keys of different types',
    message: 'The key {name} is {left} on {contract}, but {right} here. They could never be equal.',
  },
  W0912: {
    severity: 'error',
    title: 'Step of another event',
    message: '{name} is another event of this sequence; the steps cannot be compared with each other. Use a key.',
  },
  W0913: {
    severity: 'error',
    title: 'Unknown time zone',
    message: '{zone} is no time zone of the IANA database, such as "Europe/Zurich".{hint}',
  },
  W0914: {
    severity: 'error',
    title: 'Drift from nothing',
    message: 'This does not say from what the values drift. Write `drift(VALUE against BASELINE)`.',
  },
  W0915: {
    severity: 'error',
    title: 'Unknown baseline',
    message:
      'No baseline is called {name}.{hint} Baselines are named in writ.json: "baselines": { "{name}": "{name}.json" }; `writ baseline` writes one from a log.',
  },
  W0916: {
    severity: 'error',
    title: 'Baseline of other values',
    message: 'The baseline {name} counts {of}, but this is {found}. Make one of {type} with `writ baseline`.',
  },
  W0917: {
    severity: 'error',
    title: 'Unknown measure of drift',
    message: 'Drift is measured by `psi` (also without) or `ks`: `drift(VALUE against BASELINE, ks)`.',
  },
  W0918: {
    severity: 'warning',
    title: 'Baseline that is not read here',
    message:
      'The baseline {name} is not read here, so that what depends on it is unknown. `writ check` and `writ test` read it.',
  },
})
