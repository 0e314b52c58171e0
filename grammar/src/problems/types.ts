/** Problems of types: what does not fit, does not compare, or takes other arguments. */
import { catalogue } from './problem.ts'

export const typeProblems = catalogue({
  W0301: {
    severity: 'error',
    title: 'Value of another type',
    message: '{what} has to be {expected}, but this is {found}.{hint}',
  },
  W0302: {
    severity: 'error',
    title: 'Condition that is no Bool',
    message: 'A condition has to be Bool, true or false, but this is {found}. Compare it with something.',
  },
  W0303: {
    severity: 'error',
    title: 'Types that do not compare',
    message: '{left} cannot be compared with {right}.{hint}',
  },
  W0304: {
    severity: 'error',
    title: 'Type without an order',
    message:
      '{type} has no order: `{operator}` is for numbers, Money, Duration, Time, Version and String. Use `==` or `in`.',
  },
  W0305: {
    severity: 'error',
    title: 'Operator that does not fit',
    message: '`{operator}` cannot be applied to {left} and {right}.{hint}',
  },
  W0306: {
    severity: 'error',
    title: 'Wrong number of arguments',
    message: '{name} takes {expected}, but {found} given: `{form}`.',
  },
  W0307: {
    severity: 'error',
    title: 'Argument that is not known',
    message: '{name} has no argument `{label}:`. It is written `{form}`.',
  },
  W0308: {
    severity: 'error',
    title: 'Value without members',
    message: '{type} has no members, so `.{member}` cannot be read from it.',
  },
  W0309: {
    severity: 'error',
    title: 'Not a member of the enum',
    message: '{name} is no member of {type}.{hint}',
  },
  W0310: {
    severity: 'error',
    title: 'Pattern that is not valid',
    message: 'This is not a valid pattern: {reason}. Patterns are RE2 regular expressions.',
  },
  W0311: {
    severity: 'error',
    title: 'Pattern that is not literal',
    message: '`{operator}` needs its pattern as a text literal.',
  },
  W0312: {
    severity: 'error',
    title: 'List of unknown type',
    message: 'The type of an empty list is not known here. Compare `size(…)` with 0 instead.',
  },
  W0313: {
    severity: 'error',
    title: 'Range that holds nothing',
    message: 'The lower bound {low} is above the upper bound {high}. Swap them.',
  },
  W0314: {
    severity: 'error',
    title: 'Restriction out of place',
    message: '{what} cannot be restricted like this. {hint}',
  },
  W0315: {
    severity: 'error',
    title: 'Wrong type argument',
    message: '{type} {reason}.',
  },
  W0316: {
    severity: 'error',
    title: 'Record without a member',
    message: 'The record misses {names}, which {type} requires. Add {names}.',
  },
  W0317: {
    severity: 'error',
    title: 'Bound that is not constant',
    message: '{what} has to be a constant: a literal, or a define without parameters.',
  },
})
