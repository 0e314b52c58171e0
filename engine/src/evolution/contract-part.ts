/**
 * The contracts of a workspace apart from everything else, so that two states of it can be compared although the rest of one
 * does not check any more: contracts, the types and defines they use, and nothing that speaks of rules.
 */
import type {
  ContractDeclaration,
  FieldSyntax,
  PlacedDeclaration,
  SourceFile,
  Span,
  TypeExpression,
} from '@writ/grammar'
import { check } from '../check/check.ts'
import type { FileProblem } from '../check/placed-problems.ts'
import type { PlanContract } from '../plan/plan.ts'

/** One contract as it stood in one state of a workspace. */
export interface ContractVersion {
  readonly contract: PlanContract
  readonly syntax: ContractDeclaration
  readonly path: string
  /** Text of the file, and where the declaration begins in it. */
  readonly text: string
  readonly start: number
}

export interface ContractPart {
  /** By module and name, `events.Paid`, in the order of files and places. */
  readonly contracts: ReadonlyMap<string, ContractVersion>
  /** Errors that keep the contracts from being read; then there are none. */
  readonly errors: readonly FileProblem[]
}

/** Reads the contracts of these files; what else stands in them does not matter. */
export function contractPart(files: readonly SourceFile[]): ContractPart {
  const reduced = onlyContracts(files)
  const checked = check(reduced)
  const { plan } = checked
  if (plan === null)
    return { contracts: new Map(), errors: checked.problems.filter(({ severity }) => severity === 'error') }
  const contracts = new Map<string, ContractVersion>()
  const byPath = new Map(files.map(file => [file.path, file]))
  for (const contract of plan.contracts) {
    const path = plan.files[contract.span.file]?.path ?? ''
    const file = byPath.get(path)
    const placed = file?.declarations.find(
      ({ start, syntax }) => syntax.kind === 'contract' && start + syntax.span.start === contract.span.start,
    )
    // The contract that the language itself declares has no file here.
    if (file === undefined || placed?.syntax.kind !== 'contract') continue
    const { start, syntax } = placed
    contracts.set(`${contract.module}.${contract.name}`, { contract, syntax, path, text: file.text, start })
  }
  return { contracts, errors: [] }
}

/** Where a field is written, in offsets of the file; of a field inside a named type the field that has the type. Null: nowhere. */
export function fieldSpan(version: ContractVersion, path: string): Span | null {
  const names = path.replaceAll('[]', '').split('.')
  let fields: readonly FieldSyntax[] = version.syntax.fields
  let found: FieldSyntax | null = null
  for (const name of names) {
    const next = fields.find(field => field.name.text === name)
    if (next === undefined) break
    found = next
    fields = innerFields(next.type)
  }
  return found && shifted(found.span, version.start)
}

/** The name of the contract, in offsets of the file. */
export function nameSpan({ syntax, start }: ContractVersion): Span {
  return shifted(syntax.name.span, start)
}

export function shifted(span: Span, by: number): Span {
  return { start: span.start + by, end: span.end + by }
}

const ofContracts: ReadonlySet<string> = new Set(['module', 'use', 'contract', 'type', 'define', 'broken'])

function onlyContracts(files: readonly SourceFile[]): readonly SourceFile[] {
  const kept = files.map(file => ({ ...file, declarations: file.declarations.filter(isOfContracts) }))
  const declared = new Map<string, Set<string>>()
  for (const { declarations } of kept) {
    const module = moduleOf(declarations)
    const names = declared.get(module) ?? new Set()
    declared.set(module, names)
    for (const { syntax } of declarations)
      if (syntax.kind === 'contract' || syntax.kind === 'type' || syntax.kind === 'define') names.add(syntax.name.text)
  }
  return kept.map(file => ({ ...file, declarations: file.declarations.flatMap(placed => reduced(placed, declared)) }))
}

function isOfContracts({ syntax }: PlacedDeclaration): boolean {
  return ofContracts.has(syntax.kind)
}

/** Imports of what was left out go too, and items of contracts that are read from the syntax. */
function reduced(
  placed: PlacedDeclaration,
  declared: ReadonlyMap<string, ReadonlySet<string>>,
): readonly PlacedDeclaration[] {
  const { syntax } = placed
  if (syntax.kind === 'use') {
    const names = syntax.names.filter(({ name }) => declared.get(syntax.module.text)?.has(name.text) === true)
    if (names.length === syntax.names.length) return [placed]
    return names.length === 0 ? [] : [{ ...placed, syntax: { ...syntax, names } }]
  }
  if (syntax.kind !== 'contract' || syntax.items.every(item => item.kind === 'check')) return [placed]
  return [{ ...placed, syntax: { ...syntax, items: syntax.items.filter(item => item.kind === 'check') } }]
}

function moduleOf(declarations: readonly PlacedDeclaration[]): string {
  const module = declarations.find(({ syntax }) => syntax.kind === 'module')?.syntax
  return module?.kind === 'module' ? module.name.text : ''
}

function innerFields(type: TypeExpression): readonly FieldSyntax[] {
  switch (type.kind) {
    case 'record-type':
      return type.fields
    case 'list-type':
      return innerFields(type.element)
    case 'optional-type':
      return innerFields(type.inner)
    case 'range-type':
    case 'pattern-type':
      return innerFields(type.base)
    case 'named-type':
    case 'enum':
    case 'missing-type':
      return []
  }
}
