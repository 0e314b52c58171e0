/**
 * What contract formats have in common, between reading one (odcs-import.ts, json-schema-import.ts) and writing it as a contract
 * of the language (contract-text.ts): fields with their shapes, and what had no equivalent.
 */

/** Something of the document that the contract does not say. */
export interface Loss {
  /** In the document: `schema[0].properties[2].physicalName`, `#/properties/a/oneOf`. */
  readonly path: string
  /** What is missing now, as a sentence without its point. */
  readonly what: string
}

export interface ReadContract {
  /** As the document calls it. */
  readonly name: string
  /** `2.1.0`; null: it has none. */
  readonly version: string | null
  readonly documentation: string | null
  readonly owner: string | null
  /** `backward transitive`. */
  readonly compatibility: string | null
  readonly fields: readonly ReadField[]
  /** Items in the language (`check …`, `freshness 5m`), each with its place in the document; what does not check is a loss. */
  readonly items: readonly { readonly text: string; readonly path: string }[]
}

export interface ReadField {
  readonly name: string
  readonly path: string
  readonly required: boolean
  readonly documentation: string | null
  /** Written behind the type: `key`, `time`, `personal(identifier)`. */
  readonly modifiers: readonly string[]
  /** The type in the language, where the document says it; tried before the shape. */
  readonly typeText: string | null
  readonly shape: Shape
}

export type Shape =
  | {
      readonly kind: 'string'
      /** A regular expression that matches somewhere in the value. */
      readonly pattern: string | null
      readonly least: number | null
      readonly most: number | null
      readonly values: readonly string[] | null
    }
  | {
      readonly kind: 'integer' | 'number'
      readonly low: Bound | null
      readonly high: Bound | null
      readonly multipleOf: number | null
    }
  | { readonly kind: 'boolean' | 'time' }
  | {
      readonly kind: 'list'
      readonly element: Shape
      readonly least: number | null
      readonly most: number | null
    }
  | { readonly kind: 'record'; readonly fields: readonly ReadField[] }

export interface Bound {
  readonly value: number
  readonly exclusive: boolean
}

/** Collects losses; equal ones once, and no more than somebody would read. */
export class Losses {
  readonly #found = new Map<string, Loss>()

  /** `always`: also where there are too many already. */
  add(path: string, what: string, always = false): void {
    if (always || this.#found.size < mostLosses) this.#found.set(`${path} ${what}`, { path, what })
  }

  /** Members of an object that nobody understood; null, empty texts, lists and objects say nothing. */
  unread(object: Readonly<Record<string, unknown>>, path: string, understood: readonly string[]): void {
    for (const [name, value] of Object.entries(object)) {
      if (understood.includes(name) || value === null || value === undefined || value === '' || value === false)
        continue
      if (typeof value === 'object' && Object.keys(value).length === 0) continue
      this.add(`${path === '' || path.endsWith('/') ? path : `${path}.`}${name}`, 'has no equivalent in a contract')
    }
  }

  list(): readonly Loss[] {
    return [...this.#found.values()]
  }
}

const mostLosses = 1_000
