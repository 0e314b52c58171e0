/** Events of a simulation as rows of a list: those that a rule matched, decided or flips, page by page, and found by a text. */
import { decisionWords, fromInteger, harmless, type LogView, type Plan, presentTime, presentValue } from '@writ/engine'
import type { PolicyResult } from './simulator.ts'

export type Which = 'matched' | 'decided' | 'flipped'

export interface EventRow {
  readonly seq: number
  readonly time: string
  readonly file: string
  /** Place of the record in its file, from 0. */
  readonly index: number
  readonly contract: string
  readonly decision: string
  /** What the earlier version decided, where it decided otherwise. */
  readonly before: string | null
  /** Its first fields, `id r1, amount 120.00 USD`. */
  readonly summary: string
}
export interface EventPage {
  /** Of all pages; of those looked at where `partial`. */
  readonly total: number
  readonly rows: readonly EventRow[]
  /** With a filter: not all events were looked at, because there are too many. */
  readonly partial: boolean
}

/** Rows that are searched for a text at most: a matter of a second. */
const mostSearched = 200_000

/** `rule` null: of the whole policy. */
export function eventPage(
  plan: Plan,
  view: LogView,
  result: PolicyResult,
  rule: number | null,
  which: Which,
  { offset, limit, filter }: { readonly offset: number; readonly limit: number; readonly filter: string },
): EventPage {
  const all = placesOf(result, rule, which)
  const before = new Map<number, number>()
  result.flips?.places.forEach((place, i) => {
    before.set(place, result.flips?.before[i] ?? 0)
  })
  const row = (place: number): EventRow => rowOf(plan, view, result, place, before.get(place))
  const wanted = filter.trim().toLowerCase()
  if (wanted === '')
    return { total: all.length, rows: Array.from(all.slice(offset, offset + limit), row), partial: false }
  const searched = all.slice(0, mostSearched)
  const found: EventRow[] = []
  let total = 0
  for (const place of searched) {
    const one = row(place)
    if (!`${one.summary} ${one.file}:${one.index} ${one.decision} ${one.time}`.toLowerCase().includes(wanted)) continue
    if (total >= offset && found.length < limit) found.push(one)
    total++
  }
  return { total, rows: found, partial: searched.length < all.length }
}

/** Places in the decisions, ascending. */
function placesOf({ run, flips }: PolicyResult, rule: number | null, which: Which): Int32Array {
  const { decisions } = run
  const has = decisions.matchSets.map(set => rule === null || set.rules.includes(rule))
  if (which === 'flipped') {
    const places = flips?.places ?? new Int32Array()
    // Of the rule that decides now, and of the one that decided before: as they are counted.
    if (rule === null) return places
    return places.filter((place, i) => decisions.decidedBy[place] === rule || flips?.beforeRule[i] === rule)
  }
  const found: number[] = []
  for (let place = 0; place < decisions.size; place++) {
    const isIt =
      which === 'matched'
        ? has[decisions.matched[place] ?? 0] === true
        : rule === null || decisions.decidedBy[place] === rule
    if (isIt) found.push(place)
  }
  return Int32Array.from(found)
}

function rowOf(plan: Plan, view: LogView, { run }: PolicyResult, place: number, before: number | undefined): EventRow {
  const seq = run.decisions.seq[place] ?? 0
  const event = view.event(seq)
  const contract = plan.contracts[event.contract]
  const shown = (contract?.fields ?? []).filter(
    ({ name, classes }) => name !== contract?.timeField && !classes.includes('secret'),
  )
  const summary = shown.slice(0, 5).map(({ name, type }) => `${name} ${presentValue(event.value([name]), type)}`)
  return {
    seq,
    time: presentTime(fromInteger(event.time)),
    file: harmless(event.file),
    index: event.index,
    contract: contract?.name ?? '',
    decision: decisionWords[run.decisions.decision[place] ?? 0] ?? '',
    before: before === undefined ? null : (decisionWords[before] ?? null),
    summary: harmless(summary.join(', ')),
  }
}
