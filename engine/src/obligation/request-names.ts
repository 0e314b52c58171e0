/**
 * What approvals may call a request: its reference, or its digest. Kept as chains by the code of that text in the log's
 * dictionary, oldest first: a request that no text of the log names is never called. Digests are only worked out where an Approval
 * has one.
 */
import { columnView } from '../log/column-view.ts'
import { absentCode, type CodeColumn, type Log } from '../log/columns.ts'
import type { LogView } from '../log/view.ts'
import type { Plan, PlanContract } from '../plan/plan.ts'
import { eventDigest, referenceOf } from '../value/canonical.ts'
import { type GrowingInstances, larger, pendingCode } from './growing.ts'

export class RequestNames {
  readonly #plan: Plan
  readonly #log: Log
  readonly #view: LogView
  readonly #instances: GrowingInstances
  /** By contract: the column that is its whole reference, where one of texts is; and who asks. */
  readonly #keys: readonly (CodeColumn | null)[]
  readonly #requesters: readonly (CodeColumn | null)[]
  /** Whether some Approval of the log may call a request by its digest. */
  readonly #callsDigests: boolean
  readonly #digests = new Map<number, string>()
  /** Of requests from before the log: what they may be called. */
  readonly #told = new Map<number, readonly string[]>()
  /** By code: the first and the last link of its chain, -1 where there is none. */
  readonly #heads: Int32Array
  readonly #tails: Int32Array
  #places = new Int32Array(1024)
  #next = new Int32Array(1024)
  #links = 0

  /** `called`: the codes by which approvals call requests; null: there are no approvals. */
  constructor(plan: Plan, log: Log, instances: GrowingInstances, called: Int32Array | null) {
    this.#plan = plan
    this.#log = log
    this.#view = columnView(log, plan.contracts)
    this.#instances = instances
    const codes = (contract: number, name: string | null): CodeColumn | null => {
      const column = name === null ? undefined : log.batches[contract]?.columns.get(name)
      return column?.kind === 'code' ? column : null
    }
    this.#keys = plan.contracts.map(({ keyFields }, contract) =>
      keyFields.length === 1 ? codes(contract, keyFields[0] ?? null) : null,
    )
    this.#requesters = plan.contracts.map(({ requesterField }, contract) => codes(contract, requesterField))
    const size = called === null ? 0 : log.dictionary.size
    this.#heads = new Int32Array(size).fill(-1)
    this.#tails = new Int32Array(size).fill(-1)
    this.#callsDigests = called !== null && callsDigests(log, called)
  }

  /** A request begins with event `seq`. */
  enter(place: number, seq: number): void {
    if (this.#heads.length === 0) return
    this.#link(this.#referenceCode(seq), place)
    if (this.#callsDigests) this.#link(this.#log.dictionary.find(this.digestOf(place)), place)
  }

  /** A request from before the log, called `names`. */
  restore(place: number, names: readonly string[]): void {
    this.#told.set(place, names)
    if (this.#heads.length > 0) for (const name of names) this.#link(this.#log.dictionary.find(name), place)
  }

  /** What a request may be called. */
  namesOf(place: number): readonly string[] {
    const told = this.#told.get(place)
    if (told !== undefined) return told
    const event = this.#view.event(this.#instances.openedSeq[place] as number)
    const reference = referenceOf(this.#contractAt(event.contract), event)
    const digest = this.digestOf(place)
    return reference === null || reference === digest ? [digest] : [reference, digest]
  }

  /** The first link of the requests that a code names, or -1; what it links to is `placeOf`. */
  first(code: number): number {
    let link = this.#heads[code] ?? -1
    // What has ended makes room, but for the newest: it tells whether an approval is late.
    while (link >= 0 && this.#instances.status[this.placeOf(link)] !== pendingCode && this.after(link) >= 0)
      link = this.after(link)
    if (link >= 0) this.#heads[code] = link
    return link
  }
  after(link: number): number {
    return this.#next[link] as number
  }
  placeOf(link: number): number {
    return this.#places[link] as number
  }

  digestOf(place: number): string {
    let digest = this.#digests.get(place)
    if (digest === undefined) {
      const event = this.#view.event(this.#instances.openedSeq[place] as number)
      digest = eventDigest(this.#contractAt(event.contract), event)
      this.#digests.set(place, digest)
    }
    return digest
  }

  /** The code of who asks; below 0 as in columns, absent where the contract does not say. */
  requesterOf(place: number): number {
    const seq = this.#instances.openedSeq[place] as number
    const column = this.#requesters[this.#log.contractOf[seq] as number] ?? null
    return column === null ? absentCode : (column.values[this.#log.rowOf[seq] as number] as number)
  }

  #referenceCode(seq: number): number {
    const column = this.#keys[this.#log.contractOf[seq] as number] ?? null
    if (column !== null) return column.values[this.#log.rowOf[seq] as number] as number
    const event = this.#view.event(seq)
    const reference = referenceOf(this.#contractAt(event.contract), event)
    return reference === null ? -1 : this.#log.dictionary.find(reference)
  }

  /** A request with a reference that is its digest is in the chain once. */
  #link(code: number, place: number): void {
    if (code < 0) return
    const tail = this.#tails[code] as number
    if (tail >= 0 && this.#places[tail] === place) return
    if (this.#links === this.#places.length) {
      this.#places = larger(this.#places, new Int32Array(this.#links * 2))
      this.#next = larger(this.#next, new Int32Array(this.#links * 2))
    }
    const link = this.#links++
    this.#places[link] = place
    this.#next[link] = -1
    if (tail < 0) this.#heads[code] = link
    else this.#next[tail] = link
    this.#tails[code] = link
  }

  #contractAt(contract: number): PlanContract {
    const found = this.#plan.contracts[contract]
    if (found === undefined) throw new RangeError(`the plan has no contract ${contract}`)
    return found
  }
}

function callsDigests({ dictionary }: Log, called: Int32Array): boolean {
  const asked = new Uint8Array(dictionary.size)
  for (const code of called) {
    if (code < 0 || asked[code] === 1) continue
    asked[code] = 1
    const bytes = dictionary.byteLength?.(code) ?? digestLength
    if (bytes === digestLength && /^[0-9a-f]{64}$/.test(dictionary.text(code))) return true
  }
  return false
}

const digestLength = 64
