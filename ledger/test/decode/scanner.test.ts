import { parseRational } from '@writ/engine'
import { describe, expect, it } from 'vitest'
import { lineScanner } from '../../src/decode/line-scanner.ts'
import { rawTree } from '../../src/decode/raw-tree.ts'
import { tokenValue } from '../../src/decode/token-values.ts'
import { Tokens } from '../../src/decode/tokens.ts'
import { at, ExactNumber, type Json } from '../../src/raw/json.ts'
import { chance, objectText, spoiled } from './json-lines.ts'

const wanted = [
  ['id'],
  ['kind'],
  ['amount'],
  ['args', 'x'],
  ['args', 'y', 'id'],
  ['list'],
  ['näme'],
  ['__proto__'],
  ['x', '0'],
]
const tree = rawTree(wanted)

/** One scanner for many lines, as for a file: it must not remember more than the order of names. */
function scanning() {
  const tokens = new Tokens(tree.nodes.length)
  const scan = lineScanner(tree, tokens)
  return (line: Uint8Array): readonly (Json | undefined)[] | null => {
    const bytes = new Uint8Array(line.length + 17).fill(0x22)
    bytes.set(line)
    bytes[line.length] = 0x0a
    const end = scan(bytes, 0)
    if (end < 0) return null
    expect(end).toBe(line.length + 1)
    return tree.nodes.map(node => tokenValue(tokens, node.slot))
  }
}

/** JSON.parse, with the text of its numbers. */
function parsed(line: Uint8Array): Json | undefined {
  try {
    return JSON.parse(Buffer.from(line).toString('utf8'), (_name, value, context?: { readonly source?: string }) =>
      typeof value === 'number' ? new ExactNumber(context?.source ?? '') : value,
    ) as Json
  } catch {
    // This is how JSON.parse tells that it is none.
    return undefined
  }
}

/** Numbers by their exact value. */
function comparable(value: Json | undefined): unknown {
  if (typeof value === 'number') return comparable(new ExactNumber(String(value)))
  if (value instanceof ExactNumber) {
    const exact = parseRational(value.text)
    return exact === undefined ? value.text : `${exact.n}/${exact.d}`
  }
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value).map(([name, member]) => [name, comparable(member as Json)])
}

describe('the line scanner', () => {
  it('reads what the maps want and nothing else', () => {
    const scan = scanning()
    const values = scan(Buffer.from('{"id":"a","other":[1,{"id":"no"}],"amount":12.50,"args":{"z":0,"x":true}}'))
    expect(values?.[tree.find(['id'])?.slot ?? 0]).toBe('a')
    expect(values?.[tree.find(['amount'])?.slot ?? 0]).toBe(12.5)
    expect(values?.[tree.find(['args', 'x'])?.slot ?? 0]).toBe(true)
    expect(values?.[tree.find(['kind'])?.slot ?? 0]).toBeUndefined()
  })

  it('takes the last of members that are there twice', () => {
    const values = scanning()(Buffer.from('{"id":1,"id":"two"}'))
    expect(values?.[tree.find(['id'])?.slot ?? 0]).toBe('two')
    expect(scanning()(Buffer.from('{"args":{"x":1},"args":{}}'))).toBeNull()
  })

  const lines = Number(process.env.WRIT_FUZZ ?? 20_000)
  const seed = Number(process.env.WRIT_SEED ?? 20_261_120)
  it(`agrees with JSON.parse on ${lines} generated and spoiled lines (seed ${seed})`, { timeout: 1e9 }, () => {
    const scan = scanning()
    let understood = 0
    let valid = 0
    for (let i = 0; i < lines; i++) {
      const next = chance(seed + i)
      const line = spoiled(Buffer.from(objectText(next)), next)
      const values = scan(line)
      const record = parsed(line)
      if (record !== undefined) valid++
      if (values === null) continue
      understood++
      const shown = `seed ${seed + i}: ${JSON.stringify(Buffer.from(line).toString('utf8'))}`
      expect(record, `${shown} is no JSON`).toBeDefined()
      for (const node of tree.nodes) {
        const expected = comparable(at(record, node.path))
        expect(comparable(values[node.slot]), `${shown} at ${node.path.join('.')}`).toEqual(expected)
      }
    }
    // What it does not understand goes to JSON.parse; that must be the exception.
    expect(understood / valid).toBeGreaterThan(0.6)
  })
})
