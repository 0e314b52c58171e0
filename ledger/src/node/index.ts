/** The public surface of the ledger for Node: logs from files. */

export { type Answered, DurableRun, type DurableRunOptions, openDurableRun } from './audit/durable-run.ts'
export { createKeyFile, isKeyName, readKeyFile, type SigningKey, verifierKeyText } from './audit/keys.ts'
export { entriesOfEvent, proveEntry } from './audit/prove.ts'
export { readTrust, type Trust } from './audit/trust.ts'
export { type LedgerFinding, type LogVerdict, verifyFolder } from './audit/verify-folder.ts'
export { type ProofVerdict, verifyProofFile } from './audit/verify-proof-file.ts'
export { witness } from './audit/witness.ts'
export { type Draft, draftWorkspace } from './draft-workspace.ts'
export { type EventFile, type EventFiles, eventFiles, globMatches } from './event-files.ts'
export { defaultSource } from './file-sources.ts'
export { type OpenedEvents, type OpenOptions, openEvents, type Progress } from './open-events.ts'
