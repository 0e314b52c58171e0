/** The public surface of the ledger that also runs in a browser: formats and decoding. */

export { FindingLog, maxListed, type Place } from './findings.ts'
export { formatByName, type Look, lookOf } from './formats/detect.ts'
export { eventReader } from './formats/event-reader.ts'
export type { FormatReader, RecordSink } from './formats/format-reader.ts'
export { EventMapper, type RecordCounts } from './map/event-mapper.ts'
