/** The public surface of the ledger that also runs in a browser: formats and decoding. */

export { obligationJson } from './audit/obligation-json.ts'
export { happenedLine, type LivedOn, whatHappened } from './audit/obligation-lines.ts'
export { hasSensitive } from './audit/sensitive.ts'
export { SourceReader, type SourceReaderOptions } from './decode/source-reader.ts'
export { FindingLog, maxListed, type Place } from './findings.ts'
export { formatByName, type Look, lookOf } from './formats/detect.ts'
export type { FormatReader } from './formats/format-reader.ts'
export type { RecordCounts } from './map/mapping-context.ts'
