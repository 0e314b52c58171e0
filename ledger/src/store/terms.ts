/** Names as numbers, in the order in which they were first seen. Not all need fit into memory. */
import type { Statement } from 'better-sqlite3'
import type { Connection } from './schema.ts'

/** More are asked of the file again. */
const mostHeld = 200_000

export class Terms {
  readonly #held = new Map<string, number>()
  readonly #find: Statement<[string], number>
  readonly #add: Statement<[string]>

  constructor(db: Connection) {
    this.#find = db.prepare<[string], number>('SELECT id FROM term WHERE text = ?').pluck()
    this.#add = db.prepare<[string]>('INSERT INTO term(text) VALUES (?)')
  }

  /** The number of a name, which gets one where it has none. */
  number(text: string): number {
    const held = this.#held.get(text)
    if (held !== undefined) return held
    const found = this.#find.get(text) ?? Number(this.#add.run(text).lastInsertRowid)
    if (this.#held.size >= mostHeld) this.#held.clear()
    this.#held.set(text, found)
    return found
  }

  /** What was added since the last commit is not there: forgets all. */
  forget(): void {
    this.#held.clear()
  }
}
