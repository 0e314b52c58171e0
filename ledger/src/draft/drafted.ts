/** What a draft consists of before it is text, and the fields of one contract. */
import type { Json, JsonObject } from '../raw/json.ts'
import { type GuessedField, guessField } from './guess.ts'
import { unusedName } from './names.ts'
import { Shape } from './shape.ts'

export interface SampleRecord {
  readonly file: string
  readonly value: Json
}

export interface DraftedContract {
  readonly name: string
  /** What its records are, for its documentation. */
  readonly about: string
  readonly records: number
  readonly fields: readonly GuessedField[]
  /** The condition of its map; null: every record. */
  readonly when: string | null
}

export interface DraftedSource {
  readonly contracts: readonly DraftedContract[]
  /** The line of the source; null: the contracts' own time fields. */
  readonly time: string | null
  /** As written, null where time never goes back. */
  readonly lateness: string | null
}

/** A record that is an object. */
export interface SampleObject {
  readonly file: string
  readonly value: JsonObject
}

/** More kinds of records share one contract. */
export const maxContracts = 40

/** The fields that contracts of these records would have. */
export function fieldsOf(
  records: readonly JsonObject[],
  options: {
    /** CSV: texts are taken for what they look like. */
    readonly textOnly: boolean
    /** How maps reach the members: `args.`, or nothing. */
    readonly prefix: string
    /** Names that other fields of the contract have. */
    readonly reserved: readonly string[]
    /** A member that is left out. */
    readonly without: string | null
  },
): readonly GuessedField[] {
  const { textOnly, prefix, reserved, without } = options
  const shape = new Shape()
  for (const record of records) shape.add(record)
  if (without !== null) shape.members.delete(without)
  const taken = new Set(reserved)
  return [...shape.members].flatMap(([name, member]) => {
    const field = guessField(name, member, shape.members, { total: records.length, textOnly, prefix })
    if (field === null) return []
    const unused = unusedName(field.name, taken)
    // Under another name the member has to be mapped.
    return [unused === field.name ? field : { ...field, name: unused, mapped: field.mapped ?? field.name }]
  })
}
