/** The public surface of the store: filling it from recorded events of many formats, and asking it. Node only. */

export { type DeclaredSource, declaredSource } from '../envelope/declared.ts'
export { type Envelope, type Kind, kinds, type Outcome, outcomes } from '../envelope/envelope.ts'
export { type ImportFormat, importFormats, isImportFormat } from '../envelope/formats.ts'
export { checkStore, type StoreCheck } from './check-store.ts'
export {
  type ImportedSource,
  type ImportFinding,
  type ImportOptions,
  type ImportProgress,
  type ImportResult,
  importInto,
} from './import.ts'
export { type Connection, type OpenedStore, openForReading, storeVersion } from './schema.ts'
