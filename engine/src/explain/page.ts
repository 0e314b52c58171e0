/**
 * An explanation as lines of text with roles: the same words for terminals, the editor and the companion. The first line is
 * the answer; then the reason, the rule that decided with its conditions, the other rules, and what would have changed it.
 * Colours are the front end's; what would have changed it is found in counterfactual.ts.
 */
import type { DecisionWord } from '@writ/grammar'
import type { LogView } from '../log/view.ts'
import type { SourceSpan } from '../plan/expression.ts'
import type { Plan, PlanPolicy, PlanRule } from '../plan/plan.ts'
import { buckets } from '../rollout/bucket.ts'
import { stageName } from '../rollout/stages.ts'
import type { Change } from './change.ts'
import { covered } from './covered.ts'
import { evaluate } from './evaluate.ts'
import { beside, cite, type Line, lengthOf, plainText, type Segment, segment, wrapped } from './layout.ts'
import { pointLines, type Row, rowLines } from './point-lines.ts'
import { approvalWords, policyAt } from './reason.ts'
import { type Scope, scopeAt } from './scope.ts'
import { conditionPoints, type Point, shortestReason } from './sentences.ts'
import { subjectParts } from './subject.ts'
import type { Explanation, RuleWitness } from './witness.ts'
import {
  counted,
  decided,
  decidedInText,
  durationText,
  eventNumber,
  grouped,
  harmless,
  joined,
  placeText,
  timeText,
  valueText,
} from './words.ts'

/** The whole page, no line longer than `width` except where a single word is. Secrets are covered. */
export function explanationLines(
  plan: Plan,
  view: LogView,
  explanation: Explanation,
  changes: readonly Change[] = [],
  width = 100,
): readonly Line[] {
  const policy = policyAt(plan, explanation.policy)
  const scope = scopeAt(plan, view, () => false, view.event(explanation.seq))
  const lines = [
    ...answer(policy, explanation, scope, width),
    ...decidingRule(policy, explanation, scope, width),
    ...otherRules(policy, explanation, scope, width),
    ...changeLines(changes, width),
  ]
  return covered(lines, plan, view, scope.event)
}

/** The page as plain text, without a line break at the end. */
export function explanationText(
  plan: Plan,
  view: LogView,
  explanation: Explanation,
  changes: readonly Change[] = [],
  width = 100,
): string {
  return explanationLines(plan, view, explanation, changes, width).map(plainText).join('\n')
}

/** The first line with the event's number and time at its right, as far as there is room; the rest of the place below. */
function answer(policy: PlanPolicy, explanation: Explanation, scope: Scope, width: number): readonly Line[] {
  const { event } = scope
  const head: Line = [
    segment(decided[explanation.decision], 'decision'),
    segment(`  ${scope.plan.contracts[event.contract]?.name ?? ''}`, 'subject'),
  ]
  const parts = subjectParts(policy, explanation, scope)
  const lines = parts.map((_, i): Line => [...head, segment(`  ${parts.slice(0, i + 1).join(', ')}`, 'plain')])
  const number = cite(`event ${eventNumber(event.seq)} of ${grouped(scope.view.size)}`, event.seq)
  const time = segment(timeText(event.time), 'muted')
  const fitting = (room: number) => lines.findLast(line => lengthOf(line) <= room)
  const first = fitting(width - 3 - number.text.length) ?? fitting(width) ?? head
  const shadow = policy.mode === 'shadow' ? ', in shadow: it does not count' : ''
  const standing = `${policy.layer === null ? '' : `, layer ${policy.layer}`}${shadow}`
  const place = [
    segment(`${harmless(event.file)} record ${grouped(event.index + 1)}`, 'muted'),
    segment(`policy ${policy.name} ${policy.version}${standing}`, 'muted'),
  ]
  const free = width - lengthOf(first) - 3
  const inFirst = [[number, time], [number], []].find(some => lengthOf(dotted(some)) <= free) ?? []
  const below = [number, time].filter(part => !inFirst.includes(part))
  return [
    ...beside(first, dotted(inFirst), width),
    ...wrapped('because ', 'plain', harmless(explanation.reason), 'plain', width),
    ...dottedLines([...below, ...place], width),
    ...rolloutLines(explanation, scope, width),
  ]
}

/** At which stage of its rollout the policy is, in which bucket the event, and so whether the decision counts. */
function rolloutLines({ standing }: Explanation, { plan }: Scope, width: number): readonly Line[] {
  if (!standing) return []
  const rollout = plan.rollouts[standing.rollout?.rollout ?? -1]
  const stage = standing.rollout && rollout ? stageName(rollout, standing.rollout.stage) : ''
  const at = rollout ? `rollout ${rollout.name}: ${stage}${bucketWords(plan, standing)}` : ''
  const other = plan.policies[standing.replacedBy ?? -1]
  const why = other ? `${other.name} counts in its place` : ''
  const counts = standing.counts ? 'it counts' : 'it does not count'
  return wrapped('', 'muted', [at, why, counts].filter(part => part !== '').join(', '), 'muted', width)
}

function bucketWords(plan: Plan, { rollout }: NonNullable<Explanation['standing']>): string {
  const found = plan.rollouts[rollout?.rollout ?? -1]?.stages[rollout?.stage ?? -1]
  if (!rollout || found?.kind !== 'canary') return ''
  const keys = joined([...found.keys])
  if (rollout.bucket === null) return `, of which an event without ${keys} is no part`
  return `, bucket ${((rollout.bucket / buckets) * 100).toFixed(2)}% by ${keys}`
}

/** Broken between the parts where they do not fit on one line. */
function dottedLines(parts: readonly Segment[], width: number): readonly Line[] {
  const lines: Segment[][] = []
  for (const part of parts) {
    const last = lines.at(-1)
    if (last && lengthOf(dotted([...last, part])) <= width) last.push(part)
    else lines.push([part])
  }
  return lines.map(dotted)
}

function dotted(parts: readonly Segment[]): Line {
  return parts.flatMap((part, i) => (i === 0 ? [part] : [segment(' · ', 'muted'), part]))
}

function decidingRule(policy: PlanPolicy, explanation: Explanation, scope: Scope, width: number): readonly Line[] {
  const rule = policy.rules[explanation.decidedBy]
  const witness = explanation.rules[explanation.decidedBy]
  if (!rule || !witness) {
    const name: Line = [
      segment('  ', 'plain'),
      segment('default', 'rule'),
      segment(`  no rule of the policy matches`, 'plain'),
    ]
    return [[], ...beside(name, [placeCite(scope.plan, policy.default.span)], width)]
  }
  const title = rule.title !== null && rule.title !== explanation.reason ? harmless(rule.title) : ''
  const name: Line = [segment('  rule ', 'muted'), segment(rule.name, 'rule')]
  const place = [placeCite(scope.plan, rule.span)]
  const full: Line = title === '' ? name : [...name, segment(`  ${title}`, 'plain')]
  const fits = lengthOf(full) + lengthOf(place) + 3 <= width
  return [
    [],
    ...beside(fits ? full : name, place, width),
    ...(fits ? [] : wrapped('    ', 'plain', title, 'plain', width)),
    ...(witness.outcome === 'matched-unknown' ? unknownLines(rule, width) : []),
    ...breakerLines(rule, witness, scope, width),
    ...(rule.when && witness.condition
      ? pointLines(conditionPoints(rule.when, witness.condition, scope), 4, width)
      : [[segment('    it has no condition: it holds for every such event', 'muted')]]),
    ...approvalLines(rule, scope, width),
  ]
}

function unknownLines(rule: PlanRule, width: number): readonly Line[] {
  const text = `its condition cannot be known; a rule that ${rule.decision === 'deny' ? 'denies' : 'holds'} then matches, to be safe`
  return wrapped('    ', 'plain', text, 'open', width)
}

/** Why a rule matches whose own condition does not hold. */
function breakerLines(rule: PlanRule, { trip }: RuleWitness, scope: Scope, width: number): readonly Line[] {
  if (!rule.lasting || !trip) return []
  const { event, plan } = scope
  const tripped = scope.view.event(trip.seq)
  const whose = rule.lasting.keys.map(({ name, value }) => `${name} ${valueText(evaluate(value, scope), value.type)}`)
  const of = whose.length > 0 ? ` for ${joined(whose)}` : ''
  const at = `at event ${eventNumber(trip.seq)} (${timeText(tripped.time, event.time)})`
  const until = `until ${timeText(trip.until, event.time)}`
  const text = `the breaker tripped ${at} and stays tripped${of} ${until}, ${durationText(rule.lasting.milliseconds)} long`
  const name = plan.contracts[event.contract]?.name ?? ''
  return [
    ...wrapped('    ', 'plain', text, 'plain', width),
    ...(rule.when ? wrapped('    ', 'plain', `for this ${name} alone it would not match:`, 'muted', width) : []),
  ]
}

function approvalLines(rule: PlanRule, scope: Scope, width: number): readonly Line[] {
  if (!rule.approval) return []
  const stages = rule.approval.stages.map(approvalWords)
  const otherwise = rule.approval.otherwise
  const last = otherwise ? `, else it is ${decidedInText[otherwise.decision]}` : ''
  const until = rule.approval.stages[0]?.withinMilliseconds ?? null
  const by = until === null ? '' : ` (until ${timeText(scope.event.time + until, scope.event.time)})`
  const [first = '', ...more] = stages
  return wrapped('    asks for ', 'muted', `${[`${first}${by}`, ...more].join(', else ')}${last}`, 'plain', width)
}

/** Why the rules with another outcome did not decide; for a default, why no rule matched. */
function otherRules(policy: PlanPolicy, explanation: Explanation, scope: Scope, width: number): readonly Line[] {
  const others = explanation.rules.filter(({ rule }) => rule !== explanation.decidedBy)
  const matched = others.filter(({ outcome }) => outcome.startsWith('matched'))
  const failed = others.filter(({ outcome }) => outcome === 'not-matched')
  const waived = others.filter(({ outcome }) => outcome === 'waived')
  const elsewhere = others.length - matched.length - waived.length - failed.length
  if (others.length === 0) return []
  const rows = [
    ...matched.map(witness => matchedRow(policy, witness, explanation)),
    ...waived.map(witness => waivedRow(policy, witness, scope)),
    ...failed.slice(0, mostOthers).map(witness => failedRow(policy, witness, scope)),
  ].flat()
  const rest = [
    ...(failed.length > mostOthers ? [`${counted(failed.length - mostOthers, 'more rule')} did not match`] : []),
    ...(elsewhere > 0
      ? [
          `${counted(elsewhere, 'rule')} ${elsewhere === 1 ? 'does' : 'do'} not speak of ${scope.plan.contracts[scope.event.contract]?.name ?? ''}`,
        ]
      : []),
  ]
  return [
    [],
    [segment(explanation.decidedBy < 0 ? 'the rules' : 'other rules', 'heading')],
    ...rowLines(rows, width),
    ...rest.flatMap(text => wrapped('  ', 'plain', text, 'muted', width)),
  ]
}

const mostOthers = 6

function matchedRow(policy: PlanPolicy, witness: RuleWitness, explanation: Explanation): Row[] {
  const rule = policy.rules[witness.rule]
  if (!rule) return []
  const verb = { permit: 'permits', warn: 'warns', hold: 'holds', deny: 'denies' }[rule.decision]
  return [
    {
      left: ruleName(rule),
      point: null,
      note: `${matchedText(witness)} and ${verb}${beatenText(policy, rule, explanation.decision)}`,
    },
  ]
}

/** A rule that an exception keeps from matching. */
function waivedRow(policy: PlanPolicy, { rule: index, waiver }: RuleWitness, { plan, event }: Scope): Row[] {
  const rule = policy.rules[index]
  const exception = plan.exceptions[waiver?.exception ?? -1]
  if (!rule || !exception) return []
  const { name, grantedBy, until, because } = exception
  const end = timeText(until, event.time)
  const why = because === null ? '' : `, because ${harmless(because)}`
  const note = `would match, but the exception ${name} waives it (granted by ${harmless(grantedBy)} until ${end}${why})`
  return [{ left: ruleName(rule), point: null, note }]
}

function matchedText({ trip }: RuleWitness): string {
  return trip ? `matched (its breaker tripped at event ${eventNumber(trip.seq)})` : 'matched'
}

/** Why a rule that matched does not decide. */
function beatenText(policy: PlanPolicy, rule: PlanRule, decision: DecisionWord): string {
  if (rule.decision === decision) return ' too'
  switch (policy.combine) {
    case 'first':
      return ', but the first rule that matches decides'
    case 'permit_overrides':
      return decision === 'permit' ? ', but a permit overrides it' : `, but ${decision} is stricter`
    case 'strictest':
      return `, but ${decision} is stricter`
  }
}

function failedRow(policy: PlanPolicy, witness: RuleWitness, scope: Scope): Row[] {
  const rule = policy.rules[witness.rule]
  if (!rule) return []
  const reason = rule.when && witness.condition ? shortestReason(rule.when, witness.condition, scope) : null
  if (!reason) return [{ left: ruleName(rule), point: null, note: 'did not match' }]
  const { point, more } = reason
  const others =
    more > 0 ? [`nor ${more === 1 ? 'does the other' : `do ${more} other`} condition${more === 1 ? '' : 's'}`] : []
  return [{ left: ruleName(rule), point, note: [noteAlone(point), ...others].filter(text => text !== '').join('; ') }]
}

function ruleName(rule: PlanRule): Line {
  return [segment('  ', 'plain'), segment(rule.name, 'rule'), segment(` (${rule.decision})`, 'muted')]
}

/** The note of a point, or of what it was found to rest on; citations are not shown here. */
function noteAlone(point: Point): string {
  if (point.note !== '') return point.note
  for (const detail of point.below) {
    if (detail.kind === 'point') {
      const note = noteAlone(detail)
      if (note !== '') return note
    } else if (detail.seq !== null && !detail.missed) {
      return `event ${eventNumber(detail.seq)} at ${detail.time}`
    }
  }
  return ''
}

function changeLines(changes: readonly Change[], width: number): readonly Line[] {
  if (changes.length === 0) return []
  return [
    [],
    [segment('what would have changed it', 'heading')],
    ...changes.flatMap(({ kind, text, decision, rule }) => {
      const result = kind === 'approval' ? 'may go on' : decidedInText[decision]
      return wrapped('  ', 'plain', `${text}: ${result}${rule === null ? '' : ` by ${rule}`}`, 'plain', width)
    }),
  ]
}

function placeCite(plan: Plan, span: SourceSpan): Segment {
  return { text: placeText(plan, span), role: 'cite', span }
}
