/**
 * Finds the events of one key by a pass over its column, so that looking at one customer's history need not make a value of
 * every event in between. The lists found last are kept: one explanation asks for the same few keys again and again.
 */
import { isRational, type Value } from '../value/value.ts'
import type { Batch, Column, Log } from './columns.ts'

/** `LogView.withValue` of a log: for texts and numbers; null for what columns hold in other ways. */
export function rowFinder(log: Log) {
  const kept = new Map<string, Int32Array>()
  return (contract: number, path: readonly string[], value: Value): Int32Array | null => {
    const batch = log.batches[contract]
    const column = batch?.columns.get(path.join('.'))
    const code = column && packed(column, value, log)
    if (!batch || column === undefined || code === undefined) return null
    const key = `${contract} ${path.join('.')} ${code}`
    const known = kept.get(key)
    if (known) return known
    const found = seqsWith(code, column, batch)
    const [oldest] = kept.keys()
    if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest)
    kept.set(key, found)
    return found
  }
}

const mostKept = 32

/** The value as the column holds it; undefined where it is held in another way. */
function packed(column: Column, value: Value, log: Log): number | undefined {
  if (column.kind === 'code') return typeof value === 'string' ? log.dictionary.find(value) : undefined
  if (column.kind !== 'number' || typeof value !== 'object' || !isRational(value)) return undefined
  const scaled = value.n * 10n ** BigInt(column.scale)
  if (scaled % value.d !== 0n) return undefined
  const number = Number(scaled / value.d)
  return Number.isSafeInteger(number) ? number : undefined
}

function seqsWith(code: number, column: Column, batch: Batch): Int32Array {
  if (column.kind !== 'code' && column.kind !== 'number') return new Int32Array()
  const { values } = column
  let size = 0
  for (let row = 0; row < batch.rows; row++) if (values[row] === code) size++
  const seqs = new Int32Array(size)
  let next = 0
  for (let row = 0; next < size; row++) if (values[row] === code) seqs[next++] = batch.seq[row] ?? 0
  return seqs
}
