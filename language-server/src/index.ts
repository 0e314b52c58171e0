/** The service without any transport: pure functions over snapshots, for editors that are not behind the protocol. */

export { definition, highlights, implementation, references, typeDefinition } from './service/definition.ts'
export { diagnostics } from './service/diagnostics.ts'
export { hover } from './service/hover.ts'
export { type TestEnd, type TestPlace, testLocations, testOutcomes } from './service/tests.ts'
export type { Snapshot } from './workspace/snapshot.ts'
export { type Change, Workspace } from './workspace/workspace.ts'
