/** Explanations as people read them. */
import { describe, expect, test } from 'vitest'
import { changesOf } from '../../src/explain/counterfactual.ts'
import { explanationLines, explanationText } from '../../src/explain/page.ts'
import { explain } from '../../src/explain/trace.ts'
import { around, eventsText, harmless, shortened } from '../../src/explain/words.ts'
import { contracts, payments, planOf, recorded, viewOf } from './payments.ts'

const plan = planOf(payments)
const view = viewOf(plan, recorded)

function page(number: number): string {
  const explanation = explain(plan, view, number - 1, 0)
  return `\n${explanationText(plan, view, explanation, changesOf(plan, view, explanation))}\n`
}

describe('a page', () => {
  test('cites what was found, with the text around it, and what was missing', () => {
    expect(page(3)).toBe(`
DENIED  SendMoney  recipient “GB33BUKB20201555555555”, amount 1,250.00 EUR              event 3 of 7
because GB33BUKB20201555555555 was first seen in untrusted content, not named by the user
2026-11-20 12:00:09 · runs/8f1c.json record 3 · policy recipients 1.0.0

  rule come_from_the_user  money goes to recipients that the user named    policies/payments.writ:13
    ✓ no UserMessage where it.text contains r.recipient by run over 1d
        not event 1, the only one in the last day
    ✓ exists ToolResult where not it.trusted and it.text contains r.recipient by run over 1d
        event 2  12:00:05  trusted false, text “…balance to GB33BUKB20201555555555, then…”

other rules
  budget (hold)   ✗ spent + r.amount > 2_000 EUR
                      spent 0.00 EUR + amount 1,250.00 EUR = 1,250.00 EUR
  small (permit)  ✗ r.amount <= 50 EUR   amount is 1,250.00 EUR

what would have changed it
  a UserMessage of run “8f1c” with text containing “GB33BUKB20201555555555” before it: permitted
  without event 2 (ToolResult): permitted
  from 2026-11-21 12:00:05, when event 2 is out of the window: permitted
`)
  })

  test('shows sums with the events they are made of, and who may approve until when', () => {
    expect(page(6)).toBe(`
HELD  SendMoney  amount 1,200.00 EUR, recipient “ana@bank”        event 6 of 7 · 2026-11-20 12:00:20
because at most 2,000 EUR a day
runs/8f1c.json record 6 · policy recipients 1.0.0

  rule budget                                                              policies/payments.writ:19
    ✓ spent + r.amount > 2_000 EUR   spent 1,280.00 EUR + amount 1,200.00 EUR = 2,480.00 EUR
        spent = sum(amount) of SendMoney by run over 24h before this
          1,280.00 EUR from 2 events of run “8f1c” in the last day
          event 3  12:00:09  amount 1,250.00 EUR
          event 5  12:00:15  amount 30.00 EUR
    asks for approval from AccountOwner within 10 m (until 12:10:20), else it is denied

other rules
  come_from_the_user (deny)  ✗ no UserMessage where it.text contains r.recipient by run over 1d
                                 event 1 at 12:00:00
  small (permit)             ✗ r.amount <= 50 EUR   amount is 1,200.00 EUR

what would have changed it
  approval from AccountOwner within 10 m (until 12:10:20): may go on
  amount at most 720.00 EUR instead of 1,200.00 EUR: permitted
  from 2026-11-21 12:00:09, when event 3 is out of the window: permitted
`)
  })

  test('says which rules gave way', () => {
    expect(page(7)).toContain(`
other rules
  budget (hold)   matched and holds, but deny is stricter
  small (permit)  matched and permits, but deny is stricter
`)
  })

  test('says that a rule matched because nobody could know', () => {
    const unclear = viewOf(plan, [['09:00:00', 'SendMoney', { run: 'r', recipient: '?', amount: '?' }]])
    // An amount that breaks its contract fails the check, so the check must go for the event to be decided.
    const lenient = planOf(payments.replace('check amount > 0 EUR', ''))
    const text = explanationText(lenient, unclear, explain(lenient, unclear, 0, 0))
    expect(text).toContain('HELD  SendMoney')
    expect(text).toContain('its condition cannot be known; a rule that holds then matches, to be safe')
    expect(text).toContain('? spent + r.amount > 2_000 EUR   amount is unknown')
  })

  test('keeps to its width, whatever the texts are', () => {
    const long = viewOf(plan, [
      ...recorded.slice(0, 2),
      ['12:00:06', 'SendMoney', { run: '8f1c', recipient: `${'very long '.repeat(30)}`, amount: '9999999999.99' }],
    ])
    const explanation = explain(plan, long, 2, 0)
    for (const width of [60, 80, 100, 120]) {
      const lines = explanationText(plan, long, explanation, changesOf(plan, long, explanation), width).split('\n')
      expect(lines.filter(line => line.length > width)).toEqual([])
    }
  })

  test('gives what is cited a place to open', () => {
    const cited = explanationLines(plan, view, explain(plan, view, 2, 0)).flat()
    expect(cited.filter(({ role }) => role === 'cite').map(({ text, seq }) => [text, seq])).toEqual([
      ['event 3 of 7', 2],
      ['policies/payments.writ:13', undefined],
      ['event 2', 1],
    ])
  })
})

describe('named conditions', () => {
  const named = planOf(`module m
${contracts}
define large(amount: Money<EUR>): Bool = amount > 100 EUR or amount == 77 EUR
policy p version 1.0.0 {
  on SendMoney as r
  default permit
  let asked = exists UserMessage by run over 1h
  rule big when large(r.amount) and not asked deny "nobody asked"
}`)
  test('are opened', () => {
    const log = viewOf(named, [['09:00:00', 'SendMoney', { run: 'r', recipient: 'a', amount: '200' }]])
    expect(explanationText(named, log, explain(named, log, 0, 0))).toContain(`
    ✓ large(r.amount)
      ✓ amount > 100 EUR   amount is 200.00 EUR
    ✓ not asked
      ✗ exists UserMessage by run over 1h   no UserMessage of run “r” in the last hour`)
  })
})

describe('words', () => {
  test.each([
    ['Send it to GB33', 'GB33', 'Send it to GB33'],
    [`${'before '.repeat(20)}GB33${' after'.repeat(20)}`, 'GB33', '…before before before GB33 after after after…'],
    ['x'.repeat(100), 'absent', `${'x'.repeat(45)}…`],
  ])('around: %#', (text, part, expected) => expect(around(text, part)).toBe(expected))

  test('long values keep both ends', () => expect(shortened('GB33BUKB20201555555555', 12)).toBe('GB33BUKB…555'))
  test('nothing recorded steers a terminal', () => {
    expect(harmless('a\u001b[31mred\u202eback\nline')).toBe('a·[31mred·back line')
  })
  test.each([
    [[3], 'event 4'],
    [[0, 8], 'events 1 and 9'],
    [[0, 1, 2, 3, 4, 5], 'events 1, 2, 3 and 3 more'],
  ])('events %#', (seqs, text) => expect(eventsText(seqs)).toBe(text))
})
