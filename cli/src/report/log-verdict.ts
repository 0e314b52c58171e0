/** What `writ verify` says: never one tick for everything, but what is known of which entries. */
import type { AuditRecord, LogVerdict, ProofVerdict, ReplayVerdict } from '@writ/ledger/node'
import type { Output } from '../terminal/io.ts'
import { count, counted, printable, wrap } from '../terminal/text.ts'
import { replayJson } from './replay-text.ts'

const meanings = {
  anchored: 'anchored: under a checkpoint that is trusted',
  unanchored: 'consistent, but not anchored: no trusted signature covers them',
  unverifiable: 'unverifiable: what is needed to check them is not there',
  contradictory: 'contradictory: not what was signed',
} as const

export function logVerdictJson(path: string, verdict: LogVerdict, replayed: ReplayVerdict | null): object {
  return {
    path,
    kind: 'log',
    checkpoint: verdict.checkpoint,
    ranges: verdict.ranges,
    withheld: verdict.openings,
    erased: verdict.erased,
    problems: [...verdict.problems, ...(replayed?.problems ?? [])].map(({ code, message, file, from, to }) => ({
      code,
      message,
      file,
      from,
      to,
    })),
    ...(replayed === null ? {} : { replay: replayJson(replayed) }),
  }
}

export function logVerdictText(path: string, verdict: LogVerdict, hasSince: boolean, output: Output): string {
  const { paint, columns } = output
  const { checkpoint, ranges, problems, openings, erased } = verdict
  const lines: string[] = []
  if (checkpoint === null) lines.push(`${path}: no checkpoint that is trusted`)
  else {
    const witnesses = checkpoint.signedBy.flatMap(({ name, time }) => (time === null ? [] : [`${name} at ${time}`]))
    lines.push(
      `${path}: checkpoint of ${printable(checkpoint.origin)} over ${counted(checkpoint.size, 'entry', 'entries')}`,
    )
    if (witnesses.length > 0) lines.push(`  cosigned by ${printable(witnesses.join(', '))}`)
  }
  lines.push('')
  const labels = ranges.map(({ from, to }) =>
    from === to ? `entry ${count(from)}` : `entries ${count(from)} to ${count(to)}`,
  )
  const left = Math.max(0, ...labels.map(label => label.length))
  for (const [place, { state }] of ranges.entries()) {
    const text = `  ${(labels[place] ?? '').padEnd(left)}  ${meanings[state]}`
    lines.push(state === 'anchored' ? paint.green(text) : state === 'unanchored' ? paint.yellow(text) : paint.red(text))
  }
  if (ranges.length === 0) lines.push('  no entries')
  lines.push('')
  if (openings.withheld > 0)
    lines.push(
      `${counted(openings.withheld, 'value')} withheld; ${openings.opened === 0 ? 'none of them is' : `${count(openings.opened)} of them`} opened beside the log${openings.opened === 0 ? '' : ', and what is there fits'}`,
    )
  if (erased.notes > 0)
    lines.push(
      `${counted(erased.openings, 'value')} erased, as ${counted(erased.notes, 'signed note')} in erasures says`,
    )
  for (const { code, message } of problems) {
    const [head = '', ...rest] = wrap(`error ${code}: ${printable(message)}`, columns)
    lines.push(head.replace(`error ${code}:`, paint.red(`error ${code}:`)), ...rest.map(line => `  ${line}`))
  }
  if (problems.length > 0) lines.push(`${counted(problems.length, 'problem')}`)
  else if (!hasSince)
    lines.push(
      ...wrap(
        'No problem found. A log that was cut off at an older checkpoint looks the same: keep checkpoints, and give the last with --since.',
        columns,
      ),
    )
  else lines.push('No problem found; the log goes on from the earlier checkpoint.')
  return `${lines.join('\n')}\n`
}

/** Of a proof that holds. */
export function proofVerdictText(path: string, result: ProofVerdict, { paint }: Output): string {
  if (result.kind === 'unknown' || !result.verdict.ok) throw new Error('only what holds is told so')
  if (result.kind === 'proof') {
    const { entry, origin, size, text } = result.verdict
    return `${paint.green(`${path}: proven`)}: entry ${count(entry)} of ${printable(origin)}, in a log of ${count(size)} entries\n\n${printable(text)}\n`
  }
  const { record, entry, origin, size, witnesses, program, opened, withheld } = result.verdict
  return [
    `${paint.green(`${path}: proven`)}: entry ${count(entry)} of ${printable(origin)}, in a log of ${counted(size, 'entry', 'entries')}`,
    ...witnesses.map(({ name, time }) => `  seen by ${printable(name)} at ${time}`),
    '',
    ...saidBy(record).map(line => `  ${line}`),
    '',
    program === 'fits' ? 'The policy text in the file is the one that decided.' : 'The policy text is not in the file.',
    ...(opened.length > 0 ? [`Disclosed, and as withheld in the log: ${opened.join(', ')}.`] : []),
    ...(withheld.length > 0 ? [`Withheld: ${withheld.join(', ')}.`] : []),
    ...(result.explained
      ? ['The explanation in the file is derived from events, and not covered by the signature.']
      : []),
    '',
  ].join('\n')
}

/** What an entry says, in a few lines. */
function saidBy(record: AuditRecord): readonly string[] {
  const { event } = record
  const about = `${event.contract} ${event.stream}:${event.index}`
  switch (record.form) {
    case 'writ decision 1':
      return [
        `${record.decision}: ${about} at ${event.time}`,
        `by ${record.policy.name} ${record.policy.version}, ${record.decidedBy === null ? 'its default' : `rule ${record.decidedBy}`}`,
        ...(record.reason === null ? [] : [printable(record.reason)]),
      ]
    case 'writ transition 1':
      return [
        `${record.kind} at ${record.at}: instance ${record.instance}, which began with ${about}`,
        `by ${record.policy.name} ${record.policy.version}, rule ${record.rule}`,
      ]
    case 'writ approval 1':
      return [
        `approval ${record.effect}: ${about} at ${event.time}`,
        record.request === null
          ? 'of no request'
          : `of instance ${record.request.instance}, rule ${record.request.rule} of ${record.request.policy}, stage ${record.request.stage}`,
      ]
  }
}
