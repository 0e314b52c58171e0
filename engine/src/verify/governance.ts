/** Breakers and exceptions, a second time: the newest earlier event that makes a rule go on matching, and what waives it. */
import type { EventView } from '../log/view.ts'
import type { PlanRule } from '../plan/plan.ts'
import { type Datum, isNothing, print, truth, vague } from './datum.ts'
import { meaning, type Place, takenOut } from './meaning.ts'

/** The event that tripped the breaker last, and the last moment of it; null where it is not tripped. */
export function lastTrip(rule: PlanRule, at: Place): { readonly seq: number; readonly until: number } | null {
  const { lasting } = rule
  const wanted = lasting && keysOf(rule, at)
  if (!lasting || wanted === null) return null
  const oldest = at.now.time - lasting.milliseconds
  let found: EventView | null = null
  for (const contract of rule.contracts) {
    const seqs = at.view.of(contract)
    for (let place = seqs.length - 1; place >= 0; place--) {
      const seq = seqs[place] ?? 0
      if (seq >= at.now.seq) continue
      const event = at.view.event(seq)
      if (event.time < oldest || seq < (found?.seq ?? 0)) break
      const there: Place = { ...at, now: event, events: new Map([[0, event]]), elements: new Map() }
      if (keysOf(rule, there) !== wanted || takenOut(event, at) || !holdsByItself(rule, there)) continue
      if (waiverAt(rule, there) >= 0) continue
      found = event
      break
    }
  }
  return found && { seq: found.seq, until: found.time + lasting.milliseconds }
}

/** The first exception that takes the match of a rule away, or -1. */
export function waiverAt(rule: PlanRule, at: Place): number {
  const { time } = at.now
  return at.plan.exceptions.findIndex(
    ({ policy, rule: index, when, from, until }) =>
      at.plan.policies[policy]?.rules[index] === rule &&
      (from ?? time) <= time &&
      time <= until &&
      (when === null || truth(meaning(when, at)) === true),
  )
}

function holdsByItself(rule: PlanRule, at: Place): boolean {
  const held = rule.when === null ? true : truth(meaning(rule.when, at))
  return held === true || (held === null && (rule.decision === 'deny' || rule.decision === 'hold'))
}

/** The keys as one text; null where one is not there. */
function keysOf(rule: PlanRule, at: Place): string | null {
  const keys: readonly Datum[] = rule.lasting?.keys.map(key => meaning(key.value, at)) ?? []
  return keys.some(key => isNothing(key) || vague(key)) ? null : keys.map(print).join('\n')
}
