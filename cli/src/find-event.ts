/** The event that `--at FILE:INDEX` or `--event N` names, in a log. */
import type { Log } from '@writ/engine'
import type { EventsChoice } from './events.ts'
import { suggestion } from './nearest.ts'
import { type Refusal, refuse } from './refusal.ts'
import { count, counted } from './terminal/text.ts'

/** `FILE:INDEX` as `writ simulate --format ndjson` prints them; `INDEX` or `:INDEX` alone where the log is one file. */
export function eventAt(log: Log, at: string, choice: EventsChoice): { readonly seq: number } | Refusal {
  const missing = (hint: string) => refuse('W3024', { place: at, path: choice.shown, hint })
  const match = /^(?:(.*):)?(\d+)$/.exec(at)
  if (match === null) return missing('Write it as FILE:INDEX, with the index of the record in its file, from 0.')
  const name = match[1] ?? ''
  const index = Number(match[2])
  const [only] = log.files
  const file = name === '' && log.files.length === 1 && only !== undefined ? only : name
  const code = log.files.indexOf(file)
  if (code < 0) {
    const known = `The log has ${counted(log.files.length, 'file')}, such as ${only ?? 'none'}.`
    return missing(`${known}${suggestion(file, log.files)}`)
  }
  let last = -1
  for (const batch of log.batches) {
    for (let row = 0; row < batch.rows; row++) {
      if (batch.file[row] !== code) continue
      if (batch.index[row] === index) return { seq: batch.seq[row] ?? 0 }
      last = Math.max(last, batch.index[row] ?? -1)
    }
  }
  return missing(`${file} has events up to index ${last}; records that no map of the source takes are none.`)
}

/** Event `number` of the log, counted from 1. */
export function eventByNumber(log: Log, number: string, choice: EventsChoice): { readonly seq: number } | Refusal {
  const size = log.contractOf.length
  const seq = Number(number.replaceAll(',', '')) - 1
  if (Number.isInteger(seq) && seq >= 0 && seq < size) return { seq }
  const hint = `The log has events 1 to ${count(size)}.`
  return refuse('W3024', { place: number, path: choice.shown, hint })
}
