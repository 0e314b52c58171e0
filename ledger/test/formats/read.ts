/** What a format reader makes of bytes: the records and findings of a file, given whole or in small pieces. */
import { problem } from '@writ/grammar'
import { expect } from 'vitest'
import type { RecordSink } from '../../src/formats/format-reader.ts'
import { formatReader } from '../../src/formats/readers.ts'
import type { Json } from '../../src/raw/json.ts'

export interface ReadFile {
  readonly records: readonly Json[]
  /** `code:line message`. */
  readonly findings: readonly string[]
  readonly lines: readonly (number | null)[]
}

/** Reads the file as a whole and byte by byte, which must give the same. */
export function read(
  format: 'ndjson' | 'json' | 'csv' | 'chat' | 'cloudtrail',
  content: string | Uint8Array,
): ReadFile {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const whole = readIn(format, bytes, Math.max(1, bytes.length))
  expect(readIn(format, bytes, 1)).toEqual(whole)
  return whole
}

function readIn(format: Parameters<typeof read>[0], bytes: Uint8Array, pieceBytes: number): ReadFile {
  const records: Json[] = []
  const findings: string[] = []
  const lines: (number | null)[] = []
  const find: RecordSink['note'] = (code, line, words) => {
    const { message } = problem(code, { start: 0, end: 0 }, typeof words === 'function' ? words() : words)
    findings.push(`${code}:${line} ${message}`)
  }
  const reader = formatReader(format, {
    record(raw, line) {
      records.push(raw)
      lines.push(line)
    },
    broken: find,
    note: find,
  })
  for (let at = 0; at < bytes.length; at += pieceBytes) reader.feed(bytes.subarray(at, at + pieceBytes))
  reader.end(false)
  return { records: JSON.parse(JSON.stringify(records)) as Json[], findings, lines }
}
