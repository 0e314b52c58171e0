/** Problems of contracts and policies against what was committed of them. */
import { catalogue } from './problem.ts'

export const evolutionProblems = catalogue({
  W0650: {
    severity: 'warning',
    title: 'Change breaks the promised compatibility',
    message:
      'The contract promises `compatibility {mode}`, but since version {version} ({label}) {what} ({kind}): {reason}. {advice}',
  },
  W0651: {
    severity: 'warning',
    title: 'Version not raised enough',
    message: '{name} has version {old} in {label} and {version} here, but it needs at least {needed}: {why}.',
  },
  W0653: {
    severity: 'warning',
    title: 'Compatibility promised less',
    message:
      'The contract promised `compatibility {before}` ({label}) and promises {after} now. Readers counted on it: ask them, and put the promise back until they agree.',
  },
  W0654: {
    severity: 'warning',
    title: 'Meaning changed, version not',
    message:
      'The policy {name} can decide otherwise than in {label}, but it still has version {version}. Raise the version, so that decisions can be told apart by it.',
  },
  W0655: {
    severity: 'information',
    title: 'Promise that cannot be judged',
    message: 'Whether this promise is kept is not judged: {why}.',
  },
  W0656: {
    severity: 'information',
    title: 'Earlier versions may be missing',
    message: 'The promise is held against the versions that are known, and there may be earlier ones: {why}.',
  },
})
