import { describe, expect, it } from 'vitest'
import { hashOf, Interner, internSlack } from '../../src/log/interner.ts'

const utf8 = new TextEncoder()

describe('the interner', () => {
  it('gives a string one code, whichever way it comes', () => {
    const interner = new Interner()
    for (const text of ['', 'a', 'Grüße', '漢字', '😀', 'a'.repeat(10_000)]) {
      const bytes = utf8.encode(`?${text}####`)
      const view = new DataView(bytes.buffer)
      const end = bytes.length - internSlack
      const code = interner.internBytes(view, 1, end, hashOf(view, 1, end))
      expect(interner.intern(text)).toBe(code)
      expect(interner.find(text)).toBe(code)
      expect(interner.text(code)).toBe(text)
    }
    expect(interner.size).toBe(6)
    expect(interner.find('never seen')).toBe(-3)
  })

  it('keeps lone surrogates apart from each other and from the replacement character', () => {
    const interner = new Interner()
    const texts = ['\ud800', '\udc00', '\ufffd', '\udc00\ud800', '\ud800\udc00', 'x\ud83d']
    expect(texts.map(text => interner.intern(text))).toEqual([0, 1, 2, 3, 4, 5])
    expect(texts.map((_, code) => interner.text(code))).toEqual(texts)
  })

  it('grows', () => {
    const interner = new Interner()
    for (let i = 0; i < 50_000; i++) expect(interner.intern(`customer-${i}`)).toBe(i)
    expect(interner.find('customer-49999')).toBe(49_999)
    expect(interner.text(1234)).toBe('customer-1234')
  })
})
