/** The words of `writ --help` and `writ COMMAND --help`, laid out from what the commands say of themselves. */
import type { CommandHelp, OptionHelp } from './command-help.ts'
import type { Output } from './terminal/io.ts'
import { padEnd, wrap } from './terminal/text.ts'

/** `writ check [FOLDER|FILE …] [options]` */
export function usage(help: CommandHelp): string {
  const positionals = help.positionals.map(positional => {
    const name = positional.many ? `${positional.name} …` : positional.name
    return positional.required ? name : `[${name}]`
  })
  return ['writ', help.name, ...positionals, ...(help.options.length > 0 ? ['[options]'] : [])].join(' ')
}

export function commandHelp(help: CommandHelp, output: Output): string {
  const { paint, columns } = output
  const rows = [
    ...help.positionals.map(positional => [positional.name, positional.does] as const),
    ...help.options.map(option => [optionName(option), option.does + listed(option)] as const),
    ['--help', 'print this'] as const,
  ]
  return [
    `${paint.bold(usage(help))}`,
    '',
    ...paragraph(help.description, columns),
    '',
    ...table(rows, columns),
    '',
    paint.bold(help.examples.length === 1 ? 'Example' : 'Examples'),
    ...help.examples.flatMap(example => [`  ${paint.cyan(example.line)}`, `      ${example.does}`]),
    '',
  ].join('\n')
}

export function generalHelp(
  commands: readonly { readonly name: string; readonly summary: string }[],
  output: Output,
): string {
  const { paint, columns } = output
  return [
    paint.bold('writ: rules that automated systems must keep, checked, tested and explained on recorded events'),
    '',
    ...table(
      commands.map(command => [command.name, command.summary] as const),
      columns,
    ),
    '',
    ...table(
      [
        ['writ COMMAND --help', 'what a command takes, with an example that runs'],
        ['writ explain W0203', 'the page about a problem code'],
        ['writ --version', 'version of writ and of Node'],
      ],
      columns,
    ),
    '',
    ...paragraph(
      'A workspace is a folder with .writ files. Exit codes: 0 fine, 1 findings (problems, failed tests), 2 used wrongly or input unreadable, 130 interrupted.',
      columns,
    ),
    '',
    paint.bold('Start here'),
    `  ${paint.cyan('writ init hello && writ simulate hello')}`,
    '',
  ].join('\n')
}

function optionName(option: OptionHelp): string {
  return option.value === null ? `--${option.name}` : `--${option.name} ${option.value}`
}
function listed(option: OptionHelp): string {
  return option.oneOf === undefined ? '' : `: ${option.oneOf.join(', ')}`
}

function table(rows: readonly (readonly [string, string])[], columns: number): string[] {
  const left = Math.max(...rows.map(([name]) => name.length))
  return rows.flatMap(([name, text]) => {
    const [head = '', ...rest] = wrap(text, columns - left - 6)
    return [`  ${padEnd(name, left)}  ${head}`, ...rest.map(line => ' '.repeat(left + 4) + line)]
  })
}
function paragraph(text: string, columns: number): string[] {
  return text.split('\n').flatMap(line => wrap(line, columns - 2))
}
