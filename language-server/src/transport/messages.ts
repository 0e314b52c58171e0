/**
 * Messages between client and server beyond the protocol, and the options that a client gives at the start; for both ends. Plain names
 * and types, so that a client needs nothing else of this package.
 */
import type { Range } from 'vscode-languageserver-types'

/** `initializationOptions` of a client; all may be left out. */
export interface ServerOptions {
  /** `pull` (the default where the client can): the client asks for problems. `push`: they are sent, also where the client could ask. */
  readonly diagnostics?: 'push' | 'pull'
  /** A URI that gives the page of a problem with `/W0203.md` behind it; becomes the link on the code. */
  readonly problemPages?: string
}

/** Server to client, for files that the server cannot read itself (browser, virtual file systems): URIs of `.writ` and `writ.json` files. */
export const findFilesRequest = 'writ/findFiles'
export interface FindFilesParams {
  readonly folder: string
}
export type FindFilesResult = readonly string[]

/** Server to client: the text of a file, null where there is none. */
export const readFileRequest = 'writ/readFile'
export interface ReadFileParams {
  readonly uri: string
}
export type ReadFileResult = string | null

/** Client to server: the tests of a file, or of all files where none is named. */
export const testsRequest = 'writ/tests'
export interface TestsParams {
  readonly uri?: string
}
export interface TestLocation {
  readonly uri: string
  readonly title: string
  readonly module: string
  /** The whole declaration, and its title alone. */
  readonly range: Range
  readonly titleRange: Range
}
export type TestsResult = readonly TestLocation[]

/** Server to client, after every check in which tests came, went or moved. */
export const testsChangedNotification = 'writ/testsChanged'
export interface TestsChangedParams {
  readonly uris: readonly string[]
}

/** Client to server: runs tests of a file, all of them where no titles are given. */
export const runTestsRequest = 'writ/runTests'
export interface RunTestsParams {
  readonly uri: string
  readonly titles?: readonly string[]
}
/** Null where the program has errors, so that nothing can run. */
export type RunTestsResult = readonly TestOutcome[] | null
export interface TestOutcome {
  readonly uri: string
  readonly title: string
  readonly module: string
  readonly passed: boolean
  readonly failures: readonly TestFailure[]
}
export interface TestFailure {
  readonly range: Range
  readonly message: string
}

/** Client to server: what tests show of the rules of their program. */
export const coverageRequest = 'writ/testCoverage'
export interface CoverageParams {
  readonly tests: readonly { readonly uri: string; readonly titles: readonly string[] }[]
}
/** Files of programs without errors. */
export type CoverageResult = readonly FileCoverageResult[]
export interface FileCoverageResult {
  readonly uri: string
  readonly rules: readonly { readonly name: string; readonly range: Range; readonly count: number }[]
  readonly conditions: readonly { readonly range: Range; readonly seenTrue: number; readonly seenFalse: number }[]
  readonly defaults: readonly { readonly range: Range; readonly count: number }[]
}

/** Commands that code lenses and code actions name; the client registers them. */
export const runTestCommand = 'writ.runTest'
export const showReferencesCommand = 'writ.showReferences'

/** Client to server: the text of a contract for recorded events that have none. */
export const contractOfRecordsRequest = 'writ/contractOfRecords'
export interface ContractOfRecordsParams {
  readonly name: string
  readonly records: readonly unknown[]
}
export type ContractOfRecordsResult = string
