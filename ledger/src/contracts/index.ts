/** The public surface for contracts of other formats: reading and writing documents; files are the caller's. */

export type { ImportedContracts } from './contract-text.ts'
export { isUnreadable, type Unreadable } from './document.ts'
export { importJsonSchema } from './json-schema-import.ts'
export { odcsDocument, odcsText } from './odcs-export.ts'
export { importOdcs } from './odcs-import.ts'
export type { Loss } from './shape.ts'
