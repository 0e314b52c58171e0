import { isUtf8 } from 'node:buffer'
import { parseRational } from '@writ/engine'
import { describe, expect, it } from 'vitest'
import { generatedScanner } from '../../src/decode/generated-scanner.ts'
import { interpretedScanner } from '../../src/decode/line-scanner.ts'
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
function scanning(how: 'interpreted' | 'generated' = 'interpreted') {
  const tokens = new Tokens(tree.nodes.length)
  const interpreted = interpretedScanner(tree, tokens)
  const scan = how === 'interpreted' ? interpreted.scan : generatedScanner(tree, tokens, interpreted, 8)
  return (line: Uint8Array): readonly (Json | undefined)[] | null => {
    const bytes = new Uint8Array(line.length + 20).fill(0x22)
    bytes.set(line, 3)
    bytes[line.length + 3] = 0x0a
    const end = scan(bytes, 3)
    if (end < 0) return null
    expect(end).toBe(line.length + 4)
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

  it('goes on from where a line leaves the shape of the others', () => {
    const scan = scanning('generated')
    const slot = (...path: string[]): number => tree.find(path)?.slot ?? 0
    for (let i = 0; i < 30; i++) scan(Buffer.from(`{"id":"${i}","args":{"x":${i}},"amount":1,"other":"o","kind":"k"}`))
    const same = scan(Buffer.from('{"id":"30","args":{"x":7},"amount":2.5,"other":"\\n","kind":true}'))
    expect([same?.[slot('id')], same?.[slot('args', 'x')], same?.[slot('amount')], same?.[slot('kind')]]).toEqual([
      '30',
      7,
      2.5,
      true,
    ])
    const shorter = scan(Buffer.from('{"id":"31","args":{"x":8},"kind":"z"}'))
    expect([shorter?.[slot('args', 'x')], shorter?.[slot('amount')], shorter?.[slot('kind')]]).toEqual([
      8,
      undefined,
      'z',
    ])
    const empty = scan(Buffer.from('{"id":"32","args":{},"amount":[1]}'))
    expect([empty?.[slot('args', 'x')], empty?.[slot('amount')], empty?.[slot('kind')]]).toEqual([
      undefined,
      [1],
      undefined,
    ])
    expect(scan(Buffer.from('{"id":"33","args":{"x":8},"kind":"z"'))).toBeNull()
  })

  it('makes no code of lines that would need too much of it', () => {
    const scan = scanning('generated')
    const wide = `{"id":1,"${'k'.repeat(100_000)}":{${Array.from({ length: 900 }, (_, i) => `"m${i}":{"a":${i}}`).join()}}}`
    for (let i = 0; i < 20; i++) expect(scan(Buffer.from(wide))).not.toBeNull()
    const line = `{"id":7,"args":{${Array.from({ length: 80 }, (_, i) => `"m${i}":1`).join()},"x":3}}`
    for (let i = 0; i < 20; i++) expect(scan(Buffer.from(line))?.[tree.find(['args', 'x'])?.slot ?? 0]).toBe(3)
  })

  const lines = Number(process.env.WRIT_FUZZ ?? 20_000)
  const seed = Number(process.env.WRIT_SEED ?? 20_261_120)

  /** Holds what a scanner finds in the lines against JSON.parse; gives the share of valid lines that it understood. */
  function holdAgainstParse(how: 'interpreted' | 'generated', lineOf: (i: number) => Uint8Array): number {
    let scan = scanning(how)
    let understood = 0
    let valid = 0
    for (let i = 0; i < lines; i++) {
      // Code is given up after some shapes.
      if (i % 400 === 0) scan = scanning(how)
      const line = lineOf(i)
      const values = scan(line)
      const record = parsed(line)
      if (record !== undefined) valid++
      if (values === null) continue
      understood++
      const shown = `seed ${seed}, line ${i}: ${JSON.stringify(Buffer.from(line).toString('utf8'))}`
      if (record === undefined) throw new Error(`${shown} is no JSON`)
      // What is no UTF-8 deserves a finding, which is not the scanner's to make.
      if (!isUtf8(line)) throw new Error(`${shown} is no UTF-8`)
      for (const node of tree.nodes) {
        const expected = comparable(at(record, node.path))
        expect(comparable(values[node.slot]), `${shown} at ${node.path.join('.')}`).toEqual(expected)
      }
    }
    return understood / valid
  }

  it(`agrees with JSON.parse on ${lines} generated and spoiled lines (seed ${seed})`, { timeout: 1e9 }, () => {
    const understood = holdAgainstParse('interpreted', i => {
      const next = chance(seed + i)
      return spoiled(Buffer.from(objectText(next)), next)
    })
    // What it does not understand goes to JSON.parse; that must be the exception.
    expect(understood).toBeGreaterThan(0.6)
  })

  it(`agrees with it as generated code on ${lines} lines of shared shapes (seed ${seed})`, { timeout: 1e9 }, () => {
    const perShape = 100
    const understood = holdAgainstParse('generated', i => {
      const shape = Math.floor(i / perShape)
      const next = chance(seed + i)
      // Some lines of another shape in between.
      const line = objectText(chance(seed + (next(8) === 0 ? i : shape)), next)
      return next(3) === 0 ? spoiled(Buffer.from(line), next) : Buffer.from(line)
    })
    expect(understood).toBeGreaterThan(0.6)
  })
})
