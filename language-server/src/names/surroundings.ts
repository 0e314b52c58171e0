/** What a declaration sees around it, as the index of names needs it: the module, what the file uses, units by id. */
import type { Type } from '@writ/engine'
import {
  type Binding,
  bindingOf,
  type ContractSignature,
  type FileNames,
  type Signature,
  type Unit,
  unitsOf,
} from '@writ/engine/editor'
import type { Snapshot } from '../workspace/snapshot.ts'
import type { WritSymbol } from './symbol.ts'

export class Surroundings {
  readonly binding: Binding
  readonly units: readonly Unit[]
  readonly policies: readonly Unit[]
  readonly #byId = new Map<number, Unit>()
  readonly #sinks = new Map<string, Unit>()
  readonly #rows = new Map<Type, Unit>()
  readonly #byPath = new Map<string, Unit[]>()

  constructor(snapshot: Snapshot) {
    this.binding = bindingOf(snapshot.checked)
    this.units = unitsOf(snapshot.checked)
    this.policies = this.units.filter(({ syntax }) => syntax.kind === 'policy')
    for (const unit of this.units) {
      this.#byId.set(unit.id, unit)
      const path = this.pathOf(unit)
      const list = this.#byPath.get(path)
      if (list) list.push(unit)
      else this.#byPath.set(path, [unit])
      if (unit.syntax.kind === 'sink' && !this.#sinks.has(unit.syntax.name.text))
        this.#sinks.set(unit.syntax.name.text, unit)
      const signature = unit.signature?.value
      if (signature?.kind === 'table') this.#rows.set(signature.value.type, unit)
    }
  }

  unit(id: number): Unit | undefined {
    return this.#byId.get(id)
  }
  unitsAt(path: string): readonly Unit[] {
    return this.#byPath.get(path) ?? []
  }
  pathOf(unit: Unit): string {
    return this.binding.files[unit.file]?.path ?? ''
  }
  names(unit: Unit): FileNames | undefined {
    return this.binding.files[unit.file]
  }
  sink(name: string): Unit | null {
    return this.#sinks.get(name) ?? null
  }
  /** The table whose rows have exactly this type. */
  tableOf(type: Type): Unit | null {
    return this.#rows.get(type) ?? null
  }

  /** What a bare name of the module means where `from` stands. */
  declared(from: Unit, name: string): Unit | null {
    const names = this.names(from)
    const own = names?.module.declared.get(name)
    if (own) return own
    const used = names?.imports.get(name)
    if (used) return used.module.declared.get(used.name) ?? null
    return this.binding.modules.get('writ')?.declared.get(name) ?? null
  }
  contract(from: Unit, name: string): ContractSignature | null {
    const found = this.signature(from, name)
    return found?.kind === 'contract' ? found : null
  }
  signature(from: Unit, name: string): Signature | null {
    return this.declared(from, name)?.signature?.value ?? null
  }

  /** The declaration in which a symbol is declared; null where it has none, or several. */
  homeOf({ key, name }: WritSymbol): Unit | null {
    const [, kind = '', rest = ''] = /^([a-z-]+):(.*)$/.exec(key) ?? []
    const [first = '', second = ''] = rest.split('/')
    switch (kind) {
      case 'sink':
        return this.sink(name)
      case 'local':
        return this.unit(Number(first)) ?? null
      case 'source':
        return this.#source(first, second)
      case 'module':
      case 'layer':
      case 'function':
      case 'basic-type':
      case 'class':
      case 'member':
      case 'enum':
        return null
      default:
        return this.binding.modules.get(first)?.declared.get(second) ?? null
    }
  }

  #source(module: string, name: string): Unit | null {
    const found = this.units.find(
      ({ module: own, syntax }) => own === module && syntax.kind === 'source' && syntax.name.text === name,
    )
    return found ?? null
  }
}

const made = new WeakMap<Snapshot, Surroundings>()

export function surroundingsOf(snapshot: Snapshot): Surroundings {
  let surroundings = made.get(snapshot)
  if (!surroundings) {
    surroundings = new Surroundings(snapshot)
    made.set(snapshot, surroundings)
  }
  return surroundings
}
