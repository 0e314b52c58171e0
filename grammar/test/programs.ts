/** Correct Writ in many shapes: the blocks of the language reference, and the constructs it only describes. */
import { readFileSync } from 'node:fs'
import { parse } from '../src/parse.ts'
import { pick } from './mangle.ts'

const reference = readFileSync(new URL('../../docs/language.md', import.meta.url), 'utf8')

/** Every writ block of the language reference. */
export const referenceBlocks: readonly string[] = [
  ...reference.matchAll(/^```writ(?: fragment)?\n([\s\S]*?)^```/gm),
].map(([, block = '']) => block)

export const governance = `module governance

layers global > region > team

role Lead { from table leads }

table manager_of by employee, site from EmployeeChanged where active == true { manager: manager, since: at }

/// Where pages go.
sink pager { accepts personal(identifier), secret }

indicator approval_speed = share(took <= 30m) of ApprovalGiven by all over 30d

indicator denied = share(deny) of decisions of refund_guardrails where amount > 10 USD by agent over 7d

objective quick_approvals of approval_speed {
  target >= 95% over 30d
  warn "too many late" when burn > 14 over 1h and burn > 14 over 5m
  warn when remaining < 20%
  owner "support"
}

rollout canary of refund_guardrails version 3.3.0 {
  replaces old_guardrails
  from 2026-11-01
  shadow for 7d
  canary 5% by customer for 3d
  promote when share(stricter) of refund_guardrails over 1d < 1%
  rollback when (count of refund_guardrails where decision == deny) > 3
  until 2026-12-31
}

exception holiday { rule refund_guardrails.velocity  when agent == "a1"  granted by "ana"  until 2026-12-31 }

property no_big_permits "large refunds wait or are refused" {
  for all RefundRequested as r where r.amount > 500 USD
  never permit or warn
  always hold or deny by refund_guardrails
}
`

export const expectations = `policy settles version 1.0.0 {
  on RefundIssued as i
  layer team
  mode shadow
  default permit

  rule settle "an issued refund is confirmed by the bank"
    after RefundIssued as j where j.amount > 1 USD
    expect BankConfirmation as b where b.refund == j.refund within 2d
      else warn "late" then open_case { refund: j.refund }

  rule breaker
    when (ReadFile where it.path like "/etc/*" then SendMail where not (it.to in [/* ours */ "a", "b"]) by run over 1h)
      or no Login by user = i.customer, device since Logout where reason == "idle" before this
    deny "stop {text(i.amount)} {{now}}" for 15m by agent = i.customer, run
    then notify pager { agent: i.customer, list: [1, 2, 3], rec: { deep: { er: 1 } } }
    then page

  // the end
}

test "settles" {
  given RefundIssued { refund: "x", amount: 3 USD }
  at 09:31 expect approval from RiskOfficer
  approve by "kim" as RiskOfficer at 09:40
  at 2026-11-20T09:00:00Z

  expect fulfilled settle
  expect breached settle // really
  expect then open_case { refund: "x" }
  expect problem W2003
  expect it.amount - 1 USD == 2 USD and all x in [1, 2] where x > 0
}
`

export const expressions = `define a(x: Int, y: List<List<Int?>>, z: { p: Int in -5 .. 5, q: enum { u, v } }?): Decimal in -1 .. 1.5 = -x + 2 * (3 - x) / 4
define b = if x is absent then y ?? -1 else if not (p or q) and r then s.t.when else [1, 2, { in: 3, over: 4 }]
define c = quantile(amount, 95%) of Paid as p where p.ok and any t in p.tags where t starts_with "x" by customer, agent per day in "Europe/Zurich"
define d = s not in [1, 2] and t in 1h .. 2h30m and u not like "*.exe" or v matches "[a-z]{2}\\\\d" or w contains "{" and now > 2026-11-20
define count = count of A by all over 1d + min(a, b) + min(a) of B by k per month + drift(x against base) of C by k over 4w
define e = version_of(x) >= 2.1.0 and items.0.1.name == raw("userIdentity.type-x") and mask(s, keep: 4) == "\\u{1F600}"
`

/** Texts that have no problem. */
export const correctTexts: readonly string[] = [...referenceBlocks, governance, expectations, expressions]

/** All their declarations, one by one. */
export const correctDeclarations: readonly string[] = correctTexts.flatMap(text =>
  parse('a.writ', text).declarations.map(declaration => declaration.text),
)

/** A small file of one to four of these declarations. */
export function smallFile(random: () => number): string {
  const count = 1 + Math.floor(random() * 4)
  return Array.from({ length: count }, () => pick(correctDeclarations, random)).join(random() < 0.8 ? '\n\n' : ' ')
}
