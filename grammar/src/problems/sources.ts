/** Problems of sources: formats, times, and the mapping of raw records. */
import { catalogue } from './problem.ts'

export const sourceProblems = catalogue({
  W0701: {
    severity: 'error',
    title: 'Source without a format',
    message: 'The source {name} does not say how its files are written. Add `format ndjson` (or {formats}).',
  },
  W0702: {
    severity: 'error',
    title: 'Unknown format',
    message: '{format} is no format. Use one of {formats}.',
  },
  W0703: {
    severity: 'error',
    title: 'Unknown field in a map',
    message: '{contract} has no field {name}, so nothing can be mapped to it.{hint}',
  },
  W0704: {
    severity: 'error',
    title: 'Not possible in a map',
    message: 'Raw records cannot be read like this: {reason}.',
  },
  W0705: {
    severity: 'error',
    title: 'Time that cannot be read',
    message: '{reason}. Write `time PATH as iso8601`, `as seconds` or `as milliseconds`, or `time order`.',
  },
  W0706: {
    severity: 'error',
    title: 'Unknown lateness mode',
    message: '{mode} is not what can happen to late records. Use `record`, `reject` or `revise`.',
  },
  W0707: {
    severity: 'warning',
    title: 'Map that is never reached',
    message:
      'An earlier map takes every record, so this one never makes an event. Put it first, or give the earlier one a `when`.',
  },
  W0708: {
    severity: 'error',
    title: 'Events without a time',
    message:
      'Neither the source nor the contract {contract} says when its events happened. Add `time PATH as …` or `time order` to the source, or mark a field of the contract `time`.',
  },
  W0709: {
    severity: 'error',
    title: 'Literal of another type',
    message: '{name} is {expected}, which {text} can never be.',
  },
})
