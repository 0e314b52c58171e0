/**
 * Makes events/generated.ndjson: a week of refunds as a ticket system, a payment system and a bank might record them. Nobody's
 * data: names and numbers come from a seeded generator, so that the same file comes out everywhere. `node samples/refunds/generate.ts`.
 */
import { writeFileSync } from 'node:fs'
import { samplePath } from '../simulate.ts'

interface Entry {
  readonly at: number
  readonly record: Readonly<Record<string, unknown>>
}

const minute = 60_000
const hour = 60 * minute
const start = Date.UTC(2026, 10, 2, 8)
const requests = 240

/** The file as text. */
export function generated(seed = 20_261_102): string {
  const random = numbers(seed)
  const entries: Entry[] = []
  for (let n = 1; n <= requests; n++) {
    const at = start + Math.floor((n / requests) * 5 * 24 * hour) + Math.floor(random() * 20 * minute)
    addRefund(entries, random, `r${n}`, at)
  }
  const ordered = entries.sort((a, b) => a.at - b.at)
  return `${ordered.map(({ at, record }) => JSON.stringify({ ...record, at: new Date(at).toISOString() })).join('\n')}\n`
}

function addRefund(entries: Entry[], random: () => number, id: string, at: number): void {
  const large = random()
  const cents =
    large < 0.6 ? 500 + random() * 4500 : large < 0.92 ? 5100 + random() * 44_900 : 51_000 + random() * 90_000
  const amount = { amount: Math.floor(cents) / 100, currency: 'USD' }
  const agent = pick(random, ['bot-1', 'bot-2', 'bot-3', 'ana', 'iris'])
  const customer = `c${1 + Math.floor(random() * 60)}`
  const channel = pick(random, ['chat', 'email', 'phone'])
  entries.push({ at, record: { type: 'refund_requested', id, customer, agent, amount, channel } })
  const signedAt = cents <= 5000 ? at : answers(entries, random, id, at, cents)
  if (signedAt === null || random() < 0.04) return
  const issuedAt = signedAt + Math.floor(random() * 50 * minute)
  entries.push({ at: issuedAt, record: { type: 'refund_issued', refund: id, amount } })
  // Most banks take a day; some never say anything.
  if (random() < 0.95)
    entries.push({
      at: issuedAt + Math.floor(random() ** 3 * 60 * hour),
      record: { type: 'bank_confirmed', refund: id },
    })
}

/** Answers in the ticket; gives when the request was signed, null where it was not. */
function answers(entries: Entry[], random: () => number, id: string, at: number, cents: number): number | null {
  const answer = (when: number, user: string, team: string, word = 'approve') =>
    entries.push({ at: when, record: { type: 'ticket_answer', ticket: id, user, team, answer: word } })
  const isSmall = cents <= 50_000
  const first = at + Math.floor(random() ** 2 * 80 * minute)
  if (isSmall) {
    // A few leads do not look at who asked, a few are late.
    answer(first, pick(random, ['ana', 'ana', 'bo', 'zoe']), 'SupportLead', random() < 0.07 ? 'reject' : 'approve')
    if (first <= at + 30 * minute) return first
  }
  if (random() < 0.15) return null
  const second = Math.max(first, at + (isSmall ? 31 * minute : 0)) + Math.floor(random() * 60 * minute)
  answer(second, 'kim', 'RiskOfficer')
  if (random() < 0.1) answer(second + minute, 'kim', 'RiskOfficer')
  answer(second + 4 * minute, pick(random, ['lee', 'max']), 'RiskOfficer')
  return second + 4 * minute
}

function pick(random: () => number, items: readonly string[]): string {
  return items[Math.floor(random() * items.length)] ?? ''
}

/** Numbers in [0, 1) that the seed fixes (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

if (import.meta.main) writeFileSync(samplePath('refunds', 'events', 'generated.ndjson'), generated())
