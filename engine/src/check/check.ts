/**
 * The checker as one function: files in, problems and a plan out. It binds names, works out the signatures that declarations
 * show each other, then the body of each declaration, and takes over from the check before what still holds.
 * Meaning is elsewhere: names in ../bind, types and expressions beside this file, the making of the plan in assemble.ts.
 */
import { type Problem, problem, type SourceFile, type TextEdit } from '@writ/grammar'
import { type Binding, bind, declaredName, moduleOf } from '../bind/modules.ts'
import type { PolicySignature, Signature } from '../bind/signature.ts'
import type { Unit, UnitProblem } from '../bind/unit.ts'
import type { Plan } from '../plan/plan.ts'
import { assemble } from './assemble.ts'
import type { Context } from './context.ts'
import { contractBody, type SampleBody, sampleBody } from './contracts.ts'
import { policyBody } from './policies.ts'
import { type Earlier, Scopes, type WideLookup } from './scope.ts'
import { sourceBody } from './sources.ts'
import { testBody } from './tests.ts'

/** The outcome of a check. */
export interface Checked {
  /** Null exactly when there is an error. Made when it is first read. */
  readonly plan: Plan | null
  /** In the order of the files, then of their places; the problems of the syntax included. */
  readonly problems: readonly FileProblem[]
}
/** A problem with its file; every span is in offsets of the file. */
export type FileProblem = Problem & { readonly path: string }

/** Checks a workspace. `previous`, of an earlier state of it, only makes this faster. */
export function check(files: readonly SourceFile[], previous?: Checked): Checked {
  const ordered = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  const before = previous ? memories.get(previous) : undefined
  const memory = checkedMemory(ordered, before)
  const problems = fileProblems(memory)
  const wrong = problems.some(found => found.severity === 'error')
  let plan: Plan | null = null
  const checked: Checked = {
    get plan() {
      if (wrong) return null
      plan ??= assemble(
        ordered.map(({ path, text }) => ({ path, text })),
        memory.units,
      )
      return plan
    },
    problems,
  }
  memories.set(checked, memory)
  return checked
}

/** What a later check takes over. INVARIANT: nothing in it changes once its check is over, but the stand-ins and the ids grow. */
interface Memory {
  readonly files: readonly SourceFile[]
  readonly units: readonly Unit[]
  readonly binding: Binding
  readonly unused: ReadonlyMap<number, readonly UnitProblem[]>
  readonly byDeclaration: ReadonlyMap<Unit['syntax'], readonly Unit[]>
  readonly signatures: ReadonlyMap<string, Signature>
  readonly deciders: ReadonlyMap<number, readonly PolicySignature[]>
  readonly unknowables: Map<string, Signature>
  readonly ids: { next: number }
}

const memories = new WeakMap<Checked, Memory>()

function checkedMemory(files: readonly SourceFile[], before: Memory | undefined): Memory {
  const ids = before?.ids ?? { next: 0 }
  const unknowables = before?.unknowables ?? new Map<string, Signature>()
  const byDeclaration = new Map<Unit['syntax'], Unit[]>()
  const twins = new Map<Unit, Unit>()
  const unitsByFile = files.map((file, index) => unitsOf(file, index, ids, before, byDeclaration, twins))
  const units = unitsByFile.flat()
  const binding = bind(files, unitsByFile)
  const earlier: Earlier = {
    unit: unit => twins.get(unit),
    named: (kind, module, name) => before?.signatures.get(`${kind} ${module}/${name}`),
    unknowables,
  }
  const scopes = new Scopes(binding, earlier, () => ids.next++)
  const signatures = new Map<string, Signature>()
  for (const unit of units) {
    const signature = scopes.signature(unit)
    if (!signature) continue
    const key = `${signature.kind} ${signature.module}/${signature.name}`
    if (!signatures.has(key)) signatures.set(key, signature)
  }
  makeBodies(units, scopes, before)
  const unused = unusedProblems(units, binding, scopes)
  return { files, units, binding, unused, byDeclaration, signatures, deciders: scopes.deciders, unknowables, ids }
}

function unitsOf(
  file: SourceFile,
  index: number,
  ids: { next: number },
  before: Memory | undefined,
  byDeclaration: Map<Unit['syntax'], Unit[]>,
  twins: Map<Unit, Unit>,
): readonly Unit[] {
  const module = moduleOf(file)
  return file.declarations.map((placed): Unit => {
    const same = byDeclaration.get(placed.syntax) ?? []
    // The parser may give one tree to two places of the same text; each keeps an id of its own.
    const twin = before?.byDeclaration.get(placed.syntax)?.[same.length]
    const usable = twin && twin.module === module
    const unit: Unit = {
      id: usable ? twin.id : ids.next++,
      file: index,
      placed,
      syntax: placed.syntax,
      broken: placed.syntax.kind === 'broken' || placed.problems.some(found => found.severity === 'error'),
      module,
      signature: null,
      body: null,
    }
    if (usable) twins.set(unit, twin)
    byDeclaration.set(placed.syntax, [...same, unit])
    return unit
  })
}

function makeBodies(units: readonly Unit[], scopes: Scopes, before: Memory | undefined): void {
  const policies = units.filter(unit => unit.syntax.kind === 'policy')
  scopes.setDeciders(policies, before?.deciders ?? new Map())
  for (const unit of units) if (unit.syntax.kind !== 'test') scopes.body(unit, context => bodyOf(unit, context))
  for (const unit of units) {
    if (unit.syntax.kind !== 'sample') continue
    const body = unit.body?.value as SampleBody | null
    if (body && !scopes.addSample(unit.module, body.contract, body)) doubledSamples.set(unit, body.contract.name)
  }
  // Tests come last, because they look into policies and samples.
  for (const unit of units) {
    const { syntax } = unit
    if (syntax.kind === 'test')
      scopes.body(unit, (context, lookup: WideLookup) => testBody(context, lookup, syntax, unit.module))
  }
}

/** Samples of a contract that already has one in its module. */
const doubledSamples = new WeakMap<Unit, string>()

function bodyOf(unit: Unit, context: Context): unknown {
  const { syntax } = unit
  const signature = unit.signature?.value
  switch (syntax.kind) {
    case 'contract':
      return signature?.kind === 'contract' ? contractBody(context, syntax, signature) : null
    case 'policy':
      return signature?.kind === 'policy' ? policyBody(context, syntax, signature) : null
    case 'sample':
      return sampleBody(context, syntax)
    case 'source':
      return sourceBody(context, syntax)
    case 'table':
    case 'sink':
    case 'indicator':
    case 'objective':
    case 'rollout':
    case 'exception':
    case 'property':
      context.report.add('W0001', syntax.name.span, { construct: `\`${syntax.kind}\`` })
      return null
    case 'layers':
      context.report.add('W0001', syntax.span, { construct: '`layers`' })
      return null
    case 'type':
    case 'define':
    case 'role':
    case 'test':
    case 'module':
    case 'use':
    case 'broken':
      return null
  }
}

function unusedProblems(
  units: readonly Unit[],
  binding: Binding,
  scopes: Scopes,
): ReadonlyMap<number, readonly UnitProblem[]> {
  const found = new Map<number, UnitProblem[]>()
  const add = (unit: Unit, made: Problem, imports: UnitProblem['imports'] = null) => {
    const list = found.get(unit.id) ?? []
    list.push({ ...made, related: [], imports })
    found.set(unit.id, list)
  }
  // What a broken declaration used may be in what was lost.
  const brokenFiles = new Set(units.filter(unit => unit.broken).map(unit => unit.file))
  for (const unit of units) {
    const name = declaredName(unit.syntax)
    if (unit.syntax.kind === 'define' && name && !scopes.usesDefine(unit) && brokenFiles.size === 0)
      add(unit, problem('W0209', name.span, { name: name.text }))
    const doubled = doubledSamples.get(unit)
    if (doubled !== undefined && unit.syntax.kind === 'sample')
      add(unit, problem('W0606', unit.syntax.contract.span, { contract: doubled }))
  }
  for (const [index, file] of binding.files.entries()) {
    if (brokenFiles.has(index)) continue
    for (const [name, used] of file.imports) {
      if (scopes.usesImport(file.path, name) || !used.module.declared.has(used.name)) continue
      const { syntax } = used.use
      if (syntax.kind !== 'use') continue
      const fixes = [{ title: `Take ${name} out`, edits: [removal(syntax, used.syntax)] }]
      add(used.use, problem('W0207', used.syntax.span, { name }, { fixes }))
    }
  }
  return found
}

/** Takes one name out of a `use`, with the comma that parts it from its neighbour; the last name takes the `use` with it. */
function removal(use: Extract<Unit['syntax'], { readonly kind: 'use' }>, name: (typeof use.names)[number]): TextEdit {
  const place = use.names.indexOf(name)
  const next = use.names[place + 1]
  const last = use.names[place - 1]
  if (next) return { span: { start: name.span.start, end: next.span.start }, text: '' }
  if (last) return { span: { start: last.span.end, end: name.span.end }, text: '' }
  return { span: use.span, text: '' }
}

function fileProblems(memory: Memory): readonly FileProblem[] {
  const problems: FileProblem[] = []
  const byId = new Map(memory.units.map(unit => [unit.id, unit]))
  for (const unit of memory.units) {
    const own: readonly UnitProblem[] = [
      ...(memory.binding.problems.get(unit.id) ?? []),
      ...(unit.signature?.problems ?? []),
      ...(unit.body?.problems ?? []),
      ...(memory.unused.get(unit.id) ?? []),
    ]
    if (own.length === 0 && unit.placed.problems.length === 0) continue
    const { path } = memory.files[unit.file] ?? { path: '' }
    const found = unit.placed.problems.map(syntax => ({
      ...moved(syntax, unit.placed.start),
      path,
      related: syntax.related,
    }))
    for (const made of own) {
      const related = made.related.flatMap(place => {
        const there = place.unit === null ? unit : byId.get(place.unit)
        const file = there && memory.files[there.file]
        if (!there || !file) return []
        return [{ path: file.path, span: shifted(place.span, there.placed.start), message: place.message }]
      })
      const { imports, ...rest } = made
      const placed = moved({ ...rest, related }, unit.placed.start)
      const fix = imports && importFix(memory, unit, imports)
      found.push({ ...placed, path, fixes: fix ? [...placed.fixes, fix] : placed.fixes })
    }
    problems.push(...found.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end))
  }
  return problems
}

function moved(found: Problem, by: number): Problem {
  const fixes = found.fixes.map(fix => ({
    ...fix,
    edits: fix.edits.map(edit => ({ ...edit, span: shifted(edit.span, by) })),
  }))
  return { ...found, span: shifted(found.span, by), fixes }
}

function shifted(span: { readonly start: number; readonly end: number }, by: number) {
  return { start: span.start + by, end: span.end + by }
}

/** Adds a name to the `use` of its module, or a `use` behind those that there are. */
function importFix(
  memory: Memory,
  unit: Unit,
  imports: NonNullable<UnitProblem['imports']>,
): Problem['fixes'][number] | null {
  const title = `Import ${imports.name} from ${imports.module}`
  const declarations = memory.files[unit.file]?.declarations ?? []
  const there = declarations.find(({ syntax }) => syntax.kind === 'use' && syntax.module.text === imports.module)
  const last = there?.syntax.kind === 'use' ? there.syntax.names.at(-1) : undefined
  if (there && last) {
    const at = there.start + last.span.end
    return { title, edits: [{ span: { start: at, end: at }, text: `, ${imports.name}` }] }
  }
  const head = declarations.findLast(({ syntax }) => syntax.kind === 'use' || syntax.kind === 'module')
  const at = head ? head.start + head.syntax.span.end : 0
  const line = `use ${imports.module} { ${imports.name} }`
  return { title, edits: [{ span: { start: at, end: at }, text: head ? `\n${line}` : `${line}\n` }] }
}
