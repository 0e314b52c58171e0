/** Contracts for the records of transcripts: one per tool, one for what tools answer, one for what is said. */
import { isObject, type JsonObject } from '../raw/json.ts'
import { type DraftedContract, type DraftedSource, fieldsOf, maxContracts, type SampleObject } from './drafted.ts'
import type { GuessedField } from './guess.ts'
import { contractName, identifier, unusedName } from './names.ts'

/** One contract per tool, one for what is said and one for what tools answer. */
export function draftChat(records: readonly SampleObject[]): DraftedSource {
  const several = records.some(({ value }) => value.run_index !== 0)
  const byTool = new Map<string, JsonObject[]>()
  const said: JsonObject[] = []
  const answers: JsonObject[] = []
  for (const { value } of records) {
    if (value.kind === 'message') said.push(value)
    else if (value.kind === 'result') answers.push(value)
    else if (typeof value.tool === 'string') {
      const calls = byTool.get(value.tool) ?? []
      calls.push(value)
      byTool.set(value.tool, calls)
    }
  }
  const place: readonly GuessedField[] = [
    {
      ...bare,
      name: 'run',
      type: several ? 'Int' : 'String',
      mapped: several ? 'run_index' : 'file_path',
      sample: several ? '0' : '"example"',
      guesses: [several ? 'run: the place of the transcript in its file' : 'run: one file is one run'],
    },
    { ...bare, name: 'step', type: 'Int', sample: '1' },
  ]
  const taken = new Set(['Message', 'ToolResult', 'ToolCall'])
  const tools = [...byTool].toSorted(([, a], [, b]) => b.length - a.length)
  const text: GuessedField = {
    ...bare,
    name: 'content',
    type: 'String',
    optional: true,
    modifiers: ['personal(free_text)'],
    guesses: ['personal(free_text): by its name'],
  }
  const contracts: DraftedContract[] = tools.slice(0, maxContracts).map(([tool, calls]) => ({
    name: unusedName(contractName(tool), taken),
    about: `The agent calls ${tool}.`,
    records: calls.length,
    fields: [...place, ...argumentFields(calls)],
    when: `kind == "call" and tool == ${JSON.stringify(tool)}`,
  }))
  const others = tools.slice(maxContracts).reduce((sum, [, calls]) => sum + calls.length, 0)
  const tool: GuessedField = { ...bare, name: 'tool', type: 'String', sample: '"example"' }
  if (others > 0)
    contracts.push({
      name: 'ToolCall',
      about: 'The agent calls another tool.',
      records: others,
      fields: [...place, tool],
      when: 'kind == "call"',
    })
  if (answers.length > 0) {
    const fields = [...place, { ...tool, optional: true, sample: null }, text, { ...text, name: 'error', guesses: [] }]
    contracts.push({
      name: 'ToolResult',
      about: 'What a tool answered.',
      records: answers.length,
      fields,
      when: 'kind == "result"',
    })
  }
  if (said.length > 0) {
    const role: GuessedField = { ...bare, name: 'role', type: 'String', sample: '"user"' }
    contracts.push({
      name: 'Message',
      about: 'What user, system or agent said.',
      records: said.length,
      fields: [...place, role, text],
      when: 'kind == "message"',
    })
  }
  return { contracts, time: 'time order', lateness: null }
}

const bare: Omit<GuessedField, 'name' | 'type'> = {
  optional: false,
  modifiers: [],
  guesses: [],
  mapped: null,
  sample: null,
  quantity: null,
}

function argumentFields(calls: readonly JsonObject[]): readonly GuessedField[] {
  const given = calls.map(call => (isObject(call.args) ? call.args : {}))
  return fieldsOf(given, { textOnly: false, prefix: 'args.', reserved: ['run', 'step'], without: null }).map(field => ({
    ...field,
    name: identifier(field.name),
  }))
}
