/** What all that make events of one source share: the builder, the findings, where the current record stands, and the counts. */
import type { LogBuilder, PlanContract, PlanSource } from '@writ/engine'
import type { FindingLog } from '../findings.ts'
import { describe } from '../raw/describe.ts'
import type { Report } from './conversion.ts'
import { Lateness } from './lateness.ts'
import { Milliseconds, type RawValue } from './raw-values.ts'

/** What became of the records of a source. */
export interface RecordCounts {
  records: number
  /** Records that no map takes. */
  skipped: number
  /** Records that cannot be events: broken, without a time, late where that is refused. */
  leftOut: number
}

export class MappingContext {
  readonly source: PlanSource
  readonly contracts: readonly PlanContract[]
  readonly builder: LogBuilder
  readonly findings: FindingLog
  readonly counts: RecordCounts = { records: 0, skipped: 0, leftOut: 0 }
  /** Of the current record. */
  readonly place: { file: string; line: number | null; index: number } = { file: '', line: null, index: 0 }
  /** Of the current record, once it is admitted. */
  time = 0
  readonly #lateness: Lateness
  #file = 0

  constructor(source: PlanSource, contracts: readonly PlanContract[], builder: LogBuilder, findings: FindingLog) {
    this.source = source
    this.contracts = contracts
    this.builder = builder
    this.findings = findings
    this.#lateness = new Lateness(source, findings)
  }

  beginFile(file: string): void {
    this.place.file = file
    this.#file = this.builder.fileNumber(file)
    this.#lateness.beginFile()
  }

  beginRecord(line: number | null, index: number): void {
    this.place.line = line
    this.place.index = index
    this.counts.records++
  }

  /** Whether an event at this time may be made of the current record; if not, why is a finding. */
  admits(time: number, timePath: string, rawTime: () => RawValue): boolean {
    if (Number.isNaN(time)) {
      this.findings.add('W2007', this.place, timePath, () => ({ path: timePath, found: foundTime(rawTime()) }))
    } else if (this.#lateness.admits(time, this.place)) {
      this.time = time
      return true
    }
    this.counts.leftOut++
    return false
  }

  /** The event is made: its columns are filled. */
  placeEvent(contract: number): void {
    this.builder.place(contract, this.time, this.#file, this.place.index)
  }

  contract(number: number): PlanContract {
    const contract = this.contracts[number]
    if (contract === undefined) throw new RangeError(`there is no contract ${number}`)
    return contract
  }

  /** Takes findings about fields of the current record. */
  report(contract: PlanContract): Report {
    return (code, path, words) =>
      this.findings.add(code, this.place, path, () => ({
        path,
        contract: contract.name,
        ...(typeof words === 'function' ? words() : words),
      }))
  }
}

function foundTime(raw: RawValue): string {
  const found = raw instanceof Milliseconds ? raw.raw : raw
  return found === undefined ? 'is missing' : found === null ? 'is null' : `is ${describe(found)}`
}
