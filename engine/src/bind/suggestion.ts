/** "Did you mean": the nearest known name to one that is unknown, as a sentence for the message and as a fix. */
import { type Fix, type Name, nearest } from '@writ/grammar'

export interface Suggestion {
  /** ` Did you mean x?`, or the other sentence where nothing is near. */
  readonly hint: string
  readonly fixes: readonly Fix[]
}

/** Looks for the nearest of `known` to what was written. */
export function suggestion(name: Name, known: Iterable<string>, otherwise = ''): Suggestion {
  const near = nearest(name.text, [...known])
  if (near === null) return { hint: otherwise, fixes: [] }
  const fix = { title: `Change it to ${near}`, edits: [{ span: name.span, text: near }] }
  return { hint: ` Did you mean ${near}?`, fixes: [fix] }
}
