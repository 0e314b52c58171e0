/**
 * Where a command's result goes: standard output, or the file of `--output`. A file is opened before the work begins, so that
 * an unwritable place is said at once, and what streams into it waits for the disk.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Refusal, refuse } from '../refusal.ts'
import { systemReason } from '../system-reason.ts'
import type { Io, Output } from '../terminal/io.ts'
import { plain } from '../terminal/paint.ts'

export interface ResultWriter {
  readonly output: Output
  /** Undefined when all was written. */
  finish(): Refusal | undefined
}

/** `path` undefined: standard output. */
export function resultWriter(io: Io, path: string | undefined): ResultWriter | Refusal {
  if (path === undefined) return { output: io.output, finish: () => undefined }
  let descriptor: number
  try {
    descriptor = openSync(resolve(io.cwd, path), 'w')
  } catch (error) {
    return refuse('W3030', { path, why: systemReason(error), hint: 'Name a file in a folder that is there.' })
  }
  let failure: Refusal | undefined
  return {
    output: {
      terminal: false,
      columns: 100,
      paint: plain,
      write: text => {
        if (failure !== undefined) return
        try {
          writeSync(descriptor, text)
        } catch (error) {
          failure = refuse('W3030', {
            path,
            why: systemReason(error),
            hint: 'What was written so far is not complete.',
          })
        }
      },
      drained: async () => {},
    },
    finish: () => {
      closeSync(descriptor)
      return failure
    },
  }
}
