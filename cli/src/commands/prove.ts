/** `writ prove`: takes one decision out of a log, with all that shows it to be there. */
import { resolve } from 'node:path'
import { explain as explainDecision, explanationText } from '@writ/engine'
import { hasSensitive } from '@writ/ledger'
import { entriesOfEvent, proveEntry } from '@writ/ledger/node'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import { chooseEvents } from '../events.ts'
import { openProgram } from '../open-program.ts'
import { isUnreadable, recordedRun } from '../recorded-run.ts'
import { isRefusal, type Refusal, refuse, report, reportProblem } from '../refusal.ts'
import { resultWriter } from '../report/result-writer.ts'
import { systemReason } from '../system-reason.ts'
import type { Io } from '../terminal/io.ts'

const formats = ['evidence', 'tlog-proof'] as const

export const prove: Command = {
  help: {
    name: 'prove',
    summary: 'write evidence of one decision in a log',
    description:
      'Writes a file that holds one decision of an audit log with everything that shows it to be in the log: the record, the inclusion proof, the signed checkpoint, and the text of the policies. "writ verify" checks it, and so does docs/verify-evidence.py without Writ. What the record withholds stays withheld unless --disclose is given.',
    positionals: [{ name: 'LOG', required: true, many: false, does: 'the folder of the log' }],
    options: [
      { name: 'entry', value: 'N', does: 'the entry, from 0, as "writ run" printed it' },
      { name: 'event', value: 'STREAM:INDEX', does: 'instead: the event that was decided, or its INDEX alone' },
      { name: 'output', value: 'FILE', does: 'where the evidence goes' },
      { name: 'format', value: 'FORMAT', oneOf: formats, does: 'an evidence file, or a C2SP tlog-proof alone' },
      { name: 'disclose', value: null, does: 'add the values that the record withholds' },
      { name: 'workspace', value: 'FOLDER', does: 'with --events: add an explanation, made from these policies' },
      { name: 'events', value: 'PATH|NAME', does: 'the recorded events that the explanation rests on' },
      { name: 'source', value: 'NAME', does: 'the source declaration that reads them' },
    ],
    examples: [{ line: 'writ prove audit --entry 17 --output decision.json', does: 'evidence to hand over' }],
  },
  run: async (args, io) => {
    const folder = args.positionals[0] ?? '.'
    try {
      const entry = chosenEntry(folder, args, io.cwd)
      if (isRefusal(entry)) return report(io, entry)
      const proof = proveEntry(resolve(io.cwd, folder), entry.entry, args.has('disclose'))
      if (!proof.ok) return report(io, refuse('W4041', { folder, entry: entry.entry, hint: `${proof.why}.` }))
      const explanation = await explained(proof.record, args, io)
      if (explanation === 'has errors') return 1
      if (typeof explanation === 'object' && explanation !== null) return await report(io, explanation)
      const writer = resultWriter(io, args.value('output'))
      if (isRefusal(writer)) return report(io, writer)
      const evidence = { ...proof.evidence, explanation }
      const isProof = args.choice('format', formats) === 'tlog-proof'
      writer.output.write(isProof ? proof.logProof : `${JSON.stringify(evidence, null, 2)}\n`)
      await writer.output.drained()
      const failure = writer.finish()
      return failure === undefined ? 0 : report(io, failure)
    } catch (error) {
      return report(io, refuse('W3011', { path: folder, why: systemReason(error), hint: 'Name the folder of a log.' }))
    }
  },
}

function chosenEntry(folder: string, args: Arguments, cwd: string): { readonly entry: number } | Refusal {
  const number = args.value('entry')
  const event = args.value('event')
  if ((number === undefined) === (event === undefined))
    return refuse('W3003', { option: '--entry', wrong: 'or --event is needed, and not both', expected: '--entry N' })
  if (number !== undefined) {
    const entry = Number(number.replaceAll(',', ''))
    if (Number.isSafeInteger(entry) && entry >= 0) return { entry }
    return refuse('W3003', { option: '--entry', wrong: `is not "${number}"`, expected: 'a whole number from 0' })
  }
  const [, stream, index] = /^(?:(.*):)?(\d+)$/.exec(event ?? '') ?? []
  if (index === undefined)
    return refuse('W3003', { option: '--event', wrong: `is not "${event}"`, expected: 'STREAM:INDEX, or INDEX' })
  const entries = entriesOfEvent(resolve(cwd, folder), stream ?? null, Number(index))
  const [only, ...others] = entries
  if (only !== undefined && others.length === 0) return { entry: only }
  const hint =
    only === undefined
      ? 'no decision under its checkpoint is about that event.'
      : `several decisions are about that event, entries ${entries.join(', ')}; name one with --entry.`
  return refuse('W4041', { folder, entry: `for event ${event}`, hint })
}

/** The text of the explanation; null where none was asked for. */
async function explained(
  record: Extract<ReturnType<typeof proveEntry>, { ok: true }>['record'],
  args: Arguments,
  io: Io,
): Promise<string | null | Refusal | 'has errors'> {
  const workspace = args.value('workspace')
  if (workspace === undefined) return null
  const program = await openProgram(workspace, io)
  if (program === 'has errors' || isRefusal(program)) return program
  if (!args.has('disclose') && program.plan.contracts.some(hasSensitive)) return refuse('W4042', {})
  const choice = chooseEvents('prove', program.workspace, args, io.cwd)
  if (isRefusal(choice)) return choice
  const simulation = await recordedRun(io, {
    plan: program.plan,
    workspace: program.workspace,
    choice,
    columns: undefined,
    strict: false,
    codeGeneration: true,
    policy: null,
    showProgress: false,
  })
  if (isUnreadable(simulation)) {
    reportProblem(io, simulation.unreadable, null)
    return 'has errors'
  }
  const { plan, view, result, log } = simulation
  const policy = 'policy' in record ? plan.policies.findIndex(one => one.name === record.policy.name) : -1
  const rejected = new Set(result.rejected)
  for (const batch of log.batches) {
    for (let row = 0; row < batch.rows; row++) {
      if (policy < 0 || batch.index[row] !== record.event.index) continue
      if (plan.contracts[batch.contract]?.name !== record.event.contract) continue
      const seq = batch.seq[row] ?? 0
      const explanation = explainDecision(plan, view, seq, policy, { rejected: other => rejected.has(other) })
      return explanationText(plan, view, explanation)
    }
  }
  return refuse('W3024', {
    place: `${record.event.stream}:${record.event.index}`,
    path: choice.shown,
    hint: 'Name the events that the log was written from.',
  })
}
