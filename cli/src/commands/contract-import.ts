/** `writ contract import`: contracts of other formats as text of the language, and what they say that contracts cannot. */
import { resolve } from 'node:path'
import { importJsonSchema, importOdcs, isUnreadable, type Loss } from '@writ/ledger/contracts'
import type { Command } from '../command.ts'
import { usage } from '../help.ts'
import { isRefusal, refuse, report } from '../refusal.ts'
import type { Io } from '../terminal/io.ts'
import { counted, printable } from '../terminal/text.ts'
import { readText, writeNew } from '../text-file.ts'

const importers = { odcs: importOdcs, 'json-schema': importJsonSchema } as const
const mostTold = 50

export const contractImport: Command = {
  help: {
    name: 'contract import',
    summary: 'make contracts of ODCS documents or JSON Schemas',
    description:
      'Reads FILE (YAML or JSON) and prints the contracts that it describes, ready for a .writ file; what has no equivalent is told on stderr. "odcs" is the Open Data Contract Standard, v3.0 and v3.1; "json-schema" is JSON Schema 2020-12, 2019-09 and draft-07. Only references inside the file are followed.',
    positionals: [
      { name: 'FORMAT', required: true, many: false, does: 'odcs or json-schema' },
      { name: 'FILE', required: true, many: false, does: 'the document' },
    ],
    options: [
      { name: 'output', value: 'FILE', does: 'write the contracts to FILE, which must not be there yet' },
      { name: 'format', value: 'FORMAT', oneOf: ['text', 'json'], does: 'form of the result' },
    ],
    examples: [
      {
        line: 'writ contract import odcs orders.odcs.yaml > orders.writ',
        does: 'a contract for each object of the schema',
      },
      { line: 'writ contract import json-schema event.schema.json', does: 'a contract of a JSON Schema' },
    ],
  },
  run: async (args, io) => {
    const [format = '', file = ''] = args.positionals
    if (format !== 'odcs' && format !== 'json-schema') {
      const wrong = `cannot read "${format}"`
      return report(io, refuse('W3004', { command: 'contract import', wrong, usage: usage(contractImport.help) }))
    }
    const text = readText(resolve(io.cwd, file), file, 'Name a YAML or JSON file.')
    if (isRefusal(text)) return report(io, text)
    const imported = importers[format](text.text, file.replace(/^.*[/\\]/, ''))
    if (isUnreadable(imported)) return report(io, refuse('W3064', { path: file, format, why: imported.unreadable }))
    const result =
      args.choice('format', ['text', 'json']) === 'json' ? `${JSON.stringify(imported, null, 2)}\n` : imported.text
    const output = args.value('output')
    if (output === undefined) io.output.write(result)
    else {
      const failed = writeNew(resolve(io.cwd, output), output, result)
      if (failed !== null) return report(io, failed)
      io.error.write(`${counted(imported.contracts.length, 'contract')} written to ${printable(output)}\n`)
    }
    tellLosses(imported.losses, io)
    return 0
  },
}

function tellLosses(losses: readonly Loss[], io: Io): void {
  if (losses.length === 0) return
  io.error.write(`${counted(losses.length, 'thing')} without an equivalent:\n`)
  for (const { path, what } of losses.slice(0, mostTold)) io.error.write(`  ${printable(path)}: ${printable(what)}\n`)
  if (losses.length > mostTold) io.error.write(`  … ${losses.length - mostTold} more; --format json has all\n`)
}
