/** W41xx: stores of imported records: what keeps one from being opened or filled, and what was found in the records. */
import { catalogue } from './problem.ts'

export const storeProblems = catalogue({
  W4101: {
    severity: 'error',
    title: 'File is no store',
    message: '{path} is no store of Writ: {why}. Name a store that "writ import" made.',
  },
  W4102: {
    severity: 'error',
    title: 'Store of another version',
    message: '{path} was made by {which} Writ (store version {version}; this one reads {known}). {advice}',
  },
  W4103: {
    severity: 'error',
    title: 'Store has another writer',
    message:
      '{path} is being written by {by}. A store has one writer at a time: wait for it, or end it. If it is surely gone, remove {lock}.',
  },
  W4104: {
    severity: 'error',
    title: 'Nothing that can be imported',
    message: 'This is of no format that can be imported: {why}. Name its format with --format, or leave it out.',
  },
  W4105: {
    severity: 'error',
    title: 'Store cannot be written',
    message:
      '{path} cannot be written: {why}. What was imported until then is there; the same command goes on from it.',
  },
  W4106: {
    severity: 'error',
    title: 'Evidence is damaged',
    message:
      'The evidence of event {event} in {path} is not what was imported: its block does not have the digest that was kept. Import the source again into a new store.',
  },
  W4107: {
    severity: 'error',
    title: 'Filter cannot be read',
    message: 'The filter cannot be read: {why}.',
  },
  W4110: {
    severity: 'warning',
    title: 'Record is none of the format',
    message: 'The record was left out of the events, as none of {format}: {why}. Its bytes are kept.',
  },
  W4111: {
    severity: 'information',
    title: 'Record without a time',
    message:
      'The record has no time that is understood, and took that of the record before it. For {format}, a source declaration can say where the time is.',
  },
  W4112: {
    severity: 'warning',
    title: 'One identity, two contents',
    message:
      'The record has the identity of another one, and other bytes: one of them was changed on its way, or the source used the identity twice. Both are kept.',
  },
})
