/** What editors need of a check beyond problems and plan: its names, its types, and what it knew at each expression. */
import type { Binding } from '../bind/modules.ts'
import type { Unit } from '../bind/unit.ts'
import { type Checked, memoryOf } from '../check/check.ts'

export { languagePath } from '../bind/language-module.ts'
export { type Binding, declaredName, type FileNames, type Import, type ModuleTable, moduleOf } from '../bind/modules.ts'
export type * from '../bind/signature.ts'
export type { Unit } from '../bind/unit.ts'
export { type Builtin, builtinNamed, builtins } from '../check/builtins.ts'
export type { Env, EventFields, Frame } from '../check/context.ts'
export { layerOrder } from '../check/layers.ts'
export { importFix } from '../check/placed-problems.ts'
export { showType, withoutOptional } from '../check/type-relations.ts'
export { type Inspection, inspect, type Seen, unitOf } from './inspect.ts'

/** The names of a checked program: its modules, and what each file uses. */
export function bindingOf(checked: Checked): Binding {
  return memoryOf(checked).binding
}
/** Every declaration, in the order of the files. Those of the language itself come last, where they are needed. */
export function unitsOf(checked: Checked): readonly Unit[] {
  return memoryOf(checked).units
}
