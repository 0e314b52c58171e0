/**
 * The input of `writ run`: standard input, or a file that may still grow. Gives pieces of bytes until the input ends or
 * somebody asks to stop; reading goes no faster than pieces are taken.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import type { Io } from './terminal/io.ts'

export interface StreamInput {
  /** Undefined at the end, and after `stop`. */
  next(): Promise<Uint8Array | undefined>
  close(): Promise<void>
}

const pieceBytes = 1 << 20
const pollMilliseconds = 200

export function standardInput(io: Io, stop: AbortSignal): StreamInput {
  const iterator = io.input[Symbol.asyncIterator]()
  const stopped = new Promise<undefined>(done => {
    if (stop.aborted) done(undefined)
    stop.addEventListener('abort', () => done(undefined), { once: true })
  })
  return {
    next: async () => {
      if (stop.aborted) return undefined
      const result = await Promise.race([iterator.next(), stopped])
      return result === undefined || result.done === true ? undefined : result.value
    },
    // A read that waits for bytes would keep the process alive.
    close: async () => void process.stdin.destroy(),
  }
}

/** The file from byte `offset` on; with `follow` its end is waited at for more. Throws the system's errors. */
export async function fileInput(
  path: string,
  offset: number,
  follow: boolean,
  stop: AbortSignal,
): Promise<StreamInput> {
  const file: FileHandle = await open(path, 'r')
  let at = offset
  return {
    next: async () => {
      while (!stop.aborted) {
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes, at)
        at += bytesRead
        if (bytesRead > 0) return buffer.subarray(0, bytesRead)
        if (!follow) return undefined
        await setTimeout(pollMilliseconds, undefined, { signal: stop }).catch(() => undefined) // stopped while waiting
      }
      return undefined
    },
    close: () => file.close(),
  }
}
