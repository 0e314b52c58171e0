/**
 * A witness (C2SP tlog-cosignature): signs a checkpoint only where the log goes on from the last one it saw, and remembers what
 * it signed before the signature leaves its hands. The state is one note per log, in a file of the witness's own.
 */
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { type Checkpoint, parseCheckpoint } from '../../tlog/checkpoint.ts'
import { sameBytes, verifyConsistency } from '../../tlog/merkle.ts'
import { consistencyProof } from '../../tlog/prove.ts'
import { fromBase64, openNote, type VerifierKey } from '../../tlog/signed-note.ts'
import { readIfThere, writeDurably } from './durable-files.ts'
import { sha256, signatures } from './hashing.ts'
import { cosign, type SigningKey } from './keys.ts'
import { filesOnDisk } from './log-files.ts'
import { LogFolder, MissingHash } from './log-folder.ts'

export type Witnessed =
  | { readonly ok: true; readonly origin: string; readonly size: number; readonly before: number | null }
  | { readonly ok: false; readonly why: string }

const stateSchema = z.strictObject({
  form: z.literal('writ witness 1'),
  /** By origin, the largest tree that was signed. */
  logs: z.record(z.string(), z.strictObject({ size: z.string().regex(/^\d{1,20}$/), root: z.string() })),
})

/** `log`: the key of the log, which the witness was given by hand. Throws the system's errors. */
export function witness(
  folderPath: string,
  log: VerifierKey,
  key: SigningKey,
  statePath: string,
  seconds: number,
): Witnessed {
  const path = resolve(folderPath)
  const folder = new LogFolder(filesOnDisk(path))
  const note = folder.read('checkpoint')?.toString('utf8')
  if (note === undefined) return { ok: false, why: 'the folder has no checkpoint' }
  const opened = openNote(signatures, note, [log])
  if (!opened.ok) return { ok: false, why: `the checkpoint is refused: ${opened.why}` }
  const checkpoint = parseCheckpoint(opened.text)
  if (checkpoint === undefined || checkpoint.origin !== log.name)
    return { ok: false, why: 'the signed note is no checkpoint of this log' }
  const state = readState(statePath)
  if (state === undefined) return { ok: false, why: `${statePath} is no state of a witness` }
  const seen = state.logs[checkpoint.origin]
  const refusal = seen === undefined ? null : inconsistency(folder, seen, checkpoint)
  if (refusal !== null) return { ok: false, why: refusal }
  const root = Buffer.from(checkpoint.root).toString('base64')
  const logs = { ...state.logs, [checkpoint.origin]: { size: checkpoint.size.toString(), root } }
  // INVARIANT: remembered before it is given out, so that no crash makes the witness forget what it signed.
  writeDurably(statePath, `${JSON.stringify({ form: state.form, logs }, null, 2)}\n`)
  const others = withoutKey(witnessedNote(folder, opened.text) ?? note, key.verifier)
  writeDurably(join(path, 'witnessed'), cosign(key, others, opened.text, BigInt(Math.floor(seconds))))
  return {
    ok: true,
    origin: checkpoint.origin,
    size: Number(checkpoint.size),
    before: seen === undefined ? null : Number(seen.size),
  }
}

/** Why the log does not go on from what was seen; null where it does. */
function inconsistency(
  folder: LogFolder,
  seen: { readonly size: string; readonly root: string },
  now: Checkpoint,
): string | null {
  const size = Number(now.size)
  const before = Number(seen.size)
  const oldRoot = fromBase64(seen.root)
  if (oldRoot === undefined) return 'its own state is damaged'
  if (before > size) return `the log has ${size} entries now, and had ${before} when it was last seen`
  if (before === 0) return null
  if (before === size)
    return sameBytes(oldRoot, now.root) ? null : `the log had another root over the same ${size} entries`
  try {
    const proof = consistencyProof(sha256, folder.readHash(size), before, size)
    const claim = { oldSize: BigInt(before), newSize: now.size, oldRoot, newRoot: now.root }
    const verdict = verifyConsistency(sha256, proof, claim)
    return verdict.valid ? null : `the log does not go on from the ${before} entries it had when it was last seen`
  } catch (error) {
    if (error instanceof MissingHash) return `consistency cannot be shown: ${error.message}`
    throw error
  }
}

/** What other witnesses have signed already, where it is about the same checkpoint. */
function witnessedNote(folder: LogFolder, text: string): string | undefined {
  const note = folder.read('witnessed')?.toString('utf8')
  return note?.startsWith(`${text}\n`) === true ? note : undefined
}

/** A witness signs anew rather than twice. */
function withoutKey(note: string, key: VerifierKey): string {
  const split = note.lastIndexOf('\n\n') + 2
  const lines = note.slice(split).split('\n').slice(0, -1)
  const kept = lines.filter(line => {
    const [, name, base64] = line.split(' ')
    return name !== key.name || !sameBytes(fromBase64(base64 ?? '')?.subarray(0, 4) ?? new Uint8Array(), key.id)
  })
  return `${note.slice(0, split)}${kept.map(line => `${line}\n`).join('')}`
}

function readState(path: string): z.infer<typeof stateSchema> | undefined {
  const text = readIfThere(path)?.toString('utf8')
  if (text === undefined) return { form: 'writ witness 1', logs: {} }
  try {
    return stateSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined // no JSON
  }
}
