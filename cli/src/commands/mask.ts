/** `writ mask`: a copy of an audit log to hand over, without the values that its records withhold. */
import { statSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import { filesOnDisk, maskLog } from '@writ/ledger/node'
import type { Command } from '../command.ts'
import { refuse, report } from '../refusal.ts'
import { systemReason } from '../system-reason.ts'
import { counted } from '../terminal/text.ts'

export const mask: Command = {
  help: {
    name: 'mask',
    summary: 'copy an audit log without the values it withholds',
    description:
      'Copies an audit log into a new folder to hand it over: checkpoint, entries, tiles, and the texts of the policies. The journal stays behind, and so do the openings, so that no value of a sensitive field is in any byte of the copy; --disclose names those that are to go along. "writ verify" finds the copy as whole as the log, and "writ verify --replay" decides again what is disclosed.',
    positionals: [{ name: 'LOG', required: true, many: false, does: 'the folder of the log' }],
    options: [
      { name: 'output', value: 'FOLDER', does: 'where the copy goes; must not be there yet' },
      {
        name: 'disclose',
        value: 'PATHS',
        does: 'values that go along, with commas between: inputs.customer, inputs.*, reason',
      },
    ],
    examples: [
      { line: 'writ mask audit --output handover', does: 'withhold everything sensitive' },
      { line: 'writ mask audit --output handover --disclose inputs.country,reason', does: 'all but these' },
    ],
  },
  run: async (args, io) => {
    const path = args.positionals[0] ?? '.'
    const output = args.value('output')
    if (output === undefined)
      return report(io, refuse('W3003', { option: '--output', wrong: 'is needed', expected: '--output FOLDER' }))
    const [from, to] = [resolve(io.cwd, path), resolve(io.cwd, output)]
    if (to === from || to.startsWith(`${from}${sep}`))
      return report(io, refuse('W4036', { folder: output, why: 'it lies inside the log' }))
    try {
      if (!statSync(from).isDirectory()) throw new Error('it is no folder')
      const files = filesOnDisk(from)
      if (files.read('checkpoint') === undefined)
        return await report(io, refuse('W4032', { path, what: 'a folder without a checkpoint' }))
      const wanted = pathTests(args.value('disclose') ?? '')
      try {
        const copy = maskLog(files, to, opening => wanted.some(({ test }) => test(opening)))
        io.output.write(
          `${output}: ${counted(copy.files, 'file')}; ${counted(copy.masked, 'value')} withheld, ${counted(copy.disclosed, 'value')} disclosed\n`,
        )
        for (const { text, test } of wanted)
          if (![...copy.paths].some(test)) io.error.write(`${unknownPath(text, copy.paths)}\n`)
        return 0
      } catch (error) {
        return await report(io, refuse('W4036', { folder: output, why: systemReason(error) }))
      }
    } catch (error) {
      return report(io, refuse('W3011', { path, why: systemReason(error), hint: 'Name the folder of a log.' }))
    }
  },
}

/** Exact paths, or beginnings that end in `*`. */
function pathTests(list: string): readonly { readonly text: string; readonly test: (path: string) => boolean }[] {
  const wanted = list.split(',').flatMap(one => (one.trim() === '' ? [] : [one.trim()]))
  return wanted.map(text => ({
    text,
    test: path => (text.endsWith('*') ? path.startsWith(text.slice(0, -1)) : path === text),
  }))
}

/** What was asked for and is not there is a slip of the pen more often than not. */
function unknownPath(text: string, paths: ReadonlySet<string>): string {
  const known = [...paths].sort()
  const more = known.length > mostPaths ? ', …' : ''
  return `--disclose ${text}: the log holds no value of this path${known.length === 0 ? '' : `; it has ${known.slice(0, mostPaths).join(', ')}${more}`}`
}

const mostPaths = 12
