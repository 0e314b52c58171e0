/** What a finding says about a raw value: short, and nothing of its content where the field holds personal or secret data. */
import { ExactNumber, isList, type Json } from './json.ts'

const longest = 60

export function describe(value: Json | undefined, isPrivate = false): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (value instanceof ExactNumber) return isPrivate ? 'a number' : `the number ${cut(value.text)}`
  switch (typeof value) {
    case 'string':
      return isPrivate ? `a text of ${value.length} characters` : JSON.stringify(cut(value))
    case 'number':
      return isPrivate ? 'a number' : `the number ${value}`
    case 'boolean':
      return isPrivate ? 'true or false' : String(value)
    default:
      if (isList(value)) return value.length === 1 ? 'a list of one element' : `a list of ${value.length} elements`
      return `an object with ${members(Object.keys(value))}`
  }
}

/** The beginning of a text, on one line. */
export function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

function members(names: readonly string[]): string {
  if (names.length === 0) return 'no members'
  const shown = names
    .slice(0, 4)
    .map(name => cut(name))
    .join(', ')
  return names.length > 4 ? `the members ${shown}, …` : `the members ${shown}`
}
