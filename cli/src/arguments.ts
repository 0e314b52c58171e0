/**
 * Reads a command's arguments against what its help says it takes. Options may stand anywhere, as `--name VALUE` or
 * `--name=VALUE`; the last of several wins; `--` ends them.
 */
import type { CommandHelp, OptionHelp } from './command-help.ts'
import { usage } from './help.ts'
import { type Refusal, refuse } from './refusal.ts'

export interface Arguments {
  readonly positionals: readonly string[]
  has(option: string): boolean
  value(option: string): string | undefined
  /** The value of an option that lists its values: the one given, else the first listed. */
  choice<T extends string>(option: string, values: readonly T[]): T
}

export function parseArguments(help: CommandHelp, args: readonly string[]): Arguments | Refusal {
  const positionals: string[] = []
  const values = new Map<string, string>()
  let optionsEnded = false
  for (let place = 0; place < args.length; place++) {
    const arg = args[place] ?? ''
    if (optionsEnded || arg === '-' || !arg.startsWith('-')) {
      positionals.push(arg)
      continue
    }
    if (arg === '--') {
      optionsEnded = true
      continue
    }
    const [written = '', inline] = splitOnce(arg)
    const option = help.options.find(candidate => `--${candidate.name}` === written)
    if (option === undefined) return unknownOption(help, written)
    if (option.value === null) {
      if (inline !== undefined) {
        return refuse('W3003', { option: written, wrong: 'takes no value', expected: `${written} alone` })
      }
      values.set(option.name, '')
      continue
    }
    const value = inline ?? args[++place]
    if (value === undefined || (inline === undefined && value.startsWith('--'))) {
      return refuse('W3003', { option: written, wrong: 'needs a value', expected: expected(option) })
    }
    if (option.oneOf !== undefined && !option.oneOf.includes(value)) {
      return refuse('W3003', { option: written, wrong: `does not know ${quoted(value)}`, expected: expected(option) })
    }
    values.set(option.name, value)
  }
  return (
    wrongCount(help, positionals.length) ?? {
      positionals,
      has: option => values.has(option),
      value: option => values.get(option),
      choice: (option, known) => known.find(one => one === values.get(option)) ?? first(known),
    }
  )
}

function unknownOption(help: CommandHelp, written: string): Refusal {
  const known = [...help.options.map(option => `--${option.name}`), '--help']
  return refuse('W3002', { command: help.name, option: written, suggestion: { written, known } })
}

function wrongCount(help: CommandHelp, given: number): Refusal | undefined {
  const required = help.positionals.filter(positional => positional.required)
  const missing = required[given]
  const parameters = { command: help.name, usage: usage(help) }
  if (missing !== undefined) return refuse('W3004', { ...parameters, wrong: `needs ${missing.name}` })
  const most = help.positionals.some(positional => positional.many) ? Number.POSITIVE_INFINITY : help.positionals.length
  if (given <= most) return undefined
  const takes = most === 0 ? 'no arguments' : most === 1 ? 'one argument' : `${most} arguments`
  return refuse('W3004', { ...parameters, wrong: `takes ${takes}, not ${given}` })
}

function expected(option: OptionHelp): string {
  return option.oneOf === undefined ? `--${option.name} ${option.value}` : `one of ${option.oneOf.join(', ')}`
}

function splitOnce(arg: string): [string, string | undefined] {
  const equals = arg.indexOf('=')
  return equals < 0 ? [arg, undefined] : [arg.slice(0, equals), arg.slice(equals + 1)]
}
function quoted(value: string): string {
  return value === '' ? 'an empty text' : `"${value}"`
}
function first<T>(values: readonly T[]): T {
  const value = values[0]
  if (value === undefined) throw new Error('an option that lists its values lists at least one')
  return value
}
