/** Problems that only the whole workspace shows: what nothing uses, samples that are there twice, layers, and rollouts that meet. Never kept from check to check. */
import { type Problem, problem, type TextEdit } from '@writ/grammar'
import { type Binding, declaredName } from '../bind/modules.ts'
import type { Unit, UnitProblem } from '../bind/unit.ts'
import { layerProblems } from './layers.ts'
import { rolloutProblems } from './rollout-conflicts.ts'
import type { Scopes } from './scope.ts'

/** A sample whose contract already has one in its module. */
export interface DoubledSample {
  readonly unit: Unit
  readonly contract: string
}

/** Problems by unit id. */
export function wholeProblems(
  units: readonly Unit[],
  binding: Binding,
  scopes: Scopes,
  doubled: readonly DoubledSample[],
): ReadonlyMap<number, readonly UnitProblem[]> {
  const found = new Map<number, UnitProblem[]>()
  const add = (unit: Unit, made: Problem) => {
    const list = found.get(unit.id) ?? []
    list.push({ ...made, related: [], imports: null })
    found.set(unit.id, list)
  }
  // What a broken declaration used may be in what was lost.
  const brokenFiles = new Set(units.filter(unit => unit.broken).map(unit => unit.file))
  for (const unit of units) {
    const name = declaredName(unit.syntax)
    if (unit.syntax.kind === 'define' && name && !scopes.usesDefine(unit) && brokenFiles.size === 0)
      add(unit, problem('W0209', name.span, { name: name.text }))
  }
  for (const { unit, problem: made } of [...layerProblems(units), ...rolloutProblems(units)]) add(unit, made)
  for (const { unit, contract } of doubled) {
    if (unit.syntax.kind === 'sample') add(unit, problem('W0606', unit.syntax.contract.span, { contract }))
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
