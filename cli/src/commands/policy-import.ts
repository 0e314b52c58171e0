/** `writ policy import`: policies of other languages as text of this one, what has no equivalent, and requests as events. */
import { resolve } from 'node:path'
import {
  type CedarEntity,
  type CedarLoss,
  type ImportedPolicies,
  importCedar,
  readEntities,
  readRequests,
  requestEvent,
} from '@writ/ledger/cedar'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import { usage } from '../help.ts'
import { isRefusal, type Refusal, refuse, report } from '../refusal.ts'
import type { Io } from '../terminal/io.ts'
import { counted, printable } from '../terminal/text.ts'
import { readText, writeNew } from '../text-file.ts'

const mostTold = 50

export const policyImport: Command = {
  help: {
    name: 'policy import',
    summary: 'make a policy of policies of Cedar',
    description:
      'Reads policies of Cedar and prints a module with one contract for requests and one policy, ready for a .writ file; what has no equivalent is told on stderr with its place. Attributes are known from --schema, as text or JSON. What is translated decides as Cedar does where its validator accepts the policies; a "forbid" that has no equivalent denies whatever its scope names. With --requests, requests become events that the module reads.',
    positionals: [
      { name: 'FORMAT', required: true, many: false, does: 'cedar' },
      { name: 'POLICIES', required: true, many: false, does: 'a file of policies' },
    ],
    options: [
      { name: 'schema', value: 'FILE', does: 'what entities and actions there are, as text or JSON' },
      { name: 'output', value: 'FILE', does: 'write the module to FILE, which must not be there yet' },
      { name: 'requests', value: 'FILE', does: 'requests as JSON, an array or one on each line; needs --events' },
      { name: 'entities', value: 'FILE', does: 'the entities that the requests speak of, as JSON' },
      { name: 'events', value: 'FILE', does: 'write the requests as events to FILE, which must not be there yet' },
      { name: 'format', value: 'FORMAT', oneOf: ['text', 'json'], does: 'form of the result' },
    ],
    examples: [
      {
        line: 'writ policy import cedar docs/examples/cedar/photos.cedar --schema docs/examples/cedar/photos.cedarschema',
        does: 'what would these policies be?',
      },
    ],
  },
  run: async (args, io) => {
    const [format = '', file = ''] = args.positionals
    if (format !== 'cedar') {
      const wrong = `cannot read "${format}"`
      return report(io, refuse('W3004', { command: 'policy import', wrong, usage: usage(policyImport.help) }))
    }
    const imported = importedFrom(file, args, io)
    if (isRefusal(imported)) return report(io, imported)
    const failed = eventsFrom(imported, args, io)
    if (failed !== null) return report(io, failed)
    const { text, rules, losses } = imported
    const result =
      args.choice('format', ['text', 'json']) === 'json'
        ? `${JSON.stringify({ text, rules, losses }, null, 2)}\n`
        : text
    const output = args.value('output')
    if (output === undefined) io.output.write(result)
    else {
      const failed = writeNew(resolve(io.cwd, output), output, result)
      if (failed !== null) return report(io, failed)
      io.error.write(`${counted(rules.length, 'rule')} written to ${printable(output)}\n`)
    }
    tellLosses(losses, io)
    return 0
  },
}

const hint = 'Name a text file.'

function importedFrom(file: string, args: Arguments, io: Io): ImportedPolicies | Refusal {
  const policies = readText(resolve(io.cwd, file), file, hint)
  if (isRefusal(policies)) return policies
  const given = args.value('schema')
  const schema = given === undefined ? null : readText(resolve(io.cwd, given), given, hint)
  if (schema !== null && isRefusal(schema)) return schema
  const imported = importCedar(
    { name: shortName(file), text: policies.text },
    schema === null || given === undefined ? null : { name: shortName(given), text: schema.text },
  )
  if ('unreadable' in imported) return refuse('W3075', { what: imported.place, why: imported.unreadable })
  return imported
}

/** Null where all went well. */
function eventsFrom(imported: ImportedPolicies, args: Arguments, io: Io): Refusal | null {
  const [file, output, entitiesFile] = [args.value('requests'), args.value('events'), args.value('entities')]
  if (file === undefined || output === undefined) {
    if (file === output && entitiesFile === undefined) return null
    const option = file !== undefined ? '--requests' : output !== undefined ? '--events' : '--entities'
    return refuse('W3003', { option, wrong: 'is not enough', expected: '--requests FILE and --events FILE' })
  }
  const text = readText(resolve(io.cwd, file), file, hint)
  if (isRefusal(text)) return text
  const requests = readRequests(text.text)
  if ('unreadable' in requests) return refuse('W3075', { what: file, why: requests.unreadable })
  let entities: readonly CedarEntity[] = []
  if (entitiesFile !== undefined) {
    const known = readText(resolve(io.cwd, entitiesFile), entitiesFile, hint)
    if (isRefusal(known)) return known
    const read = readEntities(known.text)
    if ('unreadable' in read) return refuse('W3075', { what: entitiesFile, why: read.unreadable })
    entities = read
  }
  const lines = requests.map(request => `${JSON.stringify(requestEvent(imported.shape, request, entities))}\n`)
  const failed = writeNew(resolve(io.cwd, output), output, lines.join(''))
  if (failed === null) io.error.write(`${counted(requests.length, 'event')} written to ${printable(output)}\n`)
  return failed
}

function shortName(file: string): string {
  return file.replace(/^.*[/\\]/, '')
}

function tellLosses(losses: readonly CedarLoss[], io: Io): void {
  if (losses.length === 0) return
  io.error.write(`${counted(losses.length, 'thing')} without an equivalent:\n`)
  for (const { place, policy, what } of losses.slice(0, mostTold))
    io.error.write(`  ${printable(place)}${policy === null ? '' : ` ${printable(policy)}`}: ${printable(what)}\n`)
  if (losses.length > mostTold) io.error.write(`  … ${losses.length - mostTold} more; --format json has all\n`)
}
