/**
 * Generated events as the reference interpreter reads them, straight from their values: no columns, no dictionary, no scales.
 * What packing events into columns and reading them back may get wrong shows as a difference.
 */
import { absent, type BuiltEvent, type EventView, isRecord, type LogView, unknown, type Value } from '@writ/engine'

/** In the order of the log: by time, file and place in the file. */
export function directView(events: readonly BuiltEvent[]): LogView {
  const ordered = [...events].sort(
    (a, b) => a.time - b.time || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.index - b.index),
  )
  const views = ordered.map(
    ({ contract, time, file, index, fields }, seq): EventView => ({
      seq,
      contract,
      time,
      file,
      index,
      value: path => path.reduce<Value>(memberOf, { fields }),
    }),
  )
  return {
    size: views.length,
    event(seq) {
      const view = views[seq]
      if (!view) throw new RangeError(`there is no event ${seq}`)
      return view
    },
    of: contract => views.filter(view => view.contract === contract).map(({ seq }) => seq),
  }
}

function memberOf(value: Value, name: string): Value {
  if (value === unknown || value === absent) return value
  if (typeof value !== 'object' || !isRecord(value)) throw new Error(`a value without members was asked for ${name}`)
  const member = value.fields[name]
  if (member === undefined) throw new Error(`no field ${name} was given`)
  return member
}
