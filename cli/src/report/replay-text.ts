/** What `writ verify --replay` says: how many decisions come out as recorded, which cannot be told and why, which come out otherwise. */
import type { ReplayVerdict } from '@writ/ledger/node'
import type { Output } from '../terminal/io.ts'
import { count, counted, printable, wrap } from '../terminal/text.ts'

export function replayJson({ equal, unknown, different, others, because }: ReplayVerdict): object {
  return { equal, unknown, different, others, because }
}

export function replayText(verdict: ReplayVerdict, { paint, columns }: Output): string {
  const { equal, unknown, different, others, because, problems } = verdict
  const told = because.slice(0, 10)
  const lines = [
    '',
    `decided again: ${counted(equal, 'decision')} equal, ${count(unknown)} unknown, ${count(different)} different`,
    ...(others > 0 ? [`  ${counted(others, 'entry is no decision', 'entries are no decisions')}`] : []),
    ...told.map(one => `  unknown for ${count(one.decisions)} of ${printable(one.policy)}: ${printable(one.why)}`),
    ...(because.length > told.length ? [`  … and ${count(because.length - told.length)} more reasons`] : []),
  ]
  for (const { code, message } of problems) {
    const [head = '', ...rest] = wrap(`error ${code}: ${printable(message)}`, columns)
    lines.push(head.replace(`error ${code}:`, paint.red(`error ${code}:`)), ...rest.map(line => `  ${line}`))
  }
  return `${lines.join('\n')}\n`
}
