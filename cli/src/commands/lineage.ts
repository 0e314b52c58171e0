/**
 * `writ lineage`: where decisions and everything that leaves come from, for people, programs, pictures and catalogues; of the
 * whole program, or of what was decided about one recorded event.
 */
import {
  around,
  decisionLineage,
  findNodes,
  type LineageGraph,
  type LineageNode,
  lineageDot,
  lineage as lineageOf,
  lineageSvg,
  nameOf,
  openLineage,
} from '@writ/engine'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import { eventsOptions } from '../events.ts'
import type { ExitCode } from '../exit-code.ts'
import { chosenEvent, eventOptions, explainedAt, recordedFor, undecided } from '../explained-event.ts'
import { suggestion } from '../nearest.ts'
import { openProgram, type RunnableProgram } from '../open-program.ts'
import { isUnreadable } from '../recorded-run.ts'
import { isRefusal, type Refusal, refuse, report, reportProblem } from '../refusal.ts'
import { toldDecisions } from '../report/decision-lineage.ts'
import { decisionLineageText } from '../report/decision-lineage-text.ts'
import { lineageHtml } from '../report/lineage-html.ts'
import { decisionLineageJson, lineageJson } from '../report/lineage-json.ts'
import { nodeText, overviewText } from '../report/lineage-text.ts'
import type { Io } from '../terminal/io.ts'
import { sourceTexts } from '../workspace.ts'

export const lineage: Command = {
  help: {
    name: 'lineage',
    summary: 'show where decisions and everything that leaves come from',
    description:
      'The field-level lineage of a workspace: from recorded fields through contracts, windows and lets to rules, decisions, obligations and sinks; conditions as well as values, with privacy classes. --of narrows it to one node, such as "RefundRequested.amount", "spent", "small" or "open_case". --event or --at shows instead what one decision came from: the recorded events, values, approvals and versions that were looked at, and what would have changed it; values of class secret are covered.',
    positionals: [{ name: 'WORKSPACE', required: false, many: false, does: 'a folder with .writ files' }],
    options: [
      { name: 'of', value: 'NODE', does: 'only what this comes from and goes to' },
      {
        name: 'direction',
        value: 'WAY',
        oneOf: ['both', 'upstream', 'downstream'],
        does: 'with --of: which way to look',
      },
      { name: 'depth', value: 'N', does: 'with --of: at most so many edges away' },
      {
        name: 'format',
        value: 'FORMAT',
        oneOf: ['text', 'json', 'svg', 'html', 'dot', 'openlineage'],
        does: 'form of the result',
      },
      ...eventsOptions,
      ...eventOptions,
    ],
    examples: [
      { line: 'writ lineage samples/refunds', does: 'what does each rule ask, and what does each sink get?' },
      { line: 'writ lineage samples/refunds --of RefundRequested.customer', does: 'where does personal data go?' },
      { line: 'writ lineage samples/refunds --format html > lineage.html', does: 'as a page with a picture' },
      { line: 'writ lineage samples/refunds --event 5', does: 'what did one decision come from?' },
    ],
  },
  run: async (args, io) => {
    const [folder = '.'] = args.positionals
    const program = await openProgram(folder, io)
    if (program === 'has errors') return 1
    if (isRefusal(program)) return report(io, program)
    if (args.has('event') || args.has('at')) return await ofDecision(program, args, io)
    const depth = depthOf(args)
    if (typeof depth !== 'number') return report(io, depth)
    const whole = lineageOf(program.plan)
    const chosen = chosenNode(whole, args)
    if (chosen !== null && isRefusal(chosen)) return report(io, chosen)
    const direction = args.choice('direction', ['both', 'upstream', 'downstream'])
    const graph = chosen === null ? whole : around(whole, chosen.id, direction, depth)
    const title = `Lineage of ${program.workspace.shown}${chosen === null ? '' : `: ${nameOf(whole, chosen)}`}`
    const { paint } = io.output
    switch (args.choice('format', ['text', 'json', 'svg', 'html', 'dot', 'openlineage'])) {
      case 'text':
        io.output.write(
          chosen === null ? overviewText(whole, paint) : nodeText(whole, chosen, { direction, depth }, paint),
        )
        return 0
      case 'json':
        io.output.write(
          `${JSON.stringify(lineageJson(graph, program.plan, sourceTexts(program.workspace)), null, 2)}\n`,
        )
        return 0
      case 'svg':
        io.output.write(lineageSvg(graph, { title }))
        return 0
      case 'html':
        io.output.write(lineageHtml(graph, title))
        return 0
      case 'dot':
        io.output.write(lineageDot(graph))
        return 0
      case 'openlineage': {
        const events = openLineage(graph, { at: new Date().toISOString(), namespace: 'writ' })
        io.output.write(`${events.map(event => JSON.stringify(event)).join('\n')}\n`)
        return 0
      }
    }
  },
}

/** Of what was decided about one recorded event. */
async function ofDecision(program: RunnableProgram, args: Arguments, io: Io): Promise<ExitCode> {
  const format = args.choice('format', ['text', 'json', 'svg', 'html', 'dot', 'openlineage'])
  const [first, second] = ['event', 'at', 'of', 'direction', 'depth'].filter(option => args.has(option))
  if (second !== undefined) {
    const wrong = `does not go with --${first}`
    return report(io, refuse('W3003', { option: `--${second}`, wrong, expected: 'one of them' }))
  }
  if (format === 'openlineage') {
    const wrong = 'has no form for single decisions'
    return report(io, refuse('W3003', { option: '--format', wrong, expected: 'text, json, svg, html or dot' }))
  }
  const simulation = await recordedFor('lineage', program, args, io)
  if (isRefusal(simulation)) return report(io, simulation)
  if (isUnreadable(simulation)) return reportProblem(io, simulation.unreadable, null)
  const chosen = chosenEvent(simulation, args)
  if (chosen === undefined) throw new Error('--event or --at is among the arguments')
  if (isRefusal(chosen)) return report(io, chosen)
  const explained = explainedAt(simulation, chosen.seq)
  if (explained.length === 0) return report(io, undecided(simulation, chosen.seq))
  const { plan, view, result } = simulation
  const rejected = new Set(result.rejected)
  const options = { rejected: (seq: number) => rejected.has(seq), obligations: result.obligations }
  const explanations = explained.map(({ explanation }) => explanation)
  const graph = decisionLineage(plan, view, explanations, options)
  const told = toldDecisions(simulation, explained)
  switch (format) {
    case 'text':
      io.output.write(decisionLineageText(graph, told, io.output.paint))
      return 0
    case 'json':
      io.output.write(
        `${JSON.stringify(decisionLineageJson(graph, told, plan, sourceTexts(program.workspace)), null, 2)}\n`,
      )
      return 0
    case 'svg':
      io.output.write(lineageSvg(graph, { title: told.title }))
      return 0
    case 'html':
      io.output.write(lineageHtml(graph, told.title, told.decisions))
      return 0
    case 'dot':
      io.output.write(lineageDot(graph))
      return 0
  }
}

function depthOf(args: Arguments): number | Refusal {
  const text = args.value('depth')
  if (text === undefined) return Number.POSITIVE_INFINITY
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  return refuse('W3003', { option: '--depth', wrong: `does not know "${text}"`, expected: 'a whole number from 1' })
}

/** Null where none is asked for. */
function chosenNode(graph: LineageGraph, args: Arguments): LineageNode | null | Refusal {
  const words = args.value('of')
  if (words === undefined) return null
  const found = findNodes(graph, words)
  const [only] = found
  if (only && found.length === 1) return only
  if (found.length > 1) {
    const names = found.map(node => nameOf(graph, node)).join(', ')
    return refuse('W3003', { option: '--of', wrong: `"${words}" may mean several nodes`, expected: `one of ${names}` })
  }
  const known = graph.nodes.map(node => nameOf(graph, node))
  return refuse('W3035', { name: `"${words}"`, suggestion: suggestion(words, known) })
}
