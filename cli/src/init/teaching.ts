/**
 * The workspace that `writ init` writes where no recorded events are given: small enough to read in five minutes, with a rule
 * of each kind, tests, and recorded events of which one breaks its contract.
 */
import type { NewFile } from './new-file.ts'

export function teachingWorkspace(): readonly NewFile[] {
  return [
    { path: 'writ.json', text: settings },
    { path: 'events.writ', text: contracts },
    { path: 'refunds.writ', text: policy },
    { path: 'refunds.test.writ', text: tests },
    { path: 'recorded/refunds.ndjson', text: recorded() },
  ]
}

const settings = `{
  "events": {
    "refunds": { "path": "recorded/refunds.ndjson" }
  }
}
`

const contracts = `module events

/// A support agent asks to give money back to a customer.
contract RefundRequested version 1.0.0 {
  id        : String  key
  at        : Time    time
  customer  : String  personal(identifier)
  agent     : String  requester
  amount    : Money<USD>
  reason    : String?

  check amount > 0 USD else reject "a refund is positive"
}

/// Fills what the steps of tests leave out.
sample RefundRequested {
  id: "r1",
  customer: "c1",
  agent: "a1",
  amount: 20 USD
}
`

const policy = `module refunds

use events { RefundRequested }

role SupportLead {
  members "ana", "bo"
}

/// What an agent may refund alone, and who signs the rest.
policy refunds version 1.0.0 {
  owner "support"
  on RefundRequested as r
  combine strictest
  default deny because "no rule covers a refund of {r.amount}"

  let spent = sum(amount) of RefundRequested by customer over 24h

  rule small "small refunds need nobody"
    when r.amount <= 50 USD and spent <= 120 USD
    permit

  rule lead_signs "a lead signs refunds up to 500 USD"
    when r.amount <= 500 USD and (r.amount > 50 USD or spent > 120 USD)
    require approval from SupportLead within 30m
      else deny "nobody signed in time"
    because "{r.amount} now, {spent} for this customer in 24 hours"

  rule too_fast "an agent that refunds too fast is stopped"
    when count of RefundRequested by agent over 10m > 4
    deny "more than 4 refunds by {r.agent} in 10 minutes"
    then notify pager { agent: r.agent }
}
`

const tests = `module refunds

use events { RefundRequested }

test "20 USD needs nobody" {
  given RefundRequested { amount: 20 USD }
  expect permit by small
}

test "120 USD asks for a lead" {
  given RefundRequested { amount: 120 USD } at 09:00
  expect hold by lead_signs
  expect approval from SupportLead
}

test "many small refunds to one customer add up" {
  given RefundRequested { id: "r1", amount: 50 USD } at 09:00
  expect permit
  given RefundRequested { id: "r2", amount: 50 USD } at 10:00
  expect permit
  given RefundRequested { id: "r3", amount: 50 USD } at 11:00
  expect hold by lead_signs
}

test "the fifth refund in ten minutes stops the agent" {
  given RefundRequested { id: "r1", customer: "c1", amount: 5 USD } at 09:00
  given RefundRequested { id: "r2", customer: "c2", amount: 5 USD } at 09:01
  given RefundRequested { id: "r3", customer: "c3", amount: 5 USD } at 09:02
  given RefundRequested { id: "r4", customer: "c4", amount: 5 USD } at 09:03
  expect permit
  given RefundRequested { id: "r5", customer: "c5", amount: 5 USD } at 09:04
  expect deny by too_fast
  expect then notify pager { agent: "a1" }
}
`

/** One line per record: time of the day, customer, agent, amount, reason. One has lost its customer, one refund is negative. */
function recorded(): string {
  const rows: readonly (readonly [string, string | undefined, string, string, string | undefined])[] = [
    ['08:58:12', 'c-104', 'agent-1', '18.50 USD', 'arrived late'],
    ['09:02:40', 'c-117', 'agent-2', '42.00 USD', 'wrong size'],
    ['09:15:03', 'c-104', 'agent-1', '30.00 USD', undefined],
    ['09:31:55', 'c-121', 'agent-1', '240.00 USD', 'never arrived'],
    ['09:40:20', 'c-117', 'agent-2', '45.00 USD', 'wrong size again'],
    ['09:58:07', undefined, 'agent-2', '20.00 USD', 'the form lost the customer'],
    ['10:04:31', 'c-117', 'agent-2', '48.00 USD', 'still the wrong size'],
    ['10:20:11', 'c-133', 'agent-1', '-5.00 USD', undefined],
    ['10:41:00', 'c-140', 'agent-3', '9.90 USD', 'test'],
    ['10:42:10', 'c-141', 'agent-3', '9.90 USD', 'test'],
    ['10:43:25', 'c-142', 'agent-3', '9.90 USD', 'test'],
    ['10:44:31', 'c-143', 'agent-3', '9.90 USD', 'test'],
    ['10:45:02', 'c-144', 'agent-3', '9.90 USD', 'test'],
    ['10:46:40', 'c-145', 'agent-3', '9.90 USD', 'test'],
    ['11:30:00', 'c-150', 'agent-1', '1250.00 USD', 'cancelled the whole order'],
  ]
  return rows
    .map(([time, customer, agent, amount, reason], place) =>
      JSON.stringify({ id: `r-${201 + place}`, at: `2026-11-02T${time}Z`, customer, agent, amount, reason }),
    )
    .map(line => `${line}\n`)
    .join('')
}
