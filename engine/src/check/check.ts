/**
 * The checker as one function: files in, problems and a plan out. It binds names, works out the signatures that declarations
 * show each other, then the body of each declaration, and takes over from the check before what still holds.
 * Meaning is elsewhere: names in ../bind, bodies in bodies.ts and what it leads to, the making of the plan in assemble.ts.
 */
import type { SourceFile } from '@writ/grammar'
import { withLanguage } from '../bind/language-module.ts'
import { type Binding, bind, moduleOf } from '../bind/modules.ts'
import type { PolicySignature, Signature } from '../bind/signature.ts'
import type { Unit, UnitProblem } from '../bind/unit.ts'
import type { Baselines } from '../plan/baseline.ts'
import type { Plan } from '../plan/plan.ts'
import { assemble } from './assemble.ts'
import { bodyOf } from './bodies.ts'
import type { SampleBody } from './contracts.ts'
import { type FileProblem, placedProblems } from './placed-problems.ts'
import { type Earlier, Scopes } from './scope.ts'
import { type DoubledSample, wholeProblems } from './whole-problems.ts'
import { roundOf, wideBodyOf } from './wide-bodies.ts'

/** The outcome of a check. */
export interface Checked {
  /** Null exactly when there is an error. Made when it is first read. */
  readonly plan: Plan | null
  /** In the order of the files, then of their places; the problems of the syntax included. */
  readonly problems: readonly FileProblem[]
}
export type { FileProblem }

export interface CheckOptions {
  /** What `drift` may be held against, by name; null: they are not read here, which is a warning where one is needed. Left out: those of `previous`. */
  readonly baselines?: Baselines | null
}

/** Checks a workspace. `previous`, of an earlier state of it, only makes this faster. */
export function check(files: readonly SourceFile[], previous?: Checked, options: CheckOptions = {}): Checked {
  const ordered = withLanguage([...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)))
  const before = previous ? memories.get(previous) : undefined
  const memory = checkedMemory(
    ordered,
    before,
    options.baselines === undefined ? (before?.baselines ?? null) : options.baselines,
  )
  const { units, binding, whole } = memory
  const problems = placedProblems(ordered, units, binding.problems, whole)
  const wrong = problems.some(found => found.severity === 'error')
  let plan: Plan | null = null
  const checked: Checked = {
    get plan() {
      if (wrong) return null
      plan ??= assemble(
        ordered.map(({ path, text }) => ({ path, text })),
        units,
      )
      return plan
    },
    problems,
  }
  memories.set(checked, memory)
  return checked
}

/** What a later check takes over. INVARIANT: nothing in it changes once its check is over, but the stand-ins and the ids grow. */
export interface Memory {
  readonly files: readonly SourceFile[]
  readonly units: readonly Unit[]
  readonly binding: Binding
  readonly whole: ReadonlyMap<number, readonly UnitProblem[]>
  readonly unitsByPath: ReadonlyMap<string, readonly Unit[]>
  readonly deciders: ReadonlyMap<number, readonly PolicySignature[]>
  readonly waiting: readonly PolicySignature[]
  readonly unknowables: Map<string, Signature>
  readonly ids: { next: number }
  readonly baselines: Baselines | null
}

const memories = new WeakMap<Checked, Memory>()

/** What a check knows beyond its problems and plan, for those who look into it (../editor). */
export function memoryOf(checked: Checked): Memory {
  const memory = memories.get(checked)
  if (!memory) throw new Error('a checked program comes from `check`')
  return memory
}

function checkedMemory(files: readonly SourceFile[], before: Memory | undefined, baselines: Baselines | null): Memory {
  const ids = before?.ids ?? { next: 0 }
  const unknowables = before?.unknowables ?? new Map<string, Signature>()
  const unitsByPath = new Map<string, readonly Unit[]>()
  const unitsByFile = files.map((file, index) => {
    const own = unitsOf(file, index, ids, before)
    unitsByPath.set(file.path, own)
    return own
  })
  const units = unitsByFile.flat()
  const binding = bind(files, unitsByFile)
  const earlier: Earlier = {
    named: (kind, module, name) => {
      const signature = before?.binding.modules.get(module)?.declared.get(name)?.signature?.value
      return signature?.kind === kind ? signature : undefined
    },
    unknowables,
  }
  const scopes = new Scopes(binding, earlier, () => ids.next++, baselines)
  for (const unit of units) scopes.signature(unit)
  const doubled = makeBodies(units, scopes, before)
  const whole = wholeProblems(units, binding, scopes, doubled)
  for (const unit of units) unit.twin = null
  const { deciders, waiting } = scopes
  return { files, units, unitsByPath, binding, whole, deciders, waiting, unknowables, ids, baselines }
}

function unitsOf(file: SourceFile, index: number, ids: { next: number }, before: Memory | undefined): readonly Unit[] {
  const module = moduleOf(file)
  const twins = twinsOf(file, before?.unitsByPath.get(file.path) ?? [])
  return file.declarations.map((placed, place): Unit => {
    const found = twins[place] ?? null
    const twin = found?.module === module ? found : null
    return {
      id: twin ? twin.id : ids.next++,
      file: index,
      placed,
      syntax: placed.syntax,
      broken: placed.syntax.kind === 'broken' || placed.problems.some(found => found.severity === 'error'),
      module,
      signature: null,
      body: null,
      twin,
    }
  })
}

/** For each declaration of the file the earlier unit with the same tree. The parser may give one tree to two places: each is taken once. */
function twinsOf(file: SourceFile, earlier: readonly Unit[]): readonly (Unit | undefined)[] {
  if (file.declarations.every((placed, place) => placed.syntax === earlier[place]?.syntax)) return earlier
  const byTree = new Map<Unit['syntax'], Unit[]>()
  for (const unit of earlier) {
    const same = byTree.get(unit.syntax)
    if (same) same.push(unit)
    else byTree.set(unit.syntax, [unit])
  }
  return file.declarations.map(placed => byTree.get(placed.syntax)?.shift())
}

/** Gives back the samples of contracts that already have one in their module. */
function makeBodies(units: readonly Unit[], scopes: Scopes, before: Memory | undefined): readonly DoubledSample[] {
  const doubled: DoubledSample[] = []
  const policies = units.filter(unit => unit.syntax.kind === 'policy')
  scopes.setDeciders(policies, before)
  for (const unit of units) if (roundOf(unit) === null) scopes.body(unit, context => bodyOf(unit, context))
  for (const unit of units) {
    if (unit.syntax.kind !== 'sample') continue
    const body = unit.body?.value as SampleBody | null
    if (body && !scopes.addSample(unit.module, body.contract, body))
      doubled.push({ unit, contract: body.contract.name })
  }
  for (const round of ['first', 'second'] as const)
    for (const unit of units)
      if (roundOf(unit) === round) scopes.body(unit, (context, lookup) => wideBodyOf(unit, context, lookup))
  return doubled
}
