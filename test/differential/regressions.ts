/**
 * Small pairs on which the evaluators once differed, or programs that the checker once refused. As text and values rather than
 * as seeds: what a seed makes changes with the generator.
 */
import { absent, type BuiltEvent, rational, unknown, type Value } from '@writ/engine'

export interface Regression {
  readonly what: string
  readonly program: string
  readonly events: readonly BuiltEvent[]
}

export const regressions: readonly Regression[] = [
  {
    what: 'a rule that concerns two contracts has one notice',
    program: `module m
contract A { n: Int }
contract B { n: Int }
policy p version 1.0.0 { on A, B as e  default permit  rule r when e.n > 1 deny }`,
    events: [event(0, { n: unknown }), event(1, { n: unknown }), event(0, { n: unknown })],
  },
  {
    what: 'an optional record is present when all that is in it is unknown',
    program: `module m
contract A { home: { city: String, zip: String? }? }
policy p version 1.0.0 { on A as e  default permit  rule r when e.home is present deny }`,
    events: [
      event(0, { home: { fields: { city: unknown, zip: unknown } } }),
      event(0, { home: unknown }),
      event(0, { home: absent }),
    ],
  },
  {
    what: 'a sum whose type is of one currency is unknown when the data has another',
    program: `module m
contract A { tip: Money? }
policy p version 1.0.0 {
  on A as e
  default permit
  let total = sum(if e.tip is absent then 1 USD else e.tip) of A by all over 1d
  rule r when total >= total deny
}`,
    events: [event(0, { tip: absent }), event(0, { tip: { amount: rational(5n), currency: 'EUR' } })],
  },
  {
    what: 'a sum of no euros is no sum of no dollars',
    program: `module m
contract A { amount: Money  fee: Money<EUR>? }
policy p version 1.0.0 {
  on A as e
  default hold
  rule r when e.amount > (sum(fee) of A where fee is present by all over 1h) warn
}`,
    events: [event(0, { amount: { amount: rational(1n), currency: 'USD' }, fee: absent })],
  },
  {
    what: 'min and max of several values may be the key of a window',
    program: `module m
contract A { a: Int  b: Int }
policy p version 1.0.0 { on A as e  default permit  rule r when count of A by a = min(e.a, e.b) over 1h > 1 deny }`,
    events: [event(0, { a: rational(1n), b: rational(2n) }), event(0, { a: rational(2n), b: rational(1n) })],
  },
]

/** One after the other, all at the same time. */
function event(contract: number, fields: Readonly<Record<string, Value>>): BuiltEvent {
  return { contract, time: Date.UTC(2026, 10, 20), file: 'a.ndjson', index: 0, fields }
}
