/** A program with every kind of window, and streams of events for it, from one seed. */
import type { Plan } from '@writ/engine'
import { parse } from '@writ/grammar'
import { random } from '../../bench/requests.ts'
import { check } from '../../engine/src/check/check.ts'

export const programText = `module payments

contract Payment version 2.0.0 {
  id       : String        key
  at       : Time          time
  customer : String        personal(identifier)
  amount   : Money<USD>
  risk     : Decimal?      in 0 .. 1
  note     : String?       personal(free_text)
  tags     : List<String>
  check amount > 0 USD else reject "a payment is positive"
}
contract Refund version 1.0.0 {
  id       : String        key
  at       : Time          time
  customer : String        personal(identifier)
  amount   : Money<USD>
}

policy limits version 1.2.0 {
  on Payment as p
  default permit
  let today = sum(amount) of Payment by customer per day
  rule much "more than a customer may spend"
    when sum(amount) of Payment by customer over 6h > 150 USD
    deny "{p.customer} has spent too much"
  rule day when today > 200 USD warn "{today} today"
  rule fast when count of Payment by customer over 30m before this >= 2 hold
    then notify desk { customer: p.customer, amount: p.amount }
  rule risky when p.risk is present and p.risk > 0.8 deny "risk {p.risk}"
  rule since_refund when count of Payment by customer since Refund > 4 warn "payments since the last refund"
}
policy refunds version 0.1.0 {
  on Refund as r
  combine first
  default hold because "a refund of {r.amount}"
  rule unpaid when no Payment by customer over 2h deny
  rule pattern when Payment where amount > 50 USD then Refund by customer over 3h deny "paid and taken back"
  rule small when r.amount <= max(amount) of Payment by customer over 1d ?? 0 USD permit
}
`

/** The same, with what lives on: requests for approval in two stages, and expectations. */
export const livingProgramText = `${programText}
role Lead { members "ana", "bo"  delegate "ana" to "zoe" }
role Officer { members "kim", "lee", "max" }
policy signing version 1.0.0 {
  on Refund as r
  default permit
  rule large "large refunds are signed"
    when r.amount > 20 USD
    require approval from Lead within 30m else approval from 2 of Officer within 90m else deny "nobody signed {r.amount}"
}
policy settling version 1.0.0 {
  rule returned "a large payment is taken back"
    after Payment as p where p.amount > 60 USD
    expect Refund where it.customer == p.customer within 2h
    else warn "{p.amount} of {p.customer} was not taken back"
    then open_case { payment: p.id, amount: p.amount }
  rule again "whoever pays often pays again"
    after Payment as p where count of Payment by customer over 1h > 1
    expect Payment where it.customer == p.customer within 20m
    else warn "no other payment"
}
`

/** Approvals of the refunds among the lines, most of them in time, by those who may and others; and ticks. */
export function withApprovals(lines: readonly string[], seed: number): readonly string[] {
  const next = random(seed)
  const refunds: string[] = []
  let time = 0
  return lines.flatMap(line => {
    const event: unknown = line.trim().endsWith('}') ? JSON.parse(line) : null
    if (typeof event !== 'object' || event === null || !('id' in event && 'at' in event)) return [line]
    time = Math.max(time, Date.parse(String(event.at)))
    if ('event' in event && event.event === 'Refund') refunds.push(String(event.id))
    const at = new Date(time).toISOString()
    if (refunds.length === 0 || next(3) > 0) return next(25) === 0 ? [line, JSON.stringify({ tick: at })] : [line]
    const request = refunds[refunds.length - 1 - next(Math.min(3, refunds.length))]
    const role = ['Lead', 'Officer'][next(2)]
    const by = ['ana', 'bo', 'zoe', 'kim', 'lee', 'max', 'ida'][next(7)]
    const verdict = next(6) === 0 ? 'reject' : 'approve'
    return [line, JSON.stringify({ event: 'Approval', request, by, role, verdict, at })]
  })
}

export function plan(text = programText): Plan {
  const checked = check([parse('payments.writ', text)])
  if (checked.plan === null) throw new Error(checked.problems.map(problem => problem.message).join('\n'))
  return checked.plan
}

/** `late`: one in so many events comes out of order; 0: none. */
export function streamLines(count: number, seed: number, late = 0): readonly string[] {
  const next = random(seed)
  let time = Date.UTC(2026, 0, 1)
  return Array.from({ length: count }, (_, place) => {
    if (next(4) > 0) time += next(20 * 60_000)
    const at = new Date(late > 0 && next(late) === 0 ? time - next(3 * 3_600_000) : time).toISOString()
    const customer = `confidential-${next(12)}`
    if (next(60) === 0) return `{"event":"Payment","id":"b${place}","at":"${at}","broken`
    if (next(40) === 0) return '   '
    const amount = next(50) === 0 ? 'a lot' : `${(next(9000) - 100) / 100} USD`
    if (next(6) === 0) return JSON.stringify({ event: 'Refund', id: `r${place}`, at, customer, amount })
    const risk = [undefined, next(1000) / 1000, 7][next(3)]
    return JSON.stringify({
      event: 'Payment',
      id: `p${place}`,
      at,
      customer,
      amount,
      risk,
      note: `hidden ${place}`,
      tags: ['a', 'ä'],
    })
  })
}

export function bytesOf(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(lines.map(line => `${line}\n`).join(''))
}
