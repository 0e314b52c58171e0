/** What `writ verify --cloudtrail` says: which times are under signed digests, trail by trail, and what is wrong with which file. */
import type { CloudTrailVerdict } from '@writ/ledger/node'
import type { Output } from '../terminal/io.ts'
import { count, counted, printable, wrap } from '../terminal/text.ts'

const meanings = {
  anchored: 'signed: under digests that CloudTrail signed, with all their log files',
  unanchored: 'consistent, but the signature of the digest is not here: it is in the metadata of S3',
  unverifiable: 'unverifiable: a digest, a log file or a key is not here',
  contradictory: 'contradictory: not what CloudTrail wrote',
} as const

export function trailJson(path: string, { trails, problems }: CloudTrailVerdict): object {
  return {
    path,
    kind: 'cloudtrail',
    trails,
    problems: problems.map(({ code, message, file, from, to }) => ({ code, message, file, from, to })),
  }
}

export function trailText(path: string, { trails, problems }: CloudTrailVerdict, { paint, columns }: Output): string {
  const lines: string[] = []
  for (const { trail, digests, ranges, logFiles } of trails) {
    lines.push(`${path}: ${printable(trail)}, ${counted(digests, 'digest')}`, '')
    for (const { from, to, state } of ranges) {
      const text = `  ${from} to ${to}  ${meanings[state]}`
      lines.push(
        state === 'anchored' ? paint.green(text) : state === 'unanchored' ? paint.yellow(text) : paint.red(text),
      )
    }
    const { sound, changed, missing } = logFiles
    lines.push(
      '',
      `  log files: ${count(sound)} as their digests say, ${count(changed)} changed, ${count(missing)} missing`,
      '',
    )
  }
  for (const { code, message } of problems) {
    const [head = '', ...rest] = wrap(`error ${code}: ${printable(message)}`, columns)
    lines.push(head.replace(`error ${code}:`, paint.red(`error ${code}:`)), ...rest.map(line => `  ${line}`))
  }
  lines.push(problems.length > 0 ? counted(problems.length, 'problem') : 'No problem found.')
  return `${lines.join('\n')}\n`
}
