/** Problems of privacy flow: classified fields that reach texts and sinks which do not accept them. */
import { catalogue } from './problem.ts'

export const privacyProblems = catalogue({
  W1301: {
    severity: 'error',
    title: 'A secret leaves the program',
    message:
      '{called} holds {field}, which is {classes}. Take it out, or lower it with `mask` or `hash`; where it belongs there, declare `sink {sink} { accepts {classes} }`.',
  },
  W1302: {
    severity: 'warning',
    title: 'Personal data leaves the program',
    message:
      '{called} holds {field}, which is {classes}. Lower it with `mask`, `hash` or `bucket`, or declare `sink {sink} { accepts {classes} }`.',
  },
  W1303: {
    severity: 'warning',
    title: 'A decision tells of data',
    message:
      '{called} tells something about {field}, which is {classes}: whether it comes depends on it. Ask for something else, or declare `sink {sink} { accepts {classes} }`.',
  },
  W1304: {
    severity: 'error',
    title: 'Sink declared twice',
    message: 'The sink {name} is declared already: obligations name sinks without their module. Give it another name.',
  },
  W1305: {
    severity: 'hint',
    title: 'Class that no field has',
    message:
      'The sink {name} accepts {class}, and no field of a contract has this privacy class. Check how it is written.',
  },
})
