/**
 * An explanation as lines of text with roles: the same words for terminals, the editor and the companion. The first line is
 * the answer; then the reason, the rule that decided with its conditions, the other rules, and what would have changed it.
 * Colours are the front end's; what would have changed it is found in counterfactual.ts.
 */
import type { LogView } from '../log/view.ts'
import type { SourceSpan } from '../plan/expression.ts'
import type { Plan, PlanPolicy, PlanRule } from '../plan/plan.ts'
import type { Change } from './change.ts'
import type { Citation } from './history-words.ts'
import { approvalWords, policyAt } from './reason.ts'
import { type Scope, scopeAt } from './scope.ts'
import { conditionPoints, type Point, shortestReason } from './sentences.ts'
import { subjectText } from './subject.ts'
import type { Explanation, RuleWitness } from './witness.ts'
import { counted, decided, decidedInText, eventNumber, grouped, harmless, placeText, timeText } from './words.ts'

/** What a piece of text is; it says so without colour too. */
export type Role =
  | 'decision'
  | 'subject'
  | 'heading'
  | 'rule'
  | 'source'
  /** ✓, ✗ and ?: a condition that holds, does not, or cannot be known. */
  | 'good'
  | 'bad'
  | 'open'
  /** An event or a place in a file that can be opened. */
  | 'cite'
  | 'muted'
  | 'plain'

export interface Segment {
  readonly text: string
  readonly role: Role
  /** The event that a 'cite' opens. */
  readonly seq?: number
  /** The source that a 'cite' or 'source' opens. */
  readonly span?: SourceSpan
}
export type Line = readonly Segment[]

/** The whole page, no line longer than `width` except where a single word is. */
export function explanationLines(
  plan: Plan,
  view: LogView,
  explanation: Explanation,
  changes: readonly Change[] = [],
  width = 100,
): readonly Line[] {
  const policy = policyAt(plan, explanation.policy)
  const scope = scopeAt(plan, view, () => false, view.event(explanation.seq))
  return [
    ...answer(policy, explanation, scope, width),
    ...decidingRule(policy, explanation, scope, width),
    ...otherRules(policy, explanation, scope, width),
    ...changeLines(changes, width),
  ]
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

export function plainText(line: Line): string {
  return line
    .map(segment => segment.text)
    .join('')
    .trimEnd()
}

function answer(policy: PlanPolicy, explanation: Explanation, scope: Scope, width: number): readonly Line[] {
  const { event } = scope
  const subject = subjectText(policy, explanation, scope)
  const number = `event ${eventNumber(event.seq)} of ${grouped(scope.view.size)}`
  const first: Line = [
    segment(decided[explanation.decision], 'decision'),
    segment(`  ${scope.plan.contracts[event.contract]?.name ?? ''}`, 'subject'),
    segment(subject === '' ? '' : `  ${subject}`, 'plain'),
  ]
  const place: Line = [cite(number, event.seq), segment(` · ${timeText(event.time)}`, 'muted')]
  const record = `${harmless(event.file)} record ${grouped(event.index + 1)} · policy ${policy.name} ${policy.version}`
  return [
    ...beside(first, place, width),
    ...wrapped('because ', 'plain', harmless(explanation.reason), 'plain', width),
    ...wrapped('', 'muted', record, 'muted', width),
  ]
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
  const title = rule.title !== null && rule.title !== explanation.reason ? `  ${harmless(rule.title)}` : ''
  const name: Line = [segment('  rule ', 'muted'), segment(rule.name, 'rule'), segment(title, 'plain')]
  return [
    [],
    ...beside(name, [placeCite(scope.plan, rule.span)], width),
    ...(witness.outcome === 'matched-unknown' ? unknownLines(rule, width) : []),
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
  const elsewhere = others.length - matched.length - failed.length
  if (others.length === 0) return []
  const rows = [
    ...matched.map(witness => matchedRow(policy, witness, explanation)),
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
    [segment('other rules', 'heading')],
    ...rowLines(rows, width),
    ...rest.flatMap(text => wrapped('  ', 'plain', text, 'muted', width)),
  ]
}

const mostOthers = 6

interface Row {
  readonly left: Line
  readonly right: Line
}

function matchedRow(policy: PlanPolicy, witness: RuleWitness, explanation: Explanation): Row[] {
  const rule = policy.rules[witness.rule]
  if (!rule) return []
  const verb = { permit: 'permits', warn: 'warns', hold: 'holds', deny: 'denies' }[rule.decision]
  const why =
    rule.decision === explanation.decision
      ? `also matched and ${verb}`
      : `matched and ${verb}, but ${explanation.decision} goes before ${rule.decision}`
  return [{ left: [segment('  ', 'plain'), segment(rule.name, 'rule')], right: [segment(why, 'plain')] }]
}

function failedRow(policy: PlanPolicy, witness: RuleWitness, scope: Scope): Row[] {
  const rule = policy.rules[witness.rule]
  if (!rule) return []
  const left: Line = [segment('  ', 'plain'), segment(rule.name, 'rule'), segment(` ${rule.decision}`, 'muted')]
  const reason = rule.when && witness.condition ? shortestReason(rule.when, witness.condition, scope) : null
  if (!reason) return [{ left, right: [segment('did not match', 'plain')] }]
  const { point, more } = reason
  const note = point.note === '' ? '' : `   ${point.note}`
  const others = more > 0 ? `, nor ${counted(more, 'other way')} to match` : ''
  return [{ left, right: [mark(point), source(point), segment(`${note}${others}`, 'plain')] }]
}

function changeLines(changes: readonly Change[], width: number): readonly Line[] {
  if (changes.length === 0) return []
  return [
    [],
    [segment('what would have changed it', 'heading')],
    ...changes.flatMap(({ text, decision, rule }) =>
      wrapped(
        '  ',
        'plain',
        `${text}: ${decidedInText[decision]}${rule === null ? '' : ` by ${rule}`}`,
        'plain',
        width,
      ),
    ),
  ]
}

/** Conditions one under the other, their notes in a column where there is room. */
function pointLines(points: readonly Point[], indent: number, width: number): readonly Line[] {
  const longest = Math.max(...points.map(point => indent + 2 + point.source.length))
  const column = Math.min(longest + 3, Math.floor(width * 0.62))
  return points.flatMap(point => [
    ...pointLine(point, indent, column, width),
    ...point.below.flatMap(detail =>
      detail.kind === 'point' ? pointLines([detail], indent + 2, width) : citationLines(detail, indent + 4, width),
    ),
  ])
}

function pointLine(point: Point, indent: number, column: number, width: number): readonly Line[] {
  const start: Line = [segment(' '.repeat(indent), 'plain'), mark(point)]
  const length = indent + 2 + point.source.length
  if (length <= column && column + point.note.length <= width) {
    return [
      [
        ...start,
        source(point),
        segment(' '.repeat(Math.max(1, column - length)), 'plain'),
        segment(point.note, 'plain'),
      ],
    ]
  }
  const lines = wrapWords(point.source, width - indent - 2)
  const [first = '', ...more] = lines.length > 4 ? [...lines.slice(0, 3), `${lines[3] ?? ''} …`] : lines
  const pad = ' '.repeat(indent + 2)
  return [
    [...start, segment(first, 'source')],
    ...more.map((text): Line => [segment(pad, 'plain'), segment(text, 'source')]),
    ...(point.note === '' ? [] : wrapped(`${pad}  `, 'plain', point.note, 'plain', width)),
  ]
}

function citationLines(citation: Citation, indent: number, width: number): readonly Line[] {
  if (citation.seq === null) return wrapped(' '.repeat(indent), 'plain', citation.text, 'muted', width)
  const head: Line = [
    segment(' '.repeat(indent), 'plain'),
    cite(`event ${eventNumber(citation.seq)}`, citation.seq),
    segment(`  ${citation.time}  `, 'muted'),
  ]
  const room = Math.max(20, width - lengthOf(head))
  const [first = '', ...more] = wrapWords(citation.text, room)
  const pad = ' '.repeat(lengthOf(head))
  return [[...head, segment(first, 'plain')], ...more.map((text): Line => [segment(`${pad}${text}`, 'plain')])]
}

function rowLines(rows: readonly Row[], width: number): readonly Line[] {
  const column = Math.min(Math.max(0, ...rows.map(row => lengthOf(row.left))) + 2, 36)
  return rows.flatMap(({ left, right }) => {
    const pad = segment(' '.repeat(Math.max(2, column - lengthOf(left))), 'plain')
    if (column + lengthOf(right) <= width) return [[...left, pad, ...right]]
    const text = right.map(part => part.text).join('')
    const [first = '', ...more] = wrapWords(text, width - column)
    const [symbol, ...rest] = right
    const marked: Line =
      symbol && rest.length > 0
        ? [symbol, segment(first.slice(symbol.text.length), 'source')]
        : [segment(first, 'plain')]
    return [[...left, pad, ...marked], ...more.map((part): Line => [segment(`${' '.repeat(column)}${part}`, 'plain')])]
  })
}

/** `right` at the right edge of the line, or on a line of its own where there is no room. */
function beside(left: Line, right: Line, width: number): readonly Line[] {
  const room = width - lengthOf(left) - lengthOf(right)
  if (room >= 3) return [[...left, segment(' '.repeat(room), 'plain'), ...right]]
  const indented: Line = [segment('  ', 'plain'), ...right]
  return lengthOf(left) <= width ? [left, indented] : [...wrapLine(left, width), indented]
}

function wrapLine(line: Line, width: number): readonly Line[] {
  const [head, ...rest] = line
  if (!head) return []
  const text = rest.map(part => part.text).join('')
  const [first = '', ...more] = wrapWords(text, width - head.text.length)
  return [
    [head, segment(first, 'plain')],
    ...more.map((part): Line => [segment(`${' '.repeat(head.text.length + 2)}${part}`, 'plain')]),
  ]
}

/** Text after a lead, its further lines under its first word. */
function wrapped(lead: string, leadRole: Role, text: string, role: Role, width: number): readonly Line[] {
  const [first = '', ...more] = wrapWords(text, width - lead.length)
  const pad = ' '.repeat(lead.length)
  return [
    [segment(lead, leadRole), segment(first, role)],
    ...more.map((part): Line => [segment(pad, 'plain'), segment(part, role)]),
  ]
}

function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' && lines.length > 0 ? word : line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

function mark(point: Point): Segment {
  switch (point.truth) {
    case 'true':
      return segment('✓ ', 'good')
    case 'false':
      return segment('✗ ', 'bad')
    case 'unknown':
      return segment('? ', 'open')
    case null:
      return segment('  ', 'plain')
  }
}

function source(point: Point): Segment {
  return { text: point.source, role: 'source', span: point.span }
}

function cite(text: string, seq: number): Segment {
  return { text, role: 'cite', seq }
}

function placeCite(plan: Plan, span: SourceSpan): Segment {
  return { text: placeText(plan, span), role: 'cite', span }
}

function segment(text: string, role: Role): Segment {
  return { text, role }
}

function lengthOf(line: Line): number {
  return line.reduce((length, part) => length + part.text.length, 0)
}
