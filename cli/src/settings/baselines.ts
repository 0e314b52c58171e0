/** Reads the baselines that `writ.json` names. A file that is missing or of another form is refused: without it no rule that asks for drift can be decided. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Baseline, type Baselines, compare, parseRational, type Rational } from '@writ/engine'
import { type Refusal, refuse } from '../refusal.ts'
import { systemReason } from '../system-reason.ts'
import type { BaselineFile } from './baseline-schema.ts'

const mostBytes = 4_000_000

/** `paths`: by name, relative to `folder`; `shownPath` names a file in messages. */
export async function readBaselines(
  paths: ReadonlyMap<string, string>,
  folder: string,
  shownPath: (path: string) => string,
): Promise<Baselines | Refusal> {
  const found = new Map<string, Baseline>()
  for (const [name, path] of paths) {
    const read = await readBaseline(name, join(folder, path))
    if (typeof read === 'string') return refuse('W3018', { name, path: shownPath(path), why: read }, shownPath(path))
    found.set(name, read)
  }
  return found
}

/** In words why it cannot be used. */
async function readBaseline(name: string, path: string): Promise<Baseline | string> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    return `it cannot be read: ${systemReason(error)}`
  }
  if (text.length > mostBytes) return `it has more than ${mostBytes / 1_000_000} MB`
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    // What JSON.parse says of the place differs between versions.
    return 'it is no JSON'
  }
  const { baselineSchema } = await import('./baseline-schema.ts')
  const result = baselineSchema.safeParse(json)
  if (!result.success) {
    const issue = result.error.issues[0]
    const member = issue?.path.map(String).join('.') || 'the whole text'
    return `${member} is not of the right form`
  }
  return baselineOf(name, result.data)
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
