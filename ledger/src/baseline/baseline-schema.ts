/** The form of a baseline file, checked where it enters. Published as docs/schemas/baseline.schema.json; `writ baseline` writes it. */
import * as z from 'zod/mini'

const most = 10_000

const number = z
  .string()
  .check(
    z.regex(/^-?\d{1,60}(\.\d{1,60})?$/),
    z.describe('A number in plain digits, exactly; of a Duration milliseconds, of a Percent a fraction.'),
  )

export const baselineSchema = z
  .strictObject({
    $schema: z.optional(z.string()),
    of: z.optional(z.string().check(z.describe('What was counted, such as Paid.amount; for people.'))),
    edges: z.optional(
      z
        .array(number)
        .check(
          z.minLength(1),
          z.maxLength(most),
          z.describe(
            'Of numbers: ascending. The bins are: up to the first edge, above it up to the second, …, above the last.',
          ),
        ),
    ),
    currency: z.optional(z.string().check(z.regex(/^[A-Z]{3}$/), z.describe('Of Money: the currency of all amounts.'))),
    values: z.optional(
      z
        .array(z.string())
        .check(
          z.minLength(1),
          z.maxLength(most),
          z.describe('Of texts, enums and conditions: a bin for each value; one more at the end is for all others.'),
        ),
    ),
    counts: z
      .array(z.int().check(z.minimum(0)))
      .check(z.maxLength(most + 1), z.describe('How many there were in each bin: one more than edges or values.')),
  })
  .check(z.describe('How values were distributed once, for `drift(VALUE against NAME)`.'))

export type BaselineFile = z.infer<typeof baselineSchema>
