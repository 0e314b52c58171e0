/**
 * The `writ` command: finds the command asked for, reads its arguments, runs it and sets the exit code. Everything a command
 * needs is loaded by its own file, when it is asked for.
 */
import { parseArguments } from './arguments.ts'
import type { Command } from './command.ts'
import type { ExitCode } from './exit-code.ts'
import { commandHelp, generalHelp } from './help.ts'
import { version } from './places.ts'
import { isRefusal, refuse, report } from './refusal.ts'
import { type Io, processIo } from './terminal/io.ts'

const commands: readonly { readonly name: string; readonly load: () => Promise<Command> }[] = [
  { name: 'init', load: async () => (await import('./commands/init.ts')).init },
  { name: 'check', load: async () => (await import('./commands/check.ts')).check },
  { name: 'format', load: async () => (await import('./commands/format.ts')).format },
  { name: 'test', load: async () => (await import('./commands/test.ts')).test },
  { name: 'property', load: async () => (await import('./commands/property.ts')).property },
  { name: 'simulate', load: async () => (await import('./commands/simulate.ts')).simulate },
  { name: 'diff', load: async () => (await import('./commands/diff.ts')).diff },
  { name: 'baseline', load: async () => (await import('./commands/baseline.ts')).baseline },
  { name: 'lineage', load: async () => (await import('./commands/lineage.ts')).lineage },
  { name: 'explain', load: async () => (await import('./commands/explain.ts')).explain },
  { name: 'run', load: async () => (await import('./commands/run.ts')).run },
  { name: 'import', load: async () => (await import('./commands/import.ts')).importCommand },
  { name: 'serve', load: async () => (await import('./commands/serve.ts')).serve },
  { name: 'export', load: async () => (await import('./commands/export.ts')).exportCommand },
  { name: 'verify', load: async () => (await import('./commands/verify.ts')).verify },
  { name: 'prove', load: async () => (await import('./commands/prove.ts')).prove },
  { name: 'mask', load: async () => (await import('./commands/mask.ts')).mask },
  { name: 'prune', load: async () => (await import('./commands/prune.ts')).prune },
  { name: 'witness', load: async () => (await import('./commands/witness.ts')).witness },
  { name: 'contract diff', load: async () => (await import('./commands/contract-diff.ts')).contractDiff },
  { name: 'contract import', load: async () => (await import('./commands/contract-import.ts')).contractImport },
  { name: 'contract export', load: async () => (await import('./commands/contract-export.ts')).contractExport },
  { name: 'policy import', load: async () => (await import('./commands/policy-import.ts')).policyImport },
  { name: 'key', load: async () => (await import('./commands/key.ts')).key },
]

/** Runs the command of this process's arguments; the process ends when its streams are written. */
export function main(): void {
  const io = processIo()
  run(process.argv.slice(2), io).then(
    code => {
      process.exitCode = code
    },
    async (error: unknown) => {
      const why = error instanceof Error ? error.message : String(error)
      process.exitCode = await report(io, refuse('W3050', { why }))
      if (error instanceof Error && error.stack !== undefined) io.error.write(`${error.stack}\n`)
    },
  )
}

/** One command line, without the name of the program. */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help')
    return await help(isFirstOfTwo(rest[0]) ? rest.slice(0, 2).join(' ') : rest[0], name, io)
  if (name === '--version' || name === '-v' || name === 'version') {
    io.output.write(`writ ${version()} (Node ${process.versions.node})\n`)
    return 0
  }
  const two = commands.find(command => command.name === `${name} ${rest[0]}`)
  const entry = two ?? commands.find(command => command.name === name)
  if (entry === undefined) {
    const asked = rest.find(word => !word.startsWith('-'))
    if (isFirstOfTwo(name) && asked === undefined) return await helpOf(name, rest.length > 0, io)
    return report(io, unknownCommand(isFirstOfTwo(name) && asked !== undefined ? `${name} ${asked}` : name))
  }
  if (two !== undefined) rest.shift()
  const command = await entry.load()
  const before = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest
  if (before.includes('--help') || before.includes('-h')) {
    io.output.write(commandHelp(command.help, io.output))
    return 0
  }
  const parsed = parseArguments(command.help, rest)
  return isRefusal(parsed) ? report(io, parsed) : await command.run(parsed, io)
}

/** `writ`, `writ --help`, `writ help`, `writ help check`. */
async function help(about: string | undefined, asked: string | undefined, io: Io): Promise<ExitCode> {
  if (about !== undefined && about !== '--help') {
    const entry = commands.find(command => command.name === about)
    if (entry === undefined) return report(io, unknownCommand(about))
    io.output.write(commandHelp((await entry.load()).help, io.output))
    return 0
  }
  const all = await Promise.all(commands.map(async command => (await command.load()).help))
  const output = asked === undefined ? io.error : io.output
  output.write(generalHelp(all, output))
  return asked === undefined ? 2 : 0
}

/** What there is behind the first word of commands of two. */
async function helpOf(name: string, isAsked: boolean, io: Io): Promise<ExitCode> {
  const own = commands.filter(command => command.name.startsWith(`${name} `))
  const output = isAsked ? io.output : io.error
  output.write(generalHelp(await Promise.all(own.map(async command => (await command.load()).help)), output))
  return isAsked ? 0 : 2
}

/** `contract`, which is a command only with the word behind it. */
function isFirstOfTwo(name: string | undefined): boolean {
  return name !== undefined && commands.some(command => command.name.startsWith(`${name} `))
}

function unknownCommand(name: string) {
  const known = commands.map(command => command.name)
  return refuse('W3001', { name: `"${name}"`, suggestion: { written: name, known } })
}
