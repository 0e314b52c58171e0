/** The public surface of the store: filling it from recorded events of many formats, and asking it. Node only. */

export { type DeclaredSource, declaredSource } from '../envelope/declared.ts'
export { type Envelope, type Kind, kinds, type Outcome, outcomes } from '../envelope/envelope.ts'
export { type ImportFormat, importFormats, isImportFormat } from '../envelope/formats.ts'
export { ocsfEvent } from '../envelope/ocsf.ts'
export { checkStore, type StoreCheck } from './check-store.ts'
export { type Detail, type DetailRequest, detailRequestSchema } from './detail.ts'
export { type Facet, type FacetField, type FacetRequest, facetFields, facetRequestSchema } from './facets.ts'
export { type Filter, filterSchema, filterText, type NamedField, namedFields, noFilter } from './filter.ts'
export { type Histogram, type HistogramRequest, histogramRequestSchema } from './histogram.ts'
export { type ImportOptions, type ImportProgress, importInto } from './import.ts'
export type { ImportedSource, ImportFinding, ImportResult } from './import-result.ts'
export {
  type ChainRequest,
  chainRequestSchema,
  type ListedEvent,
  type Page,
  type PageRequest,
  pageRequestSchema,
} from './page.ts'
export { Cancelled, type OpenedReader, openStore, StoreReader, type StoreSummary } from './reader.ts'
export { type Connection, type OpenedStore, openForReading, storeVersion } from './schema.ts'
export { rankRequestSchema, type Selection, selectRequestSchema } from './selection.ts'
export type { SourceState } from './sources.ts'
export type { EstimatedCount } from './word-page.ts'
