/** What `writ test` says of itself. What it does is test.ts. */
import { mutationDefaults } from '@writ/engine'
import type { CommandHelp } from '../command-help.ts'
import { eventsOptions } from '../events.ts'

export const testHelp: CommandHelp = {
  name: 'test',
  summary: 'run the tests of a workspace',
  description:
    'Runs every test declaration under FOLDER (the current one where none is named) against its policies: each gives events and says what must be decided about them. Properties are judged too, with a small budget ("writ property" looks longer). --coverage says what of the rules no test has shown; --mutate changes the policies in small ways and says which changes no test notices, with the events that would.',
  positionals: [{ name: 'FOLDER', required: false, many: false, does: 'a workspace' }],
  options: [
    { name: 'filter', value: 'TEXT', does: 'only the tests and properties with this text in their title' },
    { name: 'coverage', value: null, does: 'what the tests have shown of rules and conditions, and what not' },
    { name: 'pairs', value: null, does: 'for --coverage: the pair of events that shows each condition to matter' },
    { name: 'lcov', value: 'FILE', does: 'write the coverage to FILE, for editors' },
    { name: 'mutate', value: null, does: 'which small changes of the policies the tests notice, and which not' },
    { name: 'policy', value: 'NAME', does: 'for --mutate: change only this policy' },
    {
      name: 'size',
      value: 'N',
      does: `for --mutate: how many events tell a change apart at most (${mutationDefaults.maxEvents})`,
    },
    { name: 'budget', value: 'N', does: `for --mutate: stories tried for each change (${mutationDefaults.budget})` },
    {
      name: 'write-test',
      value: 'FILE',
      does: 'for --mutate: add what tells a change apart to FILE, as tests of what is decided now',
    },
    ...eventsOptions.map(option => ({
      ...option,
      does: `for --coverage and --mutate: ${option.does.replace('; needed unless writ.json names exactly one', '')}`,
    })),
    { name: 'format', value: 'FORMAT', oneOf: ['text', 'json'], does: 'form of the result' },
    { name: 'progress', value: null, does: 'tell the progress even where stderr is no terminal' },
  ],
  examples: [
    { line: 'writ test samples/agent-guardrails', does: 'all tests of a workspace' },
    { line: 'writ test samples/airline --filter refund', does: 'some of them' },
    { line: 'writ test samples/refunds --coverage', does: 'what is not tested yet' },
    {
      line: 'writ test samples/refunds --mutate --events generated',
      does: 'what neither tests nor a log would notice',
    },
  ],
}
