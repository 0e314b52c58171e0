/** "Did you mean" for commands, options, codes and names on the command line. */
import { nearest } from '@writ/grammar'

/** ` Did you mean NAME?`, or nothing, to be put into a message. What begins with the given letters is near too. */
export function suggestion(name: string, known: Iterable<string>): string {
  const all = [...known]
  const best = nearest(name, all) ?? (name.length >= 3 ? all.find(candidate => candidate.startsWith(name)) : undefined)
  return best === undefined ? '' : ` Did you mean ${best}?`
}
