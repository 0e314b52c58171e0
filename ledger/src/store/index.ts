/** The public surface of the store: filling it from recorded events of many formats, and asking it. Node only. */

export { type DeclaredSource, declaredSource } from '../envelope/declared.ts'
export { type Envelope, type Kind, kinds, type Outcome, outcomes } from '../envelope/envelope.ts'
export { type ImportFormat, importFormats, isImportFormat } from '../envelope/formats.ts'
export { ocsfEvent } from '../envelope/ocsf.ts'
export { checkStore, type StoreCheck } from './check-store.ts'
export type { Detail } from './detail.ts'
export { type Facet, type FacetField, facetFields } from './facets.ts'
export { type Filter, filterSchema, filterText, type NamedField, namedFields, noFilter } from './filter.ts'
export { type Histogram, type HistogramRequest, histogramRequestSchema } from './histogram.ts'
export {
  type ImportedSource,
  type ImportFinding,
  type ImportOptions,
  type ImportProgress,
  type ImportResult,
  importInto,
} from './import.ts'
export { type ListedEvent, type Page, type PageRequest, pageRequestSchema } from './page.ts'
export { Cancelled, type OpenedReader, openStore, StoreReader, type StoreSummary } from './reader.ts'
export { type Connection, type OpenedStore, openForReading, storeVersion } from './schema.ts'
export type { Selection } from './selection.ts'
export type { SourceState } from './sources.ts'
