/** The committed history of a workspace, from git or from folders; apart from the rest, so that who needs only this loads no more. */

export {
  earlierStates,
  type History,
  type HistoryPlace,
  historyIn,
  historyOf,
  type States,
  type UnknownHistory,
  wholeHistory,
} from './committed-states.ts'
export { type CommittedFile, commitOf, filesAt, isGitFailure } from './git.ts'
