/** The reader of one file of a source, tied to the mapper that makes events of its records. */
import type { PlanSource } from '@writ/engine'
import type { ProblemCode } from '@writ/grammar'
import type { FindingLog, Words } from '../findings.ts'
import type { EventMapper } from '../map/event-mapper.ts'
import type { Json } from '../raw/json.ts'
import type { FormatReader, RecordSink } from './format-reader.ts'
import { formatReader } from './readers.ts'

/** Begins `file`; its records get their places from 0. */
export function eventReader(source: PlanSource, mapper: EventMapper, findings: FindingLog, file: string): FormatReader {
  mapper.beginFile(file)
  return formatReader(source.format, new FileRecords(mapper, findings, file))
}

class FileRecords implements RecordSink {
  readonly #mapper: EventMapper
  readonly #findings: FindingLog
  readonly #file: string
  #next = 0

  constructor(mapper: EventMapper, findings: FindingLog, file: string) {
    this.#mapper = mapper
    this.#findings = findings
    this.#file = file
  }

  record(raw: Json, line: number | null): void {
    this.#mapper.record(raw, line, this.#next++)
  }
  broken(code: ProblemCode, line: number | null, words: Words): void {
    this.#findings.add(code, { file: this.#file, line, index: this.#next++ }, null, words)
    this.#mapper.counts.records++
    this.#mapper.counts.leftOut++
  }
  note(code: ProblemCode, line: number | null, words: Words): void {
    this.#findings.add(code, { file: this.#file, line, index: this.#next }, null, words)
  }
}
