/** `writ diff`: what a change of policies means, and what it would have done to recorded events. */
import type { Arguments } from '../arguments.ts'
import { closingOf } from '../closing.ts'
import type { Command } from '../command.ts'
import { type Compared, compare } from '../diff/compare.ts'
import { diffJson } from '../diff/diff-json.ts'
import { diffText } from '../diff/diff-text.ts'
import { type Gated, gateSettings, judgeGates, needsLog } from '../diff/gates.ts'
import { openVersions, type Versions } from '../diff/versions.ts'
import { chooseEvents, type EventsChoice, eventsOptions } from '../events.ts'
import { numberOption } from '../number-option.ts'
import { isRefusal, type Refusal, refuse, report } from '../refusal.ts'
import { resultWriter } from '../report/result-writer.ts'
import type { Io, Output } from '../terminal/io.ts'

const formats = ['text', 'markdown', 'json', 'sarif', 'html'] as const

export const diff: Command = {
  help: {
    name: 'diff',
    summary: 'compare two versions of policies, by meaning and on recorded events',
    description:
      'BASE and HEAD are git revisions, REVISION:PATH, folders or files; without HEAD what is on the disk, without BASE the last commit. Says what changed in meaning; with a log, which decisions would have been others, grouped by what caused it, with events explained by both versions. Exit code 1: a gate is not passed; gates are options here or "gate" in writ.json.',
    positionals: [
      { name: 'BASE', required: false, many: false, does: 'the older version; HEAD without it' },
      { name: 'HEAD', required: false, many: false, does: 'the newer version; what is on the disk without it' },
    ],
    options: [
      { name: 'workspace', value: 'FOLDER', does: 'the workspace that revisions are of; this folder without it' },
      ...eventsOptions,
      { name: 'no-log', value: null, does: 'compare the meaning alone, also where writ.json names a log' },
      { name: 'format', value: 'FORMAT', oneOf: formats, does: 'form of the result' },
      { name: 'output', value: 'FILE', does: 'write the result to FILE' },
      {
        name: 'max-events',
        value: 'N',
        does: 'how long the made-up stories may be that tell the versions apart; 2 without it, 0: none',
      },
      { name: 'max-flips', value: 'N', does: 'gate: at most so many decisions may become others' },
      { name: 'max-new-denials', value: 'N', does: 'gate: at most so many events may be denied that were not' },
      {
        name: 'max-new-permits',
        value: 'N',
        does: 'gate: at most so many events may pass that were held or denied',
      },
      { name: 'max-approval-load', value: 'N', does: 'gate: no role may get more requests on one day' },
      { name: 'require-tests-for-flips', value: null, does: 'gate: each cause of flips has to be shown by a test' },
      { name: 'close-at', value: 'TIME', does: 'close the log at this time: deadlines up to it pass' },
      { name: 'closures', value: null, does: 'run without generating code; the result is the same' },
      { name: 'progress', value: null, does: 'tell the progress even where stderr is no terminal' },
    ],
    examples: [
      { line: 'writ diff --workspace samples/refunds', does: 'what is not committed yet, on the log of writ.json' },
      { line: 'writ diff HEAD HEAD --workspace samples/refunds --no-log', does: 'two revisions, by meaning alone' },
    ],
  },
  run: async (args, io) => {
    const versions = await openVersions(args.positionals, args.value('workspace') ?? '.', io)
    if (isRefusal(versions)) return report(io, versions)
    const gate = gateSettings(args, versions.home.settings.gate)
    if (isRefusal(gate)) return report(io, gate)
    const choice = chosenLog(versions, args, io, needsLog(gate))
    if (choice !== null && isRefusal(choice)) return report(io, choice)
    const closing = closingOf(args.value('close-at'))
    if (isRefusal(closing)) return report(io, closing)
    const writer = resultWriter(io, args.value('output'))
    if (isRefusal(writer)) return report(io, writer)
    const maxEvents = storyLength(args)
    if (typeof maxEvents !== 'number') return report(io, maxEvents)
    const options = {
      choice,
      maxEvents: maxEvents === 0 ? null : maxEvents,
      ...closing,
      codeGeneration: !args.has('closures'),
      showProgress: args.has('progress'),
      withTests: gate.requireTestsForFlips,
    }
    const compared = await compare(versions, options, io)
    if (isRefusal(compared)) return report(io, compared)
    const gates = judgeGates(compared, gate)
    writer.output.write(await rendered(args.choice('format', formats), compared, gates, writer.output))
    const failure = writer.finish()
    if (failure !== undefined) return report(io, failure)
    if (io.interrupted.aborted) return report(io, refuse('W3040', { what: 'reading events' }), 130)
    return gates.every(({ passed }) => passed) ? 0 : 1
  },
}

async function rendered(
  format: (typeof formats)[number],
  compared: Compared,
  gates: readonly Gated[],
  output: Output,
): Promise<string> {
  switch (format) {
    case 'text':
      return diffText(compared, gates, output)
    case 'markdown':
      return (await import('../diff/diff-markdown.ts')).diffMarkdown(compared, gates)
    case 'json':
      return `${JSON.stringify(diffJson(compared, gates), null, 2)}\n`
    case 'sarif':
      return `${JSON.stringify((await import('../diff/diff-sarif.ts')).diffSarif(compared, gates), null, 2)}\n`
    case 'html':
      return (await import('../diff/diff-html.ts')).diffHtml(compared, gates)
  }
}

function storyLength(args: Arguments): number | Refusal {
  return args.value('max-events') === '0' ? 0 : numberOption(args, 'max-events', 2, 20)
}

/** Null: none is named, and none is needed. */
function chosenLog(versions: Versions, args: Arguments, io: Io, isNeeded: boolean): EventsChoice | null | Refusal {
  const { home } = versions
  if (args.has('no-log') && !isNeeded) return null
  const isNamed = args.value('events') !== undefined || home.settings.events.size === 1
  return isNamed || isNeeded ? chooseEvents('diff', home, args, io.cwd) : null
}
