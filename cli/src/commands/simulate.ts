/** `writ simulate`: runs the policies of a workspace over recorded events and reports the decisions. */
import { type Plan, readSet, reasonReadSet } from '@writ/engine'
import { closingOf } from '../closing.ts'
import type { Command } from '../command.ts'
import { chooseEvents, eventsOptions } from '../events.ts'
import type { ExitCode } from '../exit-code.ts'
import { openProgram } from '../open-program.ts'
import { withPolicy } from '../policy-choice.ts'
import { isUnreadable, recordedRun } from '../recorded-run.ts'
import { isRefusal, refuse, report, reportProblem } from '../refusal.ts'
import { resultWriter } from '../report/result-writer.ts'
import type { Simulation } from '../report/simulation.ts'
import { simulationJson } from '../report/simulation-json.ts'
import { simulationText } from '../report/simulation-text.ts'
import { delaysOf } from '../simulated-answers.ts'
import type { Io, Output } from '../terminal/io.ts'
import { count, counted } from '../terminal/text.ts'

const formats = ['text', 'json', 'ndjson'] as const

export const simulate: Command = {
  help: {
    name: 'simulate',
    summary: 'run the policies over recorded events',
    description:
      'Reads recorded events, decides about each as the policies would have, and reports: decisions by kind, policy and rule, and what the records broke. Nothing is changed. "ndjson" prints one line per decision, in event order.',
    positionals: [{ name: 'WORKSPACE', required: true, many: false, does: 'a folder with .writ files' }],
    options: [
      ...eventsOptions,
      { name: 'format', value: 'FORMAT', oneOf: formats, does: 'form of the result' },
      { name: 'policy', value: 'NAME', does: 'only this policy' },
      { name: 'strict', value: null, does: 'take a record that breaks its contract for an error' },
      { name: 'output', value: 'FILE', does: 'write the result to FILE' },
      {
        name: 'close-at',
        value: 'TIME',
        does: 'close the log at this time: deadlines up to it pass, although no event shows it',
      },
      {
        name: 'approver-delay',
        value: 'DELAYS',
        does: 'as if people answered requests so slowly, instead of the recorded approvals: 10m,p90=4h',
      },
      { name: 'obligations', value: 'FILE', does: 'write to FILE what lived on after events, one line per change' },
      { name: 'closures', value: null, does: 'run without generating code; the result is the same' },
      { name: 'progress', value: null, does: 'tell the progress even where stderr is no terminal' },
    ],
    examples: [
      { line: 'writ simulate samples/airline', does: 'the log that writ.json names' },
      {
        line: 'writ simulate samples/agent-guardrails --format ndjson | head -3',
        does: 'the decisions themselves, one per line',
      },
    ],
  },
  run: async (args, io) => {
    const program = await openProgram(args.positionals[0] ?? '.', io)
    if (program === 'has errors') return 1
    if (isRefusal(program)) return report(io, program)
    const { workspace } = program
    const plan = withPolicy(program.plan, args.value('policy'), workspace.shown)
    if (isRefusal(plan)) return report(io, plan)
    const choice = chooseEvents('simulate', workspace, args, io.cwd)
    if (isRefusal(choice)) return report(io, choice)
    const writer = resultWriter(io, args.value('output'))
    if (isRefusal(writer)) return report(io, writer)
    const closing = closingOf(args.value('close-at'))
    if (isRefusal(closing)) return report(io, closing)
    const slowness = args.value('approver-delay')
    const delays = slowness === undefined ? null : delaysOf(slowness)
    if (slowness !== undefined && delays === null) return report(io, refuse('W3017', { text: slowness }))
    const obligations = args.value('obligations')
    const living = obligations === undefined ? undefined : resultWriter(io, obligations)
    if (living !== undefined && isRefusal(living)) return report(io, living)
    const format = args.choice('format', formats)
    const simulation = await recordedRun(io, {
      plan,
      workspace,
      choice,
      columns: columnsOf(plan, format === 'ndjson' || living !== undefined, delays !== null),
      delays,
      ...closing,
      strict: args.has('strict'),
      codeGeneration: !args.has('closures'),
      policy: args.value('policy') ?? null,
      showProgress: args.has('progress'),
    })
    if (isUnreadable(simulation)) {
      // Under --strict the events could be read; what they hold is what was found.
      return reportProblem(io, simulation.unreadable, null, simulation.unreadable.code === 'W2066' ? 1 : 2)
    }
    if (living !== undefined) {
      const { writeObligationLines } = await import('../report/obligation-lines.ts')
      const lines = await writeObligationLines(simulation, living.output)
      const failed = living.finish()
      if (failed !== undefined) return report(io, failed)
      io.error.write(`${counted(lines, 'line')} written to ${obligations}\n`)
    }
    const written = await write(simulation, format, writer.output, io)
    const failure = writer.finish()
    if (failure !== undefined) return report(io, failure)
    if (args.value('output') !== undefined) io.error.write(`${written} written to ${args.value('output')}\n`)
    return await finished(simulation, written, io)
  },
}

/** Simulated answers are put among all that is recorded, so that everything has to be read. */
function columnsOf(plan: Plan, withReasons: boolean, whole: boolean): readonly ReadonlySet<string>[] | undefined {
  if (whole) return undefined
  return withReasons ? reasonReadSet(plan) : readSet(plan)
}

/** Gives what was written, in words. */
async function write(
  simulation: Simulation,
  format: (typeof formats)[number],
  output: Output,
  io: Io,
): Promise<string> {
  switch (format) {
    case 'text':
      output.write(simulationText(simulation, output))
      return 'the report'
    case 'json':
      output.write(`${JSON.stringify(simulationJson(simulation), null, 2)}\n`)
      return 'the report'
    case 'ndjson': {
      const { writeDecisionLines } = await import('../report/decision-lines.ts')
      const lines = await writeDecisionLines(simulation, output, () => io.interrupted.aborted)
      return counted(lines, 'decision')
    }
  }
}

async function finished(simulation: Simulation, written: string, io: Io): Promise<ExitCode> {
  if (!io.interrupted.aborted) return 0
  const events = `${count(simulation.log.contractOf.length)} events`
  return report(io, refuse('W3040', { what: simulation.partial ? `reading ${events}` : `writing ${written}` }), 130)
}
