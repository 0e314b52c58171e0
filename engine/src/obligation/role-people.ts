/** Who holds a role or acts for somebody who does, in codes of the log's dictionary: names that no event has never approve. */
import { checkCondition, noHistory, scopeOf } from '../compile/conditions.ts'
import type { Condition } from '../compile/rules.ts'
import type { Log } from '../log/columns.ts'
import type { Plan, PlanRoleRows } from '../plan/plan.ts'

interface Role {
  /** The listed ones, and those for whom a row has come; rows stay. */
  readonly members: Set<number>
  readonly delegations: readonly { member: number; deputy: number; from: number; until: number }[]
}

interface Entering {
  readonly members: Set<number>
  readonly codes: Int32Array
  readonly holds: Condition | null
}

export class RolePeople {
  readonly #roles = new Map<number, Role>()
  readonly #dictionary: Log['dictionary']
  /** Members who never approve have deputies who do: they get codes of their own, behind those of the dictionary. */
  readonly #strangers = new Map<string, number>()

  /** By contract: the roles that its events may make somebody hold. */
  readonly #entering = new Map<number, Entering[]>()

  constructor(plan: Plan, log: Log) {
    const { dictionary } = log
    this.#dictionary = dictionary
    const codeOf = (name: string): number => {
      const code = dictionary.find(name)
      if (code >= 0) return code
      const known = this.#strangers.get(name) ?? dictionary.size + this.#strangers.size
      this.#strangers.set(name, known)
      return known
    }
    for (const { name, members, delegations, rows } of plan.roles) {
      const code = dictionary.find(name)
      if (code < 0) continue
      const role = {
        members: new Set(members.map(codeOf)),
        delegations: delegations.map(({ member, deputy, from, until }) => ({
          member: codeOf(member),
          deputy: codeOf(deputy),
          from: from ?? Number.NEGATIVE_INFINITY,
          until: until ?? Number.POSITIVE_INFINITY,
        })),
      }
      this.#roles.set(code, role)
      if (rows !== null) this.#watch(role.members, rows, plan, log)
    }
  }

  #watch(members: Set<number>, { contract, key, where }: PlanRoleRows, plan: Plan, log: Log): void {
    const column = log.batches[contract]?.columns.get(key)
    // Without events there need not be a column.
    if (column?.kind !== 'code') return
    const holds = where && checkCondition(where, scopeOf(plan, log, contract, noHistory))
    const entering = this.#entering.get(contract) ?? []
    entering.push({ members, codes: column.values, holds })
    this.#entering.set(contract, entering)
  }

  /** An accepted event: it may make somebody hold a role. */
  enter(contract: number, row: number): void {
    const entering = this.#entering.get(contract)
    if (entering === undefined) return
    for (const { members, codes, holds } of entering) {
      const person = codes[row] as number
      if (person >= 0 && (holds === null || holds(row) === 1)) members.add(person)
    }
  }

  /** The code of a name, or -3 where nobody has it here. */
  codeOf(name: string): number {
    return this.#strangers.get(name) ?? this.#dictionary.find(name)
  }
  nameOf(code: number): string {
    if (code < this.#dictionary.size) return this.#dictionary.text(code)
    for (const [name, own] of this.#strangers) if (own === code) return name
    throw new RangeError(`nobody has code ${code}`)
  }

  /** The member that a person is or acts for in a role at a time; -1 where they are nobody in it. */
  memberFor(role: number, person: number, time: number): number {
    const found = this.#roles.get(role)
    if (found === undefined) return -1
    if (found.members.has(person)) return person
    for (const { member, deputy, from, until } of found.delegations)
      if (deputy === person && found.members.has(member) && from <= time && time <= until) return member
    return -1
  }
}
