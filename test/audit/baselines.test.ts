/** The text of a program in a log holds the baselines that rules are held against, so that a replay decides by the same counts. */
import { type Baseline, fromInteger, rational } from '@writ/engine'
import { expect, test } from 'vitest'
import { programText } from '../../ledger/src/audit/program-digest.ts'
import { baselineOf, recordedBaseline } from '../../ledger/src/audit/recorded-baselines.ts'

const files = [{ path: 'a.writ', text: 'module a' }]
const usual: Baseline = {
  name: 'usual',
  of: 'numbers',
  edges: [rational(1n, 2n), fromInteger(3)],
  currency: 'EUR',
  counts: [1, 0, 2],
}
const ways: Baseline = { name: 'ways', of: 'texts', values: ['chat'], counts: [3, 1] }

test('baselines are read again as they were', () => {
  const { baselines } = JSON.parse(programText(files, [usual, ways]))
  expect(baselines.map((one: unknown) => baselineOf(recordedBaseline.parse(one)))).toEqual([usual, ways])
})

test('a program without baselines keeps its text', () => {
  expect(programText(files)).toBe('{"files":[{"path":"a.writ","text":"module a"}],"form":"writ program 1"}')
})
