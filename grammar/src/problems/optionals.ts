/** Problems of optional values and the guards that make them safe to read. */
import { catalogue } from './problem.ts'

export const optionalProblems = catalogue({
  W0401: {
    severity: 'error',
    title: 'Optional value without a guard',
    message: '{name} may be absent. Guard it (`{name} is present and …`) or give a default (`{name} ?? …`).',
  },
  W0402: {
    severity: 'warning',
    title: 'Guard that is always the same',
    message: '{name} is never absent here, so `is {word}` is always {value}. Take the guard out.',
  },
  W0403: {
    severity: 'warning',
    title: 'Default that is never used',
    message: '{name} is never absent here, so what follows `??` is never used. Take it out.',
  },
  W0404: {
    severity: 'error',
    title: 'Optional of an optional',
    message: 'A type is optional once: `T?`. Take one `?` out.',
  },
})
