/**
 * A baseline file as a baseline: checked where it enters, and told in words what is wrong with it. Where files come from is the
 * business of the command and of the language server.
 */
import { type Baseline, compare, parseRational, type Rational } from '@writ/engine'
import { type BaselineFile, baselineSchema } from './baseline-schema.ts'

export { type BaselineFile, baselineSchema }

/** In words why it cannot be used. */
export function readBaseline(name: string, text: string): Baseline | string {
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    // What JSON.parse says of the place differs between versions.
    return 'it is no JSON'
  }
  const result = baselineSchema.safeParse(json)
  if (result.success) return baselineOf(name, result.data)
  const issue = result.error.issues[0]
  const member = issue?.path.map(String).join('.') || 'the whole text'
  return `${member} is not of the right form`
}

function baselineOf(name: string, { edges, values, currency, counts }: BaselineFile): Baseline | string {
  if ((edges === undefined) === (values === undefined)) return 'it needs either edges or values'
  const bins = (edges ?? values ?? []).length + 1
  if (counts.length !== bins) return `it has ${counts.length} counts for ${bins} bins`
  if (counts.every(count => count === 0)) return 'it counts nothing'
  if (values !== undefined) {
    if (currency !== undefined) return 'texts have no currency'
    if (new Set(values).size < values.length) return 'a value stands in it twice'
    return { name, of: 'texts', values, counts }
  }
  const numbers = (edges ?? []).flatMap((edge): readonly Rational[] =>
    [parseRational(edge)].filter(number => number !== undefined),
  )
  const isAscending = numbers.every((edge, i) => i === 0 || compare(numbers[i - 1] ?? edge, edge) < 0)
  if (!isAscending || numbers.length < bins - 1) return 'its edges are not ascending'
  return { name, of: 'numbers', edges: numbers, currency: currency ?? null, counts }
}
