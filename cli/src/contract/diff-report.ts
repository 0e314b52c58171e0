/** The forms of `writ contract diff`: text for people, JSON for programs (docs/schemas/contract-diff.schema.json). */
import { adviceOf, changeKind, type JudgedContract, modeText, reasonOf, type Verdict, verdictsOf } from '@writ/engine'
import { lineIndex } from '@writ/grammar'
import { placesIn } from '../report/problem-json.ts'
import type { Output } from '../terminal/io.ts'
import type { Paint } from '../terminal/paint.ts'
import { counted, printable, wrap } from '../terminal/text.ts'
import { shownPath } from '../workspace.ts'
import type { RulesUnderBoth } from './rules-under-both.ts'
import type { State } from './states.ts'

export interface Comparison {
  readonly old: State
  readonly new: State
  /** Of the last of several old states all contracts, of earlier ones those whose mode is transitive. */
  readonly contracts: readonly JudgedContract[]
}

export interface DiffResult {
  readonly comparisons: readonly Comparison[]
  readonly rules: RulesUnderBoth | null
}

/** How many changes there are with each verdict under the modes that judge them. */
export function verdictCounts(comparisons: readonly Comparison[]): Readonly<Record<Verdict, number>> {
  const counts = { compatible: 0, conditional: 0, unclassified: 0, breaking: 0 }
  for (const { contracts } of comparisons)
    for (const { changes } of contracts) for (const { verdict } of changes) counts[verdict]++
  return counts
}

export function diffJson({ comparisons, rules }: DiffResult): object {
  const counts = verdictCounts(comparisons)
  return {
    counts,
    versionsToRaise: comparisons.at(-1)?.contracts.filter(({ needed }) => needed !== null).length ?? 0,
    comparisons: comparisons.map(comparison => {
      const [oldPlaces, newPlaces] = [placesIn(comparison.old.sources), placesIn(comparison.new.sources)]
      return {
        old: comparison.old.shown,
        new: comparison.new.shown,
        contracts: comparison.contracts.map(judged => ({
          contract: judged.contract,
          oldVersion: judged.old?.contract.version ?? null,
          newVersion: judged.new?.contract.version ?? null,
          mode: judged.mode.word,
          transitive: judged.mode.transitive,
          modeFrom: judged.modeFrom,
          neededVersion: judged.needed,
          changes: judged.changes.map(({ change, verdict }) => ({
            kind: change.kind,
            title: changeKind(change.kind).title,
            path: change.path,
            what: change.what,
            before: change.before,
            after: change.after,
            verdict,
            verdicts: verdictsOf(change),
            bump: changeKind(change.kind).bump,
            decisions: changeKind(change.kind).decisions,
            privacy: changeKind(change.kind).privacy,
            reason: reasonOf(change),
            advice: adviceOf(change),
            witness: change.witness,
            old: change.old && oldPlaces(change.old.path, change.old.span),
            new: change.new && newPlaces(change.new.path, change.new.span),
          })),
        })),
      }
    }),
    rules: rules === null ? null : rules.json,
  }
}

export function diffText({ comparisons, rules }: DiffResult, { paint, columns }: Output): string {
  const lines: string[] = []
  for (const comparison of comparisons) {
    if (comparisons.length > 1) {
      const names = `${printable(comparison.old.shown)} → ${printable(comparison.new.shown)}`
      lines.push(paint.dim(names), '')
    }
    for (const judged of comparison.contracts) lines.push(...contractLines(comparison, judged, paint, columns), '')
  }
  if (rules !== null) lines.push(...rules.lines(paint, columns), '')
  lines.push(summary(comparisons, paint))
  return `${lines.join('\n')}\n`
}

const signs: Readonly<Record<Verdict, string>> = { compatible: '✓', conditional: '△', unclassified: '?', breaking: '✗' }

function contractLines(comparison: Comparison, judged: JudgedContract, paint: Paint, columns: number): string[] {
  const [was, is] = [judged.old?.contract.version, judged.new?.contract.version]
  const versions =
    was === undefined ? `new, ${is}` : is === undefined ? `was ${was}` : was === is ? was : `${was} → ${is}`
  const from = { declared: 'declared', given: 'given with --mode', default: 'no mode is declared' }[judged.modeFrom]
  const lines = [
    `${paint.bold(printable(judged.contract))}  ${versions}  ${paint.dim(`${modeText(judged.mode)} (${from})`)}`,
  ]
  for (const { change, verdict } of judged.changes) {
    const kind = changeKind(change.kind)
    const { backward, forward } = verdictsOf(change)
    const sign = signFor(verdict, paint)
    const both = `backward ${signs[backward]}  forward ${signs[forward]}  ${kind.bump}`
    const flags = `${kind.decisions ? '  may change decisions' : ''}${kind.privacy ? '  concerns privacy' : ''}`
    lines.push(
      `  ${sign} ${paint.bold(change.kind)}  ${printable(change.what)}  ${paint.dim(placeText(comparison, change))}`,
    )
    lines.push(paint.dim(`      ${both}${flags}`))
    if (verdict === 'compatible') continue
    lines.push(...told('why', kind.reason, columns), ...told('do', kind.advice, columns))
    if (change.witness !== null) lines.push(...told('such as', change.witness, columns))
  }
  if (judged.needed !== null) lines.push(paint.yellow(`  ! the version has to be ${judged.needed}, and is ${is}`))
  return lines
}

function told(name: string, text: string, columns: number): string[] {
  const [first = '', ...rest] = wrap(printable(text), columns - 16)
  return [`      ${name.padEnd(8)} ${first}`, ...rest.map(line => `               ${line}`)]
}

function signFor(verdict: Verdict, paint: Paint): string {
  switch (verdict) {
    case 'compatible':
      return paint.green(signs.compatible)
    case 'breaking':
      return paint.red(signs.breaking)
    case 'conditional':
    case 'unclassified':
      return paint.yellow(signs[verdict])
  }
}

function placeText(comparison: Comparison, change: JudgedContract['changes'][number]['change']): string {
  const [state, place] = change.new === null ? [comparison.old, change.old] : [comparison.new, change.new]
  if (place === null) return ''
  const { line, column } = lineIndex(state.sources.texts.get(place.path) ?? '').position(place.span.start)
  return `${printable(shownPath(state.sources.shown, place.path))}:${line + 1}:${column + 1}`
}

function summary(comparisons: readonly Comparison[], paint: Paint): string {
  const counts = verdictCounts(comparisons)
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0)
  const raise = comparisons.at(-1)?.contracts.filter(({ needed }) => needed !== null).length ?? 0
  if (all === 0) return `${paint.green('✓')} no changes`
  const parts = [
    counts.breaking > 0 ? paint.red(`${counts.breaking} breaking`) : '',
    counts.unclassified > 0 ? paint.yellow(`${counts.unclassified} not decided`) : '',
    counts.conditional > 0 ? paint.yellow(`${counts.conditional} to be made sure of`) : '',
    raise > 0 ? paint.yellow(`${counted(raise, 'version')} to raise`) : '',
  ].filter(part => part !== '')
  if (parts.length === 0) return `${paint.green('✓')} ${counted(all, 'change')}, all compatible`
  return `${counts.breaking > 0 ? paint.red('✗') : paint.yellow('!')} ${counted(all, 'change')}: ${parts.join(', ')}`
}
