/** Problems of contracts and samples. */
import { catalogue } from './problem.ts'

export const contractProblems = catalogue({
  W0601: {
    severity: 'error',
    title: 'More than one time field',
    message: '{first} already is the time of {contract}. An event has one time: take `time` off {name}.',
  },
  W0602: {
    severity: 'error',
    title: 'Time field of another type',
    message: 'The field marked `time` has to be of type Time and not optional, but {name} is {type}.',
  },
  W0603: {
    severity: 'error',
    title: 'Key that cannot identify',
    message: 'A key has to be a single value that is always there, but {name} is {type}.',
  },
  W0604: {
    severity: 'error',
    title: 'Item given twice',
    message: '`{item}` stands in this {what} already. Keep one of the two.',
  },
  W0605: {
    severity: 'error',
    title: 'Unknown compatibility mode',
    message: '{mode} is no compatibility mode. Use one of {modes}.',
  },
  W0606: {
    severity: 'error',
    title: 'Contract sampled twice',
    message: 'This module already has a sample of {contract}. Put the values into one sample.',
  },
  W0607: {
    severity: 'error',
    title: 'Field marked twice',
    message: '{name} is marked `{modifier}` twice. Take one out.',
  },
  W0608: {
    severity: 'error',
    title: 'Value outside its range',
    message: '{name} has to be in {range}, but this is {text}. The event would break its contract.',
  },
})
