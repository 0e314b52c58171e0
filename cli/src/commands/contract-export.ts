/** `writ contract export`: contracts as documents of the Open Data Contract Standard. */

import { odcsText } from '@writ/ledger/contracts'
import type { Command } from '../command.ts'
import { openState } from '../contract/states.ts'
import { isRefusal, refuse, report } from '../refusal.ts'
import { problemsText } from '../report/problem-text.ts'
import { resultWriter } from '../report/result-writer.ts'

export const contractExport: Command = {
  help: {
    name: 'contract export',
    summary: 'write contracts as ODCS documents',
    description:
      'Prints the contracts of PATH (a .writ file, a folder, or REVISION:PATH of git) as documents of the Open Data Contract Standard v3.1.0, in YAML, one after the other. What the standard has no word for stands in customProperties and quality rules of the engine "writ"; "writ contract import odcs" reads them back.',
    positionals: [{ name: 'PATH', required: true, many: false, does: 'where the contracts are' }],
    options: [
      { name: 'odcs', value: null, does: 'as Open Data Contract Standard; there is no other form yet' },
      { name: 'contract', value: 'NAME', does: 'only this one' },
      { name: 'output', value: 'FILE', does: 'write the result to FILE' },
    ],
    examples: [{ line: 'writ contract export samples/refunds --odcs', does: 'all contracts of a workspace' }],
  },
  run: async (args, io) => {
    const [given = ''] = args.positionals
    const state = await openState(given, io.cwd)
    if (isRefusal(state)) return report(io, state)
    if (state.part.errors.length > 0) {
      const { paint, columns } = io.error
      io.error.write(`${problemsText(state.part.errors, state.sources, paint, columns)}\n`)
      return report(io, refuse('W3061', { name: given }))
    }
    const all = [...state.part.contracts.values()]
    const name = args.value('contract')
    const wanted = all.filter(
      ({ contract }) => name === undefined || name === contract.name || name === `${contract.module}.${contract.name}`,
    )
    if (wanted.length === 0) {
      const known = all.map(({ contract }) => contract.name)
      const hint = known.length === 0 ? 'There are none.' : `It has ${known.join(', ')}.`
      const parameters = { kind: 'contract', name: name ?? '', folder: given, known: hint }
      return report(io, refuse('W3023', { ...parameters, suggestion: { written: name ?? '', known } }))
    }
    const writer = resultWriter(io, args.value('output'))
    if (isRefusal(writer)) return report(io, writer)
    writer.output.write(odcsText(wanted))
    const failed = writer.finish()
    return failed === undefined ? 0 : report(io, failed)
  },
}
