/** Baselines as the text of a program in a log holds them (program-digest.ts), read again. */
import { type Baseline, parseRational, type Rational, rational } from '@writ/engine'
import { z } from 'zod'

/** One of them: numbers are fractions. */
export const recordedBaseline = z.object({
  name: z.string(),
  counts: z.array(z.int().nonnegative()),
  currency: z.string().nullable().optional(),
  edges: z.array(z.string()).optional(),
  values: z.array(z.string()).optional(),
})

/** Null where it is none. */
export function baselineOf({
  name,
  counts,
  currency,
  edges,
  values,
}: z.infer<typeof recordedBaseline>): Baseline | null {
  if (values !== undefined) return { name, of: 'texts', values, counts }
  const numbers = (edges ?? []).map(fractionOf)
  const known = numbers.filter(number => number !== null)
  return known.length < numbers.length
    ? null
    : { name, of: 'numbers', edges: known, currency: currency ?? null, counts }
}

function fractionOf(text: string): Rational | null {
  const [over, under] = text.split('/').map(part => parseRational(part))
  return over && under && under.n > 0n ? rational(over.n, under.n) : null
}
