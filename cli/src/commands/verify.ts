/** `writ verify`: what is known of which entries of an audit log, or whether a proof holds. */
import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  filesInMemory,
  filesOnDisk,
  isArchive,
  type LogFiles,
  logInArchive,
  openArchive,
  readTrailKeys,
  replayLog,
  verifyFiles,
  verifyProofFile,
  verifyTrails,
} from '@writ/ledger/node'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import type { ExitCode } from '../exit-code.ts'
import { isRefusal, type Refusal, refuse, report } from '../refusal.ts'
import { logVerdictJson, logVerdictText, proofVerdictText } from '../report/log-verdict.ts'
import { replayText } from '../report/replay-text.ts'
import { trailJson, trailText } from '../report/trail-text.ts'
import { systemReason } from '../system-reason.ts'
import type { Io } from '../terminal/io.ts'
import { chosenTrust, type Trusted, trustOptions } from '../trust.ts'

const formats = ['text', 'json'] as const

export const verify: Command = {
  help: {
    name: 'verify',
    summary: 'check an audit log, or evidence from one',
    description:
      'Checks the folder of a log, an archive of one (.tar, .tar.gz, .tar.zst, .zip), a .tlog-proof, or an evidence file, and says which entries are anchored by a signature you trust, which are consistent but under no signature yet, which cannot be checked, and which are not what was signed. With --cloudtrail it checks copies of CloudTrail logs by their digests in the same way, hour by hour. Give a checkpoint that you kept with --since, so that a log that was cut off or rewritten is found. Exit code 1: something is wrong.',
    positionals: [
      { name: 'PATH', required: true, many: false, does: 'folder or archive of a log, .tlog-proof, or evidence file' },
    ],
    options: [
      ...trustOptions,
      { name: 'since', value: 'FILE', does: 'a checkpoint of the log that you saw earlier' },
      {
        name: 'replay',
        value: null,
        does: 'decide the recorded events of a log again, under the policies it kept, as far as values are disclosed',
      },
      {
        name: 'cloudtrail',
        value: 'FILE',
        does: 'check copies of CloudTrail logs against their digests instead; the output of "aws cloudtrail list-public-keys", or a PEM',
      },
      { name: 'record', value: 'FILE', does: 'the entry, for a .tlog-proof that does not hold it' },
      { name: 'format', value: 'FORMAT', oneOf: formats, does: 'form of the result' },
    ],
    examples: [
      {
        line: 'writ verify audit --trust auditor.policy --since march.checkpoint',
        does: 'is it all there, and the same?',
      },
      { line: 'writ verify decision.json --trust auditor.policy', does: 'is this decision in the log?' },
    ],
  },
  run: async (args, io) => {
    const path = args.positionals[0] ?? '.'
    if (args.has('cloudtrail')) return trails(path, args, io)
    const trusted = chosenTrust(args, io.cwd)
    if (isRefusal(trusted)) return report(io, trusted)
    try {
      const isFolder = statSync(resolve(io.cwd, path)).isDirectory()
      if (isFolder) return await log(path, filesOnDisk(resolve(io.cwd, path)), trusted, args, io)
      const bytes = readFileSync(resolve(io.cwd, path))
      if (!isArchive(bytes)) return await proof(path, bytes.toString('utf8'), trusted, args, io)
      const archived = logInArchive(bytes)
      if (!archived.ok) return await report(io, refuse('W4011', { path, why: archived.why }))
      return await log(path, archived.files, trusted, args, io)
    } catch (error) {
      return report(io, refuse('W3011', { path, why: systemReason(error), hint: 'Name a log, a proof or evidence.' }))
    }
  },
}

async function log(path: string, files: LogFiles, trusted: Trusted, args: Arguments, io: Io): Promise<ExitCode> {
  const since = optionalFile(args.value('since'), io.cwd)
  if (isRefusal(since)) return report(io, since)
  const earlier = since.bytes === null ? {} : { since: since.bytes.toString('utf8') }
  const verdict = verifyFiles(files, { policy: trusted.policy, policyName: trusted.name, ...earlier })
  if (verdict.checkpoint === null && verdict.ranges.length === 0)
    return report(io, refuse('W4032', { path, what: 'a log without a checkpoint and without entries' }))
  const size = (verdict.ranges.at(-1)?.to ?? -1) + 1
  const replayed = args.has('replay') ? replayLog(files, verdict.checkpoint?.size ?? size) : null
  if (args.choice('format', formats) === 'json')
    io.output.write(`${JSON.stringify(logVerdictJson(path, verdict, replayed), null, 2)}\n`)
  else {
    io.output.write(logVerdictText(path, verdict, since.bytes !== null, io.output))
    if (replayed !== null) io.output.write(replayText(replayed, io.output))
  }
  return verdict.problems.length === 0 && (replayed?.different ?? 0) === 0 ? 0 : 1
}

async function trails(path: string, args: Arguments, io: Io): Promise<ExitCode> {
  const given = optionalFile(args.value('cloudtrail'), io.cwd)
  if (isRefusal(given)) return report(io, given)
  const keys = readTrailKeys(given.bytes?.toString('utf8') ?? '')
  if (keys === undefined)
    return report(
      io,
      refuse('W4031', { where: '--cloudtrail', why: 'it holds no public keys of CloudTrail and no PEM' }),
    )
  try {
    const files = trailFiles(resolve(io.cwd, path))
    if (typeof files === 'string') return await report(io, refuse('W4011', { path, why: files }))
    const verdict = verifyTrails(files, keys)
    if (verdict.trails.length === 0)
      return await report(io, refuse('W4032', { path, what: 'without digests of CloudTrail' }))
    const isJson = args.choice('format', formats) === 'json'
    io.output.write(
      isJson ? `${JSON.stringify(trailJson(path, verdict), null, 2)}\n` : trailText(path, verdict, io.output),
    )
    return verdict.problems.length === 0 ? 0 : 1
  } catch (error) {
    return report(io, refuse('W3011', { path, why: systemReason(error), hint: 'Name a folder or an archive.' }))
  }
}

/** Why the archive is refused, as text. */
function trailFiles(path: string): LogFiles | string {
  if (statSync(path).isDirectory()) return filesOnDisk(path)
  const opened = openArchive(readFileSync(path))
  return opened.ok ? filesInMemory(opened.files) : opened.why
}

async function proof(path: string, text: string, trusted: Trusted, args: Arguments, io: Io): Promise<ExitCode> {
  const record = optionalFile(args.value('record'), io.cwd)
  if (isRefusal(record)) return report(io, record)
  const result = verifyProofFile(text, trusted.policy, record.bytes)
  if (result.kind === 'unknown')
    return report(io, refuse('W4032', { path, what: 'neither a tlog-proof nor an evidence file' }))
  if (args.choice('format', formats) === 'json') {
    io.output.write(`${JSON.stringify({ path, kind: result.kind, ...result.verdict }, null, 2)}\n`)
    return result.verdict.ok ? 0 : 1
  }
  if (!result.verdict.ok) return report(io, refuse('W4030', { file: path, why: result.verdict.why }), 1)
  io.output.write(proofVerdictText(path, result, io.output))
  return 0
}

function optionalFile(path: string | undefined, cwd: string): { readonly bytes: Buffer | null } | Refusal {
  if (path === undefined) return { bytes: null }
  try {
    return { bytes: readFileSync(resolve(cwd, path)) }
  } catch (error) {
    return refuse('W3011', { path, why: systemReason(error), hint: 'Name a file that is there.' })
  }
}
