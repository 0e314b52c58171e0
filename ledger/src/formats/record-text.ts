/** One record's bytes as JSON, or a finding: what all formats that are made of JSON share. */
import { cut } from '../raw/describe.ts'
import { type Json, maxDepth, parseJson } from '../raw/json.ts'
import { decodeText, isWellFormed } from '../raw/text.ts'
import type { RecordSink } from './format-reader.ts'

/** The value of bytes `start` to `end`; undefined where they are none, which `sink` is told then. `atEnd`: the file ends here, without a newline. */
export function readRecord(
  bytes: Uint8Array,
  start: number,
  end: number,
  line: number | null,
  sink: RecordSink,
  atEnd: boolean,
): Json | undefined {
  const text = decodeText(bytes, start, end)
  const parsed = parseJson(text)
  if ('problem' in parsed) {
    if (parsed.problem === 'depth') sink.broken('W2023', line, { limit: maxDepth })
    else if (atEnd) sink.broken('W2026', line, { what: 'a record' })
    else sink.broken('W2020', line, { reason: parsed.reason, found: JSON.stringify(cut(text.trimStart())) })
    return undefined
  }
  if (text.includes('\ufffd') && !isWellFormed(bytes, start, end)) sink.note('W2024', line, {})
  return parsed.value
}
