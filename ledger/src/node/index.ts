/** The public surface of the ledger for Node: logs from files. */

export { type Draft, draftWorkspace } from './draft-workspace.ts'
export { type EventFile, type EventFiles, eventFiles, globMatches } from './event-files.ts'
export { type OpenedEvents, type OpenOptions, openEvents, type Progress } from './open-events.ts'
