/** `writ format`: lays out `.writ` files in the one form all of Writ has. What cannot be parsed is left as it is. */
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { format as formatText } from '@writ/grammar'
import type { Command } from '../command.ts'
import type { ExitCode } from '../exit-code.ts'
import { readSource } from '../read-source.ts'
import { isRefusal, type Refusal, refuse, report } from '../refusal.ts'
import { systemReason } from '../system-reason.ts'
import type { Io } from '../terminal/io.ts'
import { counted, printable } from '../terminal/text.ts'
import { openWorkspace, shownPath } from '../workspace.ts'

export const format: Command = {
  help: {
    name: 'format',
    summary: 'lay out .writ files in one form',
    description:
      'Formats .writ files in place: those named, and those under each folder named (the current one where none is). Comments stay; a declaration that cannot be parsed is left as it is.',
    positionals: [{ name: 'PATH', required: false, many: true, does: '.writ files, or folders with them' }],
    options: [
      { name: 'check', value: null, does: 'change nothing; list the files that would change and exit with 1' },
      { name: 'stdin', value: null, does: 'format standard input to standard output' },
      { name: 'format', value: 'FORMAT', oneOf: ['text', 'json'], does: 'form of the report' },
    ],
    examples: [{ line: 'writ format --check samples', does: 'what is not formatted?' }],
  },
  run: async (args, io) => {
    if (args.has('stdin')) return await formatInput(io)
    const files = await filesOf(args.positionals.length === 0 ? ['.'] : args.positionals, io)
    if (isRefusal(files)) return report(io, files)
    const changed: SourceOnDisk[] = []
    for (const file of files) {
      const text = formatText(file.text)
      if (text === file.text) continue
      changed.push(file)
      if (args.has('check')) continue
      try {
        writeFileSync(file.path, text)
      } catch (error) {
        const why = systemReason(error)
        return report(io, refuse('W3030', { path: file.shown, why, hint: 'Make it writable.' }))
      }
    }
    const checking = args.has('check')
    if (args.choice('format', ['text', 'json']) === 'json') {
      const result = {
        files: files.map(file => ({ file: file.shown, changed: changed.includes(file) })),
        written: !checking,
      }
      io.output.write(`${JSON.stringify(result, null, 2)}\n`)
    } else io.output.write(summary(files, changed, checking, io))
    const exit: ExitCode = checking && changed.length > 0 ? 1 : 0
    return exit
  },
}

interface SourceOnDisk {
  readonly path: string
  readonly shown: string
  readonly text: string
}

async function filesOf(given: readonly string[], io: Io): Promise<SourceOnDisk[] | Refusal> {
  const files = new Map<string, SourceOnDisk>()
  for (const path of given) {
    if (path.endsWith('.writ')) {
      const absolute = resolve(io.cwd, path)
      const source = readSource(absolute, path)
      if (isRefusal(source)) return source
      files.set(absolute, { path: absolute, shown: path, text: source.text })
      continue
    }
    const workspace = await openWorkspace(path, io.cwd)
    if (isRefusal(workspace)) return workspace
    for (const file of workspace.files) {
      const absolute = join(workspace.folder, file.path)
      files.set(absolute, { path: absolute, shown: shownPath(path, file.path), text: file.text })
    }
  }
  return [...files.values()]
}

async function formatInput(io: Io): Promise<ExitCode> {
  const parts: Uint8Array[] = []
  for await (const part of io.input) parts.push(part)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts))
  } catch {
    // `fatal` decoders report by throwing; where in a stream is not worth a search.
    return report(io, refuse('W3011', { path: 'standard input', why: 'it is not UTF-8', hint: 'Convert it to UTF-8.' }))
  }
  io.output.write(formatText(text))
  return 0
}

function summary(files: readonly SourceOnDisk[], changed: readonly SourceOnDisk[], checking: boolean, io: Io): string {
  const { paint } = io.output
  if (changed.length === 0) return `${paint.green('✓')} ${counted(files.length, 'file')} formatted already\n`
  const lines = changed.map(file => `  ${printable(file.shown)}`)
  const rest = files.length - changed.length
  const others = rest === 0 ? '' : `, ${counted(rest, 'other')} formatted already`
  const head = checking
    ? `${paint.yellow('!')} ${counted(changed.length, 'file')} would change${others}; "writ format" writes them`
    : `${paint.green('✓')} ${counted(changed.length, 'file')} formatted${others}`
  return `${[...lines, head].join('\n')}\n`
}
