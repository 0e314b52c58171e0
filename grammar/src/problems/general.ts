/** Problems that belong to no phase: constructs without meaning yet, and limits on size and depth. */
import { catalogue } from './problem.ts'

export const generalProblems = catalogue({
  W0001: {
    severity: 'error',
    title: 'Not supported yet',
    message:
      '{construct} is part of the language but has no meaning in this version of Writ yet. Take it out, or keep it in a file that is not checked.',
  },
  W0002: {
    severity: 'error',
    title: 'Too large or too deep',
    message: '{what} is over the limit of {limit}. Split it into smaller declarations.',
  },
})
