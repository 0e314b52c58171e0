/** `writ property`: proves properties, or looks for events that refute them. */
import { judgeDefaults, type PlanProperty, type PropertyResult, runProperties } from '@writ/engine'
import type { Command } from '../command.ts'
import { numberOption } from '../number-option.ts'
import { openProgram } from '../open-program.ts'
import { isRefusal, refuse, report } from '../refusal.ts'
import { propertiesText, propertySummary } from '../report/property-text.ts'
import { searchProgress } from '../terminal/search-progress.ts'
import { counted, printable } from '../terminal/text.ts'
import { type TestToWrite, writeTests } from '../write-test.ts'

export const property: Command = {
  help: {
    name: 'property',
    summary: 'prove the properties of a workspace, or find events that refute them',
    description:
      'Judges every property under FOLDER (the current one where none is named): proved for every log, refuted by a short story of events that the engine was run on, or not proved and nothing found up to a size. The search is the same on every machine; it ends after a number of traces, not after a time.',
    positionals: [{ name: 'FOLDER', required: false, many: false, does: 'a workspace' }],
    options: [
      { name: 'filter', value: 'TEXT', does: 'only the properties with this text in their name or title' },
      { name: 'size', value: 'N', does: `how many events a story may have (${judgeDefaults.maxEvents})` },
      { name: 'budget', value: 'N', does: `how many stories are tried for each property (${judgeDefaults.budget})` },
      { name: 'write-test', value: 'FILE', does: 'add each counterexample to FILE as a test of what is decided now' },
      { name: 'format', value: 'FORMAT', oneOf: ['text', 'json'], does: 'form of the result' },
      { name: 'progress', value: null, does: 'tell the progress even where stderr is no terminal' },
    ],
    examples: [
      { line: 'writ property samples/refunds', does: 'all properties of a workspace' },
      { line: 'writ property samples/refunds --size 5 --budget 100000', does: 'look longer' },
    ],
  },
  run: async (args, io) => {
    const maxEvents = numberOption(args, 'size', judgeDefaults.maxEvents, 50)
    if (typeof maxEvents !== 'number') return report(io, maxEvents)
    const budget = numberOption(args, 'budget', judgeDefaults.budget, 100_000_000)
    if (typeof budget !== 'number') return report(io, budget)
    const program = await openProgram(args.positionals[0] ?? '.', io)
    if (program === 'has errors') return 1
    if (isRefusal(program)) return report(io, program)
    const { plan, workspace } = program
    const filter = args.value('filter')
    const chosen = plan.properties.filter(one => hasText(one, filter))
    if (chosen.length === 0 && plan.properties.length > 0 && filter !== undefined)
      return report(io, refuse('W3071', { count: plan.properties.length, filter: `"${filter}"` }))
    const progress = searchProgress(io.error, args.has('progress'), () => performance.now())
    const results = runProperties(plan, {
      maxEvents,
      budget,
      select: one => chosen.includes(one),
      onProgress: (one, evaluations) => progress.update(one.name, evaluations, budget),
    })
    progress.finish()
    if (args.choice('format', ['text', 'json']) === 'json') {
      const { propertyJson } = await import('../report/property-json.ts')
      const properties = results.map(result => propertyJson(plan, result))
      io.output.write(`${JSON.stringify({ workspace: workspace.shown, properties }, null, 2)}\n`)
    } else if (results.length === 0) {
      io.output.write(`${noProperties(workspace.shown)}\n`)
    } else {
      io.output.write(propertiesText(plan, results, workspace.shown, io.output))
      io.output.write(`\n${propertySummary(results, io.output)}\n`)
    }
    const path = args.value('write-test')
    const tests = results.flatMap(testOf)
    if (path !== undefined && tests.length > 0) {
      const refused = writeTests(plan, workspace, io.cwd, path, tests)
      if (refused !== undefined) return report(io, refused)
      io.error.write(`${counted(tests.length, 'test')} added to ${printable(path)}\n`)
    }
    return tests.length === 0 ? 0 : 1
  },
}

function hasText({ name, title }: PlanProperty, filter: string | undefined): boolean {
  return `${name} ${title ?? ''}`.toLowerCase().includes(filter?.toLowerCase() ?? '')
}

function testOf({ property: { name, title, module }, verdict }: PropertyResult): readonly TestToWrite[] {
  if (verdict.kind !== 'refuted') return []
  const documentation = [
    `Refutes the property ${name}. It states what is decided now;`,
    'write what should be decided instead, and it fails until that is so.',
  ]
  return [{ title: `against ${title ?? name}`, documentation, module, trace: verdict.trace }]
}

function noProperties(shown: string): string {
  return [
    `no properties in ${printable(shown)}. One looks like this:`,
    '',
    '  property large "a refund above 500 USD is never permitted" {',
    '    for all RefundRequested as r where r.amount > 500 USD',
    '    never permit',
    '  }',
  ].join('\n')
}
