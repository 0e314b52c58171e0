/**
 * Raw records to events of a log: the maps of a source tried in order, the time of the event, then the columns of its fields. The
 * way of all formats; lines that a scanner understands take the shorter one of decode/.
 */
import type { PlanMap } from '@writ/engine'
import { describe } from '../raw/describe.ts'
import { isObject, type Json } from '../raw/json.ts'
import { type FieldWriter, fieldWriter } from './column-writers.ts'
import { eventTime, timeIn } from './event-time.ts'
import type { MappingContext } from './mapping-context.ts'
import { type RawReader, type RawTest, rawReader, rawTest } from './raw-values.ts'

export class EventMapper {
  readonly context: MappingContext
  readonly #maps: readonly CompiledMap[]

  constructor(context: MappingContext) {
    this.context = context
    this.#maps = context.source.maps.map(map => compileMap(context, map))
  }

  /** One record, the `index`-th of its file. */
  record(raw: Json, line: number | null, index: number): void {
    const { context } = this
    const { place } = context
    context.beginRecord(line, index)
    if (!isObject(raw)) {
      context.counts.leftOut++
      context.findings.add('W2021', place, null, () => ({ found: describe(raw) }))
      return
    }
    for (const map of this.#maps) {
      if (!map.takes(raw, place)) continue
      const time = map.time(raw)
      if (!context.admits(time, map.timePath, () => map.rawTime(raw, place))) return
      for (const { read, write } of map.fields) write(read(raw, place))
      context.placeEvent(map.contract)
      return
    }
    context.counts.skipped++
  }
}

interface CompiledMap {
  readonly contract: number
  readonly takes: RawTest
  /** Milliseconds since the epoch; NaN where the record has none. */
  readonly time: (raw: Json) => number
  readonly rawTime: RawReader
  /** What findings call the time. */
  readonly timePath: string
  readonly fields: readonly { readonly read: RawReader; readonly write: FieldWriter }[]
}

function compileMap(context: MappingContext, map: PlanMap): CompiledMap {
  const contract = context.contract(map.contract)
  const slots = new Map((context.builder.columns[map.contract] ?? []).map(slot => [slot.leaf.key, slot]))
  const report = context.report(contract)
  const fields: { readonly read: RawReader; readonly write: FieldWriter }[] = []
  for (const field of contract.fields) {
    const write = fieldWriter(field, field.name, slots, report)
    const value = map.fields.find(mapped => mapped.field === field.name)?.value ?? { kind: 'missing' }
    if (write !== null) fields.push({ read: rawReader(value), write })
  }
  const { place } = context
  const time = eventTime(context.source, map, contract)
  const rawTime: RawReader = time.kind === 'order' ? () => undefined : rawReader(time.value)
  return {
    contract: map.contract,
    takes: rawTest(map.when),
    fields,
    rawTime,
    timePath: time.kind === 'order' ? '' : time.path,
    time: time.kind === 'order' ? () => place.index * 1000 : raw => timeIn(time.unit, rawTime(raw, place)),
  }
}
