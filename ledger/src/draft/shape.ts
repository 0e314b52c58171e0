/**
 * What the values at one place of many records look like: how often they are there, of which kinds, which forms their texts
 * have. Only what guessing needs is kept, never more than some values. What to make of it is guess.ts.
 */
import { parseRational } from '@writ/engine'
import { ExactNumber, isList, isObject, type Json } from '../raw/json.ts'
import { isoMilliseconds } from '../raw/times.ts'

const maxValues = 200
const maxNumbers = 2000
const maxMembers = 100
const maxElements = 20

/** The forms of texts that are told apart. */
export type TextForm = 'time' | 'money' | 'number' | 'bool' | 'word' | 'email'

export class Shape {
  /** Values that are there and not null. */
  count = 0
  readonly kinds = { string: 0, number: 0, bool: 0, object: 0, list: 0 }
  readonly forms: Record<TextForm, number> = { time: 0, money: 0, number: 0, bool: 0, word: 0, email: 0 }
  /** Numbers without a fraction. */
  whole = 0
  /** Numeric texts that a number would not give back: `007`. */
  padded = 0
  /** How often each text, of the first different ones. */
  readonly texts = new Map<string, number>()
  moreTexts = false
  readonly currencies = new Set<string>()
  readonly numbers: number[] = []
  low = Number.POSITIVE_INFINITY
  high = Number.NEGATIVE_INFINITY
  readonly members = new Map<string, Shape>()
  moreMembers = false
  element: Shape | null = null

  add(value: Json | undefined): void {
    if (value === undefined || value === null) return
    this.count++
    if (typeof value === 'string') this.#text(value)
    else if (typeof value === 'boolean') this.kinds.bool++
    else if (typeof value === 'number' || value instanceof ExactNumber) {
      this.kinds.number++
      this.#number(value instanceof ExactNumber ? value.text : String(value))
    } else if (isList(value)) {
      this.kinds.list++
      this.element ??= new Shape()
      for (const element of value.slice(0, maxElements)) this.element.add(element)
    } else if (isObject(value)) {
      this.kinds.object++
      for (const [name, member] of Object.entries(value)) this.#member(name).add(member)
    }
  }

  /** All values are different, as far as was looked. */
  get isUnique(): boolean {
    const looked = Math.min(this.count, maxValues)
    return this.count >= 20 && this.texts.size === looked && [...this.texts.values()].every(times => times === 1)
  }

  #text(text: string): void {
    this.kinds.string++
    const times = this.texts.get(text)
    if (times !== undefined || this.texts.size < maxValues) this.texts.set(text, (times ?? 0) + 1)
    else this.moreTexts = true
    if (!Number.isNaN(isoMilliseconds(text))) this.forms.time++
    const money = /^-?\d+(?:\.\d+)? ([A-Z]{3})$/.exec(text)
    if (money?.[1] !== undefined) {
      this.forms.money++
      this.currencies.add(money[1])
    }
    if (parseRational(text) !== undefined) {
      this.forms.number++
      if (/^-?0\d/.test(text)) this.padded++
      this.#number(text)
    }
    if (text === 'true' || text === 'false') this.forms.bool++
    if (/^[A-Za-z][A-Za-z0-9_]*$/.test(text)) this.forms.word++
    if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) this.forms.email++
  }

  #number(text: string): void {
    const number = Number(text)
    const exact = parseRational(text)
    if (exact?.d === 1n) this.whole++
    this.low = Math.min(this.low, number)
    this.high = Math.max(this.high, number)
    if (this.numbers.length < maxNumbers) this.numbers.push(number)
  }

  #member(name: string): Shape {
    const known = this.members.get(name)
    if (known !== undefined) return known
    const shape = new Shape()
    if (this.members.size < maxMembers) this.members.set(name, shape)
    else this.moreMembers = true
    return shape
  }
}
