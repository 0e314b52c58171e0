/**
 * A workspace held against what was committed: contracts that break what they promise (W0650), numbers that were not raised for
 * what changed (W0651, W0654), promises that were taken back (W0653), and what could not be judged (W0655, W0656).
 */
import { type Fix, type PolicyDeclaration, type ProblemCode, problem, type SourceFile, type Span } from '@writ/grammar'
import type { FileProblem } from '../check/placed-problems.ts'
import type { Plan } from '../plan/plan.ts'
import { type Mode, verdictUnder } from './catalogue.ts'
import { adviceOf, type ContractChange, reasonOf } from './change.ts'
import type { Committed, CommittedVersion } from './committed.ts'
import { modeOf, modeText, versionChanges } from './compare.ts'
import { type ContractPart, type ContractVersion, contractPart, nameSpan, shifted } from './contract-part.ts'
import { type JudgedContract, judgedContracts, neededVersion } from './judge.ts'
import { policyMeaning } from './meaning.ts'
import { compareVersions, raised } from './version.ts'

/** Problems of files of the workspace. `plan` is theirs; without it policies are not looked at. */
export function historyProblems(
  files: readonly SourceFile[],
  plan: Plan | null,
  committed: Committed,
): readonly FileProblem[] {
  const part = contractPart(files)
  if (part.errors.length > 0) return []
  return [...contractProblems(files, part, committed), ...(plan === null ? [] : policyProblems(files, plan, committed))]
}

/** W0655 at the first promise, where there is one: without the history nobody can say whether it is kept. */
export function unjudgedProblems(files: readonly SourceFile[], why: string): readonly FileProblem[] {
  for (const { path, declarations } of files)
    for (const { start, syntax } of declarations) {
      if (syntax.kind !== 'contract') continue
      const item = syntax.items.find(one => one.kind === 'compatibility')
      if (item?.kind === 'compatibility' && item.mode.text !== 'none')
        return [found('W0655', path, shifted(item.span, start), { why })]
    }
  return []
}

function contractProblems(
  files: readonly SourceFile[],
  part: ContractPart,
  committed: Committed,
): readonly FileProblem[] {
  const problems: FileProblem[] = []
  for (const judged of judgedContracts(committed.newest.part, part, null)) {
    const { old, new: now } = judged
    if (now === null) problems.push(...removedProblem(files, judged, committed))
    else if (old !== null) problems.push(...weakened(now, judged, committed))
  }
  for (const [key, now] of part.contracts) {
    const baselines = baselinesOf(key, now, committed)
    problems.push(...brokenPromises(now, baselines), ...numberProblems(key, now, baselines))
    if (committed.cutOff !== null && modeOf(now)?.transitive)
      problems.push(found('W0656', now.path, promiseSpan(now), { why: committed.cutOff }))
  }
  return problems
}

interface Baseline extends CommittedVersion {
  /** Only a transitive mode looks at it. */
  readonly isOlder: boolean
}

/** The newest state, the number before, and behind them all others; the nearest first. */
function baselinesOf(key: string, now: ContractVersion, committed: Committed): readonly Baseline[] {
  const { label, part } = committed.newest
  const newest = part.contracts.get(key)
  const others = (committed.released.get(key) ?? []).filter(
    ({ version }) => version.contract.version !== now.contract.version && version !== newest,
  )
  const isSameNumber = newest?.contract.version === now.contract.version
  const numbers = others.toReversed().map((one, place): Baseline => ({ ...one, isOlder: !isSameNumber || place > 0 }))
  return newest === undefined ? [] : [{ label, version: newest, isOlder: false }, ...numbers]
}

function brokenPromises(now: ContractVersion, baselines: readonly Baseline[]): readonly FileProblem[] {
  const mode = modeOf(now)
  if (mode === null || mode.word === 'none') return []
  const told = new Set<string>()
  return baselines.flatMap(({ label, version, isOlder }) => {
    if (isOlder && !mode.transitive) return []
    return versionChanges(version, now).flatMap(change => {
      const key = `${change.kind} ${change.path} ${change.what}`
      if (verdictUnder(mode.word, change.kind) !== 'breaking' || told.has(key)) return []
      told.add(key)
      return [broken(now.path, change.new?.span ?? nameSpan(now), mode, change, { label, version })]
    })
  })
}

function broken(path: string, span: Span, mode: Mode, change: ContractChange, from: CommittedVersion): FileProblem {
  return found('W0650', path, span, {
    mode: modeText(mode),
    version: from.version.contract.version,
    label: from.label,
    kind: change.kind,
    what: change.what,
    reason: reasonOf(change),
    advice: adviceOf(change),
  })
}

function numberProblems(key: string, now: ContractVersion, baselines: readonly Baseline[]): readonly FileProblem[] {
  for (const { label, version, isOlder } of baselines) {
    if (isOlder) continue
    const changes = versionChanges(version, now)
    const needed = neededVersion(version, now, changes)
    const span = now.syntax.version && shifted(now.syntax.version.span, now.start)
    if (needed === null || span === null) continue
    const [first] = changes
    const more = changes.length > 1 ? ` and ${changes.length - 1} more` : ''
    const why = first === undefined ? 'numbers do not go back' : `${first.what}${more}`
    const parameters = { name: key, version: now.contract.version, label, old: version.contract.version, needed, why }
    return [found('W0651', now.path, versionNumber(now.text, span), parameters, raiseFix(now.text, span, needed))]
  }
  return []
}

function weakened(now: ContractVersion, judged: JudgedContract, committed: Committed): readonly FileProblem[] {
  const change = judged.changes.find(one => one.change.kind === 'S13.weakened')?.change
  if (change === undefined) return []
  const { label } = committed.newest
  const parameters = { before: change.before ?? '', after: change.after ?? '', label }
  return [found('W0653', now.path, promiseSpan(now), parameters)]
}

/** At the beginning of the file that it was in, or of the first. */
function removedProblem(
  files: readonly SourceFile[],
  { old, changes, mode, modeFrom }: JudgedContract,
  { newest }: Committed,
): readonly FileProblem[] {
  const change = changes.find(one => one.change.kind === 'S11')?.change
  const file = files.find(({ path }) => path === old?.path) ?? files[0]
  if (change === undefined || old === null || file === undefined || modeFrom !== 'declared' || mode.word === 'none')
    return []
  const first = file.declarations[0]
  const span = { start: first?.start ?? 0, end: first?.end ?? 0 }
  return [broken(file.path, span, mode, change, { label: newest.label, version: old })]
}

function policyProblems(files: readonly SourceFile[], plan: Plan, { newest }: Committed): readonly FileProblem[] {
  return plan.policies.flatMap((policy, index) => {
    const was = newest.policies.get(`${policy.module}.${policy.name}`)
    const path = plan.files[policy.span.file]?.path ?? ''
    const file = files.find(one => one.path === path)
    const written = file && writtenVersion(file, policy.span.start)
    if (was === undefined || file === undefined || !written) return []
    const { name, version } = policy
    const order = compareVersions(version, was.version)
    if (order > 0) return []
    const span = versionNumber(file.text, written)
    if (order < 0) {
      const why = 'numbers do not go back'
      const parameters = { name, version, label: newest.label, old: was.version, needed: was.version, why }
      return [found('W0651', path, span, parameters, raiseFix(file.text, written, was.version))]
    }
    if (was.meaning === policyMeaning(plan, index)) return []
    const needed = raised(version, 'minor')
    return [found('W0654', path, span, { name, version, label: newest.label }, raiseFix(file.text, written, needed))]
  })
}

function writtenVersion(file: SourceFile, start: number): Span | null {
  const placed = file.declarations.find(
    one => one.syntax.kind === 'policy' && one.start + one.syntax.span.start === start,
  )
  const syntax: PolicyDeclaration | null = placed?.syntax.kind === 'policy' ? placed.syntax : null
  return placed && syntax?.version ? shifted(syntax.version.span, placed.start) : null
}

/** The number alone, where the span has the word `version` too. */
function versionNumber(text: string, span: Span): Span {
  const at = /\d+\.\d+\.\d+$/.exec(text.slice(span.start, span.end))?.index ?? 0
  return { start: span.start + at, end: span.end }
}
function raiseFix(text: string, span: Span, needed: string): Fix {
  return { title: `Raise the version to ${needed}`, edits: [{ span: versionNumber(text, span), text: needed }] }
}
function promiseSpan({ syntax, start, ...rest }: ContractVersion): Span {
  const item = syntax.items.find(one => one.kind === 'compatibility')
  return item ? shifted(item.span, start) : nameSpan({ syntax, start, ...rest })
}

function found(
  code: ProblemCode,
  path: string,
  span: Span,
  parameters: Readonly<Record<string, string>>,
  fix?: Fix,
): FileProblem {
  return { ...problem(code, span, parameters, fix ? { fixes: [fix] } : {}), path }
}
