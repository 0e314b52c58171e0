/**
 * Modules over files: which module a file belongs to, what each module declares, and what `use` brings into a file. Reports
 * what is wrong with these names; what a name means in an expression is check/names.ts.
 */
import {
  type Declaration,
  type Name,
  type ProblemCode,
  problem,
  type SourceFile,
  type Span,
  type UseDeclaration,
  type UsedName,
} from '@writ/grammar'
import { languageModule } from '../plan/approval-contract.ts'
import { languagePath } from './language-module.ts'
import { suggestion } from './suggestion.ts'
import type { Unit, UnitProblem } from './unit.ts'

export interface ModuleTable {
  readonly name: string
  /** By name; of two declarations with one name the first. */
  readonly declared: ReadonlyMap<string, Unit>
  /** Names that a broken declaration seems to declare. */
  readonly broken: ReadonlySet<string>
  /** Samples in text order. */
  readonly samples: readonly Unit[]
}
export interface Import {
  readonly module: ModuleTable
  /** The name in its own module. */
  readonly name: string
  readonly use: Unit
  readonly syntax: UsedName
}
/** What stands before the declarations of one file. */
export interface FileNames {
  readonly path: string
  readonly module: ModuleTable
  readonly imports: ReadonlyMap<string, Import>
}
export interface Binding {
  readonly modules: ReadonlyMap<string, ModuleTable>
  /** In the order of the files. */
  readonly files: readonly FileNames[]
  /** Problems of names by unit id. */
  readonly problems: ReadonlyMap<number, readonly UnitProblem[]>
}

/** The name that a file without `module` is treated as having. */
export function moduleOf(file: SourceFile): string {
  for (const { syntax } of file.declarations) if (syntax.kind === 'module') return syntax.name.text
  return moduleSuggestion(file.path)
}

/** `units[i]` are those of `files[i]`. */
export function bind(files: readonly SourceFile[], units: readonly (readonly Unit[])[]): Binding {
  const problems = new Map<number, UnitProblem[]>()
  const report: Reporter = (unit, code, span, parameters, more = {}) => {
    const made = problem(code, span, parameters, more.fixes ? { fixes: more.fixes } : {})
    const list = problems.get(unit.id) ?? []
    list.push({ ...made, related: more.related ?? [], imports: null })
    problems.set(unit.id, list)
  }
  const modules = collectModules(units, report)
  const bound = files.map((file, index): FileNames => {
    const own = units[index] ?? []
    checkOrder(file, own, report)
    const module = modules.get(own[0]?.module ?? moduleOf(file)) ?? emptyModule(moduleOf(file))
    return { path: file.path, module, imports: collectImports(own, module, modules, report) }
  })
  return { modules, files: bound, problems }
}

type Reporter = (
  unit: Unit,
  code: ProblemCode,
  span: Span,
  parameters: Readonly<Record<string, string>>,
  more?: Partial<Pick<UnitProblem, 'fixes' | 'related'>>,
) => void

/** The name that a declaration gives to its module; sources, samples and tests give none. */
export function declaredName(declaration: Declaration): Name | null {
  switch (declaration.kind) {
    case 'type':
    case 'contract':
    case 'role':
    case 'table':
    case 'define':
    case 'policy':
    case 'rollout':
    case 'exception':
    case 'indicator':
    case 'objective':
    case 'sink':
    case 'property':
      return declaration.name
    case 'module':
    case 'use':
    case 'source':
    case 'sample':
    case 'layers':
    case 'test':
    case 'broken':
      return null
  }
}

interface GrowingModule {
  name: string
  declared: Map<string, Unit>
  broken: Set<string>
  samples: Unit[]
  sources: Map<string, Unit>
  tests: Map<string, Unit>
}

function emptyModule(name: string): GrowingModule {
  return { name, declared: new Map(), broken: new Set(), samples: [], sources: new Map(), tests: new Map() }
}

function collectModules(units: readonly (readonly Unit[])[], report: Reporter): ReadonlyMap<string, ModuleTable> {
  const modules = new Map<string, GrowingModule>()
  for (const unit of units.flat()) {
    let module = modules.get(unit.module)
    if (!module) {
      module = emptyModule(unit.module)
      modules.set(unit.module, module)
    }
    const { syntax } = unit
    const name = declaredName(syntax)
    if (name) declare(module, module.declared, unit, name, report)
    else if (syntax.kind === 'source') declare(module, module.sources, unit, syntax.name, report)
    else if (syntax.kind === 'sample') module.samples.push(unit)
    else if (syntax.kind === 'test') declareTest(module, unit, syntax.title, syntax.titleSpan, report)
    else if (syntax.kind === 'broken') {
      const name = /^(?:\s|\/\/[^\n]*\n)*[a-z]+\s+([A-Za-z_]\w*)/.exec(unit.placed.text)?.[1]
      if (name) module.broken.add(name)
    }
  }
  return modules
}

function declare(module: GrowingModule, into: Map<string, Unit>, unit: Unit, name: Name, report: Reporter): void {
  if (name.text === '') return
  const first = into.get(name.text)
  if (!first) {
    into.set(name.text, unit)
    return
  }
  const parameters = { module: module.name, kind: first.syntax.kind, name: name.text }
  report(unit, 'W0202', name.span, parameters, { related: [relatedName(first)] })
}

function declareTest(module: GrowingModule, unit: Unit, title: string, span: Span, report: Reporter): void {
  const first = module.tests.get(title)
  if (!first) {
    module.tests.set(title, unit)
    return
  }
  const related = [{ unit: first.id, span: first.syntax.span, message: 'the first test of this title' }]
  report(unit, 'W1009', span, { module: module.name, title }, { related })
}

function relatedName(unit: Unit): UnitProblem['related'][number] {
  const name = unit.syntax.kind === 'source' ? unit.syntax.name : declaredName(unit.syntax)
  return { unit: unit.id, span: name?.span ?? unit.syntax.span, message: 'declared here first' }
}

function checkOrder(file: SourceFile, units: readonly Unit[], report: Reporter): void {
  let seenModule = false
  let seenOther = false
  for (const unit of units) {
    const { syntax } = unit
    if (syntax.kind === 'module') {
      if (seenModule || seenOther) report(unit, 'W0212', syntax.span, { word: 'module' })
      if (syntax.name.text === languageModule && file.path !== languagePath) report(unit, 'W0217', syntax.name.span, {})
      seenModule = true
    } else if (syntax.kind === 'use') {
      if (seenOther) report(unit, 'W0212', syntax.span, { word: 'use' })
    } else if (syntax.kind === 'broken') {
      if (/^\s*module\b/.test(unit.placed.text)) seenModule = true
    } else seenOther = true
  }
  const [first] = units
  if (seenModule || !first) return
  const suggestion = moduleSuggestion(file.path)
  const fixes = [
    {
      title: `Begin with module ${suggestion}`,
      edits: [{ span: { start: 0, end: 0 }, text: `module ${suggestion}\n\n` }],
    },
  ]
  const word = /\w+/.exec(first.placed.text)
  const start = word?.index ?? 0
  report(first, 'W0201', { start, end: start + (word?.[0].length ?? 0) }, { suggestion }, { fixes })
}

function moduleSuggestion(path: string): string {
  const base = path.replace(/^.*[/\\]/, '').replace(/\.writ$/, '')
  const name = base.replace(/\W+/g, '_').replace(/^(\d)/, '_$1')
  return name === '' ? 'main' : name
}

function collectImports(
  units: readonly Unit[],
  own: ModuleTable,
  modules: ReadonlyMap<string, ModuleTable>,
  report: Reporter,
): ReadonlyMap<string, Import> {
  const imports = new Map<string, Import>()
  for (const unit of units) {
    if (unit.syntax.kind !== 'use') continue
    const module = usedModule(unit, unit.syntax, modules, report)
    for (const syntax of unit.syntax.names) {
      const local = syntax.alias ?? syntax.name
      if (local.text === '') continue
      const name = syntax.name.text
      if (module && !module.declared.has(name) && !module.broken.has(name)) {
        const { hint, fixes } = suggestion(syntax.name, module.declared.keys())
        report(unit, 'W0205', syntax.name.span, { module: module.name, name, hint }, { fixes })
      } else if (own.declared.has(local.text) || imports.has(local.text)) {
        report(unit, 'W0206', local.span, { name: local.text, original: name })
        continue
      }
      imports.set(local.text, { module: module ?? emptyModule(unit.syntax.module.text), name, use: unit, syntax })
    }
  }
  return imports
}

function usedModule(
  unit: Unit,
  syntax: UseDeclaration,
  modules: ReadonlyMap<string, ModuleTable>,
  report: Reporter,
): ModuleTable | null {
  const name = syntax.module.text
  const module = modules.get(name)
  if (module || name === '') return module ?? null
  const { hint, fixes } = suggestion(syntax.module, modules.keys(), ' Add its file to the workspace.')
  report(unit, 'W0204', syntax.module.span, { module: name, hint }, { fixes })
  return null
}
