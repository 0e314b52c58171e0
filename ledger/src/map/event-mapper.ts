/**
 * Raw records to events of a log: the maps of a source tried in order, the time of the event, lateness within a file, then the
 * columns of its fields. One mapper reads all files of its source; how a file becomes records is the business of formats/.
 */
import type { LogBuilder, PlanContract, PlanSource, Rational } from '@writ/engine'
import type { FindingLog } from '../findings.ts'
import { describe } from '../raw/describe.ts'
import { at, isObject, type Json } from '../raw/json.ts'
import { isoMilliseconds } from '../raw/times.ts'
import { type FieldWriter, fieldWriter } from './column-writers.ts'
import type { Report } from './conversion.ts'
import { Lateness } from './lateness.ts'
import {
  Milliseconds,
  numberOf,
  type RawReader,
  type RawTest,
  type RawValue,
  rawReader,
  rawTest,
} from './raw-values.ts'

/** What became of the records of a source. */
export interface RecordCounts {
  records: number
  /** Records that no map takes. */
  skipped: number
  /** Records that cannot be events: broken, without a time, late where that is refused. */
  leftOut: number
}

export class EventMapper {
  readonly counts: RecordCounts = { records: 0, skipped: 0, leftOut: 0 }
  readonly #source: PlanSource
  readonly #builder: LogBuilder
  readonly #findings: FindingLog
  readonly #maps: readonly CompiledMap[]
  readonly #lateness: Lateness
  readonly #place: { file: string; line: number | null; index: number } = { file: '', line: null, index: 0 }
  #file = 0

  constructor(source: PlanSource, contracts: readonly PlanContract[], builder: LogBuilder, findings: FindingLog) {
    this.#source = source
    this.#builder = builder
    this.#findings = findings
    this.#lateness = new Lateness(source, findings)
    this.#maps = source.maps.map(map => {
      const contract = contracts[map.contract]
      if (contract === undefined) throw new RangeError(`there is no contract ${map.contract}`)
      return this.#compile(map, contract)
    })
  }

  /** Says that the records that follow are of `file`, from its first. */
  beginFile(file: string): void {
    this.#place.file = file
    this.#file = this.#builder.fileNumber(file)
    this.#lateness.beginFile()
  }

  /** One record, the `index`-th of its file. */
  record(raw: Json, line: number | null, index: number): void {
    const place = this.#place
    place.line = line
    place.index = index
    this.counts.records++
    if (!isObject(raw)) {
      this.counts.leftOut++
      this.#findings.add('W2021', place, null, () => ({ found: describe(raw) }))
      return
    }
    for (const map of this.#maps) {
      if (!map.takes(raw, place)) continue
      const time = map.time(raw)
      if (Number.isNaN(time)) {
        this.counts.leftOut++
        this.#findings.add('W2007', place, map.timePath, () => ({
          path: map.timePath,
          found: foundTime(map.rawTime(raw)),
        }))
      } else if (!this.#lateness.admits(time, place)) {
        this.counts.leftOut++
      } else {
        for (const { read, write } of map.fields) write(read(raw, place))
        this.#builder.place(map.contract, time, this.#file, index)
      }
      return
    }
    this.counts.skipped++
  }

  #compile(map: PlanSource['maps'][number], contract: PlanContract): CompiledMap {
    const columns = this.#builder.columns[map.contract] ?? []
    const slots = new Map(columns.map(slot => [slot.leaf.key, slot]))
    const report: Report = (code, path, words) =>
      this.#findings.add(code, this.#place, path, () => ({
        path,
        contract: contract.name,
        ...(typeof words === 'function' ? words() : words),
      }))
    const mapped = new Map(map.fields.map(({ field, value }) => [field, value]))
    const fields: CompiledMap['fields'][number][] = []
    for (const field of contract.fields) {
      const write = fieldWriter(field, field.name, slots, report)
      const value = mapped.get(field.name) ?? { kind: 'missing' }
      if (write !== null) fields.push({ read: rawReader(value), write })
    }
    return { contract: map.contract, takes: rawTest(map.when), fields, ...this.#timeOf(mapped, contract) }
  }

  #timeOf(
    mapped: ReadonlyMap<string, PlanSource['maps'][number]['fields'][number]['value']>,
    contract: PlanContract,
  ): Pick<CompiledMap, 'time' | 'rawTime' | 'timePath'> {
    const { time } = this.#source
    const byOrder = time.kind === 'order' || (time.kind === 'contract' && contract.timeField === null)
    if (byOrder) return { timePath: '', rawTime: () => undefined, time: () => this.#place.index * 1000 }
    if (time.kind === 'path') {
      const rawTime = (raw: Json): RawValue => at(raw, time.path)
      return { timePath: time.path.join('.'), rawTime, time: raw => timeIn(time.unit, rawTime(raw)) }
    }
    const field = contract.timeField ?? ''
    const read = rawReader(mapped.get(field) ?? { kind: 'path', path: [field] })
    const rawTime = (raw: Json): RawValue => read(raw, this.#place)
    return { timePath: field, rawTime, time: raw => timeIn('iso8601', rawTime(raw)) }
  }
}

interface CompiledMap {
  readonly contract: number
  readonly takes: RawTest
  /** Milliseconds since the epoch; NaN where the record has none. */
  readonly time: (raw: Json) => number
  readonly rawTime: (raw: Json) => RawValue
  /** What findings call the time. */
  readonly timePath: string
  readonly fields: readonly { readonly read: RawReader; readonly write: FieldWriter }[]
}

/** The years that a date can have. */
const latestTime = 8_640_000_000_000_000

/** Milliseconds of a raw time, cut towards zero; NaN where it is none. */
export function timeIn(unit: 'iso8601' | 'seconds' | 'milliseconds', raw: RawValue): number {
  if (raw instanceof Milliseconds) return raw.value === null ? Number.NaN : inRange(raw.value)
  if (unit === 'iso8601') return typeof raw === 'string' ? isoMilliseconds(raw) : Number.NaN
  const number = numberOf(raw)
  return number === null ? Number.NaN : inRange({ n: number.n * (unit === 'seconds' ? 1000n : 1n), d: number.d })
}

function inRange(time: Rational): number {
  const milliseconds = Number(time.n / time.d)
  return Math.abs(milliseconds) <= latestTime ? milliseconds : Number.NaN
}

function foundTime(raw: RawValue): string {
  const found = raw instanceof Milliseconds ? raw.raw : raw
  return found === undefined ? 'is missing' : found === null ? 'is null' : `is ${describe(found)}`
}
