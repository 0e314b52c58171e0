/** The public surface for policies of Cedar: policies and schema in, a module of the language out; requests as events. Files are the caller's. */
export { type CedarFile, type CedarLoss, type ImportedPolicies, importCedar, type UnreadableCedar } from './import.ts'
export { type CedarEntity, type CedarRequest, type CedarUid, requestEvent } from './request-event.ts'
export { readEntities, readRequests, type UnreadableJson } from './request-json.ts'
