/**
 * Envelopes by a source that a workspace declares: its maps say which records are which events and where the time is; the fields of
 * the contract are then looked at by their names. The fields are not held against their types here; that is what running the policies does.
 */
import type { PlanContract, PlanMap, PlanSource } from '@writ/engine'
import { canonicalJson, type Json as PlainJson } from '../audit/canonical-json.ts'
import { ChatExpander } from '../formats/chat.ts'
import { eventTime, timeIn } from '../map/event-time.ts'
import { Milliseconds, type RawReader, type RawTest, rawReader, rawTest } from '../map/raw-values.ts'
import { isObject, type Json } from '../raw/json.ts'
import { mostParts } from './chat.ts'
import type { Importer, Part } from './envelope.ts'
import { type Detected, shapeFor } from './formats.ts'
import { genericEnvelope } from './generic.ts'
import { text } from './members.ts'

export interface DeclaredSource {
  readonly name: string
  /** The same for as long as the maps say the same. */
  readonly key: string
  layout(head: Uint8Array): Omit<Detected, 'words'>
  /** For one file. */
  importer(file: string): Importer
}

export function declaredSource(source: PlanSource, contracts: readonly PlanContract[]): DeclaredSource {
  const maps = source.maps.flatMap(map => {
    const contract = contracts[map.contract]
    return contract === undefined ? [] : [compiled(source, map, contract)]
  })
  const { span: _, ...meaning } = source
  return {
    name: source.name,
    key: canonicalJson(plain({ ...meaning, contracts: maps.map(({ contract }) => contract.name) })),
    layout: head => {
      if (source.format === 'cloudtrail') return { format: 'cloudtrail', shape: 'member', member: 'Records' }
      if (source.format === 'json') return { format: 'json', shape: 'member', member: null }
      if (source.format === 'ndjson') return { format: 'ndjson', shape: 'lines', member: null }
      return { format: source.format, ...shapeFor(source.format, head) }
    },
    importer: file => (source.format === 'chat' ? ofTranscripts(maps, file) : ofRecords(maps, file)),
  }
}

interface CompiledMap {
  readonly contract: PlanContract
  readonly takes: RawTest
  /** Microseconds; null where the record has no time. */
  readonly time: (raw: Json, index: number, file: string) => number | null
  readonly fields: readonly { readonly name: string; readonly read: RawReader }[]
}

function compiled(source: PlanSource, map: PlanMap, contract: PlanContract): CompiledMap {
  const time = eventTime(source, map, contract)
  const read = time.kind === 'order' ? null : rawReader(time.value)
  return {
    contract,
    takes: rawTest(map.when),
    fields: map.fields.map(({ field, value }) => ({ name: field, read: rawReader(value) })),
    time: (raw, index, file) => {
      if (time.kind === 'order' || read === null) return index * 1_000_000
      const milliseconds = timeIn(time.unit, read(raw, { file, line: null, index }))
      return Number.isNaN(milliseconds) ? null : milliseconds * 1000
    },
  }
}

function ofRecords(maps: readonly CompiledMap[], file: string): Importer {
  let index = -1
  return {
    parts: raw => {
      index++
      if (!isObject(raw)) return 'a record is an object'
      const part = partOf(maps, raw, index, file)
      return part === null ? 'no map of the source takes it' : [part]
    },
  }
}

function ofTranscripts(maps: readonly CompiledMap[], file: string): Importer {
  let index = -1
  let parts: Part[] = []
  let place = 0
  const expander = new ChatExpander({
    record: raw => {
      index++
      const part = place < mostParts ? partOf(maps, raw, index, file) : null
      if (part !== null) parts.push({ ...part, place })
      place++
    },
    broken: () => {},
    note: () => {},
  })
  return {
    parts: raw => {
      parts = []
      place = 0
      expander.record(raw, null)
      return parts.length === 0 ? 'no map of the source takes any part of the transcript' : parts
    },
  }
}

function partOf(maps: readonly CompiledMap[], raw: Json, index: number, file: string): Part | null {
  const place = { file, line: null, index }
  const map = maps.find(({ takes }) => takes(raw, place))
  if (map === undefined) return null
  const fields = Object.fromEntries(
    map.fields.map(({ name, read }): readonly [string, Json] => {
      const value = read(raw, place)
      return [name, value === undefined ? null : value instanceof Milliseconds ? value.raw : value]
    }),
  )
  const known = genericEnvelope(fields)
  const [key] = map.contract.keyFields
  return {
    about: raw,
    envelope: {
      ...known,
      time: map.time(raw, index, file),
      action: map.contract.name,
      object: known.object ?? (key === undefined ? null : text(fields, key)),
      chain: known.chain ?? (key === undefined ? null : text(fields, key)),
    },
  }
}

/** A plan is data; numbers that are BigInts are written as text. */
function plain(value: unknown): PlainJson {
  return JSON.parse(JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)))
}
